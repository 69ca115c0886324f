/** One scenario with two sets of dials: whose verdicts differ, and where the two runs part. */

import { verdictsOf } from './explorer/verdicts.ts';
import { momentLine } from './export/moment-line.ts';
import { type RunOptions, runStory } from './run.ts';
import { formatTrace } from './trace.ts';
import type { ClauseId, Judgement, Moment, Run, Scenario, Step, Turn } from './types.ts';

/** What one of two runs does where they part. */
export type Branch = {
  /** `alice.phone syncs`; `null`: this run has ended before. */
  readonly choice: string | null;
  /** What happens first that does not happen in the other; `null`: nothing more. */
  readonly moment: string | null;
};
/** `step`: index of the first step that differs. */
export type Parting = { readonly step: number; readonly one: Branch; readonly other: Branch };

export type Compared = {
  readonly scenario: Scenario;
  /** Every guarantee that was judged, under the first dials and under the others. */
  readonly verdicts: readonly { readonly guarantee: string; readonly one: Judgement; readonly other: Judgement }[];
  /** `null`: the same happens in both, or there is no one run (free play). */
  readonly parting: Parting | null;
  /** Clauses that speak somewhere in one run and nowhere in the other. */
  readonly only: readonly [readonly ClauseId[], readonly ClauseId[]];
  /** The line that replays each; `null` where all worlds were seen and none breaks. */
  readonly lines: readonly [string | null, string | null];
};

// What clauses say and charts hear is not yet what happens: two texts may come to the same by different ways.
const inward: readonly Moment['kind'][] = ['clause', 'heard', 'state'];
const happenings = ({ moments }: Step): readonly Moment[] => moments.filter(({ kind }) => !inward.includes(kind));
const seen = (step: Step | undefined): string =>
  step === undefined ? '' : JSON.stringify([step.choice.id, happenings(step)]);

const spoken = (steps: readonly Step[]): readonly ClauseId[] => [
  ...new Set(
    steps.flatMap(({ moments }) => moments.flatMap((moment) => (moment.kind === 'clause' ? [moment.clause] : []))),
  ),
];
const onlyIn = (steps: readonly Step[], others: readonly Step[]): readonly ClauseId[] => {
  const heard = new Set(spoken(others));
  return spoken(steps).filter((clause) => !heard.has(clause));
};

const branchOf = (mine: Step | undefined, theirs: Step | undefined): Branch => {
  const [here, there] = [mine, theirs].map((step) => (step === undefined ? [] : happenings(step)));
  const nth = (here ?? []).findIndex((moment, at) => JSON.stringify(moment) !== JSON.stringify(there?.[at]));
  const moment = here?.[nth];
  const line = moment === undefined ? null : momentLine(moment);
  return {
    choice: mine?.choice.sentence ?? null,
    moment: line === null ? null : `${line.tag} ${line.where}  ${line.text}`,
  };
};

/** Where two runs of one scenario part: the first step with another choice, or in which something else happens. `null`: nowhere. */
export const partingOf = (one: Pick<Run, 'steps'>, other: Pick<Run, 'steps'>): Parting | null => {
  const length = Math.max(one.steps.length, other.steps.length);
  for (let step = 0; step < length; step += 1) {
    const [mine, theirs] = [one.steps[step], other.steps[step]];
    if (seen(mine) !== seen(theirs)) return { step, one: branchOf(mine, theirs), other: branchOf(theirs, mine) };
  }
  return null;
};

/**
 * Plays a scenario twice: a story by its one run, free play by every world within its bounds.
 *
 * @param turns the dials of the first and of the second playing
 * @param suite as `runStory` takes it
 */
export const compare = (
  scenario: Scenario,
  turns: readonly [readonly Turn[], readonly Turn[]],
  suite?: RunOptions['suite'],
): Compared => {
  const isStory = scenario.explore === null;
  const play = (turned: readonly Turn[]) => {
    const options = { turns: turned, suite };
    if (!isStory) return { ...verdictsOf(scenario, options), steps: [] };
    return runStory(scenario, options);
  };
  const [one, other] = [play(turns[0]), play(turns[1])];
  const line = ({ trace }: typeof one): string | null => (trace === null ? null : formatTrace(trace));
  return {
    scenario,
    verdicts: one.judgements.flatMap((judgement) => {
      const beside = other.judgements.find(({ guarantee }) => guarantee === judgement.guarantee);
      return beside === undefined ? [] : [{ guarantee: judgement.guarantee, one: judgement, other: beside }];
    }),
    parting: partingOf(one, other),
    only: [onlyIn(one.steps, other.steps), onlyIn(other.steps, one.steps)],
    lines: [line(one), line(other)],
  };
};

/** The guarantees whose verdict is another in the second playing. */
export const differingIn = ({ verdicts }: Compared): Compared['verdicts'] =>
  verdicts.filter(({ one, other }) => one.verdict !== other.verdict);
