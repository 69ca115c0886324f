/**
 * A search that was left, as plain JSON: the worlds and how they were reached, and what stands in their cells. Steps are not
 * kept: what is remembered of them grows again in the first seconds.
 */
import type { Json } from '../../machines/json.ts';
import type { Moves } from './moves.ts';
import type { Search, Seen } from './search.ts';
import type { Store } from './store.ts';
import { makeWorlds, type Worlds } from './worlds.ts';

export type Kept = {
  readonly cellsMax: number;
  /** The path of each cell, in order; `null` for a guarantee's memory. */
  readonly cells: readonly (readonly string[] | null)[];
  /** What stands in cells: its number and the value. */
  readonly values: readonly (readonly [id: number, value: Json])[];
  /** The levels of the tree of worlds, eight numbers (or fewer at the root) each, in order. */
  readonly chunks: readonly number[];
  readonly halves: readonly number[];
  readonly roots: readonly number[];
  /** For each world the one it was reached from, its choice there, and how many acts of attackers are on the way. */
  readonly parents: readonly number[];
  readonly choices: readonly number[];
  readonly attacks: readonly number[];
  readonly seen: Seen;
};

const numbersOf = (store: Store, words: number): number[] => {
  const all: number[] = [];
  const one = new Int32Array(words);
  for (let slot = 0; slot < store.size(); slot += 1) {
    store.read(slot, one);
    for (const number of one) all.push(number);
  }
  return all;
};

export const keep = (moves: Moves, search: Search): Kept => {
  const { chunks, halves, roots } = search.worlds.levels;
  const inCells = numbersOf(chunks, 8);
  const parents: number[] = [];
  const choices: number[] = [];
  const attacks: number[] = [];
  for (let world = 0; world < search.worlds.size(); world += 1) {
    parents.push(search.worlds.parentOf(world));
    choices.push(search.worlds.choiceOf(world));
    attacks.push(search.worlds.attacksOf(world));
  }
  return {
    cellsMax: moves.cellsMax,
    cells: moves.cellPaths(),
    values: [...new Set(inCells)].filter((id) => id !== 0).map((id) => [id, moves.valueOf(id)]),
    chunks: inCells,
    halves: numbersOf(halves, 8),
    roots: numbersOf(roots, moves.cellsMax / 64),
    parents,
    choices,
    attacks,
    seen: search.seen(),
  };
};

/** Throws when what was kept belongs to another scenario: its cells are others. */
export const takeUp = (
  kept: Kept,
  moves: Moves,
  worldsMax: number,
): { readonly worlds: Worlds; readonly seen: Seen } => {
  moves.takeCells(kept.cells);
  const idOf = new Map<number, number>([[0, 0], ...kept.values.map(([id, value]) => [id, moves.idOf(value)] as const)]);
  const worlds = makeWorlds(kept.cellsMax, worldsMax);
  const { chunks, halves, roots } = worlds.levels;
  const fill = (store: Store, words: number, numbers: readonly number[]): void => {
    const one = new Int32Array(words);
    for (let at = 0; at < numbers.length; at += words) {
      for (let word = 0; word < words; word += 1) one[word] = numbers[at + word] ?? 0;
      if (store.add(one, 0) !== at / words)
        throw new Error('what was kept of a search holds a world twice: was the file changed?');
    }
  };
  fill(
    chunks,
    8,
    kept.chunks.map((id) => idOf.get(id) ?? 0),
  );
  fill(halves, 8, kept.halves);
  fill(roots, kept.cellsMax / 64, kept.roots);
  kept.parents.forEach((parent, world) => {
    worlds.reroute(world, parent, kept.choices[world] ?? 0, kept.attacks[world] ?? 0);
  });
  return { worlds, seen: kept.seen };
};
