/** What a story says at first sight, on the terminal: who, did, broke, stopped by. */
import type { Scenario } from '../engine/types.ts';
import { type RunOptions, runStory } from '../runs/run.ts';
import { firstScreen } from '../runs/telling/first-screen.ts';
import { screenLines, screenWords } from '../runs/telling/screen-words.ts';

/** The lines of a scenario as it is written, beside its runs with settings turned. None for free play, which has no one run. */
export const firstSight = (scenario: Scenario, suite: RunOptions['suite']): readonly string[] => {
  if (scenario.explore !== null) return [];
  const [run, ...siblings] = [[], ...scenario.without.map(({ turns }) => turns)].map((turns) =>
    runStory(scenario, { turns, suite }),
  );
  return run === undefined ? [] : screenLines(screenWords(run, firstScreen(run, siblings)));
};
