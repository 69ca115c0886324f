/**
 * When what broke was done, and when it was certain: after the run, for people who read it. Guarantees see no step numbers, so that the
 * explorer can take worlds for one another that are reached at different depths.
 */
import { type Json, sameJson } from '../../../machines/json.ts';
import type { Break, Subject } from '../../engine/breaks.ts';
import type { Broken, Step } from '../../engine/types.ts';
import { causeOf } from './causes.ts';

/** A break, and the steps (indices) by which it was done and after which no later one can mend it. */
export type Dated = { readonly cause: number; readonly certain: number; readonly broken: Break };

/** Names in one order, whoever wrote it. */
const subjectKey = (about: Subject): Json => Object.entries(about).sort(([one], [other]) => (one < other ? -1 : 1));

/**
 * The same for two breaks of one guarantee that are one and the same: at one player, about the same (or, where nothing says what it is
 * about, told in the same words).
 */
export const keyOf = ({ at, about, why }: Break): string =>
  JSON.stringify([at, about === null ? why : subjectKey(about)]);

/**
 * A break that shows in a step cannot be unseen: it is certain there. It was done there too, unless its origin leads to an earlier step.
 *
 * @param nth the step it shows in (index)
 */
export const datedAlways = (broken: Break, nth: number, steps: readonly Step[]): Dated => {
  const origin = broken.origin === undefined ? null : causeOf(broken.origin, steps.slice(0, nth + 1));
  return { cause: origin ?? nth, certain: nth, broken };
};

/** What a guarantee that is asked in the end has remembered of a run that ended in a quiet world. */
export type Remembered<M extends Json> = {
  readonly steps: readonly Step[];
  /** What it remembered after each step. */
  readonly memories: readonly M[];
  /** What it says of a memory. */
  readonly end: (memory: M) => readonly Break[];
  /** Whether nothing was under way after that step (index), whatever of the story was still to be told. */
  readonly isCalm: (nth: number) => boolean;
};

/**
 * Breaks that are found in the end.
 *
 * - Cause: the first step such that the same break is found after it and after every later step. Where it was so before the story, the
 *   first step of all; where an origin leads to an earlier step, that one.
 * - Certain: the first step, not before the cause, from which on no step changes what the guarantee remembers, and after which nothing is
 *   under way. From then on only people could have mended it, and to the end none did.
 */
export const datedFinally = <M extends Json>({ steps, memories, end, isCalm }: Remembered<M>): readonly Dated[] => {
  const last = memories.length - 1;
  const found = last < 0 ? [] : end(memories[last] as M);
  if (found.length === 0) return [];
  const firstFound = lasting(found, memories, end);
  const still = stillFrom(memories);
  return found.map((broken) => {
    const since = firstFound.get(keyOf(broken)) ?? last;
    const origin = broken.origin === undefined ? null : causeOf(broken.origin, steps.slice(0, since + 1));
    let certain = Math.max(since, still);
    while (certain < last && !isCalm(certain)) certain += 1;
    return { cause: origin ?? since, certain, broken };
  });
};

/** For each break (`keyOf`) of the end the first step from which on it is found after every step. */
const lasting = <M extends Json>(
  found: readonly Break[],
  memories: readonly M[],
  end: Remembered<M>['end'],
): ReadonlyMap<string, number> => {
  const first = new Map(found.map((one) => [keyOf(one), memories.length - 1]));
  let left = new Set(first.keys());
  let [memory, keys] = [memories.at(-1), left];
  for (let nth = memories.length - 2; nth >= 0 && left.size > 0; nth -= 1) {
    // Most steps leave a memory as it was.
    if (memories[nth] !== memory) {
      memory = memories[nth];
      keys = new Set(end(memory as M).map(keyOf));
    }
    left = new Set([...left].filter((key) => keys.has(key)));
    for (const key of left) first.set(key, nth);
  }
  return first;
};

/** The first step from which on no step changes a memory. */
const stillFrom = (memories: readonly Json[]): number => {
  let nth = memories.length - 1;
  while (nth > 0 && sameJson(memories[nth - 1], memories[nth])) nth -= 1;
  return Math.max(0, nth);
};

/** Each break once, the first time it was certain; whether a text accepts it is part of what it is. */
export const onceEach = (dated: readonly Dated[]): readonly Dated[] => {
  const known = new Set<string>();
  return dated.filter(({ broken }) => {
    const key = `${broken.acceptedBy === null} ${keyOf(broken)}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
};

/** Breaks that one step caused and one step made certain, together; in the order of the steps. */
export const byCause = (dated: readonly Dated[]): readonly Broken[] => {
  const groups = new Map<string, Broken>();
  for (const { cause, certain, broken } of dated) {
    const key = `${cause} ${certain}`;
    const { breaks } = groups.get(key) ?? { breaks: [] };
    groups.set(key, { cause, certain, breaks: [...breaks, broken] });
  }
  return [...groups.values()].sort((one, other) => one.cause - other.cause || one.certain - other.certain);
};
