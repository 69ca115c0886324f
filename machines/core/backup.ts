/** The device's side of key backup that needs the suite: making a version's key, sealing and opening room keys. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Answered, Reply } from '../events.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { flagFields, flagOf } from '../room-keys/flags.ts';
import { type HeldRoomKey, type ReadBackupEntry, type RoomId, roomKeyName } from '../room-types.ts';
import type { HeldBackup, Store } from '../store.ts';
import type { BackupSessionData } from '../suite.ts';
import { type Asked, answer, answerNext, type Carries, type CoreStep, count, type Env, label } from './env.ts';
import { backupFacts, userOf } from './facts.ts';
import { heldKey, newSession } from './megolm.ts';
import { withSignature } from './own-keys.ts';

/** A new backup key, and its `auth_data` plain and signed by the master key (if held) and the device. */
export const makeBackup = (env: Env, store: Store, reply: Reply | null): CoreStep => {
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
    outs: answer(reply, 'make backup', { secret: pair.secret, public: pair.public, authData, signedAuthData }),
  };
};

/** All room keys that `backup` does not have yet and that can be sealed for it ("m.megolm_backup.v1.curve25519-aes-sha2"). */
export const sealRoomKeys: Carries<'seal room keys'> = (
  env,
  store,
  { backup, flags, filedAs = backup.version },
  reply,
) => {
  const missing = Object.entries(store.roomKeys).filter(([, key]) => key.backedUpIn !== filedAs);
  const entries = missing.flatMap(([name, key]) => sealedEntry(env, name, key, backup, flags));
  const rooms = Object.fromEntries(
    [...Map.groupBy(entries, ({ room }) => room)].map(([room, of]) => [
      room,
      { sessions: Object.fromEntries(of.map(({ id, entry }) => [id, entry])) },
    ]),
  );
  const sessions = entries.map(({ name }) => name);
  const sealed = entries.length === 0 ? null : { version: backup.version, rooms, sessions };
  return { store, outs: answer(reply, 'seal room keys', { sealed }) };
};

/** `KeyBackupData` of one room key; none where there is nothing to seal, or the version's public key is no key to seal to. */
const sealedEntry = (
  env: Env,
  name: string,
  key: HeldRoomKey,
  { version, publicKey }: HeldBackup,
  flags: Asked<'seal room keys'>['flags'],
): readonly { readonly name: string; readonly room: RoomId; readonly id: string; readonly entry: JsonObject }[] => {
  const id = key.session.sessionId;
  const exported = env.suite.megolmExport(key.session, key.session.firstKnownIndex);
  const sealed =
    exported === null
      ? null
      : env.suite.backupSeal(
          publicKey,
          backedUp(key, exported, flags),
          label(env, `backup-entry/${version}/${publicKey}/${id}`),
        );
  if (sealed === null) return [];
  const entry = {
    first_message_index: key.session.firstKnownIndex,
    forwarded_count: 0,
    is_verified: false,
    session_data: sealed,
  };
  return [{ name, room: key.room, id, entry }];
};

/** `BackedUpSessionData` of the client-server API, with the flag as the device writes it. */
const backedUp = (key: HeldRoomKey, exported: string, flags: Asked<'seal room keys'>['flags']): JsonObject => ({
  algorithm: MEGOLM_ALGORITHM,
  forwarding_curve25519_key_chain: [],
  sender_claimed_keys: { ed25519: key.senderEd25519 },
  sender_key: key.senderKey,
  session_key: exported,
  ...flagFields(flags, key),
});

/** Opens what `GET room_keys/keys` answered with the backup key that is held; without one there is nothing to read. */
export const readBackup = (env: Env, store: Store, rooms: JsonObject, reply: Reply | null): CoreStep => {
  const secret = store.secrets['m.megolm_backup.v1'];
  const read =
    secret === undefined
      ? []
      : Object.keys(rooms)
          .sort()
          .flatMap((room) =>
            Object.entries(objectAt(objectAt(rooms, room), 'sessions')).flatMap(([id, entry]) =>
              isObject(entry) ? [readEntry(env, store, room, id, secret.secret, entry)] : [],
            ),
          );
  return { store, outs: answer(reply, 'read backup', { read, version: store.backup?.version ?? null }) };
};

const readEntry = (
  env: Env,
  store: Store,
  room: RoomId,
  sessionId: string,
  secret: string,
  entry: JsonObject,
): ReadBackupEntry => {
  const opened = env.suite.backupOpen(secret, objectAt(entry, 'session_data') as unknown as BackupSessionData);
  const key = opened === null ? null : env.suite.megolmInbound(stringAt(opened, 'session_key') ?? '', 'exported');
  return {
    room,
    sessionId,
    key,
    idMatches: key?.sessionId === sessionId,
    senderKey: stringAt(opened, 'sender_key') ?? '',
    senderEd25519: stringAt(objectAt(opened, 'sender_claimed_keys'), 'ed25519') ?? '',
    flag: flagOf(opened, env.input.identifiers),
    isHeld: heldKey(store, roomKeyName(room, sessionId)) !== undefined,
  };
};

/** The answer to `GET room_keys/version`, with what is true of what it describes. */
export const backupDescribed = (env: Env, store: Store, { status, body }: Answered, then: Reply): CoreStep => ({
  store,
  outs: answerNext(then, 'backup version', {
    status,
    facts: status === 200 ? backupFacts(env.suite, store, body) : null,
  }),
});

/** A Megolm session of this device's own, kept as a receiver would hold it: the client has begun to write in that room. */
export const makeRoomKey = (env: Env, store: Store, room: RoomId, reply: Reply | null): CoreStep => {
  const made = newSession(env, store, room, false);
  return { store: made.store, outs: [...made.outs, ...answer(reply, 'make room key', {})] };
};
