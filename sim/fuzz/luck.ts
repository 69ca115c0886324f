/** What a case of the fuzzer draws from: seeded dice, and words that other programs have stumbled over. */
import { dice } from '../engine/chance.ts';

export type Luck = {
  /** A whole number from 0 to `sides - 1`. */
  readonly below: (sides: number) => number;
  /** True in one of `sides` draws. */
  readonly oneIn: (sides: number) => boolean;
  /** One of a list that is not empty. */
  readonly one: <T>(list: readonly T[]) => T;
  /** At most `most` of a list, in its order, none twice. */
  readonly some: <T>(list: readonly T[], most: number) => readonly T[];
};

export const luckOf = (name: string): Luck => {
  const roll = dice(name);
  // Names of cases differ in their last letter only: the first rolls of such seeds are still alike.
  for (let nth = 0; nth < 8; nth += 1) roll(2);
  const below = (sides: number): number => Math.floor(roll(0x7fff_ffff) / 7) % Math.max(1, sides);
  const one = <T>(list: readonly T[]): T => {
    const drawn = list[below(list.length)];
    if (drawn === undefined) throw new Error('nothing can be drawn from an empty list');
    return drawn;
  };
  return {
    below,
    one,
    oneIn: (sides) => below(sides) === 0,
    some: (list, most) => {
      const wanted = below(Math.min(most, list.length) + 1);
      const drawn = new Set<number>();
      for (let nth = 0; nth < wanted; nth += 1) drawn.add(below(list.length));
      return list.filter((_, nth) => drawn.has(nth));
    },
  };
};

/** Names that every object has, YAML's words for other things, and texts of all lengths and scripts. */
export const oddWords: readonly string[] = [
  'constructor',
  '__proto__',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'null',
  '~',
  'true',
  'no',
  '1e3',
  '0x10',
  '-',
  '- a: b',
  'a: b',
  '# not a comment',
  '{}',
  '[',
  '&anchor',
  '*alias',
  '!tag',
  '%',
  '%zz',
  '../..',
  '/',
  'ü',
  '🜁🜂',
  'ﷺ',
  '日本語',
  "it's",
  '"quoted"',
  '\\',
  ' leading',
  'two  spaces',
  '*',
  'x'.repeat(200),
];

/** FNV-1a of texts one after another: what a run comes to, in eight digits. */
export const digestOf = (texts: Iterable<string>): string => {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ 0x1f, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
};

/** JSON with the members of every object in the order of their names: two values are the same if these texts are. */
export const ordered = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
