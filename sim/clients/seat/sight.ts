/** What a client shows, as the moments by which guarantees are judged: what is new since it showed something last. */

import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { nobody } from '../../../machines/core/facts.ts';
import type { DeviceMoment } from '../../../machines/effects.ts';
import { type JsonObject, sameJson } from '../../../machines/json.ts';
import { type HeldRoomKey, type RoomKeyOrigin, roomKeyName } from '../../../machines/room-types.ts';
import type { Store } from '../../../machines/store.ts';
import type { Suite } from '../../../machines/suite.ts';
import type { EnvelopeFacts, HeldSecret, SecretOrigin } from '../../../machines/types.ts';
import type { Origin, ShownKey, ShownLetter, ShownMessage, ShownSecret, Shows } from './client.ts';

export type Seen = { readonly store: Store; readonly moments: readonly DeviceMoment[] };

const secretOrigin = (origin: Origin): SecretOrigin => {
  switch (origin.how) {
    case 'request':
      return { how: 'request', user: origin.user, device: origin.device ?? '' };
    case 'push':
      return { how: 'push', user: origin.user, device: origin.device };
    case 'verification':
      return { how: 'verification' };
    default:
      return { how: 'made' };
  }
};

const keyOrigin = (origin: Origin): RoomKeyOrigin => {
  switch (origin.how) {
    case 'room_key':
    case 'forwarded':
    case 'bundle':
    case 'backup':
    case 'export':
      return origin as RoomKeyOrigin;
    default:
      return { how: 'made' };
  }
};

const heldSecret = (suite: Suite, { name, secret, origin }: ShownSecret): HeldSecret => ({
  secret,
  public: name === BACKUP_SECRET ? suite.backupPublic(secret) : suite.signingPublic(secret),
  origin: secretOrigin(origin),
});

/** `null`: what is shown as its key is none. */
const heldKey = (suite: Suite, shown: ShownKey, before: HeldRoomKey | undefined): HeldRoomKey | null => {
  const session = suite.megolmInbound(shown.sessionKey, 'exported');
  return session === null
    ? null
    : {
        room: shown.room,
        session,
        senderKey: shown.senderKey,
        senderEd25519: shown.senderEd25519,
        sharedHistory: shown.sharedHistory,
        origin: keyOrigin(shown.origin),
        backedUpIn: before?.backedUpIn ?? null,
      };
};

/** What a client can tell of a letter. Whether its sender is to be believed is for the client to say, by what it keeps. */
const factsOf = (letter: ShownLetter, me: Store['me']): EnvelopeFacts => ({
  encrypted: letter.sealed,
  claimedSender: letter.sender,
  ownUser: letter.sender === me.user,
  sender:
    letter.device === null
      ? null
      : {
          user: letter.sender,
          device: letter.device,
          curve25519: letter.senderKey ?? '',
          ed25519: '',
          selfSigned: true,
          crossSignedBy: null,
          byPinnedIdentity: false,
          source: 'listed',
        },
  secretPublic: null,
  publishedPublic: null,
});

const letterMoment = (letter: ShownLetter, me: Store['me']): DeviceMoment => {
  const facts = factsOf(letter, me);
  const { type, sender, content } = letter;
  const event: JsonObject = letter.sealed
    ? { type: 'm.room.encrypted', sender, content: {} }
    : { type, sender, content };
  if (letter.sealed && !letter.opened) return { kind: 'discarded', event, why: 'it does not open' };
  return { kind: 'delivery', event, opened: letter.sealed ? { type, content } : null, facts };
};

const messageMoment = (shown: ShownMessage, origin: string): DeviceMoment => {
  const { room, event, sender, session, sharedBy, warning, text } = shown;
  if (text === null) {
    const reason = warning ?? 'no key';
    const said = `A message of ${sender} cannot be read: ${reason}.`;
    return {
      kind: 'shown',
      notice: { about: 'unreadable message', text: said, room, event, sender, session, reason, withheldBy: null },
    };
  }
  const label = sharedBy === null ? null : `shared by ${sharedBy}`;
  const said = label === null ? `${sender}: ${text}` : `${sender}: ${text} (${label})`;
  const notice = { about: 'message', text: said, room, event, sender, message: text, session, sharedBy, label };
  return { kind: 'shown', notice: { ...notice, isProven: sharedBy === null, origin, warning } };
};

const stored = (patch: Extract<DeviceMoment, { kind: 'stored' }>['patch']): DeviceMoment => ({ kind: 'stored', patch });
/** What of a list was not in it before. */
const newIn = <T>(now: readonly T[], last: readonly T[]): readonly T[] => {
  const known = new Set(last.map((one) => JSON.stringify(one)));
  return now.filter((one) => !known.has(JSON.stringify(one)));
};

/** What is new in `now`, and the store as others may know it: own keys, identity, secrets, backup, room keys. */
export const seen = (suite: Suite, before: Store, last: Shows, now: Shows): Seen => {
  const moments: DeviceMoment[] = now.letters.map((one) => letterMoment(one, before.me));
  let store = withKeys(before, now);
  if (now.master !== null && now.master !== last.master) {
    moments.push(stored({ patch: 'pin', user: store.me.user, master: now.master }));
    store = withMaster(store, now.master);
  }
  for (const one of newIn(now.secrets, last.secrets)) {
    const held = heldSecret(suite, one);
    moments.push(stored({ patch: 'secret', name: one.name, held }));
    store = { ...store, secrets: { ...store.secrets, [one.name]: held } };
  }
  for (const { name } of last.secrets)
    if (!now.secrets.some((one) => one.name === name)) {
      const { [name]: _, ...secrets } = store.secrets;
      moments.push(stored({ patch: 'forget secret', name }));
      store = { ...store, secrets };
    }
  if (!sameJson(now.backup, last.backup)) {
    moments.push(stored({ patch: 'backup', backup: now.backup }));
    store = { ...store, backup: now.backup };
  }
  const keys: Record<string, HeldRoomKey> = {};
  for (const one of newIn(now.roomKeys, last.roomKeys)) {
    const name = roomKeyName(one.room, one.sessionId);
    const held = heldKey(suite, one, store.roomKeys[name]);
    if (held !== null) keys[name] = held;
  }
  if (Object.keys(keys).length > 0) {
    moments.push(stored({ patch: 'room keys', keys }));
    store = { ...store, roomKeys: { ...store.roomKeys, ...keys } };
  }
  for (const { sharedHistory: flag, ...gift } of now.gifts)
    moments.push(stored({ patch: 'room key given', ...gift, flag }));
  for (const share of now.shares) moments.push(stored({ patch: 'history shared', ...share }));
  for (const { room, user, url, sessions, withheld } of now.imports) {
    const text = `${user} has shared ${sessions} room keys.`;
    moments.push({
      kind: 'shown',
      notice: { about: 'bundle imported', text, room, user, sessions, withheld, offered: sessions, url },
    });
  }
  for (const one of newIn(now.messages, last.messages))
    moments.push(messageMoment(one, store.roomKeys[roomKeyName(one.room, one.session)]?.origin.how ?? 'none'));
  return { store, moments };
};

/** Others look at the public halves of what a device has, and at its keys as they are listed. */
const withKeys = (store: Store, { deviceKeys }: Shows): Store => {
  if (deviceKeys === null) return store;
  const { user, device } = store.me;
  const keys = (deviceKeys.keys ?? {}) as Readonly<Record<string, string>>;
  const known = store.users[user] ?? nobody;
  const [curve25519, ed25519] = [keys[`curve25519:${device}`] ?? '', keys[`ed25519:${device}`] ?? ''];
  if (store.account.curve25519.public === curve25519) return store;
  return {
    ...store,
    account: {
      ...store.account,
      // The secret halves stay those of nobody: what is signed with them counts nowhere.
      curve25519: { ...store.account.curve25519, public: curve25519 },
      ed25519: { ...store.account.ed25519, public: ed25519 },
      oneTime: {},
    },
    users: { ...store.users, [user]: { ...known, devices: { ...known.devices, [device]: { keys: deviceKeys } } } },
  };
};

const withMaster = (store: Store, master: string): Store => {
  const { user } = store.me;
  const known = store.users[user] ?? nobody;
  return { ...store, users: { ...store.users, [user]: { ...known, identity: { ...known.identity, pinned: master } } } };
};
