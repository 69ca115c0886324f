/** The text that somebody is writing, run again with each setting of its `without` turned. */
import type { Run } from '../../../sim/engine/types.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { turnWords } from '../../../sim/runs/telling/setting-words.ts';
import { sightView } from '../../views/sight.ts';
import type { Element } from '../../views/view.ts';
import { playedInFull } from '../played.ts';
import { written } from '../written.ts';
import { drawnMax, type JudgedClaim, judgedClaims } from './edit.ts';

export type TurnedAsked = { readonly text: string };
/** A run with settings turned. */
export type TurnedRun = {
  readonly key: string;
  readonly words: string;
  readonly claims: readonly JudgedClaim[];
  /** Why no story begins with it turned, in a sentence without a full stop; `null` where one does. */
  readonly refused: string | null;
};
export type TurnedAnswered = {
  /** In the order of the file; none where it cannot be read. */
  readonly runs: readonly TurnedRun[];
  /** What stands in `.sight` of the run as written, held against all of these; `null` where not all were made, or none is drawn. */
  readonly sight: Element | null;
};

export const turned = async (
  { text }: TurnedAsked,
  { report, isWanted }: { readonly report: (progress: TurnedRun) => void; readonly isWanted: () => Promise<boolean> },
): Promise<TurnedAnswered> => {
  const read = written(text);
  if (!read.ok || read.scenario.explore !== null) return { runs: [], sight: null };
  const { scenario } = read;
  const all: TurnedRun[] = [];
  const siblings: Run[] = [];
  for (const without of scenario.without) {
    if (!(await isWanted())) break;
    const { key, turns } = without;
    const made = await playedInFull(scenario, turns);
    if (made.is === 'run') siblings.push(inQuestion(made.run));
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
  const own = await playedInFull(scenario, []);
  const isSeen = all.length === scenario.without.length && own.is === 'run' && own.run.steps.length <= drawnMax;
  return { runs: all, sight: isSeen ? sightView(inQuestion(own.run), siblings) : null };
};
