/**
 * Partial-order reduction by sleep sets (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996,
 * chapter 5): where two choices have nothing to do with each other, taking them in either order leads to the same world, and
 * one order is enough. A world's sleep set holds the choices that need not be taken in it, because they were taken before
 * whatever led here.
 *
 * Breadth first this loses no world and no shortest way: of all shortest ways to a world, the one that takes what is offered
 * first is never put to sleep, as the sleep sets of ways that arrive at a world on the same level are cut to what they share.
 * Nor does it lose a break: a choice put to sleep was taken earlier, with everything it looks at the same.
 */

/** Two steps have nothing to do with each other when neither writes what the other looks at or writes. `print`: see `Moves.footprint`. */
export const areIndependent = (one: Int32Array, other: Int32Array): boolean => {
  const words = one.length / 2;
  for (let at = 0; at < words; at += 1) {
    const [looked, wrote] = [one[at] as number, one[words + at] as number];
    const [otherLooked, otherWrote] = [other[at] as number, other[words + at] as number];
    if ((wrote & (otherLooked | otherWrote)) !== 0 || (otherWrote & looked) !== 0) return false;
  }
  return true;
};

/** A choice that sleeps, by its number, with the footprint it had where it was taken. */
export type Sleeper = { readonly choice: number; readonly print: Int32Array };

export type Sleep = {
  /** The sleepers of a set, by the set's number; 0 is the empty set. */
  readonly of: (set: number) => readonly Sleeper[];
  /** The number of the set of those sleepers. */
  readonly setOf: (sleepers: readonly Sleeper[]) => number;
  /** What two sets share. */
  readonly both: (one: number, other: number) => number;
};

export const makeSleep = (): Sleep => {
  const sets: (readonly Sleeper[])[] = [[]];
  const numbers = new Map<string, number>([['', 0]]);
  const setOf: Sleep['setOf'] = (sleepers) => {
    const sorted = [...sleepers].sort((one, other) => one.choice - other.choice);
    const key = sorted.map(({ choice, print }) => `${choice}:${print.join()}`).join(' ');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, sets.length);
    return sets.push(sorted) - 1;
  };
  const of: Sleep['of'] = (set) => sets[set] ?? [];
  return {
    of,
    setOf,
    both: (one, other) => {
      if (one === other) return one;
      if (one === 0 || other === 0) return 0;
      const there = new Set(of(other).map(({ choice }) => choice));
      return setOf(of(one).filter(({ choice }) => there.has(choice)));
    },
  };
};
