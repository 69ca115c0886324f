import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { drawsOf } from './draw.ts';
import {
  decryptWith,
  encryptAt,
  exportedForm,
  type Holding,
  holdingAt,
  isSameSession,
  readExported,
  readSharing,
  sharingForm,
} from './megolm.ts';
import { advancedTo, type Ratchet } from './megolm-ratchet.ts';
import { nobleCurves as curves } from './noble-curves.ts';

const draw = drawsOf('megolm tests');
const seed = draw('session', 'seed', 32);
const ratchet: Ratchet = { index: 0, parts: draw('session', 'ratchet', 128) };
const start: Holding = { ratchet, signingKey: curves.signingPublic(seed) };
const index = fc.oneof(
  fc.nat(700),
  fc.nat(2 ** 17),
  fc.nat(2 ** 31),
  fc.constantFrom(255, 256, 65535, 65536, 2 ** 24 - 1, 2 ** 24, 2 ** 32 - 1),
);
const sure = <T>(value: T | null): T => {
  if (value === null) throw new Error('what should have worked did not');
  return value;
};

describe('the Megolm ratchet', () => {
  it('comes to the same place in one jump or two', () => {
    fc.assert(
      fc.property(index, index, (a, b) => {
        const [near, far] = a < b ? [a, b] : [b, a];
        const half = sure(advancedTo(ratchet, near));
        expect(advancedTo(half, far)).toEqual(advancedTo(ratchet, far));
      }),
      { numRuns: 40 },
    );
  });

  it('comes to the same place step by step, over both inner reseeds', () => {
    let now = sure(advancedTo(ratchet, 65000));
    while (now.index < 66100) now = sure(advancedTo(now, now.index + 1));
    expect(now).toEqual(advancedTo(ratchet, 66100));
  });

  it('neither turns back nor beyond its last index', () => {
    const at5 = sure(advancedTo(ratchet, 5));
    expect(advancedTo(at5, 4)).toBeNull();
    expect(advancedTo(ratchet, 2 ** 32)).toBeNull();
    expect(at5.parts).not.toEqual(ratchet.parts);
  });
});

describe('a Megolm session', () => {
  it('opens from the index on at which it was imported, and nothing before', () => {
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), fc.string(), (imported, sent, text) => {
        const holding = sure(readExported(curves, exportedForm(sure(holdingAt(start, imported)))));
        const message = encryptAt(curves, sure(holdingAt(start, sent)).ratchet, seed, utf8(text));
        const opened = decryptWith(curves, holding, message);
        if (sent < imported) expect(opened).toBeNull();
        else expect(opened).toMatchObject({ index: sent, plaintext: utf8(text) });
      }),
      { numRuns: 15 },
    );
  });

  it('is refused when any byte of its shared key is changed', () => {
    const key = sharingForm(curves, start, seed);
    expect(readSharing(curves, key)).toEqual(start);
    for (const at of [0, 1, 4, 5, 100, 132, 133, 164, 165, 228])
      expect(readSharing(curves, key.with(at, (key[at] ?? 0) ^ 1))).toBeNull();
    expect(readSharing(curves, key.subarray(0, 165))).toBeNull();
    expect(readExported(curves, key)).toBeNull();
  });

  it('is refused when its signing key is no point of the curve', () => {
    const key = exportedForm({ ...start, signingKey: Uint8Array.of(2, ...new Uint8Array(31)) });
    expect(readExported(curves, key)).toBeNull();
  });

  it('refuses a message changed anywhere, also when re-signed', () => {
    const message = encryptAt(curves, ratchet, seed, utf8('hello'));
    for (let at = 0; at < message.length; at += 5)
      expect(decryptWith(curves, start, message.with(at, (message[at] ?? 0) ^ 4))).toBeNull();
    const signedEnd = message.length - 64;
    for (const at of [1, 3, 5, 12, signedEnd - 1]) {
      const forged = message.slice();
      forged[at] = (forged[at] ?? 0) ^ 4;
      forged.set(curves.sign(seed, forged.subarray(0, signedEnd)), signedEnd);
      expect(decryptWith(curves, start, forged)).toBeNull();
    }
  });

  it('is told from another by turning the older one forward', () => {
    const later = sure(holdingAt(start, 70000));
    expect(isSameSession(start, later) && isSameSession(later, start)).toBe(true);
    const poisoned = { ...later, ratchet: { ...later.ratchet, parts: later.ratchet.parts.with(127, 0) } };
    expect(isSameSession(start, poisoned)).toBe(false);
    expect(isSameSession(start, { ...start, signingKey: curves.signingPublic(draw('other', 'seed', 32)) })).toBe(false);
  });
});
