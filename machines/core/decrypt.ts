/** Opening a to-device event: Olm, and the facts about who sent it. What opens is told with its facts; charts judge. */

import { OLM_ALGORITHM } from '../algorithms.ts';
import type { ToDevice } from '../events.ts';
import { isObject, type JsonObject, objectAt, objectIn, own, stringAt } from '../json.ts';
import { readNames } from '../names.ts';
import type { Store } from '../store.ts';
import type { OlmMessage, Term } from '../suite.ts';
import type { DeviceFacts, EmbeddedFacts, EnvelopeFacts, Ms } from '../types.ts';
import type { Env } from './env.ts';
import { deviceByCurve25519, deviceFacts, listedDevice, publishedPublic, secretPublic } from './facts.ts';

/** Sessions kept per peer device ("Keep at least 4"). */
export const sessionsMax = 4;

export type Opened =
  | {
      readonly store: Store;
      readonly event: ToDevice;
      /** What it was opened with: the event's own facts. */
      readonly facts: ToDevice['facts'];
      readonly inside: { readonly type: string; readonly content: JsonObject } | null;
    }
  | { readonly store: Store; readonly discarded: string };

/** Opens one event of a sync's `to_device.events`. What is no event, or does not open, comes back as `discarded`. */
export const open = (env: Env, store: Store, raw: JsonObject, atMs: Ms): Opened => {
  const type = stringAt(raw, 'type');
  const sender = stringAt(raw, 'sender');
  if (type === undefined || sender === undefined) return { store, discarded: 'not an event' };
  if (type !== 'm.room.encrypted') return inTheClear(env, store, type, sender, objectAt(raw, 'content'), atMs);
  return throughOlm(env, store, sender, objectAt(raw, 'content'), atMs);
};

const inTheClear = (
  env: Env,
  store: Store,
  type: string,
  claimedSender: string,
  content: JsonObject,
  atMs: Ms,
): Opened => {
  // Nothing proves who sent it. What the event itself claims is looked up, so that the facts say what a
  // client would believe that does not ask for encryption.
  const embedded = carriedKeys(env, content);
  const claimedDevice = stringAt(content, 'requesting_device_id') ?? stringAt(content, 'from_device');
  const device = isObject(embedded)
    ? claimedKeys(env, store, claimedSender, embedded)
    : claimedDevice === undefined
      ? null
      : listedDevice(env.suite, store, claimedSender, claimedDevice);
  const facts = { ...factsOf(env, store, claimedSender, device, content), encrypted: false } as const;
  return {
    store,
    event: { type: `to-device ${type}`, content, sender: claimedSender, facts, ...roomIn(content), atMs },
    facts,
    inside: null,
  };
};

/** The room that a to-device event says it is about. */
const roomIn = (content: JsonObject): { readonly room?: string } => {
  const room = stringAt(content, 'room_id');
  return room === undefined ? {} : { room };
};

const claimedKeys = (env: Env, store: Store, user: string, keys: JsonObject): DeviceFacts | null => {
  const facts = deviceFacts(env.suite, store, user, keys, 'embedded');
  const listed = facts === null ? null : listedDevice(env.suite, store, user, facts.device);
  return facts !== null && listed !== null && listed.ed25519 === facts.ed25519 ? { ...listed, source: 'both' } : facts;
};

const factsOf = (
  env: Env,
  store: Store,
  claimedSender: string,
  sender: DeviceFacts | null,
  content: JsonObject,
): Omit<EnvelopeFacts, 'encrypted'> => {
  const name = stringAt(content, 'name');
  return {
    claimedSender,
    ownUser: (sender?.user ?? claimedSender) === store.me.user,
    sender,
    // An answer to a request does not name its secret; its public half as a backup key is what can be said.
    secretPublic: secretPublic(
      env.suite,
      name ?? (stringAt(content, 'request_id') === undefined ? undefined : 'm.megolm_backup.v1'),
      stringAt(content, 'secret'),
    ),
    publishedPublic: publishedPublic(env.suite, store, name),
  };
};

/** Client-server API, "m.olm.v1.curve25519-aes-sha2": what the plaintext says of itself, and the device keys in it (MSC4147). */
const throughOlm = (env: Env, store: Store, claimedSender: string, content: JsonObject, atMs: Ms): Opened => {
  const senderKey = stringAt(content, 'sender_key');
  const ciphertext = objectAt(content, 'ciphertext');
  const mine = store.account.curve25519.public;
  const message = messageOf(own(ciphertext, mine));
  if (stringAt(content, 'algorithm') !== OLM_ALGORITHM || senderKey === undefined || message === null)
    return { store, discarded: 'not an Olm message for this device' };
  const opened = decrypt(env, store, senderKey, message);
  if (opened === null) return { store, discarded: 'does not open' };
  const plain = objectIn(opened.plaintext);
  const after = opened.store;
  const type = stringAt(plain, 'type');
  if (plain === null || type === undefined) return { store: after, discarded: 'its plaintext is not an event' };

  const ed25519 = stringAt(objectAt(plain, 'keys'), 'ed25519');
  const listed = deviceByCurve25519(env.suite, after, claimedSender, senderKey);
  const carried = carriedKeys(env, plain);
  const shown = isObject(carried)
    ? deviceFacts(env.suite, after, stringAt(carried, 'user_id') ?? '', carried, 'embedded')
    : null;
  const inner = objectAt(plain, 'content');
  const known = own(after.users, claimedSender);
  const facts = {
    ...factsOf(env, after, claimedSender, bothOf(listed, shown), inner),
    encrypted: true,
    embedded: carried === undefined ? null : embeddedFacts(shown, { ed25519, senderKey, claimedSender, listed }),
    plaintext: {
      senderMatches: stringAt(plain, 'sender') === claimedSender,
      recipientMatches: stringAt(plain, 'recipient') === after.me.user,
      recipientKeyMatches: stringAt(objectAt(plain, 'recipient_keys'), 'ed25519') === after.account.ed25519.public,
      ed25519Matches: listed === null ? null : listed.ed25519 === ed25519,
      isSenderKnown: known !== undefined && !known.outdated,
    },
  } as const;
  return {
    store: after,
    event: {
      type: `to-device ${type}`,
      content: inner,
      sender: claimedSender,
      facts,
      listedFacts: {
        ...factsOf(env, after, claimedSender, listed, inner),
        encrypted: true,
        plaintext: facts.plaintext,
      },
      ...roomIn(inner),
      atMs,
    },
    facts,
    inside: { type, content: inner },
  };
};

/** `sender_device_keys`, under whichever of its names this client knows; `undefined`: it sees none. */
const carriedKeys = ({ input }: Env, plain: JsonObject): unknown =>
  readNames('device keys', input.identifiers).flatMap((name) => (Object.hasOwn(plain, name) ? [plain[name]] : []))[0];

/** `shown`: what they come to; `null`: they are no device keys of anybody. */
const embeddedFacts = (
  shown: DeviceFacts | null,
  beside: {
    readonly ed25519: string | undefined;
    readonly senderKey: Term;
    readonly claimedSender: string;
    readonly listed: DeviceFacts | null;
  },
): EmbeddedFacts => ({
  ed25519Matches: shown !== null && shown.ed25519 === beside.ed25519,
  curve25519Matches: shown?.curve25519 === beside.senderKey,
  ed25519IsSenderKey: beside.ed25519 === beside.senderKey,
  userMatches: shown?.user === beside.claimedSender,
  selfSigned: shown?.selfSigned === true,
  byPinnedIdentity: shown?.byPinnedIdentity === true,
  isListed: beside.listed !== null,
});

/** The sending device as the list and the message together tell of it; whether the message may is another question. */
const bothOf = (listed: DeviceFacts | null, shown: DeviceFacts | null): DeviceFacts | null =>
  listed === null || shown === null
    ? (shown ?? listed)
    : {
        ...listed,
        ...(shown.ed25519 === listed.ed25519 && shown.user === listed.user
          ? {}
          : { user: shown.user, device: shown.device, ed25519: shown.ed25519 }),
        crossSignedBy: listed.crossSignedBy ?? shown.crossSignedBy,
        byPinnedIdentity: listed.byPinnedIdentity || shown.byPinnedIdentity,
        source: 'both',
      };

const messageOf = (entry: unknown): OlmMessage | null => {
  if (!isObject(entry)) return null;
  const { type, body } = entry;
  return (type === 0 || type === 1) && typeof body === 'string' ? { type, body } : null;
};

/** Wire formats, Olm, "Receiving type 0 / type 1": which session opens it. Nothing is kept of what fails. */
const decrypt = (
  env: Env,
  store: Store,
  senderKey: Term,
  message: OlmMessage,
): { readonly store: Store; readonly plaintext: string } | null => {
  const sessions = sessionsWith(store, senderKey);
  const wanted = message.type === 0 ? env.suite.olmSessionIdOf(message) : null;
  const known = message.type === 0 ? sessions.filter(({ id }) => id === wanted) : [...sessions].reverse();
  for (const session of known) {
    const opened = env.suite.olmDecrypt(session, message);
    if (opened === null) continue;
    // The session that decrypted last is the one to send on: it moves to the end.
    const rest = sessions.filter(({ id }) => id !== session.id);
    return {
      plaintext: opened.plaintext,
      store: { ...store, olm: { ...store.olm, [senderKey]: [...rest, opened.session] } },
    };
  }
  if (message.type === 1 || known.length > 0) return null;
  const opened = env.suite.olmInbound(store.account, senderKey, message);
  if (opened === null) return null;
  const kept = [...sessions, opened.session].slice(-sessionsMax);
  return {
    plaintext: opened.plaintext,
    store: { ...store, account: opened.account, olm: { ...store.olm, [senderKey]: kept } },
  };
};

/** Olm sessions with the holder of that key, oldest first: the last is the one to send on. */
export const sessionsWith = ({ olm }: Store, key: Term) => own(olm, key) ?? [];
