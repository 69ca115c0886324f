import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTuples } from './tuples.ts';
import { makeWorlds } from './worlds.ts';

it('numbers every tuple once, and finds it again however many there are', () => {
  const tuples = makeTuples(3);
  const tuple = (at: number) => Int32Array.of(at % 7, at, at >> 3);
  for (let round = 0; round < 2; round += 1)
    for (let at = 0; at < 20_000; at += 1) expect(tuples.idOf(tuple(at), 0)).toBe(at);
  const read = new Int32Array(4);
  tuples.read(12_345, read, 1);
  expect([...read]).toEqual([0, ...tuple(12_345)]);
  expect([tuples.size(), tuples.find(tuple(20_000), 0), tuples.find(tuple(19_999), 0)]).toEqual([20_000, -1, 19_999]);
});

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
          expect(worlds.add(cells, kept.length - 1, nth)).toBe(known ? 'known' : 'new');
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
  expect([1, 2, 3, 2].map((first) => worlds.add(cells(first), -1, 0))).toEqual(['new', 'new', 'full', 'known']);
  expect(worlds.size()).toBe(2);
});
