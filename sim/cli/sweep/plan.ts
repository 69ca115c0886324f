/** What a sweep is to do: scenarios × settings × seeds, as a small YAML file says, each as a job that is named by what it does. */
import { createHash } from 'node:crypto';
import type { Scenario } from '../../engine/types.ts';
import { formatWritten } from '../../runs/trace.ts';
import { errorLine, type ScenarioError } from '../../scenario/parse.ts';
import { asCount, asList, asMapping, asWord, fieldsOf, may, type Report } from '../../scenario/reader.ts';
import { readTurns, turnableIn } from '../../scenario/turns.ts';
import { readYaml, type Tree } from '../../scenario/yaml.ts';
import { type Job, jobOf } from './kind.ts';
import { type RunTask, runKind, type Way } from './kinds/run.ts';
import { stepsMost } from './kinds/setting.ts';
import { type Shelf, shelfDigest } from './shelf.ts';

/** A sweep as its file says. `settings`: keys as in a scenario's `without`; `null`: as it is written. */
export type Sweep = {
  readonly scenarios: readonly string[];
  readonly settings: readonly (string | null)[];
  readonly seeds: number;
  readonly way: Way;
};

/** All jobs in their order, and settings that some scenario does not have: there they are left out, and that is told. */
export type Plan = {
  readonly jobs: readonly Job<RunTask>[];
  readonly left: readonly { readonly scenario: string; readonly setting: string; readonly why: string }[];
};

export type ReadSweep =
  | { readonly ok: true; readonly sweep: Sweep }
  | { readonly ok: false; readonly mistakes: readonly string[] };

const asWritten = 'as written';
const most = { seeds: 1_000_000, steps: stepsMost, settings: 1000, scenarios: 1000 } as const;

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

/** @param scenarios those that the sweep's words name. Free play has no story: it is walked through alone. */
export const planOf = (sweep: Sweep, scenarios: readonly Scenario[]): Plan => {
  const { way } = sweep;
  const left: { scenario: string; setting: string; why: string }[] = [];
  const jobs = scenarios
    .filter(({ explore }) => way.is === 'walk' || explore === null)
    .flatMap((scenario) =>
      sweep.settings.flatMap((setting) => {
        const { turns, wrong } = setting === null ? { turns: [], wrong: [] } : readTurns(setting, turnableIn(scenario));
        const [mistake] = wrong;
        if (mistake !== undefined && setting !== null) {
          left.push({ scenario: scenario.id, setting, why: mistake.message });
          return [];
        }
        return Array.from({ length: sweep.seeds }, (_, nth) => {
          const seed = String(nth + 1);
          const written = formatWritten({ scenario: scenario.id, turns, seed });
          return jobOf(runKind, { scenario: scenario.id, setting, seed, way, written });
        });
      }),
    );
  return { jobs, left };
};

/** The same for the same jobs in the same order, of the same scenarios. */
export const planDigest = (jobs: readonly { readonly name: string }[], shelf: Shelf): string => {
  const hash = createHash('sha256').update(shelfDigest(shelf));
  for (const { name } of jobs) hash.update(`\n${name}`);
  return hash.digest('hex').slice(0, 16);
};
