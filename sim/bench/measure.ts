/** The twin's sizes, and what one search of it by the engine takes. */
import counts from '../explorer/bench/counts.json' with { type: 'json' };
import { makeTwin, type Size } from '../explorer/bench/twin.ts';
import type { Outcome } from '../explorer/engine/model.ts';
import { search } from '../explorer/engine/search.ts';

/** A size of the twin, with the states and transitions SPIN counted. */
export type Counted = (typeof counts.sizes)[number];
export const sizes: readonly Counted[] = counts.sizes;

/** The size of that name. Throws when there is none: `sizes` has the names. */
export const named = (name: string): Counted => {
  const size = sizes.find((one) => one.name === name);
  if (size === undefined) throw new Error(`no size is named ${name}: ${sizes.map((one) => one.name).join(', ')}`);
  return size;
};

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

export const msOf = (run: () => unknown): number => {
  const begun = performance.now();
  run();
  return performance.now() - begun;
};

/** In milliseconds: one search as a user has it, and one more of the same twin, whose local steps are known by then. */
export type Searched = { readonly ms: number; readonly knownMs: number; readonly outcome: Outcome };

/** Searches a twin made anew. Throws when the worlds are not as many as SPIN counted. */
export const searched = (size: Size & { readonly states: number }): Searched => {
  const begun = performance.now();
  const { model } = makeTwin(size, true);
  const outcome = search(model);
  const ms = performance.now() - begun;
  if (outcome.worlds !== size.states)
    throw new Error(`the engine found ${outcome.worlds} worlds where SPIN counted ${size.states}`);
  return { ms, knownMs: msOf(() => search(model)), outcome };
};
