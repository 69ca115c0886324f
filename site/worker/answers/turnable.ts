/** Whether there are such settings in a scenario, and what they are called. */
import { turnWords } from '../../../sim/runs/telling/setting-words.ts';
import type { Refused } from '../played.ts';
import { type TurnableAsked, whyNotTurned } from '../turnable.ts';

/** `turned`: in words, one after the other. */
export type TurnableAnswered = Refused | { readonly is: 'turnable'; readonly turned: readonly string[] };

export const turnable = (asked: TurnableAsked): TurnableAnswered => {
  const why = whyNotTurned(asked);
  return why === null ? { is: 'turnable', turned: asked.turns.map(turnWords) } : { is: 'refused', why };
};
