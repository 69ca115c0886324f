/** The bytes of Olm messages (wire format version 3): normal messages (type 1) and pre-key messages (type 0). */
import { concat } from './bytes.ts';
import { readBytes, readNumber, varint } from './fields.ts';
import { macLength } from './kdf.ts';

const version = 3;
const keyLength = 32;

/** A normal message: the ratchet key and place in the chain it is encrypted for. `authenticated` is what the MAC covers. */
export type NormalMessage = {
  readonly ratchetKey: Uint8Array;
  readonly index: number;
  readonly ciphertext: Uint8Array;
  readonly authenticated: Uint8Array;
  readonly mac: Uint8Array;
};

/** A pre-key message: the three keys a session begins with (all 32 bytes) and a complete normal message. */
export type PreKeyMessage = { readonly keys: SessionKeys; readonly inner: Uint8Array };
/** What a session is made of in public: the initiator's identity and base key, the other's one-time key. */
export type SessionKeys = { readonly identity: Uint8Array; readonly base: Uint8Array; readonly oneTime: Uint8Array };

/** The part of a normal message that its MAC covers. Index 0 is written. */
export const normalBody = (ratchetKey: Uint8Array, index: number, ciphertext: Uint8Array): Uint8Array =>
  concat(
    Uint8Array.of(version, 0x0a, keyLength),
    ratchetKey,
    Uint8Array.of(0x10),
    varint(index),
    Uint8Array.of(0x22),
    varint(ciphertext.length),
    ciphertext,
  );

/** A normal message; `null` where the bytes are none. */
export const readNormal = (bytes: Uint8Array): NormalMessage | null => {
  const end = bytes.length - macLength;
  if (bytes[0] !== version) return null;
  const ratchetKey = readBytes({ bytes, at: 1, end }, 0x0a);
  if (ratchetKey?.value.length !== keyLength) return null;
  const index = readNumber({ bytes, at: ratchetKey.at, end }, 0x10);
  if (index === null) return null;
  const ciphertext = readBytes({ bytes, at: index.at, end }, 0x22);
  if (ciphertext?.at !== end) return null;
  return {
    ratchetKey: ratchetKey.value,
    index: index.value,
    ciphertext: ciphertext.value,
    authenticated: bytes.subarray(0, end),
    mac: bytes.subarray(end),
  };
};

/** The bytes of a pre-key message. */
export const preKeyBody = ({ keys: { oneTime, base, identity }, inner }: PreKeyMessage): Uint8Array =>
  concat(
    Uint8Array.of(version, 0x0a, keyLength),
    oneTime,
    Uint8Array.of(0x12, keyLength),
    base,
    Uint8Array.of(0x1a, keyLength),
    identity,
    Uint8Array.of(0x22),
    varint(inner.length),
    inner,
  );

/** A pre-key message; `null` where the bytes are none. The inner message is not looked at. */
export const readPreKey = (bytes: Uint8Array): PreKeyMessage | null => {
  const end = bytes.length;
  if (bytes[0] !== version) return null;
  const oneTime = readBytes({ bytes, at: 1, end }, 0x0a);
  if (oneTime?.value.length !== keyLength) return null;
  const base = readBytes({ bytes, at: oneTime.at, end }, 0x12);
  if (base?.value.length !== keyLength) return null;
  const identity = readBytes({ bytes, at: base.at, end }, 0x1a);
  if (identity?.value.length !== keyLength) return null;
  const inner = readBytes({ bytes, at: identity.at, end }, 0x22);
  if (inner?.at !== end) return null;
  return { keys: { identity: identity.value, base: base.value, oneTime: oneTime.value }, inner: inner.value };
};
