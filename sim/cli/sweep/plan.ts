/** What a sweep is to do: scenarios × settings × seeds, as a small YAML file says, each as a job that is named by what it does. */
import { createHash } from 'node:crypto';
import type { Scenario, Turn } from '../../engine/types.ts';
import { formatWritten } from '../../runs/trace.ts';
import { errorLine, type ScenarioError } from '../../scenario/parse.ts';
import { asCount, asList, asMapping, asWord, fieldsOf, may, type Report } from '../../scenario/reader.ts';
import { readTurns, turnableIn } from '../../scenario/turns.ts';
import { readYaml, type Tree } from '../../scenario/yaml.ts';

/** How each job goes through its scenario: the story as it is written, or a random walk. */
export type Way = { readonly is: 'story' } | { readonly is: 'walk'; readonly stepsMax: number };

/** A sweep as its file says. `settings`: keys as in a scenario's `without`; `null`: as it is written. */
export type Sweep = {
  readonly scenarios: readonly string[];
  readonly settings: readonly (string | null)[];
  readonly seeds: number;
  readonly way: Way;
};

/** One run. `name` says all of it: the line that replays a story, or where a walk begins. */
export type Job = {
  readonly name: string;
  /** The file of its scenario. */
  readonly path: string;
  readonly scenario: string;
  readonly setting: string | null;
  readonly turns: readonly Turn[];
  readonly seed: string;
  readonly way: Way;
};

/** All jobs in their order, and settings that some scenario does not have: there they are left out, and that is told. */
export type Plan = {
  readonly jobs: readonly Job[];
  readonly left: readonly { readonly scenario: string; readonly setting: string; readonly why: string }[];
  /** The same for the same jobs in the same order. */
  readonly digest: string;
};

export type ReadSweep =
  | { readonly ok: true; readonly sweep: Sweep }
  | { readonly ok: false; readonly mistakes: readonly string[] };

const asWritten = 'as written';
const most = { seeds: 1_000_000, steps: 400, settings: 1000, scenarios: 1000 } as const;

const wordsIn = (report: Report, tree: Tree, what: string, max: number): readonly string[] => {
  const items = tree.is === 'list' ? asList(report, tree, `a list of ${what}`) : [tree];
  if (items.length > max) report(tree.at, `${items.length} ${what} are too many`, `at most ${max}`);
  return items.slice(0, max).flatMap((item) => asWord(report, item, what) ?? []);
};

/** Reads the text of a sweep. Never throws. @param file its name, for what is wrong with it */
export const readSweep = (text: string, file: string): ReadSweep => {
  const { tree, faults, placeOf } = readYaml(text);
  const mistakes: ScenarioError[] = [];
  const report: Report = (at, message, expected, nearest = null) =>
    void mistakes.push({ ...placeOf(at), message, expected, nearest });
  for (const fault of faults) report(fault.at, fault.message, fault.expected);
  const mapping = tree === null ? null : asMapping(report, tree, 'scenarios: [secret-push/]');
  if (tree === null && faults.length === 0) report(0, 'the file is empty', 'scenarios: [secret-push/]');
  const fields =
    mapping === null
      ? {}
      : fieldsOf(report, mapping, 'a sweep', { scenarios: 'needed', ...may('settings', 'seeds', 'walks') });
  const scenarios = fields.scenarios ? wordsIn(report, fields.scenarios.value, 'scenarios', most.scenarios) : [];
  const named = fields.settings ? wordsIn(report, fields.settings.value, 'settings', most.settings) : [asWritten];
  const seeds = fields.seeds ? (asCount(report, fields.seeds.value, most.seeds) ?? 1) : 1;
  const stepsMax = fields.walks ? asCount(report, fields.walks.value, most.steps) : null;
  if (fields.scenarios && scenarios.length === 0) report(fields.scenarios.at, 'no scenario is named', 'scenarios: […]');
  if (mistakes.length > 0) return { ok: false, mistakes: mistakes.map((error) => errorLine(file, error)) };
  const settings = named.map((key) => (key === asWritten ? null : key));
  return {
    ok: true,
    sweep: { scenarios, settings, seeds, way: stepsMax === null ? { is: 'story' } : { is: 'walk', stepsMax } },
  };
};

/** How a setting is called that turns nothing. */
export const settingWords = (setting: string | null): string => setting ?? asWritten;

/** A name that says all that a job does. */
const nameOf = (scenario: Scenario, turns: readonly Turn[], seed: string, way: Way): string => {
  const line = formatWritten({ scenario: scenario.id, turns, seed });
  return way.is === 'story' ? line : `walk of ${way.stepsMax}: ${line}`;
};

/** @param scenarios those that the sweep's words name, with their files. Free play has no story: it is walked through alone. */
export const planOf = (
  sweep: Sweep,
  scenarios: readonly { readonly scenario: Scenario; readonly path: string }[],
): Plan => {
  const { way } = sweep;
  const left: { scenario: string; setting: string; why: string }[] = [];
  const jobs = scenarios
    .filter(({ scenario }) => way.is === 'walk' || scenario.explore === null)
    .flatMap(({ scenario, path }) =>
      sweep.settings.flatMap((setting) => {
        const { turns, wrong } = setting === null ? { turns: [], wrong: [] } : readTurns(setting, turnableIn(scenario));
        const [mistake] = wrong;
        if (mistake !== undefined && setting !== null) {
          left.push({ scenario: scenario.id, setting, why: mistake.message });
          return [];
        }
        return Array.from({ length: sweep.seeds }, (_, nth): Job => {
          const seed = String(nth + 1);
          return { name: nameOf(scenario, turns, seed, way), path, scenario: scenario.id, setting, turns, seed, way };
        });
      }),
    );
  const hash = createHash('sha256');
  for (const { name } of jobs) hash.update(`${name}\n`);
  return { jobs, left, digest: hash.digest('hex').slice(0, 16) };
};
