/** Vectors of primitives: X25519, Ed25519, HMAC, HKDF, AES-CBC, PBKDF2. */
import { base64 } from '../real/base64.ts';
import { sameBytes } from '../real/bytes.ts';
import { type CipherKeys, decryptCbc, encryptCbc, hkdf, mac } from '../real/kdf.ts';
import { nobleCurves as curves } from '../real/noble-curves.ts';
import { nobleStretch } from '../real/passphrase.ts';
import { equal, equalHex, type Handler, hexes, holds, numberAt, refused, when } from './check.ts';

/** The shared secret of a private and a public key; `x25519-fail`: refused. */
export const exchangeVector: Handler = (vector) => {
  const keys = hexes(vector, 'privateHex', 'publicHex');
  if (keys?.privateHex.length !== 32 || keys.publicHex.length !== 32) return null;
  const shared = curves.shared(keys.privateHex, keys.publicHex);
  if (vector.kind === 'x25519-fail') return [refused('shared secret', shared)];
  const expected = hexes(vector, 'sharedHex')?.sharedHex;
  return expected === undefined ? null : [equal('shared secret', expected, shared)];
};

/** Public key, signature and verification; and that the signature is bound to message and key. */
export const signatureVector: Handler = (vector) => {
  const given = hexes(vector, 'publicHex', 'messageHex', 'signatureHex');
  if (given?.publicHex.length !== 32) return null;
  const { publicHex, messageHex, signatureHex } = given;
  const verified = curves.verify(publicHex, messageHex, signatureHex);
  if (vector.kind !== 'ed25519') return [refused('signature', verified)];
  const changed = Uint8Array.of(...messageHex, 0);
  return [
    ...when(hexes(vector, 'seedHex'), ({ seedHex }) =>
      equal('public key', base64(publicHex), base64(curves.signingPublic(seedHex))),
    ),
    ...when(hexes(vector, 'seedHex'), ({ seedHex }) =>
      equal('signature', signatureHex, curves.sign(seedHex, messageHex)),
    ),
    holds('verifies', verified),
    refused('of another message', curves.verify(publicHex, changed, signatureHex)),
  ];
};

/** HMAC-SHA-256, cut to as many bytes as the tag has; `hmac-sha256-fail`: another tag. */
export const macVector: Handler = (vector) => {
  const given = hexes(vector, 'keyHex', 'messageHex', 'tagHex');
  if (given === null || given.tagHex.length === 0) return null;
  const tag = mac(given.keyHex, given.messageHex).subarray(0, given.tagHex.length);
  return vector.kind === 'hmac-sha256'
    ? [equal('tag', given.tagHex, tag)]
    : [refused('tag', sameBytes(given.tagHex, tag))];
};

/** AES-256-CBC with PKCS#7 padding, in both directions; `aes-256-cbc-fail`: the padding or the length is wrong. */
export const cipherVector: Handler = (vector) => {
  const given = hexes(vector, 'keyHex', 'ivHex', 'ciphertextHex');
  if (given?.keyHex.length !== 32 || given.ivHex.length !== 16) return null;
  const keys: CipherKeys = { aes: given.keyHex, iv: given.ivHex, mac: new Uint8Array() };
  const opened = decryptCbc(keys, given.ciphertextHex);
  if (vector.kind !== 'aes-256-cbc') return [refused('plaintext', opened)];
  const plaintext = hexes(vector, 'plaintextHex')?.plaintextHex;
  if (plaintext === undefined) return null;
  return [equal('ciphertext', given.ciphertextHex, encryptCbc(keys, plaintext)), equal('plaintext', plaintext, opened)];
};

/** PBKDF2-HMAC-SHA-512. */
export const stretchVector: Handler = (vector) => {
  const given = hexes(vector, 'passphraseHex', 'saltHex', 'keyHex');
  const rounds = numberAt(vector, 'rounds');
  if (given === null || rounds === undefined) return null;
  const { passphraseHex, saltHex, keyHex } = given;
  return [equal('key', keyHex, nobleStretch(passphraseHex, saltHex, rounds, keyHex.length))];
};

/** HKDF-SHA-256. */
export const hkdfVector: Handler = (vector) => {
  if (vector.kind === 'hkdf-sha256-fail') return tooLongVector(vector);
  const given = hexes(vector, 'ikmHex', 'saltHex', 'infoHex', 'okmHex');
  if (given === null) return null;
  const length = numberAt(vector, 'length') ?? given.okmHex.length;
  const { saltHex, ikmHex, infoHex } = given;
  const okm = hkdf(saltHex.length === 0 ? null : saltHex, ikmHex, infoHex, length);
  return [equalHex('output', String(vector.okmHex), okm)];
};

/** More bytes than there are to have: the caller's mistake, and thrown. */
const tooLongVector: Handler = (vector) => {
  const given = hexes(vector, 'ikmHex', 'saltHex', 'infoHex');
  const length = numberAt(vector, 'length');
  if (given === null || length === undefined) return null;
  try {
    return [refused('output', hkdf(given.saltHex, given.ikmHex, given.infoHex, length))];
  } catch {
    return [refused('output', null)];
  }
};
