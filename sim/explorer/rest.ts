/**
 * Whether every world comes to rest by itself: what must come about in the end is judged in quiet worlds alone, so whoever only goes round
 * and round would never be judged. While a search goes on one way out of each world is noted; the rest is looked at when it is over.
 */
import { bringsRest, type Unrest } from '../engine/quiet.ts';
import type { Moves, Sight } from './moves.ts';
import type { Worlds } from './worlds.ts';

/** Of a world nothing is known, or it is quiet; any other number is the world to which one way of its own leads. */
const [unknown, quiet] = [-1, -2];

export type Rest = {
  readonly noteQuiet: (world: number) => void;
  /** Something that happens by itself in `world` leads to `to`. */
  readonly noteWay: (world: number, to: number) => void;
  /**
   * Where whoever goes on from the first world from which no quiet one is reached by what happens by itself is held, or goes round; `null`
   * where there is none. All choices of all worlds must have been taken.
   */
  readonly restless: (moves: Moves, worlds: Worlds) => Restless | null;
};

/** A world that does not come to rest, what is still to come there, and the first world from which no quiet one is reached. */
export type Restless = { readonly world: number; readonly unrest: Unrest; readonly from: number };

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

/** What is still to come in a world, and where what happens in it by itself leads to. */
type Looked = { readonly unrest: Unrest | null; readonly next: readonly number[] };

const lookedAt = (world: number, moves: Moves, worlds: Worlds): Looked => {
  const cells = new Int32Array(moves.cellsMax);
  worlds.read(world, cells);
  const unrest = moves.unrest(cells);
  if (unrest === null) return { unrest, next: [] };
  const sights: Sight[] = [];
  const next = moves
    .open(cells)
    .filter(bringsRest)
    .map((choice) => {
      if (worlds.add(moves.step(cells, choice, sights), world, 0, 0) !== 'known')
        throw new Error('a world that no search has seen: was the search over?');
      return worlds.last();
    });
  return { unrest, next };
};

/** Looks at worlds from which no noted way leads to rest, by all their ways. */
const settled = (open: readonly number[], rests: Uint8Array, look: (world: number) => Looked): Restless | null => {
  let left: ReadonlyMap<number, Looked> = new Map(open.map((world) => [world, look(world)]));
  for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
    before = left.size;
    for (const [world, { unrest, next }] of left)
      if (unrest === null || next.some((to) => rests[to] === 1)) rests[world] = 1;
    left = new Map([...left].filter(([world]) => rests[world] === 0));
  }
  return heldIn(left);
};

/** The world in which whoever goes on from the first of these is held, or comes round to again. */
const heldIn = (left: ReadonlyMap<number, Looked>): Restless | null => {
  const walked = new Set<number>();
  const [from = 0] = left.keys();
  for (let [world] = left.keys(); world !== undefined; ) {
    const { unrest, next }: Looked = left.get(world) ?? { unrest: null, next: [] };
    const [to] = next;
    if (unrest !== null && (to === undefined || walked.has(world))) return { world, unrest, from };
    walked.add(world);
    world = to;
  }
  return null;
};
