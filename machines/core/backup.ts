/** The device's side of key backup that needs the suite: making a version's key, sealing and opening room keys. */
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { MEGOLM_ALGORITHM } from '../paths.ts';
import { type FlagForms, flagFields, flagOf } from '../room-keys/flags.ts';
import { type HeldRoomKey, roomKeyName } from '../room-types.ts';
import type { BackupSessionData } from '../suite.ts';
import type { DeviceEvent, HeldBackup, Out, Store } from '../types.ts';
import { type CoreStep, count, type Env, label } from './env.ts';
import { userOf } from './facts.ts';
import { newSession } from './megolm.ts';
import { withSignature } from './own-keys.ts';

/** A new backup key, and its `auth_data` plain and signed by the master key (if held) and the device. */
export const makeBackup = (env: Env, store: Store, answerAs: string): CoreStep => {
  const counted = count(store, 'backups');
  const pair = env.suite.backupKey(label(env, `backup/${counted.number}`));
  const { user, device } = store.me;
  const authData: JsonObject = { public_key: pair.public };
  const byDevice = withSignature(env, authData, user, `ed25519:${device}`, store.account.ed25519.secret);
  const master = store.secrets['m.cross_signing.master'];
  const isMine = master?.public != null && master.public === userOf(store, user).identity.pinned;
  const signedAuthData =
    isMine && master?.public != null
      ? withSignature(env, byDevice, user, `ed25519:${master.public}`, master.secret)
      : byDevice;
  return {
    store: counted.store,
    outs: [
      { out: 'hear', event: { type: answerAs, secret: pair.secret, public: pair.public, authData, signedAuthData } },
    ],
  };
};

/** All room keys that `backup` does not have yet, sealed for it ("m.megolm_backup.v1.curve25519-aes-sha2"). */
export const sealRoomKeys = (
  env: Env,
  store: Store,
  backup: HeldBackup,
  flags: FlagForms,
  answerAs: string,
): CoreStep => {
  const missing = Object.entries(store.roomKeys).filter(([, key]) => key.backedUpIn !== backup.version);
  const rooms: Record<string, { sessions: Record<string, JsonObject> }> = {};
  for (const [, key] of missing) {
    const id = key.session.sessionId;
    const exported = env.suite.megolmExport(key.session, key.session.firstKnownIndex);
    if (exported === null) continue;
    const sealed = env.suite.backupSeal(
      backup.publicKey,
      backedUp(key, exported, flags),
      label(env, `backup-entry/${backup.version}/${backup.publicKey}/${id}`),
    );
    if (sealed === null) continue; // the version's public key is no key: nothing can be sealed to it
    const room = rooms[key.room] ?? { sessions: {} };
    room.sessions[id] = {
      first_message_index: key.session.firstKnownIndex,
      forwarded_count: 0,
      is_verified: false,
      session_data: sealed,
    };
    rooms[key.room] = room;
  }
  const event =
    missing.length === 0
      ? { type: answerAs }
      : { type: answerAs, version: backup.version, rooms, sessions: missing.map(([name]) => name) };
  return { store, outs: [{ out: 'hear', event }] };
};

/** `BackedUpSessionData` of the client-server API, with the flag as the device writes it. */
const backedUp = (key: HeldRoomKey, exported: string, flags: FlagForms): JsonObject => ({
  algorithm: MEGOLM_ALGORITHM,
  forwarding_curve25519_key_chain: [],
  sender_claimed_keys: { ed25519: key.senderEd25519 },
  sender_key: key.senderKey,
  session_key: exported,
  ...flagFields(flags, key),
});

/** Opens what `GET room_keys/keys` answered and keeps the room keys it holds that this device lacks, with their flags. */
export const openBackup = (env: Env, store: Store, rooms: JsonObject, told?: DeviceEvent): CoreStep => {
  const done: readonly Out[] = told === undefined ? [] : [{ out: 'hear', event: told }];
  const secret = store.secrets['m.megolm_backup.v1'];
  if (secret === undefined) return { store, outs: done };
  const keys: Record<string, HeldRoomKey> = {};
  for (const room of Object.keys(rooms).sort())
    for (const [id, entry] of Object.entries(objectAt(objectAt(rooms, room), 'sessions'))) {
      if (store.roomKeys[roomKeyName(room, id)] !== undefined || !isObject(entry)) continue;
      const opened = env.suite.backupOpen(
        secret.secret,
        objectAt(entry, 'session_data') as unknown as BackupSessionData,
      );
      const session =
        opened === null ? null : env.suite.megolmInbound(stringAt(opened, 'session_key') ?? '', 'exported');
      if (opened === null || session === null || session.sessionId !== id) continue;
      keys[roomKeyName(room, id)] = {
        room,
        session,
        senderKey: stringAt(opened, 'sender_key') ?? '',
        senderEd25519: stringAt(objectAt(opened, 'sender_claimed_keys'), 'ed25519') ?? '',
        sharedHistory: flagOf(opened) === 'true',
        origin: { how: 'backup', version: store.backup?.version ?? '' },
        backedUpIn: store.backup?.version ?? null,
      };
    }
  if (Object.keys(keys).length === 0) return { store, outs: done };
  const patch = { patch: 'room keys', keys } as const;
  const restored = [...new Set(Object.values(keys).map(({ room }) => room))].sort();
  return {
    store: { ...store, roomKeys: { ...store.roomKeys, ...keys } },
    outs: [
      { out: 'moment', moment: { kind: 'stored', patch } },
      ...restored.map((room): Out => ({ out: 'hear', event: { type: 'told.room keys', room } })),
      ...done,
    ],
  };
};

/** A Megolm session of this device's own, kept as a receiver would hold it: the client has begun to write in that room. */
export const makeRoomKey = (env: Env, store: Store, room: string, answerAs: string): CoreStep => {
  const made = newSession(env, store, room, false);
  return { store: made.store, outs: [...made.outs, { out: 'hear', event: { type: answerAs } }] };
};
