/** What would become of the guarantees if one more setting were turned: each tried in its own run, told as soon as it is known. */
import type { Scenario, Turn } from '../../../sim/engine/types.ts';
import { type Fate, fatesOf } from '../../../sim/runs/telling/if-turned.ts';
import type { Desk } from '../desk.ts';
import { judged, type Refused } from '../played.ts';

export type PreviewAsked = {
  readonly scenario: Scenario;
  /** What is turned now. */
  readonly turns: readonly Turn[];
  /** What would be turned instead, in the order in which it is to be tried. */
  readonly each: readonly (readonly Turn[])[];
};
export type Effect = Refused | { readonly is: 'fates'; readonly fates: readonly Fate[] };
/** `nth` among `each`. */
export type PreviewProgress = { readonly nth: number; readonly effect: Effect };
/** How many were tried: all of them, unless nobody wanted the rest. */
export type PreviewAnswered = { readonly tried: number };

export const preview = async (
  { scenario, turns, each }: PreviewAsked,
  { report, isWanted }: Desk<PreviewProgress>,
): Promise<PreviewAnswered> => {
  const now = await judged(scenario, turns);
  for (const [nth, other] of each.entries()) {
    if (!(await isWanted())) return { tried: nth };
    const then = await judged(scenario, other);
    if (now.is === 'refused') report({ nth, effect: now });
    else if (then.is === 'refused') report({ nth, effect: then });
    else report({ nth, effect: { is: 'fates', fates: fatesOf(now, then) } });
  }
  return { tried: each.length };
};
