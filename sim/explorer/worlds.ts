/**
 * The worlds seen, each once. A world's cells are kept as a tree: eight cells side by side are one number where they have been
 * seen together before, and so are eight such numbers. Worlds share most of their parts, so few numbers are new.
 *
 * Worlds are numbered in the order they are found, which is breadth first: the queue is the table itself.
 */
import { makeStore, type Store } from './store.ts';

const eight = 8;
/** A world's notes: the world it was reached from, its choice there and its depth in one, and how many acts of attackers are on the way. */
const parent = 0;
const way = 1;
const acts = 2;
const choicesMax = 1 << 12;

export type Worlds = {
  /** Adds the world in `cells`. `full`: it is not there, and there is no room left. @param attacks acts of attackers on the way to it */
  readonly add: (cells: Int32Array, from: number, choice: number, attacks: number) => 'new' | 'known' | 'full';
  /** The number of the world that was last added, or found to be known. */
  readonly last: () => number;
  readonly read: (world: number, into: Int32Array) => void;
  readonly parentOf: (world: number) => number;
  readonly choiceOf: (world: number) => number;
  readonly depthOf: (world: number) => number;
  readonly attacksOf: (world: number) => number;
  /** A better way to a world that is known. */
  readonly reroute: (world: number, from: number, choice: number, attacks: number) => void;
  readonly size: () => number;
  readonly bytes: () => number;
  /** The three levels of the tree, for whoever keeps them in a file. */
  readonly levels: { readonly chunks: Store; readonly halves: Store; readonly roots: Store };
};

/** @param cellsMax a multiple of 64 @param worldsMax the table answers `full` beyond that */
export const makeWorlds = (cellsMax: number, worldsMax: number): Worlds => {
  const width = cellsMax / (eight * eight);
  const chunks = makeStore({ words: eight, notes: 0 });
  const halves = makeStore({ words: eight, notes: 0 });
  const roots = makeStore({ words: width, notes: 3 });
  const nothing = new Int32Array(eight);
  // Nothing at all is 0 on every level.
  chunks.add(nothing, 0);
  halves.add(nothing, 0);
  const lower = new Int32Array(cellsMax / eight);
  const root = new Int32Array(width);
  const one = new Int32Array(eight);
  let last = 0;
  const depthOf = (world: number): number => Math.floor(roots.note(world, way) / choicesMax);
  const note = (world: number, from: number, choice: number, attacks: number): void => {
    if (choice >= choicesMax) throw new Error(`a world with more than ${choicesMax} choices`);
    roots.setNote(world, parent, from);
    roots.setNote(world, way, (from < 0 ? 0 : depthOf(from) + 1) * choicesMax + choice);
    roots.setNote(world, acts, attacks);
  };

  return {
    add: (cells, from, choice, attacks) => {
      for (let at = 0; at < lower.length; at += 1) lower[at] = chunks.add(cells, at * eight);
      for (let at = 0; at < width; at += 1) root[at] = halves.add(lower, at * eight);
      const before = roots.size();
      const world = roots.add(root, 0, worldsMax);
      if (world < 0) return 'full';
      last = world;
      if (world < before) return 'known';
      note(world, from, choice, attacks);
      return 'new';
    },
    last: () => last,
    read: (world, into) => {
      roots.read(world, root);
      for (let at = 0; at < width; at += 1) {
        halves.read(root[at] as number, one);
        lower.set(one, at * eight);
      }
      for (let at = 0; at < lower.length; at += 1) {
        chunks.read(lower[at] as number, one);
        into.set(one, at * eight);
      }
    },
    parentOf: (world) => roots.note(world, parent),
    choiceOf: (world) => roots.note(world, way) % choicesMax,
    depthOf,
    attacksOf: (world) => roots.note(world, acts),
    reroute: note,
    size: roots.size,
    bytes: () => chunks.bytes() + halves.bytes() + roots.bytes(),
    levels: { chunks, halves, roots },
  };
};
