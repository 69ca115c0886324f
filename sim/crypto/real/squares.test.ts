import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { plainNobleCurves } from './noble-curves.ts';
import { isSquare, prime } from './squares.ts';

const { Fp } = ed25519.Point;
const someBytes = (nth: number): Uint8Array => sha256(Uint8Array.of(nth & 255, nth >> 8));
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % prime;

test('a number is found to be a square exactly where it has a root', () => {
  const numbers = [
    1n,
    2n,
    3n,
    4n,
    8n,
    prime - 1n,
    prime - 2n,
    ...Array.from({ length: 300 }, (_, nth) => numberOf(someBytes(nth))),
  ];
  for (const number of numbers) expect(isSquare(number), String(number)).toBe(Fp.pow(number, (prime - 1n) / 2n) === 1n);
});

test('bytes are a signing key exactly where noble reads a point of full order from them', () => {
  const isStrict = (bytes: Uint8Array): boolean => {
    try {
      return !ed25519.Point.fromBytes(bytes, false).isSmallOrder();
    } catch {
      return false;
    }
  };
  const beyond = [0n, 1n, 18n].map((more) => prime + more);
  const candidates = [
    ...Array.from({ length: 300 }, (_, nth) => someBytes(nth)),
    ...ED25519_TORSION_SUBGROUP.map((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))),
    ...beyond.map((number) => Uint8Array.from(Buffer.from(number.toString(16).padStart(64, '0'), 'hex')).reverse()),
    new Uint8Array(32).fill(255),
  ];
  const flipped = candidates.map((bytes) => bytes.with(31, (bytes[31] ?? 0) ^ 128));
  const verdicts = [...candidates, ...flipped].map((bytes) => [plainNobleCurves.isSigningKey(bytes), isStrict(bytes)]);
  for (const [ours, theirs] of verdicts) expect(ours).toBe(theirs);
  expect(verdicts.filter(([ours]) => ours).length).toBeGreaterThan(200);
});
