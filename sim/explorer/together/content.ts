/**
 * Hashes of what worlds hold. Each worker numbers values and cells in its own order, but values and paths are the same in both,
 * and so are their hashes: by them it is settled whose a world is.
 */
import type { Moves } from '../moves.ts';

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};
/** After this every bit depends on every other. */
export const spread = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
};

/** Kinds of values, so that `1`, `'1'` and `[1]` differ. */
const kinds = { text: 3, number: 5, yes: 7, no: 11, nothing: 13, list: 17, record: 19 } as const;

export type Content = {
  /** A sum over cells: what one cell adds depends on its path and its value. */
  readonly of: (world: Int32Array) => number;
  /** The same of `next`, where that of `world` is known. */
  readonly after: (hash: number, world: Int32Array, next: Int32Array) => number;
};

/** @param counts whether a cell of that path counts (`null`: a guarantee's memory) */
export const makeContent = (
  moves: Pick<Moves, 'valueOf' | 'idOf' | 'cellPaths'>,
  counts: (path: readonly string[] | null) => boolean = () => true,
): Content => {
  const texts = new Map<string, number>();
  /** By id; 0 where nobody has asked yet. */
  let ofValues = new Int32Array(1 << 12);
  const ofCells: number[] = [];
  let memories = 0;

  const textHash = (text: string): number => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    let hash: number = kinds.text;
    for (let at = 0; at < text.length; at += 1) hash = mix(hash, text.charCodeAt(at));
    texts.set(text, hash);
    return hash;
  };
  const partHash = (value: unknown): number => {
    if (typeof value === 'string') return textHash(value);
    if (typeof value === 'number') return mix(kinds.number, textHash(String(value)));
    if (typeof value === 'boolean') return value ? kinds.yes : kinds.no;
    return value === null ? kinds.nothing : hashOf(moves.idOf(value as never));
  };
  const valueHash = (value: unknown): number => {
    if (Array.isArray(value)) {
      let hash: number = kinds.list;
      for (const member of value) hash = mix(hash, partHash(member));
      return hash;
    }
    if (typeof value !== 'object' || value === null) return partHash(value);
    // The order of names is no part of a value.
    let sum: number = kinds.record;
    for (const [name, own] of Object.entries(value))
      if (own !== undefined) sum = (sum + spread(mix(textHash(name), partHash(own)))) | 0;
    return spread(sum);
  };
  const hashOf = (id: number): number => {
    if (id < ofValues.length && ofValues[id] !== 0) return ofValues[id] as number;
    const hash = valueHash(moves.valueOf(id)) || 1;
    if (id >= ofValues.length) {
      const wider = new Int32Array(2 ** Math.ceil(Math.log2(id + 1)));
      wider.set(ofValues);
      ofValues = wider;
    }
    ofValues[id] = hash;
    return hash;
  };

  const learnCells = (): void => {
    const paths = moves.cellPaths();
    for (let cell = ofCells.length; cell < paths.length; cell += 1) {
      const path = paths[cell] ?? null;
      const place = textHash(path === null ? `memory ${memories}` : path.join('\0'));
      if (path === null) memories += 1;
      ofCells.push(counts(path) ? place | 1 : 0);
    }
  };
  const cellHash = (cell: number, id: number): number => {
    const place = ofCells[cell] as number;
    return id === 0 || place === 0 ? 0 : spread(mix(place, hashOf(id)));
  };

  return {
    of: (world) => {
      learnCells();
      let sum = 0;
      for (let cell = 0; cell < ofCells.length; cell += 1) sum = (sum + cellHash(cell, world[cell] as number)) | 0;
      return sum;
    },
    after: (hash, world, next) => {
      learnCells();
      let sum = hash;
      for (let cell = 0; cell < ofCells.length; cell += 1) {
        const [before, now] = [world[cell] as number, next[cell] as number];
        if (before !== now) sum = (sum + cellHash(cell, now) - cellHash(cell, before)) | 0;
      }
      return sum;
    },
  };
};
