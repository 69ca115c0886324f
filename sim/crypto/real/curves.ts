/**
 * Curve25519 as the rest asks for it, and the memory in front of it. Curve operations cost a hundred times what
 * everything else does, so these are done once: two keys have one shared secret (the same from both ends), and a signature is valid or
 * not for good.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { memo } from '../../../machines/memo.ts';
import { base64 } from './base64.ts';
import { nameOf } from './bytes.ts';

/** All arguments and results are raw bytes: keys, secrets and shared secrets 32, signatures 64. Lengths are the caller's duty. */
export type Curves = {
  /** The X25519 shared secret; `null` for a low-order `theirs`, whose secret would be all zero. */
  readonly shared: (secret: Uint8Array, theirs: Uint8Array) => Uint8Array | null;
  /** The X25519 public key. */
  readonly exchangePublic: (secret: Uint8Array) => Uint8Array;
  /** The Ed25519 public key of a seed. */
  readonly signingPublic: (seed: Uint8Array) => Uint8Array;
  /** The Ed25519 signature by `seed` (deterministic, RFC 8032). */
  readonly sign: (seed: Uint8Array, message: Uint8Array) => Uint8Array;
  /** Whether the signature holds, strictly: canonical encodings only, no small-order key or `R`, no cofactor. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
  /** Whether the 32 bytes are a canonically encoded point that may sign. */
  readonly isSigningKey: (publicKey: Uint8Array) => boolean;
};

/** `curves` with a bounded memory: the same answers, sooner the second time. */
export const remembering = (curves: Curves): Curves => {
  // An operation on a curve takes a hundred times as long as all else: a thirtieth of a run, more on noble.
  const exchangeKeys = memo<Uint8Array>(8192);
  const secrets = memo<Uint8Array | null>(4096);
  const verdicts = memo<boolean>(8192);
  // A device signs a lot, much of it in every run of a sweep: with both a sweep on Node takes a fifth less.
  const signingKeys = memo<Uint8Array>(8192);
  const signatures = memo<Uint8Array>(4096);

  const exchangePublic = (secret: Uint8Array) => exchangeKeys(nameOf(secret), () => curves.exchangePublic(secret));
  const signingPublic = (seed: Uint8Array) => signingKeys(nameOf(seed), () => curves.signingPublic(seed));
  const verdict = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, find: () => boolean): boolean =>
    verdicts(`${nameOf(publicKey)} ${nameOf(signature)} ${base64(sha256(message))}`, find);
  return {
    ...curves,
    exchangePublic,
    signingPublic,
    // Filed under both public keys, so that the other end finds what this end computed. One's own is derived, never
    // taken on trust: whoever has not the secret finds nothing.
    shared: (secret, theirs) => {
      const a = nameOf(exchangePublic(secret));
      const b = nameOf(theirs);
      return secrets(a < b ? `${a} ${b}` : `${b} ${a}`, () => curves.shared(secret, theirs));
    },
    // What is signed here holds by how it is made: whoever verifies it finds that, and works out only what came from elsewhere.
    sign: (seed, message) =>
      signatures(`${nameOf(seed)} ${base64(sha256(message))}`, () => {
        const signature = curves.sign(seed, message);
        verdict(signingPublic(seed), message, signature, () => true);
        return signature;
      }),
    verify: (publicKey, message, signature) =>
      verdict(publicKey, message, signature, () => curves.verify(publicKey, message, signature)),
  };
};
