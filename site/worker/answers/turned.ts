/** The text that somebody is writing, run again with each setting of its `without` turned. */
import { turnWords } from '../../ledger.ts';
import { played } from '../played.ts';
import { written } from '../written.ts';
import { type JudgedClaim, judgedClaims } from './edit.ts';

export type TurnedAsked = { readonly text: string };
/** A run with settings turned. */
export type TurnedRun = { readonly key: string; readonly words: string; readonly claims: readonly JudgedClaim[] };
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
    const run = played(scenario, turns);
    const told = { key, words: turns.map(turnWords).join(', '), claims: judgedClaims(scenario, without, run) };
    report(told);
    all.push(told);
  }
  return all;
};
