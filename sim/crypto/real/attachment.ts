/** Encrypted attachments, version 2 (client-server API, "Sending encrypted attachments"). */
import { sha256 } from '@noble/hashes/sha2.js';
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { AttachmentInfo } from '../../../machines/suite.ts';
import { base64, base64Url, fromBase64, fromBase64Url } from './base64.ts';
import { sameBytes } from './bytes.ts';
import { applyCtr } from './kdf.ts';

/** Encrypts with a fresh `key` (32 bytes) and `iv` (16 bytes, the last eight zero so that the counter has room). */
export const sealAttachment = (
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly info: AttachmentInfo } => {
  const ciphertext = applyCtr(key, iv, plaintext);
  return {
    ciphertext,
    info: {
      v: 'v2',
      key: { kty: 'oct', key_ops: ['encrypt', 'decrypt'], alg: 'A256CTR', k: base64Url(key), ext: true },
      iv: base64(iv),
      hashes: { sha256: base64(sha256(ciphertext)) },
    },
  };
};

/**
 * Decrypts. `null`: `info` is not of version 2 as the specification has it, or the ciphertext's SHA-256 is another one
 * (checked before anything is decrypted).
 */
export const openAttachment = (ciphertext: Uint8Array, info: unknown): Uint8Array | null => {
  const key = objectAt(info, 'key');
  const known = isObject(info) && info.v === 'v2' && key.kty === 'oct' && key.alg === 'A256CTR';
  const secret = fromBase64Url(stringAt(key, 'k') ?? '');
  const iv = fromBase64(stringAt(info, 'iv') ?? '');
  const hash = fromBase64(stringAt(objectAt(info, 'hashes'), 'sha256') ?? '');
  if (!known || secret?.length !== 32 || iv?.length !== 16 || hash === null) return null;
  return sameBytes(sha256(ciphertext), hash) ? applyCtr(secret, iv, ciphertext) : null;
};
