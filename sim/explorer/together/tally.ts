/**
 * What both workers saw of slices, added up as one thread would have: a search ends at a key, and whatever comes after it does
 * not count, although somebody has looked there already.
 */
import type { Bounds, Limit, Place } from '../search.ts';
import { choiceIn, keyOf, parentIn, type SeenBreak, type SliceSeen } from './protocol.ts';

export type Tally = {
  readonly hard: readonly (Place | null)[];
  readonly accepted: readonly (Place | null)[];
  readonly shadows: readonly boolean[];
  readonly worlds: number;
  readonly transitions: number;
  readonly depth: number;
  readonly limit: Limit | null;
  readonly isDone: boolean;
};

export const nothingTold = (guarantees: number): Tally => ({
  hard: Array.from({ length: guarantees }, () => null),
  accepted: Array.from({ length: guarantees }, () => null),
  shadows: Array.from({ length: guarantees }, () => false),
  worlds: 1,
  transitions: 0,
  depth: 0,
  limit: null,
  isDone: false,
});

/** The nth smallest key of two sorted lists, from 0 on; infinite when there are fewer. */
const nthKey = (one: Float64Array, other: Float64Array, nth: number): number => {
  let [a, b] = [0, 0];
  const at = (keys: Float64Array, place: number): number => keys[place] ?? Number.POSITIVE_INFINITY;
  while (a + b < nth) at(one, a) < at(other, b) ? a++ : b++;
  return Math.min(at(one, a), at(other, b));
};

const countBelow = (keys: Float64Array, end: number): number => keys.reduce((sum, key) => sum + (key < end ? 1 : 0), 0);

const placeOf = ({ key, broken }: SeenBreak): Place => ({ world: parentIn(key), choice: choiceIn(key), broken });

/** Where the last of all guarantees broke: the world, or `null` when one has not. */
const lastBreak = (hard: Tally['hard']): number | null =>
  hard.length === 0 || hard.includes(null) ? null : Math.max(...hard.map((place) => place?.world ?? 0));

/** Adds what was seen of the next slice. */
export const withSlice = (tally: Tally, seen: readonly [SliceSeen, SliceSeen], bounds: Bounds): Tally => {
  const [one, other] = seen;
  const room = bounds.worldsMax - tally.worlds;
  /** The first new world that found no room. */
  const full = nthKey(one.keys, other.keys, room);
  const first = (known: Tally['hard'], isHard: boolean, end: number): readonly (Place | null)[] =>
    known.map(
      (place, nth) =>
        place ??
        seen
          .flatMap(({ breaks }) => breaks)
          .filter((own) => own.nth === nth && own.key < end && (own.broken.acceptedBy === null) === isHard)
          .sort((a, b) => a.key - b.key)
          .map(placeOf)[0] ??
        null,
    );
  const hard = first(tally.hard, true, full);
  const last = lastBreak(hard);
  // The world in which the last promise broke is looked at to its end, and none after it.
  const settled = last === null ? Number.POSITIVE_INFINITY : keyOf(last + 1, -1);
  const end = Math.min(full, settled);
  const isFull = full < settled;

  let { transitions, depth } = tally;
  for (const { looked } of seen)
    for (let at = 0; at < looked.length; at += 3) {
      const [world, choices, deep] = [looked[at] as number, looked[at + 1] as number, looked[at + 2] as number];
      if (keyOf(world, -1) >= end) continue;
      depth = Math.max(depth, deep);
      transitions += world === parentIn(end) ? choiceIn(end) : choices;
    }
  const isCut = seen.some(({ cutAt }) => cutAt !== null && keyOf(cutAt, -1) < end);
  return {
    hard,
    accepted: first(tally.accepted, false, end),
    shadows: tally.shadows.map(
      (known, nth) => known || seen.some(({ shadows }) => shadows.some((own) => own.nth === nth && own.key < end)),
    ),
    worlds: tally.worlds + countBelow(one.keys, end) + countBelow(other.keys, end),
    transitions,
    depth,
    limit: isFull ? 'worlds' : isCut ? 'depth' : tally.limit,
    isDone: end < Number.POSITIVE_INFINITY,
  };
};
