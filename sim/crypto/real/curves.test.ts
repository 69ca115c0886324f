import { createPrivateKey, createPublicKey, sign as nodeSign } from 'node:crypto';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCurves, plainNodeCurves } from '../node/backend.ts';
import { concat } from './bytes.ts';
import { remembering } from './curves.ts';
import { isLowOrder } from './low-order.ts';
import { nobleCurves, plainNobleCurves } from './noble-curves.ts';

const { Point } = ed25519;
const { Fn } = Point;
const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const few = { numRuns: 15 };
const seed = new Uint8Array(32).fill(9);
const message = Uint8Array.of(1, 2, 3);
const publicKey = nobleCurves.signingPublic(seed);
const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');

const numberOf = (bytes: Uint8Array): bigint => [...bytes].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
const bytesOf = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
const challenge = (R: Uint8Array, A: Uint8Array) => Fn.create(numberOf(sha512(concat(R, A, message))));

const backends = [
  { name: 'noble', curves: nobleCurves, plain: plainNobleCurves },
  { name: 'node', curves: nodeCurves, plain: plainNodeCurves },
];

describe.each(backends)('Ed25519 by $name', ({ curves, plain }) => {
  it('signs and verifies as node:crypto does', () => {
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
    fc.assert(
      fc.property(key32, fc.uint8Array({ maxLength: 200 }), (secret, text) => {
        const key = createPrivateKey({ key: Buffer.concat([prefix, secret]), format: 'der', type: 'pkcs8' });
        const signature = curves.sign(secret, text);
        const own = curves.signingPublic(secret);
        expect(Buffer.from(signature)).toEqual(nodeSign(null, text, key));
        expect(Buffer.from(own)).toEqual(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
        expect(curves.verify(own, text, signature)).toBe(true);
        expect(curves.verify(own, Uint8Array.of(...text, 0), signature)).toBe(false);
      }),
      few,
    );
  });

  it('still tells right from wrong when a key is seen so often that it gets a table', () => {
    for (let i = 0; i < 20; i++) {
      const text = Uint8Array.of(i);
      const signature = plain.sign(seed, text);
      expect(plain.verify(publicKey, text, signature)).toBe(true);
      expect(plain.verify(publicKey, Uint8Array.of(i + 1), signature)).toBe(false);
    }
  });

  it('refuses a scalar that is not reduced', () => {
    const signature = curves.sign(seed, message);
    const s = numberOf(signature.subarray(32)) + Fn.ORDER;
    expect(curves.verify(publicKey, message, concat(signature.subarray(0, 32), bytesOf(s)))).toBe(false);
  });

  it('refuses a key of small order, for which anyone can sign', () => {
    for (let i = 0n; i < 8n; i++) {
      const A = torsion.multiplyUnsafe(i).toBytes();
      const R = Point.BASE.multiply(5n).toBytes();
      expect(curves.verify(A, message, concat(R, bytesOf(5n)))).toBe(false);
      expect(curves.isSigningKey(A)).toBe(false);
    }
  });

  it('refuses a signature whose R is of small order although the equation holds', () => {
    const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
    const R = Point.ZERO.toBytes();
    const s = Fn.create(challenge(R, publicKey) * scalar);
    expect(ed25519.verify(concat(R, bytesOf(s)), message, publicKey, { zip215: false })).toBe(true);
    expect(curves.verify(publicKey, message, concat(R, bytesOf(s)))).toBe(false);
  });

  it('refuses a signature that holds only after multiplying by the cofactor', () => {
    const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
    const R = Point.BASE.multiply(7n).add(torsion).toBytes();
    const s = Fn.create(7n + challenge(R, publicKey) * scalar);
    expect(ed25519.verify(concat(R, bytesOf(s)), message, publicKey, { zip215: false })).toBe(true);
    expect(curves.verify(publicKey, message, concat(R, bytesOf(s)))).toBe(false);
  });

  it('refuses keys that are not canonically written or no point at all', () => {
    const p = 2n ** 255n - 19n;
    for (const y of [p, p + 1n, p + 3n, 2n ** 255n - 1n, 2n]) expect(curves.isSigningKey(bytesOf(y))).toBe(false);
  });
});

describe.each(backends)('X25519 by $name', ({ curves, plain }) => {
  it('gives both ends the same secret, remembered or not', () => {
    fc.assert(
      fc.property(key32, key32, (a, b) => {
        const A = curves.exchangePublic(a);
        const B = curves.exchangePublic(b);
        const shared = curves.shared(a, B);
        expect(shared).toEqual(x25519.getSharedSecret(a, B));
        expect(curves.shared(b, A)).toEqual(shared);
        expect(plain.shared(b, A)).toEqual(shared);
      }),
      few,
    );
  });

  it('refuses every low-order key, however it is written', () => {
    const p = 2n ** 255n - 19n;
    const order8 = [
      325606250916557431795983626356110631294008115727848805560023387167927233504n,
      39382357235489614581723060781553021112529911719440698176882885853963445705823n,
    ];
    for (const u of [0n, 1n, p - 1n, p, p + 1n, ...order8])
      for (const key of [bytesOf(u), bytesOf(u + 2n ** 255n)]) {
        expect(isLowOrder(key)).toBe(true);
        expect(curves.shared(seed, key)).toBeNull();
      }
    expect(isLowOrder(curves.exchangePublic(seed))).toBe(false);
  });
});

describe('what curves remember', () => {
  it('is that a signature made here holds, by its own key and over its own message alone', () => {
    let checked = 0;
    const counted = remembering({
      ...plainNobleCurves,
      verify: (...args) => {
        checked += 1;
        return plainNobleCurves.verify(...args);
      },
    });
    const own = counted.signingPublic(seed);
    const signature = counted.sign(seed, message);
    expect(counted.verify(own, message, signature)).toBe(true);
    expect(checked).toBe(0);
    expect(counted.verify(own, Uint8Array.of(3, 2, 1), signature)).toBe(false);
    expect(counted.verify(counted.signingPublic(new Uint8Array(32).fill(8)), message, signature)).toBe(false);
    expect(
      counted.verify(
        own,
        message,
        signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
      ),
    ).toBe(false);
    expect(checked).toBe(3);
  });

  it('is a public key and a signature that were worked out, each for its own seed and message', () => {
    const asked: string[] = [];
    const counted = remembering({
      ...plainNobleCurves,
      signingPublic: (own) => {
        asked.push(`public ${own[0]}`);
        return plainNobleCurves.signingPublic(own);
      },
      sign: (own, text) => {
        asked.push(`sign ${own[0]} ${text[0]}`);
        return plainNobleCurves.sign(own, text);
      },
    });
    const [other, more] = [new Uint8Array(32).fill(8), Uint8Array.of(2)];
    const all = [seed, other].flatMap((own) => [message, more].map((text) => [own, text] as const));
    for (let round = 0; round < 2; round += 1)
      for (const [own, text] of all) {
        expect(counted.sign(own, text)).toEqual(plainNobleCurves.sign(own, text));
        expect(counted.signingPublic(own)).toEqual(plainNobleCurves.signingPublic(own));
      }
    expect(asked).toEqual(['sign 9 1', 'public 9', 'sign 9 2', 'sign 8 1', 'public 8', 'sign 8 2']);
  });
});
