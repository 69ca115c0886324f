/** A run in four lines, which say it at first sight: who is there, what they did, what broke and when, and which clause decides. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId, Judgement, Run } from '../../engine/types.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { stepsInCommon } from '../same-steps.ts';
import { type Deed, deedsOf, type Focus } from './deeds.ts';
import { type Speech, speechOf } from './speech.ts';
import { brokenIn, differences, type StoppedBy, stoppedIn } from './stops.ts';
import { type Matter, type Who, whoIn } from './who.ts';

/** What broke of one guarantee. Steps are indices in the run. */
export type Broke = {
  readonly guarantee: GuaranteeId;
  /** At whom, in words; who may rely on it, where it breaks at nobody in particular. */
  readonly at: string | null;
  /** The evidence, in words. */
  readonly what: string;
  /** The step that did it. */
  readonly cause: number;
  /** The step after which no later one can mend it. */
  readonly certain: number;
  /** The clause whose text accepts it. */
  readonly accepted: ClauseId | null;
  /** How often it breaks in the step where it is certain, and the later and earlier steps in which it breaks as well. */
  readonly times: number;
  readonly again: readonly number[];
};

/** What a run says at first sight. */
export type Verdict4 = {
  readonly who: Who;
  /** At most three, in the order of their steps. */
  readonly did: readonly Deed[];
  /** Guarantees in question that break, a cause before what came of it; of the same steps those that no text accepts first. */
  readonly broke: readonly Broke[];
  /** Those in question that hold, where something was at stake. */
  readonly held: readonly GuaranteeId[];
  /** Those that hold as nothing was: their shadow never happened, and no setting that was turned breaks them. */
  readonly idle: readonly GuaranteeId[];
  /** Those in question that the run leaves open. */
  readonly open: readonly GuaranteeId[];
  readonly stoppedBy: StoppedBy;
};

/** The same run, judged by the guarantees alone that its scenario expects something of: of others nobody asks there. */
export const inQuestion = (run: Run): Run => {
  const asked = new Set<string>(guaranteesIn(run.scenario.expect));
  return { ...run, judgements: run.judgements.filter(({ guarantee }) => asked.has(guarantee)) };
};

/**
 * Whether what holds had nothing to withstand: its shadow never happened, and it holds in all `others` of its story. Where a setting that
 * is turned breaks it, something was at stake, whether its shadow happened or not.
 */
export const wasIdle = (
  { guarantee, verdict, shadow }: Judgement,
  others: readonly Pick<Run, 'judgements'>[],
): boolean =>
  verdict === 'holds' &&
  !shadow &&
  others.every(({ judgements }) => judgements.every((one) => one.guarantee !== guarantee || one.verdict === 'holds'));

/** By the step that did it, then by the one where it was certain; of the same steps what no text accepts comes first. */
const inOrder = (one: Judgement, other: Judgement): number =>
  (one.cause ?? 0) - (other.cause ?? 0) ||
  (one.certain ?? 0) - (other.certain ?? 0) ||
  Number(one.verdict === 'accepted') - Number(other.verdict === 'accepted');

const brokeOf = (judgement: Judgement, speech: Speech): readonly Broke[] => {
  const { guarantee, at, why, cause, certain, acceptedBy, breaks } = judgement;
  if (cause === null || certain === null) return [];
  const certains = breaks.flatMap((group) => group.breaks.map(() => group.certain));
  return [
    {
      guarantee,
      at: at === null ? null : speech.name(at),
      what: speech.plain(why ?? ''),
      cause,
      certain,
      accepted: acceptedBy,
      times: certains.filter((step) => step === certain).length,
      again: [...new Set(certains)].filter((step) => step !== certain).toSorted((one, other) => one - other),
    },
  ];
};

/** The readings by which runs of the scenario end otherwise, as this run has them, or what is turned in it. */
const readingsIn = (here: Run, others: readonly Run[]): Matter => {
  const verdicts = ({ judgements }: Run): string => judgements.map(({ verdict }) => verdict).join();
  const [matter] = others
    .filter((other) => verdicts(other) !== verdicts(here))
    .map((other) => differences(here, other))
    .flatMap((by) => (by.length === 1 && by[0]?.is === 'reading' ? [by[0]] : []));
  if (matter !== undefined) return { hangs: true, readings: [{ question: matter.question, reading: matter.now }] };
  const readings = here.trace.turns.flatMap((turn) =>
    turn.turn === 'reading' ? [{ question: turn.question, reading: turn.reading }] : [],
  );
  return { hangs: false, readings };
};

/** The first step (index) in which two runs are otherwise; `null`: none that both have. */
const partingOf = (one: Run, other: Run): number | null => {
  const nth = stepsInCommon(one, other);
  const [here, there] = [one.steps[nth], other.steps[nth]];
  return here === undefined || here.choice.id !== there?.choice.id ? null : nth;
};

/** Up to which step two runs chose the same. */
const chosenAlike = (one: Run, other: Run): number => {
  const parts = one.steps.findIndex(({ choice }, nth) => other.steps[nth]?.choice.id !== choice.id);
  return parts < 0 ? one.steps.length : parts;
};

/** The steps (indices) that decide: where a clause spoke, where the run parts from the one it is held against, and where it was done. */
const focusOf = (here: Run, others: readonly Run[], stoppedBy: StoppedBy): Focus => {
  const causes = (run: Run): readonly number[] => brokenIn(run.judgements).flatMap(({ cause }) => cause ?? []);
  const own = causes(here);
  const against =
    'by' in stoppedBy
      ? others.find((other) => JSON.stringify(differences(here, other)) === JSON.stringify(stoppedBy.by))
      : undefined;
  const parting = against === undefined ? null : partingOf(here, against);
  const spoke = 'spoke' in stoppedBy && stoppedBy.spoke !== null ? [stoppedBy.spoke.step] : [];
  if (own.length > 0) {
    const last = Math.max(...brokenIn(here.judgements).flatMap(({ certain }) => certain ?? []));
    const first = Math.min(...own);
    return { decisive: [first, ...(parting === null || parting > last ? [] : [parting])], causes: own, elsewhere: [] };
  }
  const parts = parting === null ? [] : [parting];
  const there = against === undefined ? [] : causes(against).filter((step) => step < chosenAlike(here, against));
  return { decisive: spoke.length > 0 ? spoke : parts, causes: parts, elsewhere: there };
};

/** @param siblings the other runs of its scenario: as written, and with settings turned */
export const firstScreen = (run: Run, siblings: readonly Run[]): Verdict4 => {
  const here = inQuestion(run);
  const others = siblings.map(inQuestion);
  const speech = speechOf(here);
  const stoppedBy = stoppedIn(here, others);
  const broken = brokenIn(here.judgements);
  const certain = broken.flatMap((one) => one.certain ?? []);
  const until = certain.length > 0 ? Math.max(...certain) : here.steps.length - 1;
  const withVerdict = (isSuch: (one: Judgement) => boolean): readonly GuaranteeId[] =>
    here.judgements.filter(isSuch).map(({ guarantee }) => guarantee);
  const isIdle = (one: Judgement): boolean => wasIdle(one, others);
  return {
    who: whoIn(here, readingsIn(here, others)),
    did: deedsOf(here, speech, focusOf(here, others, stoppedBy), until),
    broke: broken.toSorted(inOrder).flatMap((one) => brokeOf(one, speech)),
    held: withVerdict((one) => (one.verdict === 'holds' && !isIdle(one)) || one.verdict === 'happens'),
    idle: withVerdict(isIdle),
    open: withVerdict(({ verdict }) => verdict === 'unsettled' || verdict === 'never'),
    stoppedBy,
  };
};
