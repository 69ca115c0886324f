/** The four lines of a run's first sight, in words: the same on the page, on the terminal and in a comment. */
import type { ClauseId, Run } from '../../engine/types.ts';
import { capitalised } from '../figures/words.ts';
import type { Broke, Verdict4 } from './first-screen.ts';
import { fitting, quotedGuarantee, quotedGuarantees, shortened } from './speech.ts';
import { stoppedWords } from './stopped-words.ts';
import { whoWords } from './who.ts';

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

const brokeMost = 160;

/** What was found, without its last parts where it would be too long. */
const evidence = (what: string, most: number): string => {
  if (what.length <= most) return what;
  const comma = what.lastIndexOf(', ', most - 1);
  return comma > 30 ? `${what.slice(0, comma)}…` : shortened(what, most);
};

const brokeWords = ({ guarantee, what, cause, certain, accepted, more }: Broke): string => {
  const when = cause === certain ? `step ${cause + 1}` : `done in step ${cause + 1}, certain in ${certain + 1}`;
  const begin = `${quotedGuarantee(guarantee)} ${accepted === null ? 'breaks' : '(the text accepts it)'}: `;
  const end = ` (${when}${more > 0 ? `, and ${more} more break${more === 1 ? '' : 's'}` : ''})`;
  return `${begin}${evidence(what, brokeMost - begin.length - end.length)}${end}`;
};

const nothingBroke = ({ held, open }: Verdict4): string => {
  const unsettled = open.length === 0 ? '' : `; ${quotedGuarantees(open)} ${open.length === 1 ? 'stays' : 'stay'} open`;
  if (held.length === 0) return `Nothing is seen to break${unsettled}`;
  const holds = held.length === 1 ? 'holds' : 'hold';
  return fitting(
    brokeMost,
    [4, 3, 2].map((most) => `Nothing: ${quotedGuarantees(held, most)} ${holds} in this run${unsettled}`),
  );
};

export const screenWords = (run: Run, verdict: Verdict4): ScreenWords => {
  const { text, clauses } = stoppedWords(verdict.stoppedBy);
  return {
    who: whoWords(run, verdict.who),
    did: verdict.did.map(({ step, text: deed }) => `${deed} (step ${step + 1})`),
    broke: verdict.broke.length === 0 ? [nothingBroke(verdict)] : verdict.broke.map(brokeWords),
    stoppedBy: capitalised(text),
    clauses,
  };
};

/** The lines under each other, with heads: for terminals and wherever there is text alone. */
export const screenLines = ({ who, did, broke, stoppedBy }: ScreenWords): readonly string[] =>
  [
    ['who', who] as const,
    ...did.map((line, nth) => [nth === 0 ? 'did' : '', line] as const),
    ...broke.map((line, nth) => [nth === 0 ? 'broke' : '', line] as const),
    ['stopped by', stoppedBy] as const,
  ].map(([head, line]) => `${head.padEnd(10)}  ${line}`);
