/** Every scenario with its runs: the only place where the pages meet the simulator. */

import type { Run, Scenario, Turn } from '../sim/engine/types.ts';
import { turnedMark } from '../sim/runs/brief-parts.ts';
import { replayCommand } from '../sim/runs/replay-command.ts';
import { runStory } from '../sim/runs/run.ts';
import { inQuestion } from '../sim/runs/telling/first-screen.ts';
import { formatTrace } from '../sim/runs/trace.ts';
import { errorLine, parseScenario } from '../sim/scenario/parse.ts';

export type Variant = {
  /** As in the scenario's `without`; `null` for the scenario as it is written. */
  readonly key: string | null;
  /** Where it is told, from the root: the page of its scenario, or its part there. */
  readonly href: string;
  /** What its part of the page is called: `without-4385-push-cross-signed-only`, `run` for the scenario as written. */
  readonly name: string;
  /** Where it stands as text. */
  readonly text: string;
  readonly turns: readonly Turn[];
  /** Played when it is first asked for: a page that speaks of one scenario plays no other. */
  readonly run: Run;
};
export type Entry = {
  readonly scenario: Scenario;
  readonly source: string;
  readonly variants: readonly [Variant, ...Variant[]];
};

/** The page of a scenario. */
export const scenarioHref = (id: string): string => `/scenarios/${id}/`;
/** Its runs as text, or in that the run with the n-th setting turned, which browsers find that can. */
const textHref = (id: string, turned: number | null): string =>
  `${scenarioHref(id)}run.txt${turned === null ? '' : `#:~:text=${encodeURIComponent(turnedMark(turned))}`}`;
/** All JSON and all bytes of the steps of a scenario as written (`letters.ts`). */
export const stepsHref = (id: string): string => `${scenarioHref(id)}steps.json.gz`;
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
  const variant = (key: string | null, turns: readonly Turn[], nth: number | null): Variant => {
    const name = key === null ? 'run' : `without-${slug(key)}`;
    // A page speaks of the guarantees in question alone.
    const played = once(() => inQuestion(runStory(scenario, { turns })));
    return {
      key,
      href: `${scenarioHref(id)}${key === null ? '' : `#${name}`}`,
      name,
      text: textHref(id, nth),
      turns,
      get run() {
        return played();
      },
    };
  };
  return {
    scenario,
    source,
    variants: [variant(null, [], null), ...scenario.without.map(({ key, turns }, nth) => variant(key, turns, nth))],
  };
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

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

/** Everything with a free part, by id: the arenas, and scenarios of which every world is looked at. */
export const freePlay: ReadonlyMap<string, Scenario> = new Map([
  ...Object.entries(sources)
    .map(([path, source]) => parsedOf(path, source))
    .filter(({ explore }) => explore !== null)
    .map((scenario) => [scenario.id, scenario] as const),
  ...arenas,
]);

/** The line that replays a run. */
export const replayLine = (run: Run): string => replayCommand(formatTrace(run.trace));

type Neighbour = { readonly href: string; readonly text: string } | null;

/** Where a scenario stands among the others: its folder, and its neighbours there. */
export const aroundOf = ({
  scenario,
}: Entry): { readonly folder: string; readonly before: Neighbour; readonly after: Neighbour } => {
  const folderOf = (id: string): string => id.split('/')[0] ?? '';
  const folder = folderOf(scenario.id);
  const own = entries.filter((entry) => folderOf(entry.scenario.id) === folder);
  const nth = own.findIndex((entry) => entry.scenario.id === scenario.id);
  const neighbour = (at: number): Neighbour => {
    const entry = at < 0 ? undefined : own[at];
    return entry === undefined ? null : { href: scenarioHref(entry.scenario.id), text: entry.scenario.title };
  };
  return { folder, before: neighbour(nth - 1), after: neighbour(nth + 1) };
};
