/** Where a run with settings turned parts from the run as written, and how both end. */
import type { Scenario, Turn } from '../../../sim/engine/types.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { forkView } from '../../views/fork.ts';
import type { Element } from '../../views/view.ts';
import { played } from '../played.ts';

export type ForkAsked = { readonly scenario: Scenario; readonly turns: readonly Turn[] };

/** Nothing where one of both cannot be played. */
export const fork = async ({ scenario, turns }: ForkAsked): Promise<readonly Element[]> => {
  const [written, turned] = await Promise.all([played(scenario, []), played(scenario, turns)]);
  return written.is === 'run' && turned.is === 'run'
    ? forkView(inQuestion(written.run), inQuestion(turned.run), 'beside', 'h3')
    : [];
};
