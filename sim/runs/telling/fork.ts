/** Two runs of one scenario: what they have in common once, the decision by which they part, and both ends. */
import type { Judgement, Run } from '../../engine/types.ts';
import { commonRows } from '../figures/mini.ts';
import type { Row } from '../figures/row.ts';
import { rowsOf } from '../figures/rows.ts';
import { capitalised } from '../figures/words.ts';
import { inQuestion } from './first-screen.ts';
import { otherwiseWords } from './stopped-words.ts';
import { differences } from './stops.ts';

export type End = {
  readonly run: Run;
  /** Rows of its picture after the stem. */
  readonly rows: readonly Row[];
  /** Of the guarantees in question. */
  readonly judgements: readonly Judgement[];
};
export type Fork = {
  /** What both have: how many rows of the picture, and how many whole steps. */
  readonly stem: { readonly rows: readonly Row[]; readonly steps: number };
  /** What is otherwise at the second end: `With “Only take pushes from cross-signed devices” off`. */
  readonly label: string;
  readonly ends: readonly [End, End];
};

const endOf = (run: Run, rows: readonly Row[], from: number): End => ({
  run,
  rows: rows.slice(from),
  judgements: inQuestion(run).judgements,
});

/** `other` is a run of the same scenario with settings turned. */
export const forkOf = (base: Run, other: Run): Fork => {
  const [mine, theirs] = [rowsOf(base), rowsOf(other)];
  const common = commonRows(mine, theirs);
  const next = Math.min(
    ...[mine, theirs].flatMap(({ rows }) => rows[common]?.step ?? []),
    Math.min(base.steps.length, other.steps.length),
  );
  return {
    stem: { rows: mine.rows.slice(0, common), steps: next },
    label: capitalised(otherwiseWords(differences(base, other))),
    ends: [endOf(base, mine.rows, common), endOf(other, theirs.rows, common)],
  };
};
