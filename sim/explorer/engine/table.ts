/**
 * Worlds seen, with open addressing and the worlds themselves in the table: `stride` words a slot, the world's own and one
 * for where it was reached from. One line of memory tells whether a world is new.
 */

/** The link of a slot: 0 is an empty slot, 1 the first world, and 2 more than the slot it was reached from any other. */
export const emptyLink = 0;
export const firstLink = 1;
export const linkTo = (slot: number): number => slot + 2;

/** Slots may be filled to three quarters: beyond that, looking for a world walks too far. */
const roomOf = (capacity: number): number => Math.floor(capacity * 0.75);

export type Table = {
  /** A power of two. */
  readonly capacity: number;
  readonly stride: number;
  readonly cells: Uint32Array;
  /** Worlds it may hold before it has to grow. */
  readonly room: number;
};

/** Bytes of a table with `capacity` slots for worlds of `words`. */
export const bytesOf = (capacity: number, words: number): number => capacity * (words + 1) * 4;

/** A table for at least `worlds` worlds. `null`: the engine has not that much memory. */
export const makeTable = (words: number, worlds: number): Table | null => {
  const capacity = capacityFor(worlds);
  const cells = allocated(capacity * (words + 1));
  return cells && { capacity, stride: words + 1, cells, room: roomOf(capacity) };
};

export const capacityFor = (worlds: number): number => {
  let capacity = 1 << 10;
  while (roomOf(capacity) < worlds) capacity *= 2;
  return capacity;
};

/** `length` words, all zero; `null` when there is no memory for them. */
export const allocated = (length: number): Uint32Array | null => {
  try {
    return new Uint32Array(length);
  } catch {
    return null; // a RangeError: out of memory is one more bound of a search
  }
};

/** Mixes the `words` words from `at` on into 32 bits: a multiplication and a rotation for each, and a last avalanche. */
export const hashAt = (cells: Uint32Array, at: number, words: number): number => {
  let hash = 0x2545f491;
  for (let i = 0; i < words; i++) {
    hash = Math.imul(hash ^ (cells[at + i] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
};

/**
 * A table with twice the slots and the same worlds, and where each old slot went (a number for each old slot), by which
 * whoever kept slot numbers puts them right. `null`: out of memory.
 */
export const grown = (old: Table): { readonly table: Table; readonly moved: Uint32Array } | null => {
  const { stride } = old;
  const capacity = old.capacity * 2;
  const cells = allocated(capacity * stride);
  const moved = cells && allocated(old.capacity);
  if (cells === null || moved === null) return null;
  const mask = capacity - 1;
  const words = stride - 1;
  for (let slot = 0; slot < old.capacity; slot++) {
    const from = slot * stride;
    if (old.cells[from + words] === emptyLink) continue;
    let to = hashAt(old.cells, from, words) & mask;
    while (cells[to * stride + words] !== emptyLink) to = (to + 1) & mask;
    for (let i = 0; i < stride; i++) cells[to * stride + i] = old.cells[from + i] as number;
    moved[slot] = to;
  }
  for (let at = words; at < cells.length; at += stride) {
    const link = cells[at] as number;
    if (link > firstLink) cells[at] = linkTo(moved[link - 2] as number);
  }
  return { table: { capacity, stride, cells, room: roomOf(capacity) }, moved };
};

/**
 * Where each of the `count` worlds in `worlds` would stand if nothing were in its way: indices into `cells`, written to
 * `starts`, and the link found there, written to `links`. Nothing waits for what is read, so memory fetches many of
 * these places at a time; looking a world up afterwards finds its place at hand.
 */
export const locate = (
  table: Table,
  worlds: Uint32Array,
  count: number,
  starts: Uint32Array,
  links: Uint32Array,
): void => {
  const { cells, stride } = table;
  const mask = table.capacity - 1;
  const words = stride - 1;
  for (let nth = 0; nth < count; nth++) {
    const start = (hashAt(worlds, nth * words, words) & mask) * stride;
    starts[nth] = start;
    links[nth] = cells[start + words] as number;
  }
};

/** From `start` on, the place in `cells` of the world that stands at `from` in `worlds`, or else the empty one it may take. */
export const find = (cells: Uint32Array, words: number, worlds: Uint32Array, from: number, start: number): number => {
  let place = start;
  while (cells[place + words] !== emptyLink) {
    let i = 0;
    while (i < words && cells[place + i] === worlds[from + i]) i++;
    if (i === words) return place;
    place += words + 1;
    if (place === cells.length) place = 0;
  }
  return place;
};

/** The world at `slot`, as a copy. */
export const worldAt = ({ cells, stride }: Table, slot: number): Uint32Array =>
  cells.slice(slot * stride, (slot + 1) * stride - 1);
