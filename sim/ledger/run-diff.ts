/** One scenario with two sets of dials: whose verdicts differ, and where the two runs part. */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { ClauseId, Judgement, Moment, Run, Scenario, Step, Turn } from '../engine/types.ts';
import { verdictsOf } from '../explorer/verdicts.ts';
import { momentLine } from '../runs/export/moment-line.ts';
import { type RunOptions, runStory } from '../runs/run.ts';
import { formatTrace } from '../runs/trace.ts';

/** What one of two runs does where they differ. */
export type Branch = {
  /** `alice.phone syncs`; `null`: this run has ended before. */
  readonly choice: string | null;
  /** What happens first that does not happen in the other; `null`: nothing more. */
  readonly moment: string | null;
};
export type Parting = {
  /** Index of the first step that differs in anything, be it a byte within an envelope. */
  readonly step: number;
  /** The choice taken there, by the first run or, where that has ended, by the other. */
  readonly choice: string;
  /** The first step in which the difference can be told in words; `null`: nowhere. */
  readonly told: { readonly step: number; readonly one: Branch; readonly other: Branch } | null;
};

export type Compared = {
  readonly scenario: Scenario;
  /** Every guarantee that was judged, under the first settings and under the others. */
  readonly verdicts: readonly { readonly guarantee: GuaranteeId; readonly one: Judgement; readonly other: Judgement }[];
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
const lineOf = (moment: Moment): string => {
  const { tag, where, text } = momentLine(moment);
  return `${tag} ${where}  ${text}`;
};
type Look = (moment: Moment) => string;
const whole: Look = (moment) => JSON.stringify(moment);
const seen = (step: Step | undefined, look: Look): string =>
  step === undefined ? '' : JSON.stringify([step.choice.id, happenings(step).map(look)]);

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
  const [here, there] = [mine, theirs].map((step) => (step === undefined ? [] : happenings(step).map(lineOf)));
  return {
    choice: mine?.choice.sentence ?? null,
    moment: here?.find((line, nth) => line !== there?.[nth]) ?? null,
  };
};

type Steps = Pick<Run, 'steps'>;
/** The first step, from `from` on, that does not look the same in both; -1: none. */
const firstDiffering = ({ steps }: Steps, { steps: others }: Steps, look: Look, from = 0): number => {
  const length = Math.max(steps.length, others.length);
  for (let nth = from; nth < length; nth += 1) if (seen(steps[nth], look) !== seen(others[nth], look)) return nth;
  return -1;
};

/** Where two runs of one scenario part: the first step with another choice, or in which something else happens. `null`: nowhere. */
export const partingOf = (one: Steps, other: Steps): Parting | null => {
  const step = firstDiffering(one, other, whole);
  if (step < 0) return null;
  const telling = firstDiffering(one, other, lineOf, step);
  const [mine, theirs] = [one.steps[telling], other.steps[telling]];
  return {
    step,
    choice: (one.steps[step] ?? other.steps[step])?.choice.sentence ?? '',
    told: telling < 0 ? null : { step: telling, one: branchOf(mine, theirs), other: branchOf(theirs, mine) },
  };
};

/** The same in lines, the runs under these names; steps are counted from one. */
export const partingLines = ({ step, choice, told }: Parting, names: readonly [string, string]): readonly string[] => {
  const width = Math.max(...names.map((name) => name.length));
  const words = ({ choice: mine, moment }: Branch): string =>
    mine === null ? 'has ended' : (moment ?? 'nothing of the like');
  const first = `they part in step ${step + 1}: ${choice}`;
  if (told === null) return [`${first}, in nothing but what envelopes and files hold`];
  const later = `, which shows in step ${told.step + 1}: ${told.one.choice ?? told.other.choice}`;
  return [
    `${first}${told.step === step ? '' : later}`,
    `  ${names[0].padEnd(width)}  ${words(told.one)}`,
    `  ${names[1].padEnd(width)}  ${words(told.other)}`,
  ];
};

/** The same for machines. */
export const partingPlain = (parting: Parting | null, names: readonly [string, string]) =>
  parting === null
    ? null
    : {
        step: parting.step + 1,
        choice: parting.choice,
        told:
          parting.told === null
            ? null
            : { step: parting.told.step + 1, [names[0]]: parting.told.one, [names[1]]: parting.told.other },
      };

/** Every guarantee that was judged in both. */
export const verdictsOfBoth = (one: Pick<Run, 'judgements'>, other: Pick<Run, 'judgements'>): Compared['verdicts'] =>
  one.judgements.flatMap((judgement) => {
    const beside = other.judgements.find(({ guarantee }) => guarantee === judgement.guarantee);
    return beside === undefined ? [] : [{ guarantee: judgement.guarantee, one: judgement, other: beside }];
  });

/**
 * Plays a scenario twice: a story by its one run, free play by every world within its bounds.
 *
 * @param turns the settings of the first and of the second playing
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
    verdicts: verdictsOfBoth(one, other),
    parting: partingOf(one, other),
    only: [onlyIn(one.steps, other.steps), onlyIn(other.steps, one.steps)],
    lines: [line(one), line(other)],
  };
};

/** The guarantees whose verdict is another in the second playing. */
export const differingIn = ({ verdicts }: Pick<Compared, 'verdicts'>): Compared['verdicts'] =>
  verdicts.filter(({ one, other }) => one.verdict !== other.verdict);
