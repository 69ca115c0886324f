/** The text that somebody is writing, run again with each setting of its `without` turned. */
import { turnWords } from '../../../sim/runs/telling/setting-words.ts';
import { playedInFull } from '../played.ts';
import { written } from '../written.ts';
import { type JudgedClaim, judgedClaims } from './edit.ts';

export type TurnedAsked = { readonly text: string };
/** A run with settings turned. */
export type TurnedRun = {
  readonly key: string;
  readonly words: string;
  readonly claims: readonly JudgedClaim[];
  /** Why no story begins with it turned, in a sentence without a full stop; `null` where one does. */
  readonly refused: string | null;
};
/** In the order of the file; none where it cannot be read. */
export type TurnedAnswered = readonly TurnedRun[];

export const turned = async (
  { text }: TurnedAsked,
  { report, isWanted }: { readonly report: (progress: TurnedRun) => void; readonly isWanted: () => Promise<boolean> },
): Promise<TurnedAnswered> => {
  const read = written(text);
  if (!read.ok || read.scenario.explore !== null) return [];
  const { scenario } = read;
  const all: TurnedRun[] = [];
  for (const without of scenario.without) {
    if (!(await isWanted())) break;
    const { key, turns } = without;
    const made = await playedInFull(scenario, turns);
    const claims = made.is === 'refused' ? [] : judgedClaims(scenario, without, made.run);
    const told = {
      key,
      words: turns.map(turnWords).join(', '),
      claims,
      refused: made.is === 'refused' ? made.why : null,
    };
    report(told);
    all.push(told);
  }
  return all;
};
