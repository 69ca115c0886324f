import { globSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkLimits, packedText, textOf, unpackedText } from './packed-text.ts';

const packedBytes = (bytes: Buffer): string => deflateRawSync(bytes).toString('base64url');

describe('a scenario in a link', () => {
  it('comes out as it went in, whatever text it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const plain = text.replaceAll('\0', '');
        expect(await unpackedText((await packedText(plain)) ?? '')).toEqual({ ok: true, text: plain });
      }),
      { numRuns: 50 },
    );
  });

  it('takes at most 2,000 characters for any scenario of the library but the longest', async () => {
    const lengths = await Promise.all(
      globSync('scenarios/**/*.yaml').map(
        async (file) => (await packedText(readFileSync(file, 'utf8')))?.length ?? 1e9,
      ),
    );
    const sorted = lengths.toSorted((one, other) => one - other);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThanOrEqual(2000);
    expect(sorted.at(-1)).toBeLessThanOrEqual(4000);
  });

  it('that is too long is not made', async () => {
    expect(await packedText('x'.repeat(linkLimits.bytes + 1))).toBeNull();
    let noise = '';
    for (let nth = 0; noise.length < 100_000; nth += 1) noise += Math.sin(nth).toString(36);
    expect(await packedText(noise)).toBeNull();
  });

  it('that would fill the memory is given up on the way', async () => {
    const bomb = packedBytes(Buffer.alloc(20_000_000, 0x61));
    expect(bomb.length).toBeLessThan(linkLimits.packed);
    const begin = performance.now();
    expect(await unpackedText(bomb)).toEqual({ ok: false, why: expect.stringContaining('more than 262144 bytes') });
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it.each([
    ['nothing', '', /no packed scenario/],
    ['what is no base64url', 'a+b/c=', /no packed scenario/],
    ['markup', '<script>alert(1)</script>', /no packed scenario/],
    ['what is cut', packedBytes(Buffer.from('title: a scenario that is cut')).slice(0, 12), /cannot be unpacked/],
    ['noise', 'AAAAAAAA', /cannot be unpacked/],
    ['bytes that are no text', packedBytes(Buffer.from([0xff, 0xfe, 0x41])), /not UTF-8/],
    ['a zero byte', packedBytes(Buffer.from('a\0b')), /no text/],
    ['too much', 'A'.repeat(linkLimits.packed + 1), /at most 32768 are read/],
  ])('is refused in words where it holds %s', async (_what, packed, why) => {
    const read = await unpackedText(packed);
    expect(read.ok ? read.text : read.why).toMatch(why);
    expect(read.ok).toBe(false);
  });

  it('never throws, whatever the address holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (any) => void (await unpackedText(any))),
      { numRuns: 100 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (any) => {
        const read = await unpackedText(Buffer.from(any).toString('base64url'));
        expect(typeof read.ok).toBe('boolean');
        textOf(any);
      }),
      { numRuns: 200 },
    );
  });
});
