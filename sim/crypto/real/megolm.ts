/**
 * Megolm sessions (m.megolm.v1.aes-sha2) over bytes: both key forms, messages, and positions within a session.
 * Replays are told apart by whoever keeps the session, not here.
 */
import { concat, readU32, sameBytes, u32 } from './bytes.ts';
import type { Curves } from './curves.ts';
import { readBytes, readNumber, varint } from './fields.ts';
import { decryptCbc, encryptCbc, isShortMac, macLength, shortMac } from './kdf.ts';
import { advancedTo, lastIndex, type Ratchet, ratchetCipher, ratchetLength } from './megolm-ratchet.ts';

const messageVersion = 3;
const exportVersion = 1;
const sharingVersion = 2;
const keyLength = 32;
const signatureLength = 64;
const exportLength = 1 + 4 + ratchetLength + keyLength;

/** Why a session cannot go on for ever: after this index there is none. */
export { lastIndex };

/** A session at one index: all that decrypting from there on takes. `signingKey` is the public Ed25519 key. */
export type Holding = { readonly ratchet: Ratchet; readonly signingKey: Uint8Array };

const holdingBytes = (version: number, { ratchet, signingKey }: Holding): Uint8Array =>
  concat(Uint8Array.of(version), u32(ratchet.index), ratchet.parts, signingKey);

/** The 165 bytes of the export form (`m.forwarded_room_key`, exports, backups). */
export const exportedForm = (holding: Holding): Uint8Array => holdingBytes(exportVersion, holding);

/** The 229 bytes of the sharing form (`m.room_key`), signed by the session's own key. */
export const sharingForm = (curves: Curves, holding: Holding, signingSeed: Uint8Array): Uint8Array => {
  const bytes = holdingBytes(sharingVersion, holding);
  return concat(bytes, curves.sign(signingSeed, bytes));
};

const readHolding = (bytes: Uint8Array): Holding => ({
  ratchet: { index: readU32(bytes, 1), parts: bytes.slice(5, 5 + ratchetLength) },
  signingKey: bytes.slice(5 + ratchetLength, exportLength),
});

/** Reads the export form; `null`: wrong length or version, or a signing key that is none. */
export const readExported = (curves: Curves, bytes: Uint8Array): Holding | null => {
  if (bytes.length !== exportLength || bytes[0] !== exportVersion) return null;
  const holding = readHolding(bytes);
  return curves.isSigningKey(holding.signingKey) ? holding : null;
};

/** Reads the sharing form; `null`: wrong length or version, or a signature that does not hold. */
export const readSharing = (curves: Curves, bytes: Uint8Array): Holding | null => {
  if (bytes.length !== exportLength + signatureLength || bytes[0] !== sharingVersion) return null;
  const holding = readHolding(bytes);
  const signed = bytes.subarray(0, exportLength);
  return curves.verify(holding.signingKey, signed, bytes.subarray(exportLength)) ? holding : null;
};

/** The holding at a later index; `null` when it lies before the holding. */
export const holdingAt = (holding: Holding, index: number): Holding | null => {
  const ratchet = advancedTo(holding.ratchet, index);
  return ratchet && { ...holding, ratchet };
};

/** Whether both are of one session: the same key, and the earlier, turned forward, is the later. */
export const isSameSession = (a: Holding, b: Holding): boolean => {
  const [early, late] = a.ratchet.index <= b.ratchet.index ? [a, b] : [b, a];
  const met = advancedTo(early.ratchet, late.ratchet.index);
  return sameBytes(a.signingKey, b.signingKey) && met !== null && sameBytes(met.parts, late.ratchet.parts);
};

/** The message at the holding's index: version, index, ciphertext, MAC (8 bytes), signature over all before it. */
export const encryptAt = (
  curves: Curves,
  ratchet: Ratchet,
  signingSeed: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array => {
  const keys = ratchetCipher(ratchet);
  const ciphertext = encryptCbc(keys, plaintext);
  const body = concat(
    Uint8Array.of(messageVersion, 0x08),
    varint(ratchet.index),
    Uint8Array.of(0x12),
    varint(ciphertext.length),
    ciphertext,
  );
  const authenticated = concat(body, shortMac(keys.mac, body));
  return concat(authenticated, curves.sign(signingSeed, authenticated));
};

/** A message taken apart; nothing of it is checked yet. */
export type MegolmMessage = {
  readonly index: number;
  readonly ciphertext: Uint8Array;
  readonly body: Uint8Array;
  readonly mac: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
};

/** The parts of a message; `null` where the bytes are none. */
export const readMessage = (bytes: Uint8Array): MegolmMessage | null => {
  const signedEnd = bytes.length - signatureLength;
  const end = signedEnd - macLength;
  if (bytes[0] !== messageVersion) return null;
  const index = readNumber({ bytes, at: 1, end }, 0x08);
  if (index === null || index.value > lastIndex) return null;
  const ciphertext = readBytes({ bytes, at: index.at, end }, 0x12);
  if (ciphertext?.at !== end) return null;
  return {
    index: index.value,
    ciphertext: ciphertext.value,
    body: bytes.subarray(0, end),
    mac: bytes.subarray(end, signedEnd),
    signed: bytes.subarray(0, signedEnd),
    signature: bytes.subarray(signedEnd),
  };
};

/** Whether the session's owner signed the message. */
export const isSigned = (curves: Curves, signingKey: Uint8Array, { signed, signature }: MegolmMessage): boolean =>
  curves.verify(signingKey, signed, signature);

/** The plaintext of a message at the ratchet's very index; `null`: MAC or padding wrong. */
export const openAt = (ratchet: Ratchet, { body, mac, ciphertext }: MegolmMessage): Uint8Array | null => {
  const keys = ratchetCipher(ratchet);
  return isShortMac(keys.mac, body, mac) ? decryptCbc(keys, ciphertext) : null;
};

/** Decrypts a message with a holding: signature, then index, then MAC and padding. `null` where one fails. */
export const decryptWith = (
  curves: Curves,
  holding: Holding,
  bytes: Uint8Array,
): { readonly plaintext: Uint8Array; readonly index: number } | null => {
  const message = readMessage(bytes);
  if (message === null || !isSigned(curves, holding.signingKey, message)) return null;
  const reached = advancedTo(holding.ratchet, message.index);
  const plaintext = reached && openAt(reached, message);
  return plaintext && { plaintext, index: message.index };
};
