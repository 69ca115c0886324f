/** What the search engine searches: worlds that are a few 32-bit integers, and all that can follow from one. */

export type PackedModel = {
  /** 32-bit integers of a world. Equal worlds must have equal words. */
  readonly words: number;
  /** No world has more successors than this. */
  readonly successorsMax: number;
  /** Writes the first world to the start of `out`. */
  readonly initial: (out: Int32Array) => void;
  /**
   * Writes the successors of `world` (`words` long, not to be kept or changed) to `out` from index `at` on, one after
   * another, always in the same order, and returns how many there are. There is room for `successorsMax`.
   */
  readonly successors: (world: Int32Array, out: Int32Array, at: number) => number;
  /** Whether this world breaks what is to hold. */
  readonly violated: (world: Int32Array) => boolean;
};

/** Where a search gives up. `bytes` bounds what the tables take, not counting a moment of growing. */
export type Bounds = { readonly worldsMax: number; readonly depthMax: number; readonly bytesMax: number };
export type Limit = 'worlds' | 'depth' | 'bytes';

export type Order = 'breadth first' | 'depth first';

export type Outcome = {
  /** `unsettled`: nothing broke as far as the search came, and a bound kept it from seeing every reachable world. */
  readonly verdict: 'holds' | 'breaks' | 'unsettled';
  readonly limit: Limit | null;
  readonly worlds: number;
  /** Successors looked at, whether new or seen before. */
  readonly transitions: number;
  /** Steps to the world farthest from the first, on the ways taken. */
  readonly depth: number;
  readonly bytes: number;
  /** From the first world to the one that breaks, a shortest way when searched breadth first; `null` otherwise. */
  readonly path: readonly PathStep[] | null;
};

/** A world on a path. `nth` successor of the one before it, -1 for the first. */
export type PathStep = { readonly world: Int32Array; readonly nth: number };
