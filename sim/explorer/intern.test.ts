import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeInterner } from './intern.ts';

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
