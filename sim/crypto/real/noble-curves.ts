/** Curve25519 on the audited noble package, in any browser or engine. */
import { ED25519_TORSION_SUBGROUP, ed25519, x25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { memo } from '../../../machines/memo.ts';
import { concat, nameOf, sameBytes } from './bytes.ts';
import { type Curves, remembering } from './curves.ts';
import { isSquare, prime } from './squares.ts';

const { Point } = ed25519;
const { Fn, Fp } = Point;
type Point = InstanceType<typeof Point>;

/** A run multiplies the base point some sixty times: then a table of this width takes less to make and use than noble's usual 6. */
Point.BASE.precompute(5);
/**
 * A multiple of the base point. Nothing here is secret, as every secret follows from a seed that is printed; blinded, as noble would
 * sign, it needs a second table, and half as many additions more each time.
 */
const ofBase = (scalar: bigint): Point => Point.BASE.multiplyUnsafe(scalar);

const littleEndian = (bytes: Uint8Array): bigint => {
  let hex = '';
  for (let i = bytes.length - 1; i >= 0; i--) hex += hexOf[bytes[i] ?? 0];
  return BigInt(`0x${hex}`);
};
const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The scalar that 64 hash bytes stand for: a little-endian number modulo the group order. */
const scalarOf = (...parts: readonly Uint8Array[]): bigint => Fn.create(littleEndian(sha512(concat(...parts))));

/** The scalar in 32 bytes of a secret, some bits of which are fixed (RFC 7748 §5, RFC 8032 §5.1.5), modulo the group order. */
const clamped = (secret: Uint8Array): bigint => {
  const bytes = secret.slice(0, 32);
  bytes[0] = (bytes[0] ?? 0) & 248;
  bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
  return Fn.create(littleEndian(bytes));
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

/** The `y` that 32 bytes of a point name; their highest bit says which of two roots goes with it. */
const yOf = (bytes: Uint8Array): bigint => BigInt.asUintN(255, littleEndian(bytes));
/** The `y` of the eight points of small order. */
const smallOrders: ReadonlySet<bigint> = new Set(ED25519_TORSION_SUBGROUP.map((hex) => yOf(hexToBytes(hex))));

/** Whether `strictPoint` finds a point, without finding it: x² = (y² - 1) / (dy² + 1) has a root. */
const isPoint = (bytes: Uint8Array): boolean => {
  const y = yOf(bytes);
  if (y >= prime || smallOrders.has(y)) return false;
  const square = (y * y) % prime;
  return isSquare(((square - 1n) * (Point.CURVE().d * square + 1n)) % prime) ?? strictPoint(bytes) !== null;
};

/** A key that was seen before: its point, and how often it verified. Tables pay only for signers seen often. */
type Signer = { readonly point: Point; uses: number };
const usesBeforeTable = 8;
const tableWindowBits = 4;

// A point takes longer to decompress than a signature, and those of often seen signers get tables.
const signers = memo<Signer | null>(1024);
/** What a seed is expanded to (RFC 8032 §5.1.5), with the public key in 32 bytes. */
type Expanded = { readonly scalar: bigint; readonly prefix: Uint8Array; readonly public: Uint8Array };
// Each signature would work its public key out anew: half of signing on noble.
const expandedKeys = memo<Expanded>(1024);

const signer = (publicKey: Uint8Array): Signer | null =>
  signers(nameOf(publicKey), () => {
    const point = strictPoint(publicKey);
    return point === null ? null : { point, uses: 0 };
  });

const expanded = (seed: Uint8Array): Expanded =>
  expandedKeys(nameOf(seed), () => {
    const hash = sha512(seed);
    const scalar = clamped(hash);
    return { scalar, prefix: hash.subarray(32), public: ofBase(scalar).toBytes() };
  });

const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => {
  const { prefix, scalar, public: own } = expanded(seed);
  const r = scalarOf(prefix, message);
  const R = ofBase(r).toBytes();
  const k = scalarOf(R, own, message);
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
  const expected = ofBase(s).subtract(known.point.multiplyUnsafe(k));
  return sameBytes(expected.toBytes(), R) && !expected.isSmallOrder();
};

/** The base point of X25519 is the one of Ed25519 seen on the other curve, where a table helps: u = (1 + y) / (1 - y) (RFC 7748 §4.1). */
const exchangePublic = (secret: Uint8Array): Uint8Array => {
  const { Y, Z } = ofBase(clamped(secret));
  return Fp.toBytes(Fp.mul(Z + Y, Fp.inv(Fp.sub(Z, Y))));
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
  exchangePublic,
  signingPublic: (seed) => expanded(seed).public,
  sign,
  verify,
  isSigningKey: isPoint,
};

/** noble's curves, remembering. One memory for the whole program: what is true in one world is true in all. */
export const nobleCurves: Curves = remembering(plainNobleCurves);
