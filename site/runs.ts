/** Every scenario with its runs: the only place where the pages meet the simulator. */

import type { Run, Scenario, Turn } from '../sim/engine/types.ts';
import { runStory } from '../sim/runs/run.ts';
import { formatTrace } from '../sim/runs/trace.ts';
import { errorLine, parseScenario } from '../sim/scenario/parse.ts';

export type Variant = {
  /** As in the scenario's `without`; `null` for the scenario as it is written. */
  readonly key: string | null;
  /** Address of its bench, from the root. */
  readonly href: string;
  readonly turns: readonly Turn[];
  readonly run: Run;
};
export type Entry = {
  readonly scenario: Scenario;
  readonly source: string;
  readonly variants: readonly [Variant, ...Variant[]];
};

const hrefOf = (id: string, key: string | null): string =>
  `/scenarios/${id}/${key === null ? '' : `without/${slug(key)}/`}`;
const slug = (key: string): string =>
  key
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const sources = import.meta.glob<string>(['../scenarios/**/*.yaml', '!../scenarios/arenas/*'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

const parsedOf = (path: string, source: string): Scenario => {
  const id = path.replace(/^.*\/scenarios\//, '').replace(/\.yaml$/, '');
  const parsed = parseScenario(source, id);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(path, error)).join('\n'));
  return parsed.scenario;
};

const entryOf = (path: string, source: string): Entry => {
  const scenario = parsedOf(path, source);
  const { id } = scenario;
  const variant = (key: string | null, turns: readonly Turn[]): Variant => ({
    key,
    href: hrefOf(id, key),
    turns,
    run: only(runStory(scenario, { turns }), scenario),
  });
  return {
    scenario,
    source,
    variants: [variant(null, []), ...scenario.without.map(({ key, turns }) => variant(key, turns))],
  };
};

/** A page speaks of the guarantees its scenario expects something of; the others are not in question there. */
const only = (run: Run, { expect }: Scenario): Run => ({
  ...run,
  judgements: run.judgements.filter(({ guarantee }) => expect.some((one) => one.guarantee === guarantee)),
});

/** Scenarios, in the order of their folders; free play has no one run to draw. */
export const entries: readonly Entry[] = Object.entries(sources)
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([path, source]) => entryOf(path, source))
  .filter(({ scenario }) => scenario.explore === null);

/** What the explorer searched for the ablation, by id: free play, so that it has no run of its own. */
export const arenas: ReadonlyMap<string, Scenario> = new Map(
  Object.entries(
    import.meta.glob<string>('../scenarios/arenas/*.yaml', { query: '?raw', import: 'default', eager: true }),
  )
    .map(([path, source]) => parsedOf(path, source))
    .map((scenario) => [scenario.id, scenario]),
);

/** The line that replays a run. */
export const replayLine = (run: Run): string => `npm run replay -- '${formatTrace(run.trace)}'`;
