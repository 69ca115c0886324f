/** Vectors of primitives: X25519, Ed25519, HKDF. */
import { base64 } from '../real/base64.ts';
import { hkdf } from '../real/kdf.ts';
import { nobleCurves as curves } from '../real/noble-curves.ts';
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
  if (given?.publicHex.length !== 32 || given.signatureHex.length !== 64) return null;
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

/** HKDF-SHA-256. */
export const hkdfVector: Handler = (vector) => {
  const given = hexes(vector, 'ikmHex', 'saltHex', 'infoHex', 'okmHex');
  if (given === null) return null;
  const length = numberAt(vector, 'length') ?? given.okmHex.length;
  const { saltHex, ikmHex, infoHex } = given;
  const okm = hkdf(saltHex.length === 0 ? null : saltHex, ikmHex, infoHex, length);
  return [equalHex('output', String(vector.okmHex), okm)];
};
