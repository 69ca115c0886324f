/** Tuples of 32-bit integers, each numbered once from 0 on: one typed array in order of arrival, found by open addressing. */

export type Tuples = {
  /** The number of the tuple that begins at `from`; a new one when it was not there. */
  readonly idOf: (words: Int32Array, from: number) => number;
  /** The same without adding it: -1 when it is not there. */
  readonly find: (words: Int32Array, from: number) => number;
  readonly read: (id: number, into: Int32Array, at: number) => void;
  readonly size: () => number;
  readonly bytes: () => number;
};

/** @param width integers in a tuple */
export const makeTuples = (width: number): Tuples => {
  let capacity = 1 << 12;
  let all = new Int32Array(capacity * width);
  /** Number + 1 of the tuple whose hash leads here, 0 for none. */
  let index = new Int32Array(capacity * 2);
  let size = 0;

  /** A multiply and rotate for each word, then the usual final avalanche. */
  const hashOf = (words: Int32Array, from: number): number => {
    let hash = 0x9e3779b9;
    for (let at = from; at < from + width; at += 1) {
      hash = Math.imul(hash ^ (words[at] as number), 0x85ebca6b);
      hash = (hash << 13) | (hash >>> 19);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    return hash ^ (hash >>> 15);
  };
  const isAt = (id: number, words: Int32Array, from: number): boolean => {
    const begin = id * width;
    for (let at = 0; at < width; at += 1) if (all[begin + at] !== words[from + at]) return false;
    return true;
  };
  /** Where in the index the tuple stands, or would stand. */
  const placeOf = (words: Int32Array, from: number): number => {
    const mask = index.length - 1;
    let place = hashOf(words, from) & mask;
    for (let id = index[place] as number; id !== 0 && !isAt(id - 1, words, from); id = index[place] as number)
      place = (place + 1) & mask;
    return place;
  };
  const grow = (): void => {
    capacity *= 2;
    const wider = new Int32Array(capacity * width);
    wider.set(all);
    all = wider;
    index = new Int32Array(capacity * 2);
    const mask = index.length - 1;
    for (let id = 0; id < size; id += 1) {
      let place = hashOf(all, id * width) & mask;
      while (index[place] !== 0) place = (place + 1) & mask;
      index[place] = id + 1;
    }
  };

  return {
    idOf: (words, from) => {
      const place = placeOf(words, from);
      const known = index[place] as number;
      if (known !== 0) return known - 1;
      for (let at = 0; at < width; at += 1) all[size * width + at] = words[from + at] as number;
      size += 1;
      index[place] = size;
      if (size === capacity) grow();
      return size - 1;
    },
    find: (words, from) => (index[placeOf(words, from)] as number) - 1,
    read: (id, into, at) => {
      for (let word = 0; word < width; word += 1) into[at + word] = all[id * width + word] as number;
    },
    size: () => size,
    bytes: () => all.byteLength + index.byteLength,
  };
};
