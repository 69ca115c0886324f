/** What is right in a bet, and why: read from its runs, at the build. Nobody writes it down. */
import { clauseName, readingWords } from '../../machines/naming.ts';
import type { Judgement, Run, Scenario, Turn } from '../../sim/engine/types.ts';
import { capitalised, guaranteeWords } from '../../sim/runs/figures/words.ts';
import { actsOf, deedText } from '../../sim/runs/telling/act-words.ts';
import { firstScreen, type Verdict4 } from '../../sim/runs/telling/first-screen.ts';
import { forkOf } from '../../sim/runs/telling/fork.ts';
import { type ScreenWords, screenWords } from '../../sim/runs/telling/screen-words.ts';
import { inQuotes, listed, quotedGuarantee, quotedGuarantees, speechOf } from '../../sim/runs/telling/speech.ts';
import { brokenIn } from '../../sim/runs/telling/stops.ts';
import type { Bet, ChoiceOf, Claim } from './lesson.ts';

/** The runs of the scenario of a bet. */
export type Runs = {
  readonly scenario: Scenario;
  /** The one that is bet on. */
  readonly here: Run;
  /** The others that the scenario has. */
  readonly others: readonly Run[];
  /** The scenario with other settings turned. */
  readonly play: (turns: readonly Turn[]) => Run;
};

export type Option = {
  readonly letter: string;
  readonly text: string;
  readonly isRight: boolean;
  /** What the runs say to it. */
  readonly because: string;
};

/** What prose may speak of, as `{clause}`: steps as people count them. What a run does not have is absent. */
export type Facts = Readonly<
  Partial<Record<'promise' | 'clause' | 'turned' | 'cause' | 'certain' | 'next' | 'elsewhere' | 'A' | 'B', string>>
>;

export type Answer = {
  /** How many steps are shown before the bet. */
  readonly shown: number;
  readonly options: readonly Option[];
  readonly right: Option;
  readonly facts: Facts;
  /** What the run says at first sight. */
  readonly sight: ScreenWords;
};

const judgementOf = (run: Run, guarantee: Judgement['guarantee']): Judgement => {
  const found = run.judgements.find((one) => one.guarantee === guarantee);
  if (found === undefined)
    throw new Error(`${run.scenario.id} expects nothing of ${guarantee}: is the bet about another guarantee?`);
  return found;
};
const isKept = ({ verdict }: Judgement): boolean => verdict === 'holds' || verdict === 'happens';
const steps = (index: number): string => `step ${index + 1}`;

const stepCalled = (run: Run, begin: string): number => {
  const found = run.steps.findIndex(({ choice }) => choice.sentence.startsWith(begin));
  if (found < 0) throw new Error(`${run.scenario.id} has no step “${begin}…”: does the scenario go otherwise now?`);
  return found;
};

/** What breaks with a clause off, and does not here. */
const brokenWithout = (runs: Runs, clause: string): readonly Judgement[] => {
  const turns: readonly Turn[] = [...runs.here.trace.turns, { turn: 'off', clause }];
  return brokenIn(runs.play(turns).judgements).filter(({ guarantee }) => isKept(judgementOf(runs.here, guarantee)));
};

const named = (all: readonly Judgement[]): string =>
  quotedGuarantees(
    all.map(({ guarantee }) => guarantee),
    4,
  );
/** `“Server is not obeyed” breaks, and the text accepts it: “…”`. */
const breakWords = (broken: readonly Judgement[]): string => {
  const [hard, owned] = [
    broken.filter(({ verdict }) => verdict === 'breaks'),
    broken.filter(({ verdict }) => verdict === 'accepted'),
  ];
  const by = [...new Set(owned.flatMap(({ acceptedBy }) => acceptedBy ?? []))].map((clause) =>
    inQuotes(clauseName(clause)),
  );
  return [hard, owned]
    .flatMap((some, nth) =>
      some.length === 0
        ? []
        : [
            `${named(some)} ${some.length === 1 ? 'breaks' : 'break'}${nth === 0 ? '' : `, and the text accepts it: ${listed(by)}`}`,
          ],
    )
    .join('; ');
};

const readAs = (runs: Runs, question: string, about: Bet['about']) =>
  (['A', 'B'] as const).map((reading) => ({
    reading,
    judged: judgementOf(runs.play([{ turn: 'reading', question, reading }]), about),
  }));

type Told = { readonly isRight: boolean; readonly because: string; readonly text: string };
type Seen = { readonly bet: Bet; readonly runs: Runs; readonly sight: Verdict4 };

const nothingBreaks = ({ runs: { here } }: Seen): Omit<Told, 'text'> => {
  const broken = brokenIn(here.judgements);
  if (broken.length > 0)
    return {
      isRight: false,
      because: `${quotedGuarantees(
        broken.map(({ guarantee }) => guarantee),
        3,
      )} ${broken.length === 1 ? 'breaks' : 'break'}.`,
    };
  return {
    isRight: true,
    because: `Nothing breaks: ${quotedGuarantees(
      here.judgements.map(({ guarantee }) => guarantee),
      4,
    )} ${here.judgements.length === 1 ? 'holds' : 'hold'}.`,
  };
};

const guaranteeBreaks = (
  { runs: { here }, sight }: Seen,
  { is, guarantee }: Extract<Claim, { is: 'breaks' | 'accepted' }>,
): Omit<Told, 'text'> => {
  const { verdict } = judgementOf(here, guarantee);
  if (verdict !== 'breaks' && verdict !== 'accepted')
    return { isRight: false, because: `${quotedGuarantee(guarantee)} holds in this run.` };
  const broke = sight.broke.find((one) => one.guarantee === guarantee);
  const accepted = broke?.accepted ?? null;
  const how =
    accepted === null
      ? 'and no clause of the text accepts it'
      : `and the text accepts it: ${inQuotes(clauseName(accepted))}`;
  return {
    isRight: verdict === is,
    because: `${broke?.what ?? guaranteeWords(guarantee)} (${steps(broke?.certain ?? 0)}), ${how}.`,
  };
};

const clauseStops = (runs: Runs, clause: string): Told => {
  const broken = brokenWithout(runs, clause);
  const text = clauseName(clause);
  const kept = runs.here.judgements.filter(isKept);
  const because =
    broken.length === 0 ? `${named(kept)} ${kept.length === 1 ? 'holds' : 'hold'} just the same` : breakWords(broken);
  return { isRight: broken.length > 0, text, because: `With this clause off ${because}.` };
};

const tooLate = ({ bet, runs: { here } }: Seen, begin: string): Told => {
  const at = stepCalled(here, begin);
  const step = here.steps[at];
  const { cause, certain } = judgementOf(here, bet.about);
  if (step === undefined || cause === null || certain === null)
    throw new Error(`${here.scenario.id}: ${bet.about} does not break, so that it is never too late`);
  const deed = deedText(here, step, actsOf(here).get(at), speechOf(here), { isAttacker: true, isDecisive: false });
  const text = `Step ${at + 1}: ${deed}`;
  if (at === certain) return { isRight: true, text, because: `From ${steps(certain)} on nothing can mend it.` };
  if (at > certain) return { isRight: false, text, because: `It was too late in ${steps(certain)} already.` };
  return {
    isRight: false,
    text,
    because:
      at === cause
        ? `It is done here, but until ${steps(certain)} it may still come to nothing.`
        : `Until ${steps(certain)} it may still come to nothing.`,
  };
};

const keptBy = ({ bet, runs }: Seen, { question, readings }: Extract<Claim, { is: 'kept by' }>): Told => {
  const both = readAs(runs, question, bet.about);
  const isSo = both.every(({ reading, judged }) => isKept(judged) === readings.includes(reading));
  const [one] = readings;
  const text =
    readings.length === 1 && one !== undefined
      ? `Reading ${one}: ${inQuotes(readingWords(question, one))}`
      : readings.length === 0
        ? 'Neither of the two'
        : 'Both alike';
  const meant = both.filter(({ reading }) => readings.length !== 1 || readings.includes(reading));
  const because = meant
    .map(
      ({ reading, judged }) =>
        `read as ${reading} it ${isKept(judged) ? 'holds' : `breaks in ${steps(judged.certain ?? 0)}`}`,
    )
    .join('; ');
  return { isRight: isSo, text, because: `${capitalised(because)}.` };
};

const told = (seen: Seen, { text, claim }: ChoiceOf): Told => {
  switch (claim.is) {
    case 'nothing breaks':
      return { text: text ?? 'Nothing breaks', ...nothingBreaks(seen) };
    case 'breaks':
    case 'accepted':
      return { text: text ?? `${quotedGuarantee(claim.guarantee)} breaks`, ...guaranteeBreaks(seen, claim) };
    case 'stops':
      return clauseStops(seen.runs, claim.clause);
    case 'too late':
      return tooLate(seen, claim.step);
    case 'kept by':
      return keptBy(seen, claim);
  }
};

/** Another run of the scenario in which what the bet is about breaks, while it holds here. */
const worseThan = ({ here, others }: Runs, about: Bet['about']): Run | undefined =>
  isKept(judgementOf(here, about)) ? others.find((other) => !isKept(judgementOf(other, about))) : undefined;

/** How many steps are shown before the bet: up to the one that decides it. */
const shownOf = ({ bet, runs, sight: { stoppedBy } }: Seen): number => {
  const { cause, certain } = judgementOf(runs.here, bet.about);
  // Who bets on when it is too late has seen it done.
  if (cause !== null && certain !== null)
    return bet.choices.some(({ claim }) => claim.is === 'too late') ? certain : cause;
  if ('spoke' in stoppedBy && stoppedBy.spoke !== null) return stoppedBy.spoke.step;
  const worse = worseThan(runs, bet.about);
  if (worse === undefined) throw new Error(`${bet.scenario}: nothing decides ${bet.about}, here or in another run`);
  return forkOf(runs.here, worse).stem.steps;
};

const clausesOff = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap((turn) => (turn.turn === 'off' ? [inQuotes(clauseName(turn.clause))] : []));

const factsOf = ({ bet, runs, sight }: Seen, shown: number, words: ScreenWords): Facts => {
  const { about, choices } = bet;
  const judged = judgementOf(runs.here, about);
  const there = worseThan(runs, about);
  const elsewhere = there === undefined ? null : judgementOf(there, about).certain;
  const stops = choices.flatMap(({ claim }) =>
    claim.is === 'stops' && clauseStops(runs, claim.clause).isRight ? [claim.clause] : [],
  );
  const clause = stops[0] ?? sight.broke.find(({ guarantee }) => guarantee === about)?.accepted ?? words.clauses[0];
  const [question] = choices.flatMap(({ claim }) => (claim.is === 'kept by' ? [claim.question] : []));
  const [turned] = clausesOff(runs.here.trace.turns);
  const number = (index: number | null): string | undefined => (index === null ? undefined : String(index + 1));
  const some: Readonly<Record<keyof Facts, string | undefined>> = {
    promise: quotedGuarantee(about),
    clause: clause === undefined ? undefined : inQuotes(clauseName(clause)),
    turned,
    cause: number(judged.cause),
    certain: number(judged.certain),
    next: String(shown + 1),
    elsewhere: number(elsewhere),
    A: question === undefined ? undefined : inQuotes(readingWords(question, 'A')),
    B: question === undefined ? undefined : inQuotes(readingWords(question, 'B')),
  };
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined));
};

/** Throws where not exactly one choice is right: then the bet is no bet, or the scenario goes otherwise than it did. */
export const answerOf = (bet: Bet, runs: Runs): Answer => {
  const sight = firstScreen(runs.here, runs.others);
  const words = screenWords(runs.here, sight);
  const seen: Seen = { bet, runs, sight };
  const options = bet.choices.map((choice, nth): Option => ({ letter: 'abcdef'.charAt(nth), ...told(seen, choice) }));
  const [right, ...more] = options.filter(({ isRight }) => isRight);
  if (right === undefined || more.length > 0)
    throw new Error(
      `“${bet.title}” has ${right === undefined ? 'no' : more.length + 1} right choices: ${options.map((one) => `${one.text}: ${one.because}`).join(' / ')}`,
    );
  const shown = shownOf(seen);
  return { shown, options, right, facts: factsOf(seen, shown, words), sight: words };
};

/** `text` with its `{names}` replaced by what the run says. Throws where the run has nothing of that name. */
export const filled = (text: string, facts: Facts): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.entries(facts).find(([known]) => known === name)?.[1];
    if (value === undefined) throw new Error(`the run has no “${name}” for: ${text}`);
    return value;
  });
