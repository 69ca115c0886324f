/** HMAC and HKDF on SHA-256, and the AES-CBC envelope that Olm, Megolm and key backup share. */
import { cbc, ctr } from '@noble/ciphers/aes.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { sameBytes, utf8 } from './bytes.ts';

/** HMAC-SHA-256 (32 bytes). */
export const mac = (key: Uint8Array, message: Uint8Array): Uint8Array => hmac(sha256, key, message);

/** HKDF-SHA-256 (RFC 5869). `salt: null` is none, the same as zero bytes. `length` in bytes, at most 8160. */
export const hkdf = (salt: Uint8Array | null, ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
  expand(sha256, extract(sha256, ikm, salt ?? undefined), info, length);

/** The keys of one message: AES-256 (32 bytes), MAC (32) and IV (16). */
export type CipherKeys = { readonly aes: Uint8Array; readonly mac: Uint8Array; readonly iv: Uint8Array };

/** The three keys HKDF gives for `info`, without salt: 80 bytes cut in 32, 32 and 16. */
export const cipherKeys = (ikm: Uint8Array, info: Uint8Array): CipherKeys => {
  const bytes = hkdf(null, ikm, info, 80);
  return { aes: bytes.subarray(0, 32), mac: bytes.subarray(32, 64), iv: bytes.subarray(64) };
};

/** How many bytes of a MAC go into a message. */
export const macLength = 8;
/** The first eight bytes of the HMAC, as messages carry it. */
export const shortMac = (key: Uint8Array, message: Uint8Array): Uint8Array => mac(key, message).slice(0, macLength);
/** Whether `given` is the first eight bytes of the HMAC. */
export const isShortMac = (key: Uint8Array, message: Uint8Array, given: Uint8Array): boolean =>
  sameBytes(shortMac(key, message), given);

/** AES-256-CBC with PKCS#7 padding. */
export const encryptCbc = ({ aes, iv }: CipherKeys, plaintext: Uint8Array): Uint8Array =>
  cbc(aes, iv).encrypt(plaintext);

/** The reverse; `null` where length or padding is wrong. */
export const decryptCbc = ({ aes, iv }: CipherKeys, ciphertext: Uint8Array): Uint8Array | null => {
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) return null;
  try {
    return cbc(aes, iv).decrypt(ciphertext);
  } catch {
    return null;
  }
};

/** AES-256-CTR with `iv` (16 bytes) as a big-endian counter; the same in both directions. */
export const applyCtr = (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array => ctr(key, iv).encrypt(data);

/** `iv` with its bit 63 cleared, so that 64-bit and 128-bit counters agree. */
export const withoutBit63 = (iv: Uint8Array): Uint8Array =>
  Uint8Array.from(iv, (byte, i) => (i === 8 ? byte & 0x7f : byte));

/** No bytes. */
export const nothing = new Uint8Array(0);
/** The UTF-8 bytes of an `info` text. */
export const info = utf8;
