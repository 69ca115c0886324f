/** Worlds handed from one worker to the other, whose ids and cells have other numbers: each value and path is told once. */
import type { Json } from '../../../machines/json.ts';
import type { Moves } from '../moves.ts';
import type { Batch } from './protocol.ts';

export type Sender = {
  /** `hash`: of the world's content, by which a world that is in the batch already is found. */
  readonly add: (cells: Int32Array, hash: number, key: number, depth: number) => void;
  /** What was added since it was last asked. */
  readonly batch: () => Batch;
};

const recentMax = 1 << 12;

export const makeSender = (moves: Pick<Moves, 'cellPaths' | 'valueOf' | 'cellsMax'>): Sender => {
  const width = moves.cellsMax;
  let told = new Uint8Array(1 << 12);
  let pathsTold = 0;
  let cells = new Int32Array(width << 8);
  let keys: number[] = [];
  let depths: number[] = [];
  let values: [number, Json][] = [];
  /** Places of worlds in the batch, plus one, by their hash. A place that is taken is taken over: it only saves work. */
  const recent = new Int32Array(recentMax);

  const isAt = (place: number, world: Int32Array): boolean => {
    for (let cell = 0, at = place * width; cell < width; cell += 1, at += 1)
      if (cells[at] !== world[cell]) return false;
    return true;
  };
  const tell = (id: number): void => {
    if (id >= told.length) {
      const wider = new Uint8Array(2 ** Math.ceil(Math.log2(id + 1)));
      wider.set(told);
      told = wider;
    }
    if (told[id] === 1) return;
    told[id] = 1;
    values.push([id, moves.valueOf(id)]);
  };

  return {
    add: (world, hash, key, depth) => {
      const bucket = hash & (recentMax - 1);
      const there = (recent[bucket] as number) - 1;
      // Whoever came first has the smaller key.
      if (there >= 0 && isAt(there, world)) return;
      recent[bucket] = keys.length + 1;
      const at = keys.length * width;
      if (at + width > cells.length) {
        const wider = new Int32Array(cells.length * 2);
        wider.set(cells);
        cells = wider;
      }
      cells.set(world, at);
      for (let cell = 0; cell < width; cell += 1) if (world[cell] !== 0) tell(world[cell] as number);
      keys.push(key);
      depths.push(depth);
    },
    batch: () => {
      const paths = moves.cellPaths();
      const batch: Batch = {
        keys: Float64Array.from(keys),
        depths: Int32Array.from(depths),
        cells: cells.slice(0, keys.length * width),
        width,
        paths: paths.slice(pathsTold),
        values,
      };
      pathsTold = paths.length;
      keys = [];
      depths = [];
      values = [];
      recent.fill(0);
      return batch;
    },
  };
};

/** Calls `each` with the cells of every world of a batch, in an array that is overwritten by the next. */
export type Receiver = (batch: Batch, each: (cells: Int32Array, key: number, depth: number) => void) => void;

export const makeReceiver = (moves: Pick<Moves, 'cellOf' | 'cellPaths' | 'idOf' | 'cellsMax'>): Receiver => {
  let ids = new Int32Array(1 << 12);
  const cellOf: number[] = [];
  const world = new Int32Array(moves.cellsMax);
  const learn = (id: number, value: Json): void => {
    if (id >= ids.length) {
      const wider = new Int32Array(2 ** Math.ceil(Math.log2(id + 1)));
      wider.set(ids);
      ids = wider;
    }
    ids[id] = moves.idOf(value);
  };
  return ({ keys, depths, cells, width, paths, values }, each) => {
    // Memories stand in the same cells on both sides: they are made before anything happens.
    for (const path of paths) cellOf.push(path === null ? cellOf.length : moves.cellOf(path));
    for (const [id, value] of values) learn(id, value);
    for (let nth = 0; nth < keys.length; nth += 1) {
      world.fill(0);
      const at = nth * width;
      for (let cell = 0; cell < cellOf.length; cell += 1) {
        const id = cells[at + cell] as number;
        if (id !== 0) world[cellOf[cell] as number] = ids[id] as number;
      }
      each(world, keys[nth] as number, depths[nth] as number);
    }
  };
};
