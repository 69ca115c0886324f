/** Encrypted attachments, version 2 (client-server API, "Sending encrypted attachments"). */
import { sha256 } from '@noble/hashes/sha2.js';
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { AttachmentInfo } from '../../../machines/suite.ts';
import { base64, base64Url, fromBase64, fromBase64Url } from './base64.ts';
import { sameBytes } from './bytes.ts';
import { applyCtr } from './kdf.ts';

/** What is done to every byte of a file: AES-256-CTR (`iv` of 16 bytes is a big-endian counter) and SHA-256. */
export type Bulk = {
  readonly ctr: (key: Uint8Array, iv: Uint8Array, data: Uint8Array) => Uint8Array;
  readonly hash: (data: Uint8Array) => Uint8Array;
};
/** In any browser or engine. */
export const nobleBulk: Bulk = { ctr: applyCtr, hash: sha256 };

/** Encrypts with a fresh `key` (32 bytes) and `iv` (16 bytes, the last eight zero so that the counter has room). */
export const sealAttachment = (
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
  { ctr, hash }: Bulk = nobleBulk,
): { readonly ciphertext: Uint8Array; readonly info: AttachmentInfo } => {
  const ciphertext = ctr(key, iv, plaintext);
  return {
    ciphertext,
    info: {
      v: 'v2',
      key: { kty: 'oct', key_ops: ['encrypt', 'decrypt'], alg: 'A256CTR', k: base64Url(key), ext: true },
      iv: base64(iv),
      hashes: { sha256: base64(hash(ciphertext)) },
    },
  };
};

/**
 * Decrypts. `null`: `info` is not of version 2 as the specification has it, or the ciphertext's SHA-256 is another one
 * (checked before anything is decrypted, unless `isChecked` is false).
 */
export const openAttachment = (
  ciphertext: Uint8Array,
  info: unknown,
  isChecked = true,
  bulk: Bulk = nobleBulk,
): Uint8Array | null => {
  const key = objectAt(info, 'key');
  const known = isObject(info) && info.v === 'v2' && key.kty === 'oct' && key.alg === 'A256CTR';
  const secret = fromBase64Url(stringAt(key, 'k') ?? '');
  const iv = fromBase64(stringAt(info, 'iv') ?? '');
  const hash = fromBase64(stringAt(objectAt(info, 'hashes'), 'sha256') ?? '');
  if (!known || secret?.length !== 32 || iv?.length !== 16 || hash === null) return null;
  return !isChecked || sameBytes(bulk.hash(ciphertext), hash) ? bulk.ctr(secret, iv, ciphertext) : null;
};

/** The ciphertext of another plaintext, made without the key: CTR mode hides bytes one by one. `null`: they do not fit. */
export const bendAttachment = (
  ciphertext: Uint8Array,
  at: number,
  from: Uint8Array,
  to: Uint8Array,
): Uint8Array | null => {
  if (from.length !== to.length || at < 0 || at + from.length > ciphertext.length) return null;
  const bent = ciphertext.slice();
  from.forEach((byte, nth) => {
    bent[at + nth] = (ciphertext[at + nth] ?? 0) ^ byte ^ (to[nth] ?? 0);
  });
  return bent;
};
