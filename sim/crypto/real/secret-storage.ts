/** Secrets in account data (client-server API, "Secret storage"): m.secret_storage.v1.aes-hmac-sha2. */
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { StoredSecret } from '../../../machines/suite.ts';
import { base64, fromBase64 } from './base64.ts';
import { sameBytes, utf8 } from './bytes.ts';
import { applyCtr, hkdf, mac, withoutBit63 } from './kdf.ts';
import { isAcceptable, type Stretch } from './passphrase.ts';

const salt = new Uint8Array(32);
const zeros = new Uint8Array(32);

const keysFor = (key: Uint8Array, name: string) => {
  const bytes = hkdf(salt, key, utf8(name), 64);
  return { aes: bytes.subarray(0, 32), mac: bytes.subarray(32) };
};

/** Encrypts a secret of account-data type `name` under a storage key (32 bytes) and a fresh `iv` (16 bytes). */
export const sealSecret = (key: Uint8Array, name: string, iv: Uint8Array, plaintext: Uint8Array): StoredSecret => {
  const counter = withoutBit63(iv);
  const keys = keysFor(key, name);
  const ciphertext = applyCtr(keys.aes, counter, plaintext);
  return { iv: base64(counter), ciphertext: base64(ciphertext), mac: base64(mac(keys.mac, ciphertext)) };
};

/** Decrypts; `null`: malformed, another key or another name, or changed. */
export const openSecret = (key: Uint8Array, name: string, stored: StoredSecret): Uint8Array | null => {
  const iv = fromBase64(stringAt(stored, 'iv') ?? '');
  const ciphertext = fromBase64(stringAt(stored, 'ciphertext') ?? '');
  const given = fromBase64(stringAt(stored, 'mac') ?? '');
  if (iv?.length !== 16 || ciphertext === null || given === null) return null;
  const keys = keysFor(key, name);
  return sameBytes(mac(keys.mac, ciphertext), given) ? applyCtr(keys.aes, iv, ciphertext) : null;
};

/** `iv` and `mac` of a key description: the proof of a key without the key (32 zero bytes under an empty name). */
export const keyCheck = (key: Uint8Array, iv: Uint8Array): { readonly iv: string; readonly mac: string } => {
  const sealed = sealSecret(key, '', iv, zeros);
  return { iv: sealed.iv, mac: sealed.mac };
};

/**
 * Whether `key` is the one a key description (`m.secret_storage.key.<id>`) speaks of. A description without `iv` and
 * `mac` accepts any key; one with malformed ones none.
 */
export const isDescribed = (key: Uint8Array, description: unknown): boolean => {
  if (!isObject(description)) return false;
  if (description.iv === undefined && description.mac === undefined) return true;
  const iv = fromBase64(stringAt(description, 'iv') ?? '');
  const given = fromBase64(stringAt(description, 'mac') ?? '');
  if (iv?.length !== 16 || given === null) return false;
  const keys = keysFor(key, '');
  return sameBytes(mac(keys.mac, applyCtr(keys.aes, iv, zeros)), given);
};

/**
 * The storage key a passphrase gives under a description's `passphrase` (m.pbkdf2; the salt is taken as text, 256 bits
 * unless it says otherwise). `null`: another algorithm or malformed numbers.
 */
export const keyFromPassphrase = (stretch: Stretch, passphrase: string, description: unknown): Uint8Array | null => {
  const parameters = objectAt(description, 'passphrase');
  const text = stringAt(parameters, 'salt');
  const rounds = parameters.iterations;
  const bits = parameters.bits ?? 256;
  if (parameters.algorithm !== 'm.pbkdf2' || text === undefined || !isAcceptable(rounds)) return null;
  if (typeof bits !== 'number' || bits <= 0 || bits > 4096 || bits % 8 !== 0) return null;
  return stretch(utf8(passphrase), utf8(text), rounds, bits / 8);
};
