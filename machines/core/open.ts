/** Opening a to-device event: Olm, the checks of its envelope, and the facts about who sent it. */
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { OLM_ALGORITHM } from '../paths.ts';
import type { OlmMessage, Term } from '../suite.ts';
import type { DeviceEvent, DeviceFacts, EnvelopeFacts, Store } from '../types.ts';
import type { Env } from './env.ts';
import { deviceByCurve25519, deviceFacts, listedDevice, publishedPublic, secretPublic } from './facts.ts';

/** Sessions kept per peer device ("Keep at least 4"). */
const sessionsMax = 4;

export type Opened =
  | {
      readonly store: Store;
      readonly event: DeviceEvent;
      readonly facts: EnvelopeFacts;
      readonly inside: { readonly type: string; readonly content: JsonObject } | null;
    }
  | { readonly store: Store; readonly discarded: string };

/** Opens one event of a sync's `to_device.events`. What is not what its envelope says comes back as `discarded`. */
export const open = (env: Env, store: Store, raw: JsonObject): Opened => {
  const type = stringAt(raw, 'type');
  const sender = stringAt(raw, 'sender');
  if (type === undefined || sender === undefined) return { store, discarded: 'not an event' };
  if (type !== 'm.room.encrypted') return inTheClear(env, store, type, sender, objectAt(raw, 'content'));
  return throughOlm(env, store, sender, objectAt(raw, 'content'));
};

const inTheClear = (env: Env, store: Store, type: string, claimedSender: string, content: JsonObject): Opened => {
  // Nothing proves who sent it. What the event itself claims is looked up, so that the facts say what a
  // client would believe that does not ask for encryption.
  const embedded = content.sender_device_keys;
  const claimedDevice = stringAt(content, 'requesting_device_id') ?? stringAt(content, 'from_device');
  const device = isObject(embedded)
    ? claimedKeys(env, store, claimedSender, embedded)
    : claimedDevice === undefined
      ? null
      : listedDevice(env.suite, store, claimedSender, claimedDevice);
  const facts = factsOf(env, store, false, claimedSender, device, content);
  return { store, event: { type, content, sender: claimedSender, facts }, facts, inside: null };
};

const claimedKeys = (env: Env, store: Store, user: string, keys: JsonObject): DeviceFacts | null => {
  const facts = deviceFacts(env.suite, store, user, keys, 'embedded');
  const listed = facts === null ? null : listedDevice(env.suite, store, user, facts.device);
  return facts !== null && listed !== null && listed.ed25519 === facts.ed25519 ? { ...listed, source: 'both' } : facts;
};

const factsOf = (
  env: Env,
  store: Store,
  encrypted: boolean,
  claimedSender: string,
  sender: DeviceFacts | null,
  content: JsonObject,
): EnvelopeFacts => {
  const name = stringAt(content, 'name');
  return {
    encrypted,
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

/** Client-server API, "m.olm.v1.curve25519-aes-sha2": the plaintext's checks. What is true of embedded device keys is said beside it. */
const throughOlm = (env: Env, store: Store, claimedSender: string, content: JsonObject): Opened => {
  const senderKey = stringAt(content, 'sender_key');
  const mine = objectAt(content, 'ciphertext')[store.account.curve25519.public];
  const message = messageOf(mine);
  if (stringAt(content, 'algorithm') !== OLM_ALGORITHM || senderKey === undefined || message === null)
    return { store, discarded: 'not an Olm message for this device' };
  const opened = decrypt(env, store, senderKey, message);
  if (opened === null) return { store, discarded: 'does not open' };
  const plain = parse(opened.plaintext);
  const after = opened.store;
  if (plain === null) return { store: after, discarded: 'its plaintext is not an event' };

  const me = after.me;
  const type = stringAt(plain, 'type');
  if (type === undefined) return { store: after, discarded: 'its plaintext is not an event' };
  if (stringAt(plain, 'sender') !== claimedSender)
    return { store: after, discarded: 'the sender inside is not the sender outside' };
  if (stringAt(plain, 'recipient') !== me.user) return { store: after, discarded: 'it was written to another user' };
  if (stringAt(objectAt(plain, 'recipient_keys'), 'ed25519') !== after.account.ed25519.public)
    return { store: after, discarded: 'it was written to another device' };

  const claimedEd25519 = stringAt(objectAt(plain, 'keys'), 'ed25519');
  const listed = deviceByCurve25519(env.suite, after, claimedSender, senderKey);
  if (listed !== null && listed.ed25519 !== claimedEd25519)
    return { store: after, discarded: 'it claims another Ed25519 key than its device has' };
  const carried = plain.sender_device_keys ?? plain['org.matrix.msc4147.device_keys'];
  const shown = isObject(carried)
    ? deviceFacts(env.suite, after, stringAt(carried, 'user_id') ?? '', carried, 'embedded')
    : null;
  const embedded =
    shown === null
      ? null
      : {
          ed25519Matches: shown.ed25519 === claimedEd25519,
          curve25519Matches: shown.curve25519 === senderKey,
          userMatches: shown.user === claimedSender,
          selfSigned: shown.selfSigned,
          byPinnedIdentity: shown.byPinnedIdentity,
          isListed: listed !== null,
        };
  const inner = objectAt(plain, 'content');
  const facts: EnvelopeFacts = {
    ...factsOf(env, after, true, claimedSender, bothOf(listed, shown), inner),
    embedded,
  };
  // For whoever knows nothing of embedded keys.
  const listedFacts = factsOf(env, after, true, claimedSender, listed, inner);
  return {
    store: after,
    event: { type, content: inner, sender: claimedSender, facts, listedFacts },
    facts,
    inside: { type, content: inner },
  };
};

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

const parse = (plaintext: string): JsonObject | null => {
  try {
    const value: unknown = JSON.parse(plaintext);
    return isObject(value) ? value : null;
  } catch {
    return null; // not JSON: as good as not opening
  }
};

/** Wire formats, Olm, "Receiving type 0 / type 1": which session opens it. Nothing is kept of what fails. */
const decrypt = (
  env: Env,
  store: Store,
  senderKey: Term,
  message: OlmMessage,
): { readonly store: Store; readonly plaintext: string } | null => {
  const sessions = store.olm[senderKey] ?? [];
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
