/** A scenario's verdicts, however they are reached: a story by its one run, free play by every world within its bounds. */

import type { Judgement, Scenario, Trace } from '../engine/types.ts';
import { type RunOptions, replay, runStory, suiteFor } from '../runs/run.ts';
import { type Exploration, explore, type Found } from './explore.ts';

export type Verdicts = {
  readonly judgements: readonly Judgement[];
  /** The run that shows it: the story's, or the first break's; `null` where all worlds were seen and none breaks. */
  readonly trace: Trace | null;
  readonly exploration: Exploration | null;
};

/** By which steps of the way there it was done and became certain: the way is taken once more, as searches keep no steps. */
const datedBy = (scenario: Scenario, { guarantee, trace }: Found): Pick<Judgement, 'cause' | 'certain' | 'breaks'> => {
  if (trace === null) return { cause: null, certain: null, breaks: [] };
  const judged = replay(scenario, trace, 'symbolic').judgements.find((one) => one.guarantee === guarantee);
  if (judged === undefined || judged.breaks.length === 0)
    throw new Error(`the way to a break of ${guarantee} does not break it: do the search and runs part?`);
  const { cause, certain, breaks } = judged;
  return { cause, certain, breaks };
};

/** Free play is a matter for terms: every break it finds is replayed with bytes where it is reported. */
export const verdictsOf = (scenario: Scenario, options: RunOptions = {}): Verdicts => {
  if (scenario.explore === null) {
    const run = runStory(scenario, options);
    return { judgements: run.judgements, trace: run.trace, exploration: null };
  }
  const seed = options.seed ?? '1';
  const exploration = explore(scenario, { suite: suiteFor(seed, 'symbolic'), turns: options.turns ?? [], seed });
  const judgements = exploration.found.map((found): Judgement => {
    const { guarantee, verdict, at, why, acceptedBy, shadow } = found;
    const dated = datedBy(scenario, found);
    return { guarantee, verdict, at, why, acceptedBy, shadow, missed: [], ...dated };
  });
  return { judgements, trace: exploration.found.find(({ trace }) => trace !== null)?.trace ?? null, exploration };
};
