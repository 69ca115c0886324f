/** A run as text, as `npx hearsay replay` prints it. */
import type { Scenario, Turn } from '../../../sim/engine/types.ts';
import { transcript } from '../../../sim/runs/transcript.ts';
import { playedInFull } from '../played.ts';

export type TextAsked = { readonly scenario: Scenario; readonly turns: readonly Turn[] };

/** Why there is none, where there is no such run. */
export const text = async ({ scenario, turns }: TextAsked): Promise<string> => {
  const made = await playedInFull(scenario, turns);
  return made.is === 'refused' ? made.why : transcript(made.run);
};
