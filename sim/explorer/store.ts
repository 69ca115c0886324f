/**
 * Tuples of 32-bit integers, each once, numbered in the order they are found.
 *
 * Tuples stand one after another in `cells`, each with its notes (where it was reached from, say) behind it. Beside them
 * an index of one 32-bit entry a place says where a tuple is: its slot in the low bits, and above them as many bits of
 * the tuple's hash as are left. Most places that hold something else are told by those bits, so a look-up reads one
 * entry and one tuple, and a new tuple is written where the last one was.
 */

export type StoreOptions = {
  /** Integers of a tuple, by which tuples are told apart. */
  readonly words: number;
  /** Integers kept with a tuple that do not tell it from others. */
  readonly notes: number;
};

export type Store = {
  /**
   * The slot of the tuple at `from[at…]`. It is new exactly when that is what `size()` was before; its notes are 0 then.
   * -1: it is not there, and there is no memory for it, or as many as `most` are there.
   */
  readonly add: (from: Int32Array, at: number, most?: number) => number;
  /** Copies the tuple at `slot` to the start of `into`. */
  readonly read: (slot: number, into: Int32Array) => void;
  readonly note: (slot: number, nth: number) => number;
  readonly setNote: (slot: number, nth: number, value: number) => void;
  readonly size: () => number;
  readonly bytes: () => number;
};

/** `length` integers, all zero; `null` when there is no memory for them. */
const allocated = (length: number): Int32Array<ArrayBuffer> | null => {
  try {
    return new Int32Array(length);
  } catch {
    return null; // a RangeError: out of memory is one more bound of a search
  }
};

const seed = 0x2545f491;
const hashAt = (from: Int32Array, at: number, words: number): number => {
  let hash = seed;
  for (let i = at; i < at + words; i++) {
    const mixed = Math.imul(hash ^ (from[i] as number), 0x9e3779b1);
    hash = mixed ^ (mixed >>> 15);
  }
  // The last avalanche, after which every bit depends on every other.
  const mixed = Math.imul(hash, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
};
const same = (one: Int32Array, a: number, other: Int32Array, b: number, words: number): boolean => {
  for (let i = 0; i < words; i++) if (one[a + i] !== other[b + i]) return false;
  return true;
};

/** Places of the index may be filled to this share: fuller, looking for a tuple walks further; emptier, less of it is at hand. */
const fullest = 0.5;
const slotsMin = 1 << 10;

/** @see StoreOptions */
export const makeStore = ({ words, notes }: StoreOptions): Store => {
  const stride = words + notes;
  let cells = new Int32Array(slotsMin * stride);
  let index = new Int32Array(slotsMin / fullest);
  let size = 0;

  const freePlace = (table: Int32Array, hash: number): number => {
    const mask = table.length - 1;
    let place = hash & mask;
    while (table[place] !== 0) place = (place + 1) & mask;
    return place;
  };
  /** Makes room for one more. `false`: there is no memory for it. */
  const makeRoom = (): boolean => {
    if ((size + 1) * stride > cells.length) {
      const wider = allocated(cells.length * 2);
      if (wider === null) return false;
      wider.set(cells);
      cells = wider;
    }
    if (size + 1 > index.length * fullest) {
      const wider = allocated(index.length * 2);
      if (wider === null) return false;
      const mask = wider.length - 1;
      for (let slot = 0; slot < size; slot++) {
        const hash = hashAt(cells, slot * stride, words);
        wider[freePlace(wider, hash)] = (hash & ~mask) | (slot + 1);
      }
      index = wider;
    }
    return true;
  };

  return {
    add: (from, at, most = Number.POSITIVE_INFINITY) => {
      const hash = hashAt(from, at, words);
      const mask = index.length - 1;
      for (let place = hash & mask; index[place] !== 0; place = (place + 1) & mask) {
        const entry = index[place] as number;
        const slot = (entry & mask) - 1;
        if (((entry ^ hash) & ~mask) === 0 && same(cells, slot * stride, from, at, words)) return slot;
      }
      if (size >= most || !makeRoom()) return -1;
      for (let i = 0; i < words; i++) cells[size * stride + i] = from[at + i] as number;
      size++;
      index[freePlace(index, hash)] = (hash & ~(index.length - 1)) | size;
      return size - 1;
    },
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
