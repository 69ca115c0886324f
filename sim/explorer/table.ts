/**
 * The worlds seen: tuples of 32-bit integers in one typed array, found by open addressing. Nothing is kept of a world
 * but its tuple, the slot it came from and the choice that led to it.
 */

export type Table = {
  /** The slot of `tuple`, and whether it is new. `full`: nothing was added, there is no room left. */
  readonly add: (
    tuple: Int32Array,
    parent: number,
    choice: number,
  ) => { readonly slot: number; readonly isNew: boolean } | 'full';
  readonly read: (slot: number, into: Int32Array) => void;
  readonly parentOf: (slot: number) => number;
  readonly choiceOf: (slot: number) => number;
  readonly depthOf: (slot: number) => number;
  readonly size: () => number;
  readonly bytes: () => number;
};

/** Mixes a tuple into 32 bits (a multiply and rotate for each word, then the usual final avalanche). */
const hashOf = (tuple: Int32Array): number => {
  let hash = 0x9e3779b9;
  for (let at = 0; at < tuple.length; at += 1) {
    hash = Math.imul(hash ^ (tuple[at] ?? 0), 0x85ebca6b);
    hash = (hash << 13) | (hash >>> 19);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) >>> 0;
};

/** @param width integers in a tuple @param worldsMax the table answers `full` beyond that */
export const makeTable = (width: number, worldsMax: number): Table => {
  let capacity = 1 << 12;
  // Slots are numbered in the order worlds are found, which is breadth first: the queue is the table itself.
  let words = new Int32Array(capacity * width);
  let parents = new Int32Array(capacity);
  let choices = new Int32Array(capacity);
  let depths = new Uint16Array(capacity);
  let index = new Int32Array(capacity * 2).fill(-1);
  let size = 0;

  const grow = (): void => {
    capacity *= 2;
    const wider = <T extends Int32Array | Uint16Array>(made: T, old: T): T => {
      made.set(old as never);
      return made;
    };
    words = wider(new Int32Array(capacity * width), words);
    parents = wider(new Int32Array(capacity), parents);
    choices = wider(new Int32Array(capacity), choices);
    depths = wider(new Uint16Array(capacity), depths);
    index = new Int32Array(capacity * 2).fill(-1);
    const tuple = new Int32Array(width);
    for (let slot = 0; slot < size; slot += 1) {
      tuple.set(words.subarray(slot * width, (slot + 1) * width));
      let at = hashOf(tuple) & (index.length - 1);
      while (index[at] !== -1) at = (at + 1) & (index.length - 1);
      index[at] = slot;
    }
  };

  const isAt = (slot: number, tuple: Int32Array): boolean => {
    const from = slot * width;
    for (let at = 0; at < width; at += 1) if (words[from + at] !== tuple[at]) return false;
    return true;
  };

  return {
    add: (tuple, parent, choice) => {
      let at = hashOf(tuple) & (index.length - 1);
      for (let slot = index[at] ?? -1; slot !== -1; slot = index[at] ?? -1) {
        if (isAt(slot, tuple)) return { slot, isNew: false };
        at = (at + 1) & (index.length - 1);
      }
      if (size >= worldsMax) return 'full';
      const slot = size;
      size += 1;
      words.set(tuple, slot * width);
      parents[slot] = parent;
      choices[slot] = choice;
      depths[slot] = parent < 0 ? 0 : (depths[parent] ?? 0) + 1;
      index[at] = slot;
      if (size * 1.5 > index.length || size === capacity) grow();
      return { slot, isNew: true };
    },
    read: (slot, into) => into.set(words.subarray(slot * width, (slot + 1) * width)),
    parentOf: (slot) => parents[slot] ?? -1,
    choiceOf: (slot) => choices[slot] ?? -1,
    depthOf: (slot) => depths[slot] ?? 0,
    size: () => size,
    bytes: () => words.byteLength + parents.byteLength + choices.byteLength + depths.byteLength + index.byteLength,
  };
};
