/**
 * Whether every world comes to rest by itself: what must come about in the end is judged in quiet worlds alone, so whoever only goes round
 * and round would never be judged. While a search goes on one way out of each world is noted; the rest is looked at when it is over.
 */
import { bringsRest } from '../quiet.ts';
import type { Moves, Sight } from './moves.ts';
import type { Worlds } from './worlds.ts';

/** Of a world nothing is known, or it is quiet; any other number is the world to which one way of its own leads. */
const [unknown, quiet] = [-1, -2];

export type Rest = {
  readonly noteQuiet: (world: number) => void;
  /** Something that happens by itself in `world` leads to `to`. */
  readonly noteWay: (world: number, to: number) => void;
  /**
   * The first world from which no quiet one is reached by what happens by itself; `null` where there is none. All choices of all worlds must
   * have been taken.
   */
  readonly restless: (moves: Moves, worlds: Worlds) => number | null;
};

const roomier = (ways: Int32Array, world: number): Int32Array => {
  if (world < ways.length) return ways;
  const more = new Int32Array(Math.max(world + 1, 2 * ways.length)).fill(unknown);
  more.set(ways);
  return more;
};

export const makeRest = (): Rest => {
  let ways = new Int32Array(1024).fill(unknown);
  const note = (world: number, what: number): void => {
    ways = roomier(ways, world) as typeof ways;
    if (ways[world] === unknown) ways[world] = what;
  };
  return {
    noteQuiet: (world) => note(world, quiet),
    noteWay: note,
    restless: (moves, worlds) => {
      ways = roomier(ways, worlds.size() - 1) as typeof ways;
      const rests = followed(ways, worlds.size());
      const open: number[] = [];
      for (let world = 0; world < worlds.size(); world += 1) if (rests[world] === 0) open.push(world);
      return open.length === 0 ? null : settled(open, rests, (world) => lookedAt(world, moves, worlds));
    },
  };
};

/** Which worlds come to rest along the ways that were noted: 1 where they do. */
const followed = (ways: Int32Array, size: number): Uint8Array => {
  const rests = new Uint8Array(size);
  const walked = new Uint8Array(size);
  const path: number[] = [];
  for (let from = 0; from < size; from += 1) {
    let at = from;
    path.length = 0;
    while (at >= 0 && walked[at] === 0) {
      walked[at] = 1;
      path.push(at);
      at = ways[at] as number;
    }
    if (at === quiet || (at >= 0 && rests[at] === 1)) for (const world of path) rests[world] = 1;
  }
  return rests;
};

/** Whether a world is quiet, and where what happens in it by itself leads to. */
type Looked = { readonly isQuiet: boolean; readonly next: readonly number[] };

const lookedAt = (world: number, moves: Moves, worlds: Worlds): Looked => {
  const cells = new Int32Array(moves.cellsMax);
  worlds.read(world, cells);
  if (moves.isQuiet(cells)) return { isQuiet: true, next: [] };
  const sights: Sight[] = [];
  const next = moves
    .open(cells)
    .filter(bringsRest)
    .map((choice) => {
      if (worlds.add(moves.step(cells, choice, sights), world, 0) !== 'known')
        throw new Error('a world that no search has seen: was the search over?');
      return worlds.last();
    });
  return { isQuiet: false, next };
};

/** Looks at worlds from which no noted way leads to rest, by all their ways. The first from which none does. */
const settled = (open: readonly number[], rests: Uint8Array, look: (world: number) => Looked): number | null => {
  let left = open.map((world) => ({ world, ...look(world) }));
  for (;;) {
    const still = left.filter(({ world, isQuiet, next }) => {
      const comesToRest = isQuiet || next.some((to) => rests[to] === 1);
      if (comesToRest) rests[world] = 1;
      return !comesToRest;
    });
    if (still.length === 0) return null;
    if (still.length === left.length) return still[0]?.world ?? null;
    left = still;
  }
};
