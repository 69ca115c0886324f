/** What an attacker knows at the end of a run, and from what it follows. */
import type { Derivation, PlayerId, Run } from '../../engine/types.ts';
import { toldIn } from './sides.ts';
import { capitalised, secretWords } from './words.ts';

export type Knows = {
  readonly player: PlayerId;
  readonly what: string;
  /** Index into `run.steps`: when it was learned. */
  readonly step: number;
  readonly by: Derivation['by'];
  readonly text: string;
  readonly term: string;
  /** Earlier things it was derived from, as far as this attacker's own list has them. */
  readonly from: readonly { readonly what: string; readonly step: number }[];
};

/** Everything each attacker learned, in order. */
export const knowledgeOf = (run: Run): readonly Knows[] => {
  const told = toldIn(run);
  const known: Knows[] = [];
  for (const [step, { moments }] of run.steps.entries())
    for (const moment of moments) {
      if (moment.kind !== 'learned') continue;
      const { player, what, term, how } = moment;
      const from = how.from.flatMap((label) => {
        const source = known.find((one) => one.player === player && (one.term === label || one.what === label));
        return source === undefined ? [] : [{ what: source.what, step: source.step }];
      });
      known.push({
        player,
        what: capitalised(told(secretWords(what))),
        step,
        by: how.by,
        text: told(how.text),
        term,
        from,
      });
    }
  return known;
};
