/**
 * The worlds seen, each once. A world's cells are kept as a tree: eight cells side by side are one number where they have been
 * seen together before, and so are eight such numbers. Worlds share most of their parts, so few numbers are new.
 *
 * Worlds are numbered in the order they are found, which is breadth first: the queue is the table itself.
 */
import { makeTuples } from './tuples.ts';

const eight = 8;

export type Worlds = {
  /** The number of the world in `cells`, and whether it is new. `full`: nothing was added, there is no room left. */
  readonly add: (cells: Int32Array, parent: number, choice: number) => 'new' | 'known' | 'full';
  readonly read: (world: number, into: Int32Array) => void;
  readonly parentOf: (world: number) => number;
  readonly choiceOf: (world: number) => number;
  readonly depthOf: (world: number) => number;
  readonly size: () => number;
  readonly bytes: () => number;
};

/** @param cellsMax a multiple of 64 @param worldsMax the table answers `full` beyond that */
export const makeWorlds = (cellsMax: number, worldsMax: number): Worlds => {
  const chunks = makeTuples(eight);
  const halves = makeTuples(eight);
  const width = cellsMax / (eight * eight);
  const roots = makeTuples(width);
  // Nothing at all is 0 on every level.
  const nothing = new Int32Array(eight);
  chunks.idOf(nothing, 0);
  halves.idOf(nothing, 0);
  const lower = new Int32Array(cellsMax / eight);
  const root = new Int32Array(width);
  let parents = new Int32Array(1 << 12);
  let choices = new Uint16Array(1 << 12);
  let depths = new Uint16Array(1 << 12);

  return {
    add: (cells, parent, choice) => {
      for (let at = 0; at < lower.length; at += 1) lower[at] = chunks.idOf(cells, at * eight);
      for (let at = 0; at < width; at += 1) root[at] = halves.idOf(lower, at * eight);
      const before = roots.size();
      if (before >= worldsMax) return roots.find(root, 0) < 0 ? 'full' : 'known';
      const id = roots.idOf(root, 0);
      if (id < before) return 'known';
      if (id === parents.length) {
        const wider = <T extends Int32Array | Uint16Array>(made: T, old: T): T => {
          made.set(old as never);
          return made;
        };
        parents = wider(new Int32Array(id * 2), parents);
        choices = wider(new Uint16Array(id * 2), choices);
        depths = wider(new Uint16Array(id * 2), depths);
      }
      parents[id] = parent;
      choices[id] = choice;
      depths[id] = parent < 0 ? 0 : (depths[parent] as number) + 1;
      return 'new';
    },
    read: (world, into) => {
      roots.read(world, root, 0);
      for (let at = 0; at < width; at += 1) halves.read(root[at] as number, lower, at * eight);
      for (let at = 0; at < lower.length; at += 1) chunks.read(lower[at] as number, into, at * eight);
    },
    parentOf: (world) => parents[world] as number,
    choiceOf: (world) => choices[world] as number,
    depthOf: (world) => depths[world] as number,
    size: roots.size,
    bytes: () =>
      chunks.bytes() + halves.bytes() + roots.bytes() + parents.byteLength + choices.byteLength + depths.byteLength,
  };
};
