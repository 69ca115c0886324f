/** A run in four lines, which say it at first sight: who is there, what they did, what broke and when, and which clause decides. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId, Judgement, Run } from '../../engine/types.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import { type Deed, deedsOf } from './deeds.ts';
import { type Speech, speechOf } from './speech.ts';
import { brokenIn, differences, type StoppedBy, stoppedIn } from './stops.ts';
import { type Read, type Who, whoIn } from './who.ts';

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
  /** How many further breaks of this guarantee there are. */
  readonly more: number;
};

/** What a run says at first sight. */
export type Verdict4 = {
  readonly who: Who;
  /** At most three, in the order of their steps. */
  readonly did: readonly Deed[];
  /** Guarantees in question that break, those that no text accepts first. */
  readonly broke: readonly Broke[];
  /** Those in question that hold. */
  readonly held: readonly GuaranteeId[];
  /** Those in question that the run leaves open. */
  readonly open: readonly GuaranteeId[];
  readonly stoppedBy: StoppedBy;
};

/** The same run, judged by the guarantees alone that its scenario expects something of: of others nobody asks there. */
export const inQuestion = (run: Run): Run => {
  const asked = new Set<string>(guaranteesIn(run.scenario.expect));
  return { ...run, judgements: run.judgements.filter(({ guarantee }) => asked.has(guarantee)) };
};

const brokeOf = (judgement: Judgement, speech: Speech): readonly Broke[] => {
  const { guarantee, at, why, cause, certain, acceptedBy, breaks } = judgement;
  if (cause === null || certain === null) return [];
  return [
    {
      guarantee,
      at: at === null ? null : speech.name(at),
      what: speech.plain(why ?? ''),
      cause,
      certain,
      accepted: acceptedBy,
      more: breaks.reduce((sum, group) => sum + group.breaks.length, 0) - 1,
    },
  ];
};

/** The readings by which runs of the scenario end otherwise, as this run has them, and what is turned in it. */
const readingsIn = (here: Run, others: readonly Run[]): readonly Read[] => {
  const verdicts = ({ judgements }: Run): string => judgements.map(({ verdict }) => verdict).join();
  const [matter] = others
    .filter((other) => verdicts(other) !== verdicts(here))
    .map((other) => differences(here, other))
    .flatMap((by) => (by.length === 1 && by[0]?.is === 'reading' ? [by[0]] : []));
  if (matter !== undefined) return [{ question: matter.question, reading: matter.now }];
  return here.trace.turns.flatMap((turn) =>
    turn.turn === 'reading' ? [{ question: turn.question, reading: turn.reading }] : [],
  );
};

/** How many steps two runs have in common from the beginning on. */
const commonSteps = (one: Run, other: Run): number => {
  const parts = one.steps.findIndex(({ choice }, nth) => other.steps[nth]?.choice.id !== choice.id);
  return parts < 0 ? one.steps.length : parts;
};

/** The steps (indices) that decide: where it was done; where nothing broke, where it was done in another run, or a clause spoke. */
const focusOf = (here: Run, others: readonly Run[], stoppedBy: StoppedBy): readonly number[] => {
  const causes = (run: Run): readonly number[] => brokenIn(run.judgements).flatMap(({ cause }) => cause ?? []);
  const own = causes(here);
  if (own.length > 0) return own;
  const worse = others.find((other) => causes(other).length > 0);
  const there = worse === undefined ? [] : causes(worse).filter((step) => step < commonSteps(here, worse));
  const spoke = 'spoke' in stoppedBy && stoppedBy.spoke !== null ? [stoppedBy.spoke.step] : [];
  return [...there, ...spoke];
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
  return {
    who: whoIn(here, readingsIn(here, others)),
    did: deedsOf(here, speech, focusOf(here, others, stoppedBy), until),
    broke: broken
      .toSorted((one, other) => Number(one.verdict === 'accepted') - Number(other.verdict === 'accepted'))
      .flatMap((one) => brokeOf(one, speech)),
    held: withVerdict(({ verdict }) => verdict === 'holds' || verdict === 'happens'),
    open: withVerdict(({ verdict }) => verdict === 'unsettled' || verdict === 'never'),
    stoppedBy,
  };
};
