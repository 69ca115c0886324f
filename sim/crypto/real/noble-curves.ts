/** Curve25519 on the audited noble package, in any browser or engine. */
import { ED25519_TORSION_SUBGROUP, ed25519, x25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { memo } from '../../../machines/memo.ts';
import { concat, nameOf, sameBytes } from './bytes.ts';
import { type Curves, remembering } from './curves.ts';
import { isSquare, prime } from './squares.ts';

const { Point } = ed25519;
const { Fn } = Point;
type Point = InstanceType<typeof Point>;

/** The scalar that 64 hash bytes stand for: a little-endian number modulo the group order. */
const scalarOf = (...parts: readonly Uint8Array[]): bigint => {
  const hash = sha512(concat(...parts));
  let value = 0n;
  for (let i = hash.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(hash[i] ?? 0);
  return Fn.create(value);
};

/** The scalar in 32 little-endian bytes; `null` when it is not below the group order. */
const canonicalScalar = (bytes: Uint8Array): bigint | null => {
  try {
    return Fn.fromBytes(bytes);
  } catch {
    return null;
  }
};

/** The point that 32 bytes stand for; `null`: not canonical, not on the curve, or of small order. */
const strictPoint = (bytes: Uint8Array): Point | null => {
  try {
    const point = Point.fromBytes(bytes, false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
};

const littleEndian = (bytes: Uint8Array): bigint => {
  let hex = '';
  for (let i = bytes.length - 1; i >= 0; i--) hex += hexOf[bytes[i] ?? 0];
  return BigInt(`0x${hex}`);
};
const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The `y` of the eight points of small order. */
const smallOrders: ReadonlySet<bigint> = new Set(
  ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex).toAffine().y),
);

/** Whether `strictPoint` finds a point, without finding it: x² = (y² - 1) / (dy² + 1) has a root. */
const isPoint = (bytes: Uint8Array): boolean => {
  // The highest bit says which of the two roots is meant.
  const y = BigInt.asUintN(255, littleEndian(bytes));
  if (y >= prime || smallOrders.has(y)) return false;
  const square = (y * y) % prime;
  return isSquare(((square - 1n) * (Point.CURVE().d * square + 1n)) % prime) ?? strictPoint(bytes) !== null;
};

/** A key that was seen before: its point, and how often it verified. Tables pay only for signers seen often. */
type Signer = { readonly point: Point; uses: number };
const usesBeforeTable = 8;
const tableWindowBits = 4;

const signers = memo<Signer | null>(
  'signers',
  1024,
  'a point takes longer to decompress than a signature, and those of often seen signers get tables',
);
const expandedKeys = memo<ReturnType<typeof ed25519.utils.getExtendedPublicKey>>(
  'expanded keys',
  1024,
  'each signature would work its public key out anew: half of signing on noble',
);

const signer = (publicKey: Uint8Array): Signer | null =>
  signers(nameOf(publicKey), () => {
    const point = strictPoint(publicKey);
    return point === null ? null : { point, uses: 0 };
  });

const expanded = (seed: Uint8Array) => expandedKeys(nameOf(seed), () => ed25519.utils.getExtendedPublicKey(seed));

const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => {
  const { prefix, scalar, pointBytes } = expanded(seed);
  const r = scalarOf(prefix, message);
  const R = Point.BASE.multiply(r).toBytes();
  const k = scalarOf(R, pointBytes, message);
  return concat(R, Fn.toBytes(Fn.create(r + k * scalar)));
};

/**
 * Strict verification as the production library does it. noble's own check multiplies by the cofactor and lets a
 * small-order `R` pass; here R is recomputed as SB - kA and its encoding compared with the signature's bytes.
 */
const verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const known = signer(publicKey);
  const R = signature.subarray(0, 32);
  const s = canonicalScalar(signature.subarray(32));
  if (known === null || s === null) return false;
  known.uses++;
  if (known.uses === usesBeforeTable) known.point.precompute(tableWindowBits);
  const k = scalarOf(R, publicKey, message);
  const expected = Point.BASE.multiplyUnsafe(s).subtract(known.point.multiplyUnsafe(k));
  return sameBytes(expected.toBytes(), R) && !expected.isSmallOrder();
};

const shared = (secret: Uint8Array, theirs: Uint8Array): Uint8Array | null => {
  try {
    return x25519.getSharedSecret(secret, theirs);
  } catch {
    return null; // the lengths are right, so it is a low-order key
  }
};

/** noble's curves without memory of results. */
export const plainNobleCurves: Curves = {
  shared,
  exchangePublic: (secret) => x25519.getPublicKey(secret),
  signingPublic: (seed) => expanded(seed).pointBytes,
  sign,
  verify,
  isSigningKey: isPoint,
};

/** noble's curves, remembering. One memory for the whole program: what is true in one world is true in all. */
export const nobleCurves: Curves = remembering(plainNobleCurves);
