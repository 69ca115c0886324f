/** Two runs of one scenario: what they have in common once, the decision by which they part, and both ends. */
import { clauseName, questionName, readingWords } from '../../../machines/naming.ts';
import type { Judgement, Run } from '../../engine/types.ts';
import { looksAlike } from '../figures/mini.ts';
import type { Row } from '../figures/row.ts';
import { rowsOf } from '../figures/rows.ts';
import { capitalised } from '../figures/words.ts';
import { stepsInCommon } from '../same-steps.ts';
import { revisionWords, switchValue } from './base-words.ts';
import { faultTurned } from './fault-words.ts';
import { inQuestion } from './first-screen.ts';
import { inQuotes, listed } from './speech.ts';
import { otherwiseWords } from './stopped-words.ts';
import { type Difference, differences } from './stops.ts';

export type End = {
  readonly run: Run;
  /** Rows of its picture after the stem. */
  readonly rows: readonly Row[];
  /** Of the guarantees in question. */
  readonly judgements: readonly Judgement[];
};
/** What is decided, and how at either end: `“Only take pushes from cross-signed devices”`: `in force`, `off`. */
export type Decision = { readonly what: string; readonly ends: readonly [string, string] };
export type Fork = {
  /**
   * What both have: how many whole steps (the one after these is the first that is otherwise), and the rows of the picture, with those
   * that look alike in both though something in them is not the same.
   */
  readonly stem: { readonly rows: readonly Row[]; readonly steps: number };
  /** The step (index) in which a picture of them first looks otherwise; `null` where it never does. */
  readonly shows: number | null;
  readonly decision: Decision;
  readonly ends: readonly [End, End];
};

const clauseEnds = { 'in force': ['in force', 'off'], off: ['off', 'in force'] } as const;
const small = (words: string): string => `${words.slice(0, 1).toLowerCase()}${words.slice(1)}`;

/** A decision as people read it; of settings of several kinds whether all are turned. */
const decisionOf = (by: readonly Difference[]): Decision => {
  const [first] = by;
  const clauses = by.flatMap((one) => (one.is === 'clause' ? [one] : []));
  const [clause] = clauses;
  if (clause !== undefined && clauses.length === by.length && clauses.every(({ now }) => now === clause.now)) {
    const names = clauses.map((one) => `${inQuotes(clauseName(one.clause))}${one.at === null ? '' : ` at ${one.at}`}`);
    return { what: listed(names, 9), ends: clauseEnds[clause.now] };
  }
  if (by.length === 1 && first?.is === 'reading') {
    const read = (reading: typeof first.now): string => `${reading}: ${readingWords(first.question, reading)}`;
    return {
      what: `${first.question}, ${small(questionName(first.question))}`,
      ends: [read(first.now), read(first.there)],
    };
  }
  if (by.length === 1 && first?.is === 'text') {
    const own = 'as the scenario has it';
    const chosen = revisionWords(first.proposal, first.revision);
    return { what: `The text of ${first.proposal}`, ends: first.now === 'chosen' ? [chosen, own] : [own, chosen] };
  }
  if (by.length === 1 && first?.is === 'option') {
    const [own, chosen] = ['as the scenario has it', switchValue(first.value)];
    return { what: inQuotes(first.option), ends: first.now === 'chosen' ? [chosen, own] : [own, chosen] };
  }
  if (by.length === 1 && first?.is === 'fault')
    return {
      what: capitalised(faultTurned(first.fault)),
      ends: first.now === 'chosen' ? ['yes', 'no'] : ['no', 'yes'],
    };
  return { what: capitalised(otherwiseWords(by)), ends: ['no', 'yes'] };
};

const endOf = (run: Run, rows: readonly Row[]): End => ({ run, rows, judgements: inQuestion(run).judgements });

/** `other` is a run of the same scenario with settings turned. */
export const forkOf = (base: Run, other: Run): Fork => {
  const steps = stepsInCommon(base, other);
  const after = (run: Run): readonly Row[] => rowsOf(run).rows.filter(({ step }) => step >= steps);
  const [mine, theirs] = [after(base), after(other)];
  const parts = mine.findIndex((row, nth) => !looksAlike(row, theirs[nth]));
  const alike = parts < 0 ? mine.length : parts;
  const shows = [mine, theirs].flatMap((rows) => rows[alike]?.step ?? []);
  return {
    stem: { rows: [...rowsOf(base).rows.filter(({ step }) => step < steps), ...mine.slice(0, alike)], steps },
    shows: shows.length === 0 ? null : Math.min(...shows),
    decision: decisionOf(differences(base, other)),
    ends: [endOf(base, mine.slice(alike)), endOf(other, theirs.slice(alike))],
  };
};
