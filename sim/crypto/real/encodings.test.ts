import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { base58, fromBase58 } from './base58.ts';
import { base64, base64Url, fromBase64, fromBase64Unpadded, fromBase64Url } from './base64.ts';
import { textOf, utf8 } from './bytes.ts';
import { byCodePoint, canonicalJson } from './canonical-json.ts';
import { readVarint, varint } from './fields.ts';
import { fromRecoveryKey, recoveryKey } from './recovery-key.ts';

const bytes = fc.uint8Array({ maxLength: 70 });
const plain = (value: Uint8Array | null) => value && [...value];

describe('base64', () => {
  it('is what everybody else writes, and reads back', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const expected = Buffer.from(value).toString('base64');
        expect(base64(value)).toBe(expected.replace(/=+$/, ''));
        expect(base64Url(value)).toBe(Buffer.from(value).toString('base64url'));
        expect(plain(fromBase64(expected))).toEqual([...value]);
        expect(plain(fromBase64(base64(value)))).toEqual([...value]);
        expect(plain(fromBase64Url(base64Url(value)))).toEqual([...value]);
      }),
    );
  });

  it('has one spelling for each value: a text that is read is the one that would be written', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'AQgZz09+/-_= \n'), maxLength: 9 });
    fc.assert(
      fc.property(texts, (text) => {
        const read = fromBase64Unpadded(text);
        if (read !== null) expect(base64(read)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('takes padding only where it belongs, and not at all where the production library does not', () => {
    expect(plain(fromBase64('Zg=='))).toEqual([0x66]);
    for (const text of ['Zg=', 'Zg===', '=Zg=', 'Z=g=', 'Zm9v====', '=', '====']) expect(fromBase64(text)).toBeNull();
    expect(fromBase64Unpadded('Zg==')).toBeNull();
  });
});

describe('base58 and recovery keys', () => {
  it('read back what they wrote', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(plain(fromBase58(base58(value)))).toEqual([...value]);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const text = recoveryKey(key);
        expect(text).toMatch(/^Es(\S{2} )(\S{4} ){10}\S{4}$/);
        expect(plain(fromRecoveryKey(text))).toEqual([...key]);
      }),
    );
  });

  it('refuse a recovery key with one wrong character', () => {
    const text = recoveryKey(new Uint8Array(32).fill(7)).replaceAll(' ', '');
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === 'x' ? 'y' : 'x';
      expect(fromRecoveryKey(text.slice(0, i) + other + text.slice(i + 1))).toBeNull();
    }
  });
});

describe('varints', () => {
  it('read back what they wrote, up to 2^53 - 1, and only in the shortest spelling', () => {
    const read = (value: Uint8Array) => readVarint({ bytes: value, at: 0, end: value.length });
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const written = varint(value);
        expect(read(written)).toEqual({ value, at: written.length });
        expect(read(written.subarray(0, -1))).toBeNull();
      }),
    );
    expect([...varint(128)]).toEqual([0x80, 0x01]);
    expect([...varint(2 ** 32 - 1)]).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(read(Uint8Array.of(0x80, 0x00))).toBeNull();
    expect(read(new Uint8Array(12).fill(0xff))).toBeNull();
  });
});

describe('UTF-8', () => {
  it('keeps every text, a byte order mark too, and refuses what is none', () => {
    expect(textOf(utf8('\ufeffé😀'))).toBe('\ufeffé😀');
    expect(textOf(Uint8Array.of(0xc3, 0x28))).toBeNull();
  });
});

describe('canonical JSON', () => {
  const integer = fc.maxSafeInteger();
  const { json } = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false),
      integer,
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 3 }), tie('json'), { maxKeys: 5 }),
    ),
  }));

  const shuffled = (value: Json, turn: number): Json => {
    if (Array.isArray(value)) return value.map((item) => shuffled(item, turn));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member ?? null, turn)] as const);
    const at = entries.length === 0 ? 0 : turn % entries.length;
    return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].reverse());
  };

  it('means the same as the value it was written from, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(json, fc.nat(9), (value, turn) => {
        const text = canonicalJson(value) ?? '';
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value, turn))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('sorts keys as their UTF-8 bytes sort', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('drops undefined members and refuses what has no canonical form', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    for (const value of [0.5, Number.NaN, 2 ** 53, { '\ud800': 1 }, ['\udc00'], deep])
      expect(canonicalJson(value)).toBeNull();
  });
});
