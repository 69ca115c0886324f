import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeInterner } from './intern.ts';
import { makeTable } from './table.ts';

it('numbers JSON by what it says: equal values alike, others apart', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const { idOf } = makeInterner();
      const same = (value: unknown) =>
        JSON.stringify(value, (_name, member: unknown) =>
          typeof member === 'object' && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
            : member,
        );
      expect(idOf(structuredClone(one))).toBe(idOf(one));
      expect(idOf(one) === idOf(other)).toBe(same(one) === same(other));
    }),
  );
});

it('does not mind the order in which an object was written, nor members that are undefined', () => {
  const { idOf } = makeInterner();
  expect(idOf({ a: 1, b: { c: 'x' } })).toBe(idOf({ b: { c: 'x', d: undefined }, a: 1 }));
  expect(idOf(['a', 'b'])).not.toBe(idOf(['b', 'a']));
});

it('does not confuse names that hold nothing, or what separates names', () => {
  const { idOf } = makeInterner();
  const ids = [{}, { '': 1 }, { a: 1, b: 1 }, { 'a\0b': 1 }, { '1:a': 1 }, { a1: 1, b: 1 }].map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
});

it('refuses what is not JSON, where two different values would look alike', () => {
  const { idOf } = makeInterner();
  for (const value of [new Map([[1, 2]]), new Set([1]), () => 1]) expect(() => idOf({ value })).toThrow();
});

it('keeps every tuple once, finds it again however large it has grown, and remembers the way there', () => {
  const table = makeTable(3, 100_000);
  for (let round = 0; round < 2; round += 1)
    for (let at = 0; at < 20_000; at += 1) {
      const added = table.add(Int32Array.of(at % 7, at, at >> 3), at === 0 ? -1 : at - 1, at % 5);
      expect(added).toEqual({ slot: at, isNew: round === 0 });
    }
  const read = new Int32Array(3);
  table.read(12_345, read);
  expect([[...read], table.parentOf(12_345), table.choiceOf(12_345), table.depthOf(12_345)]).toEqual([
    [12_345 % 7, 12_345, 12_345 >> 3],
    12_344,
    0,
    12_345,
  ]);
});

it('says that it is full and adds nothing more', () => {
  const table = makeTable(1, 2);
  table.add(Int32Array.of(1), -1, 0);
  table.add(Int32Array.of(2), 0, 0);
  expect(table.add(Int32Array.of(3), 0, 0)).toBe('full');
  expect(table.add(Int32Array.of(2), 0, 0)).toEqual({ slot: 1, isNew: false });
  expect(table.size()).toBe(2);
});
