/** Where on a picture guarantees break: at the step that did it, and at the step after which no later one can mend it. */
import type { Judgement, PlayerId, Run } from '../../engine/types.ts';
import { isTelling } from './outcomes.ts';
import type { Row } from './row.ts';
import { toldIn } from './sides.ts';

/** What broke of one guarantee at one player by one step, and for certain in another. Steps are indices. */
export type Fallen = {
  readonly guarantee: Judgement['guarantee'];
  readonly verdict: 'breaks' | 'accepted';
  readonly cause: number;
  readonly certain: number;
  readonly at: PlayerId | null;
  readonly why: string;
};

/** All that broke in a run, guarantee by guarantee, each by cause. `why` is told with people’s names for devices. */
export const fallenIn = (run: Pick<Run, 'judgements' | 'players'>): readonly Fallen[] => {
  const told = toldIn(run);
  return run.judgements.flatMap(({ guarantee, breaks }) =>
    breaks.flatMap(({ cause, certain, breaks: all }) =>
      all.map(({ at, why, acceptedBy }): Fallen => {
        const verdict = acceptedBy === null ? 'breaks' : 'accepted';
        return { guarantee, verdict, cause, certain, at, why: told(why) };
      }),
    ),
  );
};

/** Whether it was done earlier than it was certain. */
export const isForetold = ({ cause, certain }: Pick<Fallen, 'cause' | 'certain'>): boolean => cause < certain;

/** Adds it unless it is there. */
const among = <T extends object>(list: readonly T[], one: T): readonly T[] =>
  list.some((known) => JSON.stringify(known) === JSON.stringify(one)) ? list : [...list, one];

/** The row of a step that shows best what broke there: where a clause was off, or at whom it broke, or the last. */
const bestRow = (
  rows: readonly Row[],
  step: number,
  at: PlayerId | null,
  missed: readonly string[],
): Row | undefined => {
  const own = rows.filter((row) => row.step === step);
  return (
    own.find(({ gates }) =>
      gates.some(({ clause, outcome }) => outcome.is === 'off' && isTelling(outcome) && missed.includes(clause)),
    ) ??
    own.findLast(({ from, to }) => at !== null && (from === at || to === at)) ??
    own.at(-1)
  );
};

/** Puts what broke onto the rows: where it is certain, and where it was done when that was earlier. */
export const marked = (run: Run, rows: readonly Row[]): readonly Row[] => {
  const now = [...rows];
  const change = (row: Row | undefined, changed: (row: Row) => Row): void => {
    const nth = row === undefined ? -1 : now.indexOf(row);
    if (row !== undefined && nth >= 0) now[nth] = changed(row);
  };
  for (const one of fallenIn(run)) {
    const { guarantee, verdict, cause, certain, at } = one;
    const missed = run.judgements.find((judgement) => judgement.guarantee === guarantee)?.missed ?? [];
    change(bestRow(now, certain, at, missed), (row) => ({
      ...row,
      verdicts: among(row.verdicts, { guarantee, verdict }),
    }));
    if (isForetold(one))
      change(
        now.findLast(({ step }) => step === cause),
        (row) => ({
          ...row,
          causes: among(row.causes, { guarantee, verdict, certain }),
        }),
      );
  }
  return now;
};
