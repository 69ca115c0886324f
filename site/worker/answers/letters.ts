/** All that the steps of a run carried, with JSON and bytes. */
import type { Scenario, Turn } from '../../../sim/engine/types.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { lettersOf } from '../../letters.ts';
import type { Letter } from '../../letters-file.ts';
import { played } from '../played.ts';

export type LettersAsked = { readonly scenario: Scenario; readonly turns: readonly Turn[] };

/** Step by step; nothing where there is no such run. */
export const letters = async ({ scenario, turns }: LettersAsked): Promise<readonly (readonly Letter[])[]> => {
  const made = await played(scenario, turns);
  return made.is === 'refused' ? [] : lettersOf(inQuestion(made.run));
};
