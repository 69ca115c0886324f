import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeWorlds } from './worlds.ts';

it('keeps each world once, gives back its cells, and remembers the way there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(3), { minLength: 64, maxLength: 64 }), { minLength: 1, maxLength: 40 }),
      (lists) => {
        const worlds = makeWorlds(64, 1000);
        const kept: Int32Array[] = [];
        for (const [nth, list] of lists.entries()) {
          const cells = Int32Array.from(list);
          const known = kept.some((one) => one.every((cell, at) => cell === cells[at]));
          expect(worlds.add(cells, kept.length - 1, nth, 2 * nth)).toBe(known ? 'known' : 'new');
          if (!known) kept.push(cells);
        }
        const read = new Int32Array(64);
        for (const [nth, cells] of kept.entries()) {
          worlds.read(nth, read);
          expect([[...read], worlds.parentOf(nth), worlds.depthOf(nth)]).toEqual([[...cells], nth - 1, nth]);
        }
        expect(worlds.size()).toBe(kept.length);
      },
    ),
  );
});

it('says that it is full and adds nothing more', () => {
  const worlds = makeWorlds(64, 2);
  const cells = (first: number) => Int32Array.from({ length: 64 }, (_, at) => (at === 0 ? first : 0));
  expect([1, 2, 3, 2].map((first) => worlds.add(cells(first), -1, 0, 0))).toEqual(['new', 'new', 'full', 'known']);
  expect(worlds.size()).toBe(2);
});
