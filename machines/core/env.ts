import type { Chart, ChartInput, ChartState } from '../chart.ts';
import type { Label, Suite } from '../suite.ts';
import type { Out, Store } from '../types.ts';

/**
 * A device: its store and its charts at rest, by id, or by id and room where each room has an instance (`key-bundle !den:x`).
 * A plain value.
 */
export type Device = { readonly store: Store; readonly charts: Readonly<Record<string, ChartState>> };

/** What a device runs on, and never changes during a run. */
export type Env = {
  readonly suite: Suite;
  /** First part of every label of its randomness. */
  readonly owner: string;
  /** In the register's fixed order. */
  readonly charts: readonly Chart[];
  readonly input: ChartInput;
  /** How many one-time keys are kept on the server. Clients keep 50; fewer make the same stories cheaper. */
  readonly oneTimeKeysMin: number;
};

/** A step of the core: a new store and what leaves. */
export type CoreStep = { readonly store: Store; readonly outs: readonly Out[] };

export const label = (env: Env, purpose: string): Label => `${env.owner}/${purpose}`;

/** The next number of `what`, and the store that has counted it. */
export const count = (store: Store, what: string): { readonly store: Store; readonly number: number } => {
  const number = store.counts[what] ?? 0;
  return { number, store: { ...store, counts: { ...store.counts, [what]: number + 1 } } };
};
