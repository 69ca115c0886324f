/**
 * The search: every world that can be reached, each once, within bounds. Generic over packed models; nothing of it knows
 * what a world means. Breadth first finds shortest ways; depth first needs no second list and finds some way sooner.
 */
import type { Bounds, Limit, Order, Outcome, PackedModel, PathStep } from './model.ts';
import { makeSlots, type Slots } from './slots.ts';
import {
  bytesOf,
  capacityFor,
  emptyLink,
  find,
  firstLink,
  grown,
  hashAt,
  linkTo,
  locate,
  makeTable,
  type Table,
  worldAt,
} from './table.ts';

export type SearchOptions = {
  readonly order?: Order;
  readonly bounds?: Partial<Bounds>;
  /** Worlds to make room for at once; a table of the right size from the start saves its growing. */
  readonly worldsExpected?: number;
};

export type Search = {
  /** Expands about `worlds` further worlds. The outcome once there is one, else `null`: a worker may answer in between. */
  readonly advance: (worlds: number) => Outcome | null;
  readonly worlds: () => number;
};

/** Successors looked up together: enough that their places are fetched side by side, few enough to stay at hand. */
const batchMin = 512;

const unbounded: Bounds = { worldsMax: 2 ** 31, depthMax: 2 ** 31, bytesMax: 2 ** 33 };

/** Searches to the end. */
export const search = (model: PackedModel, options: SearchOptions = {}): Outcome => {
  const begun = beginSearch(model, options);
  for (;;) {
    const outcome = begun.advance(1 << 20);
    if (outcome !== null) return outcome;
  }
};

export const beginSearch = (model: PackedModel, options: SearchOptions = {}): Search => {
  const { words, successorsMax, successors, violated } = model;
  const bounds = { ...unbounded, ...options.bounds };
  const deep = options.order === 'depth first';
  const stride = words + 1;

  const world = new Uint32Array(words);
  /** The successors of some worlds, where each came from, and where in the table it would stand. */
  const batch = (deep ? 1 : batchMin) + successorsMax;
  const next = new Uint32Array(batch * words);
  const cameFrom = new Uint32Array(batch);
  const starts = new Uint32Array(batch);
  const links = new Uint32Array(batch);
  /** What is still to be expanded: this level, or when depth first everything, with `levels` its depth. */
  let now: Slots = makeSlots();
  let later: Slots = makeSlots();
  const levels: Slots = makeSlots();
  let at = 0;
  let level = 0;

  const bytes = (): number => table.capacity * stride * 4 + now.bytes() + later.bytes() + levels.bytes();
  const expected = Math.min(options.worldsExpected ?? 0, bounds.worldsMax);
  const wide = bytesOf(capacityFor(expected + batch), words) <= bounds.bytesMax;
  const made = (wide ? makeTable(words, expected + batch) : null) ?? makeTable(words, batch + 1);
  if (made === null)
    throw new Error('there is no memory for a table of even one world: does the model have absurdly many words?');
  let table: Table = made;

  let worlds = 0;
  let transitions = 0;
  let expanded = 0;
  let depth = 0;
  let limit: Limit | null = null;
  let outcome: Outcome | null = null;

  const end = (broken: number | null): Outcome => {
    const verdict = broken !== null ? 'breaks' : limit === null ? 'holds' : 'unsettled';
    const path = broken === null ? null : pathTo(model, table, broken);
    outcome = { verdict, limit: broken === null ? limit : null, worlds, transitions, depth, bytes: bytes(), path };
    return outcome;
  };

  /** Room for all of a batch. `false`: a bound or the memory forbids it. */
  const makeRoom = (): boolean => {
    if (worlds + batch <= table.room) return true;
    const wider = bytes() + bytesOf(table.capacity, words) <= bounds.bytesMax ? grown(table) : null;
    if (wider === null) return false;
    table = wider.table;
    now.follow(wider.moved);
    later.follow(wider.moved);
    return true;
  };

  /** Puts the successors of the world at `slot` behind the `count` there are in the batch, and says how many there are now. */
  const collect = (slot: number, count: number): number => {
    const { cells } = table;
    expanded++;
    for (let i = 0; i < words; i++) world[i] = cells[slot * stride + i] as number;
    const more = successors(world, next, count * words);
    for (let nth = count; nth < count + more; nth++) cameFrom[nth] = slot;
    return count + more;
  };

  /** Looks up the `count` worlds of the batch, which are `level` steps from the first. The slot of one that breaks, or -1. */
  const settle = (count: number, level: number): number => {
    const { cells } = table;
    transitions += count;
    locate(table, next, count, starts, links);
    for (let nth = 0; nth < count; nth++) {
      const from = nth * words;
      const found = find(cells, words, next, from, starts[nth] as number);
      if (cells[found + words] !== emptyLink) continue;
      if (level > bounds.depthMax || worlds >= bounds.worldsMax) {
        limit ??= level > bounds.depthMax ? 'depth' : 'worlds';
        continue;
      }
      for (let i = 0; i < words; i++) world[i] = cells[found + i] = next[from + i] as number;
      cells[found + words] = linkTo(cameFrom[nth] as number);
      worlds++;
      if (level > depth) depth = level;
      const place = found / stride;
      if (violated(world)) return place;
      const kept = deep ? now.push(place) && levels.push(level) : later.push(place);
      if (!kept) limit = 'bytes';
    }
    return -1;
  };

  const begin = (): Outcome | null => {
    model.initial(world);
    const slot = hashAt(world, 0, words) & (table.capacity - 1);
    table.cells.set(world, slot * stride);
    table.cells[slot * stride + words] = firstLink;
    worlds = 1;
    now.push(slot);
    levels.push(0);
    return violated(world) ? end(slot) : null;
  };

  /** A batch from the worlds of this level that are next. */
  const collectSome = (): number => {
    let count = 0;
    while (at < now.length() && count + successorsMax <= batch) count = collect(now.at(at++), count);
    return count;
  };

  /** Whether a world is left to expand; breadth first this turns to the next level when one is done. */
  const isAnyLeft = (): boolean => {
    if (deep || at < now.length()) return now.length() > 0;
    [now, later] = [later, now];
    later.clear();
    at = 0;
    level++;
    return now.length() > 0;
  };

  return {
    advance: (most) => {
      if (worlds === 0 && begin() !== null) return outcome;
      const upTo = expanded + most;
      while (outcome === null && expanded < upTo) {
        if (limit === 'worlds' || limit === 'bytes' || !isAnyLeft()) return end(null);
        if (!makeRoom()) {
          limit = 'bytes';
          return end(null);
        }
        const broken = deep ? settle(collect(now.pop(), 0), levels.pop() + 1) : settle(collectSome(), level + 1);
        if (broken >= 0) return end(broken);
      }
      return outcome;
    },
    worlds: () => worlds,
  };
};

/** The worlds from the first to the one at `slot`, found backwards by their links. */
const pathTo = (model: PackedModel, table: Table, slot: number): readonly PathStep[] => {
  const worlds: Uint32Array[] = [];
  for (let at = slot; ; ) {
    worlds.push(worldAt(table, at));
    const link = table.cells[at * table.stride + table.stride - 1] as number;
    if (link === firstLink) break;
    at = link - 2;
  }
  worlds.reverse();
  return worlds.map((world, i) => ({ world, nth: nthOf(model, worlds[i - 1], world) }));
};

/** Which successor of `before` the world is: not stored, worked out again for the few worlds of a path. */
const nthOf = (model: PackedModel, before: Uint32Array | undefined, world: Uint32Array): number => {
  if (before === undefined) return -1;
  const next = new Uint32Array(model.successorsMax * model.words);
  const count = model.successors(before, next, 0);
  for (let nth = 0; nth < count; nth++) if (world.every((word, i) => next[nth * model.words + i] === word)) return nth;
  throw new Error(
    'a world is no successor of the one it was reached from: the model answers differently each time it is asked',
  );
};
