/** Which clause decides, in one line that claims no more than the runs show. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { clauseName, questionName, readingWords } from '../../../machines/naming.ts';
import type { Reading } from '../../../machines/registration.ts';
import type { ClauseId, Run } from '../../engine/types.ts';
import { outcomeWords } from '../figures/outcomes.ts';
import { optionWords, revisionWords, switchValue } from './base-words.ts';
import { faultTurned } from './fault-words.ts';
import { fitting, inQuotes, listed, quotedGuarantees } from './speech.ts';
import type { Difference, Spoken, StoppedBy } from './stops.ts';

/** At most 190 characters, and the clauses that it names. */
export type StoppedWords = { readonly text: string; readonly clauses: readonly ClauseId[] };

const most = 190;

/** How much is said of readings: the question and the answer, the answer alone, or their letters alone. */
type Fullness = 'question' | 'answer' | 'letter';
const fullnesses: readonly Fullness[] = ['question', 'answer', 'letter'];

const named = (clauses: readonly ClauseId[], joint: 'and' | 'or', count = 2): string =>
  listed(
    clauses.map((id) => inQuotes(clauseName(id))),
    count,
    joint,
  );
const breaking = (all: readonly GuaranteeId[], count: number): string =>
  `${quotedGuarantees(all, count)} ${all.length === 1 ? 'breaks' : 'break'}`;
const holding = (all: readonly GuaranteeId[], count: number): string =>
  `${quotedGuarantees(all, count)} ${all.length === 1 ? 'holds' : 'hold'}`;

const small = (words: string): string => `${words.slice(0, 1).toLowerCase()}${words.slice(1)}`;
/** `q09, “does a push answer a request for the same secret?”,`. */
const questionWords = (question: string, fullness: Fullness): string =>
  fullness === 'question' ? `${question} (${small(questionName(question))})` : question;
const readWords = (question: string, reading: Reading, fullness: Fullness): string =>
  fullness === 'letter' ? reading : `${reading} (${readingWords(question, reading)})`;

const textThere = (proposal: string, revision: string): string => {
  const words = revisionWords(proposal, revision);
  return words.startsWith('as ') ? `with clients ${words}` : words;
};
const textHere = (proposal: string, revision: string): string => {
  const words = revisionWords(proposal, revision);
  return words.startsWith('as ') ? `the text ${words}` : `going ${words}`;
};

const clausesOf = (by: readonly Difference[], now?: 'in force' | 'off'): readonly ClauseId[] =>
  by.flatMap((one) => (one.is === 'clause' && (now === undefined || one.now === now) ? [one.clause] : []));

type Unlike = Exclude<Difference, { readonly is: 'clause' }>;
const differenceThere = (one: Unlike, fullness: Fullness): string => {
  if (one.is === 'reading')
    return `with ${questionWords(one.question, fullness)} read as ${readWords(one.question, one.there, fullness)}`;
  if (one.is === 'option')
    return one.now === 'as written'
      ? optionWords(one.option, one.value)
      : `with “${one.option}” as the scenario has it`;
  if (one.is === 'fault')
    return one.now === 'as written' ? faultTurned(one.fault) : 'with what goes wrong as the scenario has it';
  if (one.now === 'as written') return textThere(one.proposal, one.revision);
  return one.revision === 'none' ? `with ${one.proposal}` : `by the text of ${one.proposal} that the scenario has`;
};
const differenceHere = (one: Unlike, fullness: Fullness): string => {
  if (one.is === 'reading')
    return `reading ${questionWords(one.question, fullness)} as ${readWords(one.question, one.now, fullness)}`;
  if (one.is === 'option')
    return one.now === 'chosen'
      ? `“${one.option}”: ${switchValue(one.value)}`
      : `“${one.option}” as the scenario has it`;
  if (one.is === 'fault')
    return one.now === 'chosen' ? `what is so ${faultTurned(one.fault)}` : 'what goes wrong as the scenario has it';
  if (one.now === 'chosen') return textHere(one.proposal, one.revision);
  return one.revision === 'none' ? `${one.proposal} itself` : `the text of ${one.proposal} that stands here`;
};

/** ` at one device`: where clauses are turned for one alone. */
const whereWords = (by: readonly Difference[]): string =>
  by.some((one) => one.is === 'clause' && one.at !== null) ? ' at one device' : '';

/** How it is in the other run: `with “X” off`, `with q43 read as B`, `with clients as MSC4268 of March 2025`. */
const thereWords = (by: readonly Difference[], count: number, fullness: Fullness): string => {
  const [turnedOff, turnedOn] = [clausesOf(by, 'in force'), clausesOf(by, 'off')];
  const rest = by.flatMap((one) => (one.is === 'clause' ? [] : [differenceThere(one, fullness)]));
  return listed([
    ...(turnedOff.length === 0 ? [] : [`with ${named(turnedOff, 'and', count)} off${whereWords(by)}`]),
    ...(turnedOn.length === 0 ? [] : [`with ${named(turnedOn, 'and', count)} in force${whereWords(by)}`]),
    ...rest,
  ]);
};

/** How another run differs, whole: `with “Only take pushes from cross-signed devices” off`. */
export const otherwiseWords = (by: readonly Difference[]): string => thereWords(by, 9, 'question');

/** What this run has: `“X”`, `reading A of q43`, `the text as MSC4268 of March 2025`. */
const hereWords = (by: readonly Difference[], fullness: Fullness): string => {
  const clauses = clausesOf(by);
  const rest = by.flatMap((one) => (one.is === 'clause' ? [] : [differenceHere(one, fullness)]));
  return listed([...(clauses.length === 0 ? [] : [named(clauses, 'or')]), ...rest]);
};

/** ` (refused in step 6)`, and in fewer words. */
const spokeWords = (spoke: Spoken | null): readonly string[] =>
  spoke === null ? [''] : [` (${outcomeWords(spoke.outcome)} in step ${spoke.step + 1})`, ` (step ${spoke.step + 1})`];

type Of<K extends StoppedBy['is']> = Extract<StoppedBy, { readonly is: K }>;

/** `; one more setting that is turned here breaks “Devices are real”`, in full and in fewer words. */
const furtherWords = ({ count, breaks }: Of<'holds by'>['others']): readonly string[] => {
  if (count === 0) return [''];
  const begin = count === 1 ? '; another setting, turned, breaks' : `; ${count} other settings, turned, break`;
  return [...[3, 2].map((most) => `${begin} ${quotedGuarantees(breaks, most)}`), ''];
};

/** `with both otherwise`: of settings that are turned together. */
const together = (by: readonly Difference[]): string =>
  by.length === 1 ? 'otherwise' : by.length === 2 ? 'with both otherwise' : `with all ${by.length} otherwise`;

const heldWords = ({ by, breaks, spoke, others }: Of<'holds by'>): string => {
  const isAll = (now: 'in force' | 'off'): boolean => clausesOf(by, now).length === by.length;
  const them = by.length === 1 ? 'it' : by.length === 2 ? 'both' : `all ${by.length}`;
  const texts = fullnesses.flatMap((fullness) =>
    spokeWords(spoke).flatMap((step) => {
      const there = isAll('in force')
        ? `with ${them} off${whereWords(by)}`
        : isAll('off')
          ? `off${whereWords(by)} here, and with ${them} in force`
          : thereWords(by, 2, fullness === 'question' ? 'answer' : fullness);
      const begin = `${hereWords(by, fullness)}${step}: ${there} `;
      return [
        ...furtherWords(others).map((more) => `${begin}${breaking(breaks, 3)}${more}`),
        `${begin}${breaking(breaks, 2)}`,
      ];
    }),
  );
  const shorter = (['answer', 'letter'] as const).flatMap((fullness) =>
    [3, 2, 1].map((count) => `${hereWords(by, fullness)}: ${together(by)} ${breaking(breaks, count)}`),
  );
  // Of readings the answers are worth more than what else could be turned.
  const isLettered = (text: string): boolean => / as [AB](?! \()/.test(text);
  const [full, lettered] = [texts.filter((text) => !isLettered(text)), texts.filter(isLettered)];
  return fitting(most, [...full, ...shorter, ...lettered]);
};

const mendedWords = ({ by, holds, breaks, still }: Of<'mended by'>): string => {
  const buts = [
    ...[2, 1].map((count) =>
      [
        ...(breaks.length === 0 ? [] : [`, but ${breaking(breaks, count)}`]),
        ...(still.length === 0 ? [] : [`; ${breaking(still, count)} all the same`]),
      ].join(''),
    ),
    breaks.length === 0 ? '' : `, but ${breaking(breaks, 1)}`,
  ];
  const off = clausesOf(by, 'off');
  if (off.length === by.length) {
    const them = off.length === 1 ? 'it' : off.length === 2 ? 'both' : `all ${off.length}`;
    const begin = `${named(off, 'and')}, off${whereWords(by)} here: with ${them} in force `;
    return fitting(most, [
      ...buts.flatMap((but) => [2, 1].map((count) => `${begin}${holding(holds, count)}${but}`)),
      `${named(off, 'and')}, off here`,
    ]);
  }
  const told = (levels: readonly Fullness[], ends: readonly string[]): readonly string[] =>
    levels.flatMap((fullness) =>
      ends.flatMap((but) => [2, 1].map((count) => `${thereWords(by, 2, fullness)}, ${holding(holds, count)}${but}`)),
    );
  // What breaks all the same is worth more than the question in full.
  const texts = [...told(['question', 'answer'], buts.slice(0, 1)), ...told(fullnesses, buts)];
  return fitting(most, [...texts, `${thereWords(by, 1, 'letter')}, ${holding(holds, 1)}`]);
};

/** In how many runs it is so. `null`: in this one, and not in all. */
const runsWords = (count: number | null): string => {
  if (count === null) return 'this run, though not in all others';
  if (count === 1) return 'the one run here';
  return count === 2 ? 'both runs here' : `all ${count} runs here`;
};

/** What to call the line: nobody is stopped where nobody attacks, and nothing was where something broke. */
export const stoppedHead = (run: Run, { is }: StoppedBy): 'Stopped by' | 'Kept by' | 'Would help' => {
  if (is === 'mended by' || is === 'off here' || is === 'none') return 'Would help';
  return run.players.some(({ kind }) => kind === 'attacker') ? 'Stopped by' : 'Kept by';
};

export const stoppedWords = (stopped: StoppedBy): StoppedWords => {
  switch (stopped.is) {
    case 'holds by':
      return { text: heldWords(stopped), clauses: clausesOf(stopped.by) };
    case 'mended by':
      return { text: mendedWords(stopped), clauses: clausesOf(stopped.by) };
    case 'off here': {
      const [be, them] = stopped.clauses.length === 1 ? ['is', 'it'] : ['are', 'them'];
      const texts = [2, 1].map(
        (count) =>
          `${named(stopped.clauses, 'and', count)} ${be} off here and would have spoken; no run here turns ${them} on`,
      );
      return { text: fitting(most, texts), clauses: stopped.clauses };
    }
    case 'spoke': {
      const { clauses, step } = stopped.spoke;
      const [does, them] = clauses.length === 1 ? ['throws', 'it'] : ['throw', 'them'];
      const texts = [2, 1].map(
        (count) =>
          `${named(clauses, 'and', count)} ${does} something away in step ${step + 1}; no run here turns ${them} off`,
      );
      return { text: fitting(most, texts), clauses };
    }
    case 'none': {
      const { accepted, runs } = stopped;
      const text =
        runs === 1
          ? 'not tried: there is one run here, with no setting turned'
          : `no one setting that is turned here: something breaks in ${runsWords(runs)}`;
      if (accepted === null) return { text, clauses: [] };
      return {
        text: fitting(most, [`${text}; the text itself accepts the break: ${inQuotes(clauseName(accepted))}`]),
        clauses: [accepted],
      };
    }
    case 'not seen':
      return {
        text: `no clause is seen to decide: none of the guarantees asked about here breaks in ${runsWords(stopped.runs)}`,
        clauses: [],
      };
  }
};
