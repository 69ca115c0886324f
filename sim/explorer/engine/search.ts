/**
 * The search: every world that can be reached, each once, within bounds. Generic over packed models; nothing of it knows
 * what a world means. Breadth first finds shortest ways and needs no list of what is left; depth first finds some way sooner.
 */
import type { Bounds, Limit, Order, Outcome, PackedModel, PathStep } from './model.ts';
import { makeSlots } from './slots.ts';
import { makeStore, type Store } from './store.ts';

export type SearchOptions = {
  readonly order?: Order;
  readonly bounds?: Partial<Bounds>;
  /** Worlds to make room for at once; a store of the right size from the start saves its growing. */
  readonly worldsExpected?: number;
};

export type Search = {
  /** Expands about `worlds` further worlds. The outcome once there is one, else `null`: a worker may answer in between. */
  readonly advance: (worlds: number) => Outcome | null;
  readonly worlds: () => number;
};

/** Successors looked up together: enough that their places are fetched side by side, few enough to stay at hand. */
const batchMin = 512;

const unbounded: Bounds = { worldsMax: 2 ** 31 - 1, depthMax: 2 ** 31 - 1, bytesMax: 2 ** 33 };

/** The note of a world: the slot of the one it was reached from, -1 for the first. */
const parent = 0;

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

  const world = new Int32Array(words);
  /** The successors of some worlds, and the slots of these. */
  const batch = (deep ? 1 : batchMin) + successorsMax;
  const next = new Int32Array(batch * words);
  const cameFrom = new Int32Array(batch);
  const expected = Math.min(options.worldsExpected ?? 0, bounds.worldsMax);
  const fits = expected * (words + 2) * 8 <= bounds.bytesMax;
  const store = makeStore({ words, notes: 1, expected: fits ? expected : 0 });

  // Breadth first: worlds before `at` are expanded, and those of this level end before `levelEnd`.
  let at = 0;
  let levelEnd = 1;
  let level = 0;
  // Depth first: what is left to expand, and how deep it lies.
  const left = makeSlots();
  const depths = makeSlots();

  let transitions = 0;
  let expanded = 0;
  let depth = 0;
  let limit: Limit | null = null;
  let outcome: Outcome | null = null;

  const end = (broken: number | null): Outcome => {
    const verdict = broken !== null ? 'breaks' : limit === null ? 'holds' : 'unsettled';
    outcome = {
      verdict,
      limit: broken === null ? limit : null,
      worlds: store.size(),
      transitions,
      depth,
      bytes: store.bytes() + left.bytes() + depths.bytes(),
      path: broken === null ? null : pathTo(model, store, broken),
    };
    return outcome;
  };

  /** Adds the `count` worlds of the batch, which are `deepness` steps from the first. The slot of one that breaks, or -1. */
  const settle = (count: number, deepness: number): number => {
    if (!store.reserve(count, bounds.bytesMax - left.bytes() - depths.bytes())) {
      limit = 'bytes';
      return -1;
    }
    transitions += count;
    const before = store.size();
    const tooDeep = deepness > bounds.depthMax;
    const refused = store.addAll(next, cameFrom, count, tooDeep ? before : bounds.worldsMax);
    if (refused > 0) limit ??= tooDeep ? 'depth' : 'worlds';
    const after = store.size();
    if (after > before && deepness > depth) depth = deepness;
    for (let slot = before; slot < after; slot++) {
      store.read(slot, world);
      if (violated(world)) return slot;
      if (deep && !(left.push(slot) && depths.push(deepness))) limit = 'bytes';
    }
    return -1;
  };

  const begin = (): Outcome | null => {
    model.initial(world);
    store.add(world, 0);
    store.setNote(0, parent, -1);
    if (deep) {
      left.push(0);
      depths.push(0);
    }
    return violated(world) ? end(0) : null;
  };

  /** Puts the successors of the world at `slot` behind the `count` there are in the batch, and says how many there are now. */
  const collect = (slot: number, count: number): number => {
    expanded++;
    store.read(slot, world);
    const upTo = count + successors(world, next, count * words);
    for (let nth = count; nth < upTo; nth++) cameFrom[nth] = slot;
    return upTo;
  };

  /** A batch from the worlds of this level that are next. */
  const collectSome = (): number => {
    let count = 0;
    while (at < levelEnd && count + successorsMax <= batch) count = collect(at++, count);
    return count;
  };

  /** Whether a world is left to expand; breadth first this turns to the next level when one is done. */
  const isAnyLeft = (): boolean => {
    if (deep) return left.length() > 0;
    if (at === levelEnd) {
      levelEnd = store.size();
      level++;
    }
    return at < levelEnd;
  };

  return {
    advance: (most) => {
      if (store.size() === 0 && begin() !== null) return outcome;
      const upTo = expanded + most;
      while (outcome === null && expanded < upTo) {
        if (limit === 'worlds' || limit === 'bytes' || !isAnyLeft()) return end(null);
        const broken = deep ? settle(collect(left.pop(), 0), depths.pop() + 1) : settle(collectSome(), level + 1);
        if (broken >= 0) return end(broken);
      }
      return outcome;
    },
    worlds: store.size,
  };
};

/** The worlds from the first to the one at `slot`, found backwards. */
const pathTo = (model: PackedModel, store: Store, slot: number): readonly PathStep[] => {
  const worlds: Int32Array[] = [];
  for (let at = slot; at >= 0; at = store.note(at, parent)) {
    const world = new Int32Array(model.words);
    store.read(at, world);
    worlds.push(world);
  }
  worlds.reverse();
  return worlds.map((world, i) => ({ world, nth: nthOf(model, worlds[i - 1], world) }));
};

/** Which successor of `before` the world is: not stored, worked out again for the few worlds of a path. */
const nthOf = (model: PackedModel, before: Int32Array | undefined, world: Int32Array): number => {
  if (before === undefined) return -1;
  const next = new Int32Array(model.successorsMax * model.words);
  const count = model.successors(before, next, 0);
  for (let nth = 0; nth < count; nth++) if (world.every((word, i) => next[nth * model.words + i] === word)) return nth;
  throw new Error(
    'a world is no successor of the one it was reached from: the model answers differently each time it is asked',
  );
};
