/**
 * The worlds seen: tuples of 32-bit integers, numbered in the order they are found, which breadth first is the order in
 * which they are to be looked at: the queue is the store itself, read from front to back.
 *
 * Tuples stand one after another in `cells`, each with its notes (where it was reached from, say) behind it. Beside them
 * an index of one 32-bit entry a place says where a tuple is: its slot in the low bits, and above them as many bits of
 * the tuple's hash as are left. Most places that hold something else are told by those bits, so a look-up reads one
 * entry and one tuple, and a new tuple is written where the last one was. Measured against a table with the tuples in
 * it: 1.6 million worlds in half the time, for the index is a quarter as large and what repeats is mostly young.
 */

export type StoreOptions = {
  /** Integers of a tuple, by which tuples are told apart. */
  readonly words: number;
  /** Integers kept with a tuple that do not tell it from others. */
  readonly notes: number;
  /** Tuples to make room for at once; it grows by itself. */
  readonly expected?: number;
};

export type Store = {
  /**
   * The slot of the tuple at `from[at…]`. It is new exactly when that is what `size()` was before; its notes are 0 then.
   * -1: it is not there, and there is no room or memory for it, or as many as `most` are there.
   */
  readonly add: (from: Int32Array, at: number, most?: number) => number;
  /**
   * Adds `count` tuples that stand one after another in `from`, with their notes likewise in `notes`: new ones get the next
   * slots in the order they come. Room for all must have been reserved. Returns how many new ones were left out because
   * there were `most` already.
   */
  readonly addAll: (from: Int32Array, notes: Int32Array, count: number, most: number) => number;
  /** Makes room for `more` further tuples. `false`: it would take more than `bytesMax`, or than there is. */
  readonly reserve: (more: number, bytesMax?: number) => boolean;
  /** Copies the tuple at `slot` to the start of `into`. */
  readonly read: (slot: number, into: Int32Array) => void;
  readonly note: (slot: number, nth: number) => number;
  readonly setNote: (slot: number, nth: number, value: number) => void;
  readonly size: () => number;
  readonly bytes: () => number;
};

/** `length` integers, all zero; `null` when there is no memory for them. */
export const allocated = (length: number): Int32Array<ArrayBuffer> | null => {
  try {
    return new Int32Array(length);
  } catch {
    return null; // a RangeError: out of memory is one more bound of a search
  }
};

type Hash = (from: Int32Array, at: number, words: number) => number;
type Same = (one: Int32Array, a: number, other: Int32Array, b: number, words: number) => boolean;

const seed = 0x2545f491;
/** One more integer in a hash: a multiplication and a shift. */
const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};
/** The last avalanche, after which every bit depends on every other. */
const spread = (hash: number): number => {
  const mixed = Math.imul(hash, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
};
const hashAny: Hash = (from, at, words) => {
  let hash = seed;
  for (let i = at; i < at + words; i++) hash = mix(hash, from[i] as number);
  return spread(hash);
};
const sameAny: Same = (one, a, other, b, words) => {
  for (let i = 0; i < words; i++) if (one[a + i] !== other[b + i]) return false;
  return true;
};

// Loops of two to four turns cost more than what they do: written out, a look-up takes a quarter less time.
const hash2: Hash = (from, at) => spread(mix(mix(seed, from[at] as number), from[at + 1] as number));
const hash3: Hash = (from, at) =>
  spread(mix(mix(mix(seed, from[at] as number), from[at + 1] as number), from[at + 2] as number));
const hash4: Hash = (from, at) =>
  spread(
    mix(
      mix(mix(mix(seed, from[at] as number), from[at + 1] as number), from[at + 2] as number),
      from[at + 3] as number,
    ),
  );
const same2: Same = (one, a, other, b) => one[a] === other[b] && one[a + 1] === other[b + 1];
const same3: Same = (one, a, other, b) =>
  one[a] === other[b] && one[a + 1] === other[b + 1] && one[a + 2] === other[b + 2];
const same4: Same = (one, a, other, b) =>
  one[a] === other[b] && one[a + 1] === other[b + 1] && one[a + 2] === other[b + 2] && one[a + 3] === other[b + 3];
const hashesOf: readonly Hash[] = [hashAny, hashAny, hash2, hash3, hash4];
const samesOf: readonly Same[] = [sameAny, sameAny, same2, same3, same4];

/** Places of the index may be filled to this share: fuller, looking for a tuple walks further; emptier, less of it is at hand. */
const fullest = 0.5;
const slotsMin = 1 << 10;
/** Tuples looked up together when the index grows, and about as many as a search adds at once. */
const batchUsual = 1 << 9;

/** @see StoreOptions. Throws when there is no memory for even the least store. */
export const makeStore = ({ words, notes, expected = 0 }: StoreOptions): Store => {
  const stride = words + notes;
  const hashAt = hashesOf[words] ?? hashAny;
  const same = samesOf[words] ?? sameAny;
  let slots = slotsMin;
  while (slots < expected) slots *= 2;
  let places = slotsMin;
  while (places * fullest < slots) places *= 2;
  const first = { cells: allocated(slots * stride), index: allocated(places) };
  if (first.cells === null || first.index === null)
    throw new Error(
      `there is no memory for ${slots} worlds of ${words} integers: are more expected than there can be?`,
    );
  let cells = first.cells;
  let index = first.index;
  let size = 0;
  /** The hashes of the tuples looked up together, and what stood in their places: see `lookAhead`. */
  let hashed = new Int32Array(batchUsual);
  let ahead = new Int32Array(batchUsual);

  /**
   * Hashes `count` tuples that stand `step` apart in `from`, the first at `at`, and reads the place where each should be. Nothing waits
   * for what is read, so memory fetches many places at a time, and whoever looks afterwards finds them at hand: a quarter less
   * time at 1.6 million worlds. The reads stand in a loop of their own, for then more of them are under way at once, and what they
   * read is kept, for else they might be left out.
   */
  const lookAhead = (table: Int32Array, from: Int32Array, at: number, step: number, count: number): void => {
    if (hashed.length < count) {
      hashed = new Int32Array(count);
      ahead = new Int32Array(count);
    }
    const [hashes, found] = [hashed, ahead];
    const mask = table.length - 1;
    for (let nth = 0; nth < count; nth++) hashes[nth] = hashAt(from, at + nth * step, words);
    for (let nth = 0; nth < count; nth++) found[nth] = table[(hashes[nth] as number) & mask] as number;
  };

  /** Twice the slots, or `false`. */
  const widenCells = (bytesMax: number): boolean => {
    if ((cells.length * 2 + index.length) * 4 > bytesMax) return false;
    const wider = allocated(cells.length * 2);
    if (wider === null) return false;
    wider.set(cells);
    cells = wider;
    return true;
  };

  /** Twice the places, or `false`. */
  const widenIndex = (bytesMax: number): boolean => {
    if ((cells.length + index.length * 2) * 4 > bytesMax) return false;
    const wider = allocated(index.length * 2);
    if (wider === null) return false;
    const mask = wider.length - 1;
    for (let slot = 0; slot < size; ) {
      const count = Math.min(batchUsual, size - slot);
      lookAhead(wider, cells, slot * stride, stride, count);
      for (let nth = 0; nth < count; nth++) {
        const hash = hashed[nth] as number;
        let place = hash & mask;
        while (wider[place] !== 0) place = (place + 1) & mask;
        wider[place] = (hash & ~mask) | ++slot;
      }
    }
    index = wider;
    return true;
  };

  const reserve = (more: number, bytesMax = Number.POSITIVE_INFINITY): boolean => {
    while ((size + more) * stride > cells.length) if (!widenCells(bytesMax)) return false;
    while (size + more > index.length * fullest) if (!widenIndex(bytesMax)) return false;
    return true;
  };

  const addAll: Store['addAll'] = (from, noted, count, most) => {
    lookAhead(index, from, 0, words, count);
    const [hashes, table, tuples] = [hashed, index, cells];
    const mask = table.length - 1;
    let end = size;
    let refused = 0;
    for (let nth = 0; nth < count; nth++) {
      const hash = hashes[nth] as number;
      const at = nth * words;
      let place = hash & mask;
      for (;;) {
        const entry = table[place] as number;
        if (entry === 0) {
          if (end >= most) refused++;
          else {
            const to = end * stride;
            for (let i = 0; i < words; i++) tuples[to + i] = from[at + i] as number;
            for (let i = 0; i < notes; i++) tuples[to + words + i] = noted[nth * notes + i] as number;
            end++;
            table[place] = (hash & ~mask) | end;
          }
          break;
        }
        if (((entry ^ hash) & ~mask) === 0 && same(tuples, ((entry & mask) - 1) * stride, from, at, words)) break;
        place = (place + 1) & mask;
      }
    }
    size = end;
    return refused;
  };

  const add: Store['add'] = (from, at, most = Number.POSITIVE_INFINITY) => {
    const hash = hashAt(from, at, words);
    let mask = index.length - 1;
    let place = hash & mask;
    for (let entry = index[place] as number; entry !== 0; entry = index[place] as number) {
      if (((entry ^ hash) & ~mask) === 0) {
        const slot = (entry & mask) - 1;
        if (same(cells, slot * stride, from, at, words)) return slot;
      }
      place = (place + 1) & mask;
    }
    const places = index.length;
    if (size >= most || !reserve(1)) return -1;
    if (index.length !== places) {
      mask = index.length - 1;
      place = hash & mask;
      while (index[place] !== 0) place = (place + 1) & mask;
    }
    for (let i = 0; i < words; i++) cells[size * stride + i] = from[at + i] as number;
    size++;
    index[place] = (hash & ~mask) | size;
    return size - 1;
  };

  return {
    add,
    addAll,
    reserve,
    read: (slot, into) => {
      const at = slot * stride;
      for (let i = 0; i < words; i++) into[i] = cells[at + i] as number;
    },
    note: (slot, nth) => cells[slot * stride + words + nth] as number,
    setNote: (slot, nth, value) => {
      cells[slot * stride + words + nth] = value;
    },
    size: () => size,
    bytes: () => cells.byteLength + index.byteLength,
  };
};
