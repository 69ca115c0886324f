/** Megolm at the device: sessions of one's own, room keys read and written, room events opened. Facts; charts judge. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Out } from '../effects.ts';
import type { IdentityNews } from '../events.ts';
import { isObject, type JsonObject, objectAt, objectIn, own, stringAt } from '../json.ts';
import { flagOf } from '../room-keys/flags.ts';
import {
  type Decryption,
  type ExportedRoomKey,
  type HeldRoomKey,
  type OutboundRoomKey,
  type ReadRoomKey,
  type RoomId,
  roomKeyName,
  usualRotation,
} from '../room-types.ts';
import type { Store } from '../store.ts';
import type { DeviceFacts, Ms, UserId } from '../types.ts';
import { answer, type Carries, type CoreStep, count, type Env, label, moment, news, transaction } from './env.ts';
import { crossSigningPublic, deviceByCurve25519, listedDevice, userOf } from './facts.ts';
import { pinnedIsVerified } from './verifying.ts';

/** What is held under a name of `roomKeyName`. */
export const heldKey = ({ roomKeys }: Store, name: string): HeldRoomKey | undefined => own(roomKeys, name);

/** A new Megolm session, held as a receiver of it would. */
export const newSession = (env: Env, store: Store, room: RoomId, sharedHistory: boolean) => {
  const counted = count(store, 'room keys');
  const outbound = env.suite.megolmOutbound(label(env, `megolm/${counted.number}`));
  const session = env.suite.megolmInbound(env.suite.megolmSessionKey(outbound), 'signed');
  if (session === null) throw new Error('the suite does not read the session key it has just written');
  const key: HeldRoomKey = {
    room,
    session,
    senderKey: store.account.curve25519.public,
    senderEd25519: store.account.ed25519.public,
    sharedHistory,
    origin: { how: 'made' },
    backedUpIn: null,
  };
  const keys = { [roomKeyName(room, session.sessionId)]: key };
  const outs = [moment({ kind: 'stored', patch: { patch: 'room keys', keys } })];
  return { outbound, store: { ...counted.store, roomKeys: { ...store.roomKeys, ...keys } }, outs };
};

/** Who is to be given a session: who is in the room, and who is invited unless only those in it may read (as clients do). */
export const audienceOf = (store: Store, room: RoomId, isForJoined = false): readonly UserId[] => {
  const view = own(store.rooms, room);
  if (view === undefined) return [];
  return Object.entries(view.members)
    .filter(([, is]) => is === 'join' || (is === 'invite' && view.historyVisibility !== 'joined' && !isForJoined))
    .map(([user]) => user)
    .sort();
};

const devicesOf = (env: Env, store: Store, users: readonly UserId[]): readonly DeviceFacts[] =>
  users.flatMap((user) =>
    Object.keys(userOf(store, user).devices)
      .sort()
      .flatMap((device) => listedDevice(env.suite, store, user, device) ?? []),
  );

const isSpent = ({ rooms }: Store, room: RoomId, { madeMs, messages }: OutboundRoomKey, nowMs: Ms): boolean => {
  const { rotationPeriodMs, rotationPeriodMsgs } = own(rooms, room)?.encryption ?? usualRotation;
  return nowMs - madeMs >= rotationPeriodMs || messages >= rotationPeriodMsgs;
};

/** The session to send with, and who of the room has not been given it. */
export const outboundRoomKey: Carries<'outbound room key'> = (env, store, asked, reply) => {
  const { room, sharedHistory, fresh, atMs, isForJoined } = asked;
  const last = own(store.outbound, room);
  const known = fresh ? undefined : last;
  const made = known === undefined ? newSession(env, store, room, sharedHistory) : null;
  const outbound = known ?? {
    session: (made as NonNullable<typeof made>).outbound,
    sharedHistory,
    madeMs: atMs,
    messages: 0,
    given: {},
  };
  const before = made?.store ?? store;
  const after = known === undefined ? { ...before, outbound: { ...before.outbound, [room]: outbound } } : before;
  const users = audienceOf(after, room, isForJoined);
  const { me } = store;
  const lacking = devicesOf(env, after, users).filter(
    ({ user, device }) =>
      !(user === me.user && device === me.device) && !(own(outbound.given, user) ?? []).includes(device),
  );
  return {
    store: after,
    outs: [
      ...(made?.outs ?? []),
      ...answer(reply, 'outbound room key', {
        room,
        sessionId: outbound.session.sessionId,
        sessionKey: env.suite.megolmSessionKey(outbound.session),
        senderKey: store.account.curve25519.public,
        index: outbound.session.index,
        sharedHistory: outbound.sharedHistory,
        isNew: made !== null,
        visibility: own(after.rooms, room)?.historyVisibility ?? null,
        lacking,
        hasDeparted: Object.entries(last?.given ?? {}).some(
          ([user, devices]) =>
            !users.includes(user) || devices.some((device) => own(userOf(after, user).devices, device) === undefined),
        ),
        isSpent: last !== undefined && isSpent(store, room, last, atMs),
        outdated: users.filter((user) => userOf(after, user).outdated),
        changed: users.flatMap((user) => changedIdentity(env, after, user)),
      }),
    ],
  };
};

/** The identity that the server has of somebody, where another one is pinned. */
const changedIdentity = (env: Env, store: Store, user: UserId): readonly IdentityNews[] => {
  const { identity } = userOf(store, user);
  const master = crossSigningPublic(identity.master);
  return master === null || identity.pinned === null || master === identity.pinned
    ? []
    : [{ user, master, pinned: identity.pinned, ...pinnedIsVerified(env.suite, store, user) }];
};

/** "m.megolm.v1.aes-sha2": the content of an `m.room.encrypted` event, and the transaction it is sent under. */
export const encrypt: Carries<'encrypt'> = (env, store, asked, reply) => {
  const { room, type, content } = asked;
  const outbound = own(store.outbound, room);
  if (outbound === undefined) throw new Error(`there is no session to send with in ${room}: ask for one first`);
  const sealed = env.suite.megolmEncrypt(outbound.session, JSON.stringify({ type, content, room_id: room }));
  const counted = transaction(store);
  return {
    store: {
      ...counted.store,
      outbound: {
        ...store.outbound,
        [room]: { ...outbound, session: sealed.session, messages: outbound.messages + 1 },
      },
    },
    outs: answer(reply, 'encrypt', {
      txn: counted.txn,
      content: {
        algorithm: MEGOLM_ALGORITHM,
        sender_key: store.account.curve25519.public,
        device_id: store.me.device,
        session_id: outbound.session.sessionId,
        ciphertext: sealed.ciphertext,
      },
    }),
  };
};

/** What key queries have told of some people's devices and identities. */
export const answerDevicesOf: Carries<'devices of'> = (env, store, { users }, reply) => {
  const identities = Object.fromEntries(
    users.map((user) => {
      const { master, pinned } = userOf(store, user).identity;
      const shown = Object.values(objectAt(master, 'keys'))[0];
      return [
        user,
        { master: typeof shown === 'string' ? shown : null, pinned, ...pinnedIsVerified(env.suite, store, user) },
      ];
    }),
  );
  const outdated = users.filter((user) => userOf(store, user).outdated);
  return { store, outs: answer(reply, 'devices of', { devices: devicesOf(env, store, users), identities, outdated }) };
};

/** Held room keys in the exported form, from their first known index on. */
export const exportRoomKeys: Carries<'export room keys'> = (env, store, { room }, reply) => {
  const isWanted = (one: { readonly room: RoomId }) => room === null || one.room === room;
  const keys = Object.values(store.roomKeys)
    .filter(isWanted)
    .flatMap((held): readonly ExportedRoomKey[] => {
      const sessionKey = env.suite.megolmExport(held.session, held.session.firstKnownIndex);
      const { senderKey, senderEd25519, sharedHistory, origin } = held;
      const sessionId = held.session.sessionId;
      return sessionKey === null
        ? []
        : [{ room: held.room, sessionId, sessionKey, senderKey, senderEd25519, sharedHistory, origin }];
    });
  const withheld = Object.values(store.withheld).filter(isWanted);
  const visibility = room === null ? null : (own(store.rooms, room)?.historyVisibility ?? null);
  return { store, outs: answer(reply, 'export room keys', { keys, withheld, visibility }) };
};

/** Reads a list of room keys, whatever it is: a hostile list gives entries whose key is none. */
export const readRoomKeys: Carries<'read room keys'> = (env, store, { room, entries, form }, reply) => ({
  store,
  outs: answer(reply, 'read room keys', {
    room,
    read: entries.flatMap((entry) => (isObject(entry) ? [readOne(env, store, entry, form)] : [])),
  }),
});

const readOne = (env: Env, store: Store, entry: JsonObject, form: 'signed' | 'exported'): ReadRoomKey => {
  const room = stringAt(entry, 'room_id') ?? null;
  const sessionId = stringAt(entry, 'session_id') ?? '';
  const session =
    stringAt(entry, 'algorithm') === MEGOLM_ALGORITHM
      ? env.suite.megolmInbound(stringAt(entry, 'session_key') ?? '', form)
      : null;
  const held = room === null ? undefined : heldKey(store, roomKeyName(room, sessionId));
  const isSame = held !== undefined && session !== null && env.suite.megolmSame(held.session, session);
  const best = isSame && held !== undefined && held.session.firstKnownIndex <= (session?.firstKnownIndex ?? 0);
  return {
    entry,
    room,
    sessionId,
    key:
      session === null
        ? null
        : { session: best && held !== undefined ? held.session : session, firstKnownIndex: session.firstKnownIndex },
    idMatches: session !== null && session.sessionId === sessionId,
    senderKey: stringAt(entry, 'sender_key') ?? '',
    senderEd25519: stringAt(objectAt(entry, 'sender_claimed_keys'), 'ed25519') ?? '',
    flag: flagOf(entry, env.input.identifiers),
    held:
      held === undefined
        ? null
        : {
            isSame,
            firstKnownIndex: held.session.firstKnownIndex,
            origin: held.origin,
            sharedHistory: held.sharedHistory,
            senderKey: held.senderKey,
          },
  };
};

/** Opens one `m.room.encrypted` room event, or keeps it for when a key comes. */
export const readEvent = (env: Env, store: Store, room: RoomId, event: JsonObject, atMs: Ms): CoreStep => {
  const content = objectAt(event, 'content');
  const sessionId = sessionIdOf(event);
  const eventId = stringAt(event, 'event_id') ?? '';
  const name = roomKeyName(room, sessionId);
  const held = heldKey(store, name);
  const opened =
    held === undefined ? null : env.suite.megolmDecrypt(held.session, stringAt(content, 'ciphertext') ?? '');
  const inside = opened === null ? null : objectIn(opened.plaintext);
  const heard = (decryption: Decryption): Out => news({ type: 'room.event', room, atMs, event, decryption });
  if (held === undefined || opened === null || inside === null) {
    const isKept = store.unread.some((one) => one.room === room && stringAt(one.event, 'event_id') === eventId);
    return {
      store: isKept ? store : { ...store, unread: [...store.unread, { room, event }] },
      outs: [heard({ opened: false, sessionId, withheld: own(store.withheld, name) ?? null })],
    };
  }
  const place = `${sessionId} ${opened.index}`;
  const before = own(store.readIndexes, place);
  const after: Store = {
    ...store,
    readIndexes: before === undefined ? { ...store.readIndexes, [place]: eventId } : store.readIndexes,
    unread: store.unread.filter((one) => one.room !== room || stringAt(one.event, 'event_id') !== eventId),
  };
  return {
    store: after,
    outs: [
      heard({
        opened: true,
        type: stringAt(inside, 'type') ?? '',
        content: objectAt(inside, 'content'),
        sessionId,
        index: opened.index,
        origin: held.origin,
        owner: deviceByCurve25519(env.suite, store, stringAt(event, 'sender') ?? '', held.senderKey),
        roomMatches: stringAt(inside, 'room_id') === room,
        isReplay: before !== undefined && before !== eventId,
      }),
    ],
  };
};

/** Tries again what could not be opened before in that room. What still does not was said before, unless it is known now why. */
export const readAgain = (env: Env, store: Store, room: RoomId): CoreStep => {
  let after = store;
  const outs: Out[] = [];
  for (const { event } of store.unread.filter((one) => one.room === room)) {
    const before = after;
    const step = readEvent(env, before, room, event, 0);
    after = step.store;
    const isWithheld = own(after.withheld, roomKeyName(room, sessionIdOf(event))) !== undefined;
    if (after !== before || isWithheld) outs.push(...step.outs);
  }
  return { store: after, outs };
};
const sessionIdOf = (event: JsonObject): string => stringAt(objectAt(event, 'content'), 'session_id') ?? '';

/** The ciphertext that stands for a text under a fresh key, and the `EncryptedFile` that tells of it, without its `url`. */
export const sealAttachment: Carries<'seal attachment'> = (env, store, { plaintext }, reply) => {
  const counted = count(store, 'attachments');
  const { ciphertext, info } = env.suite.attachmentSeal(plaintext, label(env, `attachment/${counted.number}`));
  return { store: counted.store, outs: answer(reply, 'seal attachment', { ciphertext, file: info }) };
};

/** What is under an encrypted attachment, and whether its hash is right. */
export const openAttachment: Carries<'open attachment'> = (env, store, { ciphertext, file }, reply) => {
  const checked = env.suite.attachmentOpen(ciphertext, file);
  const plaintext = checked ?? env.suite.attachmentOpen(ciphertext, file, 'whatever its hash');
  return { store, outs: answer(reply, 'open attachment', { plaintext, hashMatches: checked !== null }) };
};
