/** The four lines of a run's first sight, in words: the same on the page, on the terminal and in a comment. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId, Run } from '../../engine/types.ts';
import { capitalised } from '../figures/words.ts';
import type { Broke, Verdict4 } from './first-screen.ts';
import { fitting, listed, quotedGuarantee, quotedGuarantees } from './speech.ts';
import { stoppedHead, stoppedWords } from './stopped-words.ts';
import { whoWords } from './who.ts';

/** Lines without ids; `(step 5)` counts from 1, as pictures do. */
export type ScreenWords = {
  /** At most 120 characters. */
  readonly who: string;
  /** At most 110 characters each. */
  readonly did: readonly string[];
  /** At least one line, of at most 240 characters, none of them cut; that nothing broke is a line too. */
  readonly broke: readonly string[];
  /** What the next line is called: whoever attacks is stopped, where nobody does guarantees are kept, and what breaks would be helped. */
  readonly stoppedHead: ReturnType<typeof stoppedHead>;
  /** At most 190 characters. */
  readonly stoppedBy: string;
  /** The clauses that `stoppedBy` names, in its order. */
  readonly clauses: readonly ClauseId[];
};

const brokeMost = 240;

const timesWords = (times: number): string => (times < 2 ? '' : `; ${times} such breaks there`);

/** `; and again in step 9`; what broke before is told as well. */
const againWords = (again: readonly number[], certain: number): string => {
  const steps = (some: readonly number[]): string =>
    some.length > 3
      ? `in ${some.length} more steps`
      : `in step${some.length === 1 ? '' : 's'} ${listed(some.map((step) => String(step + 1)))}`;
  const [before, later] = [again.filter((step) => step < certain), again.filter((step) => step > certain)];
  return `${before.length === 0 ? '' : `; ${steps(before)} too`}${later.length === 0 ? '' : `; and again ${steps(later)}`}`;
};

/** `step 6`, or `done in step 6; from step 7 on nothing can mend it`, with how often. */
const whenWords = ({ cause, certain, times, again }: Broke): string => {
  const more = `${timesWords(times)}${againWords(again, certain)}`;
  if (cause === certain) return `step ${certain + 1}${more}`;
  return `done in step ${cause + 1}; from step ${certain + 1} on nothing can mend it${more}`;
};

/** For whom, where the evidence does not say it. */
const forWhom = ({ at, what }: Broke): string => {
  const owner = at?.split('’s ')[0] ?? '';
  return at === null || what.includes(owner) ? '' : ` for ${at}`;
};

const brokeWords = (broke: Broke): string => {
  const how =
    broke.accepted === null ? ` breaks${forWhom(broke)}` : `${forWhom(broke)} (a break that the text itself accepts)`;
  return `${quotedGuarantee(broke.guarantee)}${how}: ${broke.what} (${whenWords(broke)})`;
};

const nothingBroke = ({ held, idle, open }: Verdict4): string =>
  fitting(
    brokeMost,
    [4, 3, 2, 1].map((most) => {
      const all = (some: readonly GuaranteeId[]): string => quotedGuarantees(some, most);
      const said = [
        ...(held.length === 0 ? [] : [`${all(held)} ${held.length === 1 ? 'holds' : 'hold'} in this run`]),
        ...(idle.length === 0 ? [] : [`nothing was at stake in ${all(idle)}`]),
        ...(open.length === 0 ? [] : [`${all(open)} ${open.length === 1 ? 'stays' : 'stay'} open`]),
      ];
      if (held.length > 0) return `Nothing: ${said.join('; ')}`;
      return idle.length > 0 ? `Nothing, and ${said.join('; ')}` : ['Nothing is seen to break', ...said].join('; ');
    }),
  );

/** `step 2`, `steps 2, 3 and 4`. */
const stepsWords = (steps: readonly number[]): string =>
  `step${steps.length === 1 ? '' : 's'} ${listed(
    steps.map((step) => String(step + 1)),
    4,
  )}`;

export const screenWords = (run: Run, verdict: Verdict4): ScreenWords => {
  const { text, clauses } = stoppedWords(verdict.stoppedBy);
  return {
    who: whoWords(run, verdict.who),
    did: verdict.did.map(({ step, again, text: deed }) => `${deed} (${stepsWords([step, ...again])})`),
    broke: verdict.broke.length === 0 ? [nothingBroke(verdict)] : verdict.broke.map(brokeWords),
    stoppedHead: stoppedHead(run, verdict.stoppedBy),
    stoppedBy: capitalised(text),
    clauses,
  };
};

/** The lines under each other, with heads: for terminals and wherever there is text alone. */
export const screenLines = ({ who, did, broke, stoppedHead: head, stoppedBy }: ScreenWords): readonly string[] =>
  [
    ['who', who] as const,
    ...did.map((line, nth) => [nth === 0 ? 'did' : '', line] as const),
    ...broke.map((line, nth) => [nth === 0 ? 'broke' : '', line] as const),
    [head.toLowerCase(), stoppedBy] as const,
  ].map(([name, line]) => `${name.padEnd(10)}  ${line}`);
