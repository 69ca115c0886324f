/** Whether there are such settings: links name them, and a name that is none must not be taken for the text as it is written. */
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { turnableIn, wrongTurns } from '../../sim/scenario/turns.ts';

export type TurnableAsked = { readonly scenario: Scenario; readonly turns: readonly Turn[] };

/** Why they cannot be turned, in a sentence without a full stop; `null`: they can. */
export const whyNotTurned = ({ scenario, turns }: TurnableAsked): string | null => {
  const [wrong] = wrongTurns(turns, turnableIn(scenario));
  if (wrong === undefined) return null;
  return wrong.nearest === null ? wrong.message : `${wrong.message}, as “${wrong.nearest}” is`;
};
