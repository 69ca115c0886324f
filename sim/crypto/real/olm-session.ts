/**
 * Olm sessions (m.olm.v1.curve25519-aes-sha2): the double ratchet over bytes. Every function returns a new session and
 * leaves the one it was given usable, so a caller who keeps the old value on failure has lost nothing.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from './base64.ts';
import { concat, sameBytes } from './bytes.ts';
import type { Curves } from './curves.ts';
import { hkdf, info } from './kdf.ts';
import { isLowOrder } from './low-order.ts';
import { advanced, type Chain, openWith, type ReceivingChain, sealNext } from './olm-chain.ts';
import {
  type NormalMessage,
  normalBody,
  type PreKeyMessage,
  preKeyBody,
  readNormal,
  readPreKey,
  type SessionKeys,
} from './olm-message.ts';

/** Receiving chains kept; the oldest goes first. */
export const mostReceivingChains = 5;

/** A Curve25519 pair as bytes (32 each). */
export type BytePair = { readonly secret: Uint8Array; readonly public: Uint8Array };
/** The chain we send on, under a ratchet pair of ours. */
export type SendingChain = Chain & { readonly ratchet: BytePair };

/** A session. `root` is the root key after the newest ratchet step; `receiving` is oldest first. */
export type Session = {
  readonly keys: SessionKeys;
  /** Whether we have decrypted a message of it: until then we send pre-key messages. */
  readonly received: boolean;
  readonly root: Uint8Array;
  readonly sending: SendingChain | null;
  readonly receiving: readonly ReceivingChain[];
};

/** A message as it travels, unencoded. */
export type ByteMessage = { readonly type: 0 | 1; readonly body: Uint8Array };

const rootInfo = info('OLM_ROOT');
const ratchetInfo = info('OLM_RATCHET');

/** Root and chain key of a new session from its three shared secrets in order. */
export const beginning = (secrets: Uint8Array): { readonly root: Uint8Array; readonly chain: Chain } => {
  const bytes = hkdf(null, secrets, rootInfo, 64);
  return { root: bytes.subarray(0, 32), chain: { key: bytes.subarray(32), index: 0 } };
};

const ratchetStep = (root: Uint8Array, shared: Uint8Array) => {
  const bytes = hkdf(root, shared, ratchetInfo, 64);
  return { root: bytes.subarray(0, 32), chain: { key: bytes.subarray(32), index: 0 } };
};

/** The session id, the same at both ends: b64 SHA-256 of initiator identity, base key and one-time key. */
export const sessionId = ({ identity, base, oneTime }: SessionKeys): string =>
  base64(sha256(concat(identity, base, oneTime)));

/** The 96 bytes of shared secret as the initiator finds them; `null` when a key of the peer's is of low order. */
export const outboundSecrets = (
  curves: Curves,
  identity: BytePair,
  base: BytePair,
  peer: Uint8Array,
  oneTime: Uint8Array,
): Uint8Array | null => {
  const first = curves.shared(identity.secret, oneTime);
  const second = first && curves.shared(base.secret, peer);
  const third = second && curves.shared(base.secret, oneTime);
  return first && second && third && concat(first, second, third);
};

/**
 * A session towards the device with identity key `peer` on a one-time or fallback key of its. `base` and `ratchet` are
 * fresh pairs. `null`: a key of low order.
 */
export const outbound = (
  curves: Curves,
  identity: BytePair,
  peer: Uint8Array,
  oneTime: Uint8Array,
  base: BytePair,
  ratchet: BytePair,
): Session | null => {
  const secrets = outboundSecrets(curves, identity, base, peer, oneTime);
  if (secrets === null) return null;
  const { root, chain } = beginning(secrets);
  return {
    keys: { identity: identity.public, base: base.public, oneTime },
    received: false,
    root,
    sending: { ...chain, ratchet },
    receiving: [],
  };
};

/**
 * The session a pre-key message asks for and its first plaintext, given the private half of its one-time key.
 * `null`: malformed inner message, low-order key, MAC or padding wrong.
 */
export const inbound = (
  curves: Curves,
  identity: BytePair,
  oneTimeSecret: Uint8Array,
  { keys, inner }: PreKeyMessage,
): { readonly session: Session; readonly plaintext: Uint8Array } | null => {
  const message = readNormal(inner);
  // The ratchet key is first needed for the answer; a useless one is refused now, so that answering cannot fail.
  if (message === null || isLowOrder(message.ratchetKey)) return null;
  const first = curves.shared(oneTimeSecret, keys.identity);
  const second = first && curves.shared(identity.secret, keys.base);
  const third = second && curves.shared(oneTimeSecret, keys.base);
  if (!first || !second || !third) return null;
  const { root, chain } = beginning(concat(first, second, third));
  const opened = openWith({ ...chain, ratchetKey: message.ratchetKey.slice(), skipped: [] }, message);
  if (opened === null) return null;
  return {
    session: { keys: copied(keys), received: true, root, sending: null, receiving: [opened.chain] },
    plaintext: opened.plaintext,
  };
};

/** Keys cut out of a message, no longer holding on to all of its bytes. */
const copied = ({ identity, base, oneTime }: SessionKeys): SessionKeys => ({
  identity: identity.slice(),
  base: base.slice(),
  oneTime: oneTime.slice(),
});

/** The sending chain and root after stepping to a fresh ratchet pair of ours. */
const steppedToSend = (curves: Curves, session: Session, ratchet: BytePair) => {
  const newest = session.receiving.at(-1);
  if (newest === undefined)
    throw new Error('an Olm session has neither a sending nor a receiving chain: its state was put together wrongly');
  const shared = curves.shared(ratchet.secret, newest.ratchetKey);
  if (shared === null) throw new Error('an Olm session holds a low-order ratchet key, which is refused on receipt');
  const { root, chain } = ratchetStep(session.root, shared);
  return { root, sending: { ...chain, ratchet } };
};

/**
 * Encrypts the next message. `freshRatchet` is asked only when the direction turned and a new ratchet pair is due.
 */
export const encrypt = (
  curves: Curves,
  session: Session,
  plaintext: Uint8Array,
  freshRatchet: () => BytePair,
): { readonly session: Session; readonly message: ByteMessage } => {
  const { root, sending } =
    session.sending === null
      ? steppedToSend(curves, session, freshRatchet())
      : { root: session.root, sending: session.sending };
  const sealed = sealNext(sending, plaintext, (ciphertext) =>
    normalBody(sending.ratchet.public, sending.index, ciphertext),
  );
  const normal = concat(sealed.authenticated, sealed.mac);
  return {
    session: { ...session, root, sending: { ...advanced(sending), ratchet: sending.ratchet } },
    message: session.received
      ? { type: 1, body: normal }
      : { type: 0, body: preKeyBody({ keys: session.keys, inner: normal }) },
  };
};

const openOnNewChain = (curves: Curves, session: Session, message: NormalMessage) => {
  // A new ratchet key answers one of ours. Without one it answers nothing and was made up.
  const shared = session.sending && curves.shared(session.sending.ratchet.secret, message.ratchetKey);
  if (!shared) return null;
  const { root, chain } = ratchetStep(session.root, shared);
  const opened = openWith({ ...chain, ratchetKey: message.ratchetKey.slice(), skipped: [] }, message);
  if (opened === null) return null;
  const receiving = [...session.receiving, opened.chain].slice(-mostReceivingChains);
  return { session: { ...session, received: true, root, sending: null, receiving }, plaintext: opened.plaintext };
};

const openNormal = (curves: Curves, session: Session, message: NormalMessage) => {
  const at = session.receiving.findIndex(({ ratchetKey }) => sameBytes(ratchetKey, message.ratchetKey));
  const known = session.receiving[at];
  if (known === undefined) return openOnNewChain(curves, session, message);
  const opened = openWith(known, message);
  if (opened === null) return null;
  return {
    session: { ...session, received: true, receiving: session.receiving.with(at, opened.chain) },
    plaintext: opened.plaintext,
  };
};

/**
 * Decrypts a message of the session: normal, or a pre-key message with the session's own keys. `null`: malformed, of
 * another session, already read, out of reach, or MAC or padding wrong.
 */
export const decrypt = (
  curves: Curves,
  session: Session,
  { type, body }: ByteMessage,
): { readonly session: Session; readonly plaintext: Uint8Array } | null => {
  const preKey = type === 0 ? readPreKey(body) : null;
  if (type === 0 && (preKey === null || sessionId(preKey.keys) !== sessionId(session.keys))) return null;
  const message = readNormal(preKey?.inner ?? body);
  return message && openNormal(curves, session, message);
};
