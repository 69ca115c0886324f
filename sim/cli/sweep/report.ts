/** What a sweep comes to: the same bytes for the same jobs, whoever did them, where, and in which order. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Verdict } from '../../engine/types.ts';
import type { Job } from './kind.ts';
import { type RunCame, type RunTask, runKind } from './kinds/run.ts';
import { type Plan, settingWords } from './plan.ts';
import type { Known } from './record.ts';

/** A guarantee that broke: how often, where first, and the line that replays that. */
export type BreakOf = {
  readonly guarantee: GuaranteeId;
  readonly verdict: Verdict;
  readonly runs: number;
  readonly at: string | null;
  readonly replay: string;
};
export type Row = {
  readonly scenario: string;
  readonly setting: string;
  readonly runs: number;
  readonly breaks: readonly BreakOf[];
};
export type Report = {
  readonly hearsay: string;
  readonly plan: string;
  readonly jobs: number;
  readonly rows: readonly Row[];
  /** Jobs that no process survived, or that could not be done, with what was said last, and the command that does one alone. */
  readonly setAside: readonly { readonly name: string; readonly why: string; readonly again: string }[];
  /** Settings that some scenario does not have. */
  readonly left: Plan['left'];
  /** Names of jobs that nobody has done. */
  readonly missing: readonly string[];
};

const isBreak = (verdict: Verdict): boolean => verdict === 'breaks' || verdict === 'accepted';

const breaksIn = (runs: readonly RunCame[]): readonly BreakOf[] => {
  const found = new Map<string, BreakOf>();
  for (const { replay, verdicts } of runs)
    for (const { guarantee, verdict, at } of verdicts) {
      if (!isBreak(verdict)) continue;
      const key = `${guarantee} ${verdict}`;
      const before = found.get(key) ?? { guarantee, verdict, runs: 0, at, replay };
      found.set(key, { ...before, runs: before.runs + 1 });
    }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
};

/** The report of a plan whose jobs came to `known`. */
export const reportOf = (
  plan: Plan,
  { hearsay, plan: digest }: { readonly hearsay: string; readonly plan: string },
  { done, setAside }: Known<RunCame>,
): Report => {
  const groups = Map.groupBy(
    plan.jobs,
    ({ task: { scenario, setting } }: Job<RunTask>) => `${scenario}\n${settingWords(setting)}`,
  );
  const rows = [...groups.values()].flatMap((jobs): readonly Row[] => {
    const [first] = jobs;
    if (first === undefined) return [];
    const runs = jobs.flatMap(({ name }) => done.get(name) ?? []);
    return [
      {
        scenario: first.task.scenario,
        setting: settingWords(first.task.setting),
        runs: runs.length,
        breaks: breaksIn(runs),
      },
    ];
  });
  return {
    hearsay,
    plan: digest,
    jobs: plan.jobs.length,
    rows,
    setAside: plan.jobs.flatMap(({ name, task }) => {
      const why = done.has(name) ? undefined : setAside.get(name);
      return why === undefined ? [] : [{ name, why, again: runKind.again(task) }];
    }),
    left: plan.left,
    missing: plan.jobs.flatMap(({ name }) => (done.has(name) || setAside.has(name) ? [] : [name])),
  };
};
