import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStore } from './store.ts';

/** Tuples of `words` integers, many of them equal, some of all 32 bits. */
const tuplesOf = (words: number) =>
  fc.array(
    fc.array(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom(0x7fffffff, -0x80000000)), {
      minLength: words,
      maxLength: words,
    }),
    { minLength: 1, maxLength: 60 },
  );
const widthAndTuples = fc
  .integer({ min: 1, max: 6 })
  .chain((words) => fc.record({ words: fc.constant(words), tuples: tuplesOf(words) }));

/** The same by the book: tuples in the order they first come. */
const distinct = (tuples: readonly (readonly number[])[]): readonly string[] => [...new Set(tuples.map(String))];

const readBack = (store: ReturnType<typeof makeStore>, words: number): readonly string[] =>
  Array.from({ length: store.size() }, (_, slot) => {
    const tuple = new Int32Array(words);
    store.read(slot, tuple);
    return tuple.join();
  });

describe('the store of worlds', () => {
  it('numbers tuples in the order they are first seen', () => {
    fc.assert(
      fc.property(widthAndTuples, ({ words, tuples }) => {
        const wanted = distinct(tuples);
        const one = makeStore({ words, notes: 0 });
        for (const tuple of tuples) {
          const before = one.size();
          const slot = one.add(Int32Array.from(tuple), 0);
          expect(slot).toBe(wanted.indexOf(String(tuple)));
          expect(one.size()).toBe(slot === before ? before + 1 : before);
        }
        expect(readBack(one, words)).toEqual(wanted);
      }),
    );
  });

  it('keeps tuples and their notes apart, and the notes of a tuple seen again', () => {
    const store = makeStore({ words: 2, notes: 2 });
    for (const [nth, at] of [0, 2, 4].entries()) {
      const slot = store.add(Int32Array.of(1, 2, 3, 4, 1, 2), at);
      if (slot === nth) for (const note of [0, 1]) store.setNote(slot, note, 10 * (nth + 1) + note);
    }
    expect(readBack(store, 2)).toEqual(['1,2', '3,4']);
    expect([0, 1].map((slot) => [store.note(slot, 0), store.note(slot, 1)])).toEqual([
      [10, 11],
      [20, 21],
    ]);
    store.setNote(0, 1, -5);
    expect([store.note(0, 0), store.note(0, 1), store.note(1, 0)]).toEqual([10, -5, 20]);
    expect(store.add(Int32Array.of(9, 1, 2), 1)).toBe(0);
  });

  it('finds everything again after it has grown several times', () => {
    const store = makeStore({ words: 3, notes: 1 });
    const tuple = (n: number) => Int32Array.of(n % 7, Math.imul(n, 0x9e3779b1), -n);
    for (let n = 0; n < 50_000; n++) {
      expect(store.add(tuple(n), 0)).toBe(n);
      store.setNote(n, 0, n - 1);
    }
    for (let n = 0; n < 50_000; n += 7) {
      expect(store.add(tuple(n), 0)).toBe(n);
      expect(store.note(n, 0)).toBe(n - 1);
    }
    expect(store.size()).toBe(50_000);
    expect(store.bytes() / store.size()).toBeLessThan(64);
  });

  it('takes no more than it is told to, but still knows what it has', () => {
    const store = makeStore({ words: 1, notes: 0 });
    const tuples = Int32Array.of(5, 6, 7);
    expect([0, 1].map((at) => store.add(tuples, at, 2))).toEqual([0, 1]);
    expect([store.add(tuples, 2, 2), store.add(tuples, 1, 2), store.size()]).toEqual([-1, 1, 2]);
  });
});
