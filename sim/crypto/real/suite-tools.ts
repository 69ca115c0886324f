/** What every part of the suite is made from, and how its values are written. */
import type { KeyPair, Term } from '../../../machines/suite.ts';
import type { Bulk } from './attachment.ts';
import { base64, fromBase64Sized } from './base64.ts';
import type { Curves } from './curves.ts';
import type { Draw } from './draw.ts';

/** Curve operations, what is done to whole files, and the seed's named randomness. */
export type Tools = { readonly curves: Curves; readonly bulk: Bulk; readonly draw: Draw };

/** The bytes of a secret or key of one's own. Throws: only this suite writes them. */
export const ownKey = (term: Term, what: string): Uint8Array => {
  const bytes = fromBase64Sized(term, 32);
  if (bytes === null) throw new Error(`${what} is not 32 bytes of base64: it does not come from this suite`);
  return bytes;
};

/** The Ed25519 pair of a 32-byte seed. */
export const signingPair = (curves: Curves, seed: Uint8Array): KeyPair => ({
  secret: base64(seed),
  public: base64(curves.signingPublic(seed)),
});

/** The Curve25519 pair of 32 secret bytes. */
export const exchangePair = (curves: Curves, secret: Uint8Array): KeyPair => ({
  secret: base64(secret),
  public: base64(curves.exchangePublic(secret)),
});
