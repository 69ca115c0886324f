/** The four lines of a run's first sight, in words: the same on the page, on the terminal and in a comment. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { clauseName } from '../../../machines/ledger.ts';
import type { ClauseId, Run } from '../../engine/types.ts';
import { guaranteeWords } from '../figures/words.ts';
import { revisionWords } from './base-words.ts';
import type { Broke, Verdict4 } from './first-screen.ts';
import { inQuotes, listed, shortened } from './speech.ts';
import type { Difference, StoppedBy } from './stops.ts';
import { readingText, whoWords } from './who.ts';

/** Lines without ids; `(step 5)` counts from 1, as pictures do. */
export type ScreenWords = {
  /** At most 90 characters. */
  readonly who: string;
  /** At most 110 characters each. */
  readonly did: readonly string[];
  /** At least one line, of at most 160 characters; that nothing broke is a line too. */
  readonly broke: readonly string[];
  /** At most 160 characters. */
  readonly stoppedBy: string;
  /** The clauses that `stoppedBy` names, in its order. */
  readonly clauses: readonly ClauseId[];
};

const quoted = (guarantee: GuaranteeId): string => `“${guaranteeWords(guarantee)}”`;
const quotedAll = (all: readonly GuaranteeId[], most = 2): string => listed(all.map(quoted), most);
const named = (clauses: readonly ClauseId[], joint: 'and' | 'or', most = 2): string =>
  listed(
    clauses.map((id) => inQuotes(clauseName(id))),
    most,
    joint,
  );
const breaks = (count: number): string => (count === 1 ? 'breaks' : 'break');
const holds = (count: number): string => (count === 1 ? 'holds' : 'hold');

/** The first of these that fits; the last is cut. */
const within = (most: number, ...words: readonly string[]): string =>
  words.find(({ length }) => length <= most) ?? shortened(words.at(-1) ?? '', most);

const brokeMost = 160;
const brokeWords = ({ guarantee, what, cause, certain, accepted, more }: Broke): string => {
  const when = cause === certain ? `step ${cause + 1}` : `done in step ${cause + 1}, certain in ${certain + 1}`;
  const begin = `${quoted(guarantee)} ${accepted === null ? 'breaks' : '(the text accepts it)'}: `;
  const end = ` (${when}${more > 0 ? `, and ${more} more break${more === 1 ? '' : 's'}` : ''})`;
  return `${begin}${shortened(what, brokeMost - begin.length - end.length)}${end}`;
};

const nothingBroke = ({ held, open }: Verdict4): string => {
  const unsettled = open.length === 0 ? '' : `; ${quotedAll(open)} ${open.length === 1 ? 'stays' : 'stay'} open`;
  if (held.length === 0) return `Nothing is seen to break${unsettled}`;
  return within(
    brokeMost,
    ...[4, 3, 2].map((most) => `Nothing: ${quotedAll(held, most)} ${holds(held.length)} in this run${unsettled}`),
  );
};

/** ` (“any signature chain”)`: what a reading takes the text to say. */
const saidOf = (question: string, reading: string): string => {
  const text = readingText(question, reading);
  return text === null ? '' : ` (${inQuotes(text)})`;
};

/** `with “X” off`, `with q43 read as B`, `with clients as MSC4268 of March 2025`: how it is in the other run. */
const thenWords = (by: readonly Difference[], most: number, isFull = false): string => {
  const clauses = (now: 'in force' | 'off'): readonly ClauseId[] =>
    by.flatMap((one) => (one.is === 'clause' && one.now === now ? [one.clause] : []));
  const [turnedOff, turnedOn] = [clauses('in force'), clauses('off')];
  const rest = by.flatMap((one) => {
    if (one.is === 'reading')
      return [`with ${one.question} read as ${one.there}${isFull ? saidOf(one.question, one.there) : ''}`];
    return one.is === 'text'
      ? [one.now === 'as written' ? textThen(one.proposal, one.revision) : 'by the text of the scenario as written']
      : [];
  });
  return listed(
    [
      ...(turnedOff.length === 0 ? [] : [`with ${named(turnedOff, 'and', most)} off`]),
      ...(turnedOn.length === 0 ? [] : [`with ${named(turnedOn, 'and', most)} in force`]),
      ...rest,
    ],
    3,
  );
};
const textThen = (proposal: string, revision: string): string => {
  const words = revisionWords(proposal, revision);
  return words.startsWith('as ') ? `with clients ${words}` : words;
};

/** What a run has that another has not: `“X”`, `reading A of q43`, `the text as it is here`. */
const nowWords = (by: readonly Difference[], isFull = false): string => {
  const clauses = by.flatMap((one) => (one.is === 'clause' ? [one.clause] : []));
  const rest = by.flatMap((one) => {
    if (one.is === 'reading')
      return [`reading ${one.now} of ${one.question}${isFull ? saidOf(one.question, one.now) : ''}`];
    return one.is === 'text'
      ? [
          one.now === 'chosen'
            ? textNow(one.proposal, one.revision)
            : one.revision === 'none'
              ? `${one.proposal} itself`
              : `the text of ${one.proposal} that stands here`,
        ]
      : [];
  });
  return listed([...(clauses.length === 0 ? [] : [named(clauses, 'or')]), ...rest], 3);
};
const textNow = (proposal: string, revision: string): string => {
  const words = revisionWords(proposal, revision);
  return words.startsWith('as ') ? `the text ${words}` : `going ${words}`;
};

const isClauses = (by: readonly Difference[], now: 'in force' | 'off'): boolean =>
  by.every((one) => one.is === 'clause' && one.now === now);
const clausesOf = (by: readonly Difference[]): readonly ClauseId[] =>
  by.flatMap((one) => (one.is === 'clause' ? [one.clause] : []));

const runsWords = (count: number, how: 'any' | 'all'): string =>
  count === 1 ? 'the one run here' : how === 'any' ? `any of the ${count} runs here` : `all ${count} runs here`;

const stoppedMost = 160;
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const stoppedWords = (stopped: StoppedBy): { readonly text: string; readonly clauses: readonly ClauseId[] } => {
  switch (stopped.is) {
    case 'holds by': {
      const { by, breaks: broken, step, others } = stopped;
      const clauses = clausesOf(by);
      const off = clauses.length === by.length && isClauses(by, 'in force');
      const spoke = step === null ? '' : ` (step ${step + 1})`;
      const more =
        others === 0
          ? ''
          : `; ${others} other setting${others === 1 ? '' : 's'} of ${others === 1 ? 'a run' : 'runs'} here ${others === 1 ? 'breaks' : 'break'} it too`;
      const then = off ? `with ${by.length === 1 ? 'it' : 'both'} off` : thenWords(by, 2);
      const text = (most: number, end: string, isFull = false): string =>
        `${capital(nowWords(by, isFull))}${spoke}: ${then} ${quotedAll(broken, most)} ${breaks(broken.length)}${end}`;
      return {
        text: within(
          stoppedMost,
          text(2, more),
          text(1, more),
          text(1, ''),
          `${capital(nowWords(by))}${spoke}: ${then} it breaks`,
          nowWords(by),
        ),
        clauses,
      };
    }
    case 'mended by': {
      const { by, holds: held, breaks: broken } = stopped;
      const clauses = clausesOf(by);
      const but = broken.length === 0 ? '' : `, but ${quotedAll(broken, 1)} ${breaks(broken.length)}`;
      if (clauses.length === by.length && isClauses(by, 'off')) {
        const text = (most: number): string =>
          `${named(clauses, 'and')}, off here: with ${clauses.length === 1 ? 'it' : 'both'} in force ${quotedAll(held, most)} ${holds(held.length)}${but}`;
        return { text: within(stoppedMost, text(2), text(1), `${named(clauses, 'and')}: off here`), clauses };
      }
      const text = (most: number, isFull = false): string =>
        `Nothing in force here: ${thenWords(by, 2, isFull)}, ${quotedAll(held, most)} ${holds(held.length)}${but}`;
      return {
        text: within(
          stoppedMost,
          text(2, true),
          text(1, true),
          text(2),
          text(1),
          `Nothing here: ${thenWords(by, 1)} it holds`,
        ),
        clauses,
      };
    }
    case 'off here': {
      const isOne = stopped.clauses.length === 1;
      const end = `off here and would have spoken; no run here turns ${isOne ? 'it' : 'them'} on`;
      const text = (most: number): string => `${named(stopped.clauses, 'and', most)} ${isOne ? 'is' : 'are'} ${end}`;
      return { text: within(stoppedMost, text(2), text(1)), clauses: stopped.clauses };
    }
    case 'spoke': {
      const many = stopped.clauses.length > 1;
      return {
        text: within(
          stoppedMost,
          ...[2, 1].map(
            (most) =>
              `${named(stopped.clauses, 'and', most)} ${many ? 'throw' : 'throws'} something away in step ${stopped.step + 1}; no run here turns ${many ? 'them' : 'it'} off`,
          ),
        ),
        clauses: stopped.clauses,
      };
    }
    case 'none': {
      const text = `No clause stops it in ${runsWords(stopped.runs, 'any')}`;
      const { accepted } = stopped;
      if (accepted === null) return { text, clauses: [] };
      return {
        text: within(stoppedMost, `${text}; the text accepts it: ${named([accepted], 'and')}`, text),
        clauses: [accepted],
      };
    }
    case 'not seen':
      return { text: `No clause is seen to decide: it holds in ${runsWords(stopped.runs, 'all')}`, clauses: [] };
  }
};

export const screenWords = (run: Run, verdict: Verdict4): ScreenWords => {
  const { text, clauses } = stoppedWords(verdict.stoppedBy);
  return {
    who: whoWords(run, verdict.who),
    did: verdict.did.map(({ step, text: deed }) => `${deed} (step ${step + 1})`),
    broke: verdict.broke.length === 0 ? [nothingBroke(verdict)] : verdict.broke.map(brokeWords),
    stoppedBy: text,
    clauses,
  };
};
