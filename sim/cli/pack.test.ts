import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsFor } from './library.ts';
import { makePack, type Packed, type Place, packThere, unpack } from './pack.ts';
import { takeShare } from './results.ts';

const placed = (files: Readonly<Record<string, string>>): Place => {
  const root = mkdtempSync(join(tmpdir(), 'hearsay-'));
  mkdirSync(join(root, 'cli'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return { root, home: join(root, 'cli') };
};
const wordOf = (path: string | null, place: Place): string => {
  if (path === null) throw new Error('there is no pack');
  const { exports }: Packed<{ readonly word: () => string }> = unpack(path, place);
  return exports.word();
};

describe('a pack', () => {
  it('comes to what the sources come to, with every dial that is turned', async () => {
    const path = await makePack(join(import.meta.dirname, 'library-run.ts'));
    expect(path).not.toBeNull();
    const { exports } = unpack<typeof import('./library-run.ts')>(String(path));
    const all = pathsFor([]).map((one, nth) => ({ path: one, nth }));
    const row = all.filter(({ nth }) => nth % 9 === 0);
    const share = () => ({
      row,
      wanted: { suite: 'real', withVariants: true, withPlay: false } as const,
      taken: new Int32Array(new SharedArrayBuffer(4)),
    });
    const packed = exports.takeShare(share(), 'back');
    expect(packed?.flatMap(({ results }) => results).length).toBeGreaterThan(40);
    expect(packed).toEqual(takeShare(share(), 'back'));
  });

  it('is there while every file that went into it reads as it did, and not otherwise', async () => {
    const entry = "import { one } from '../one.ts';\nexport const word = () => one + import.meta.dirname.slice(-3);";
    const place = placed({ 'cli/entry.ts': entry, 'one.ts': "export const one: string = 'one ';" });
    const pack = () => makePack(join(place.home, 'entry.ts'), place);
    expect(packThere(place)).toBeNull();
    const first = await pack();
    expect(wordOf(first, place)).toBe('one cli');
    expect(packThere(place)).toBe(first);
    writeFileSync(join(place.root, 'one.ts'), "export const one: string = 'two ';");
    expect(packThere(place)).toBeNull();
    expect(wordOf(await pack(), place)).toBe('two cli');
    writeFileSync(join(place.root, 'one.ts'), "export const one: string = 'one ';");
    expect(packThere(place)).toBeNull();
    expect(await pack()).toBe(first);
    writeFileSync(join(place.root, 'node_modules/.cache/hearsay/pack.json'), 'half of');
    expect(packThere(place)).toBeNull();
  });

  it('runs the same with the compiled functions that were kept', async () => {
    const place = placed({ 'cli/entry.ts': "export const word = (): string => 'kept';" });
    const path = String(await makePack(join(place.home, 'entry.ts'), place));
    const { exports, keep } = unpack<{ readonly word: () => string }>(path, place);
    exports.word();
    keep();
    expect(wordOf(path, place)).toBe('kept');
  });

  it('is not made of code that asks where it is from elsewhere, nor of code that cannot be read', async () => {
    const asking = placed({
      'cli/entry.ts': "export { word } from '../asking.ts';",
      'asking.ts': 'export const word = () => import.meta.dirname;',
    });
    expect(await makePack(join(asking.home, 'entry.ts'), asking)).toBeNull();
    const broken = placed({ 'cli/entry.ts': 'export const word = (' });
    expect(await makePack(join(broken.home, 'entry.ts'), broken)).toBeNull();
  });
});
