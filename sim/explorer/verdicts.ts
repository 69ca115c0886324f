/** A scenario's verdicts, however they are reached: a story by its one run, free play by every world within its bounds. */
import { type RunOptions, runStory, suiteFor } from '../run.ts';
import type { Judgement, Scenario, Trace } from '../types.ts';
import { type Exploration, explore } from './explore.ts';

export type Verdicts = {
  readonly judgements: readonly Judgement[];
  /** The run that shows it: the story's, or the first break's; `null` where all worlds were seen and none breaks. */
  readonly trace: Trace | null;
  readonly exploration: Exploration | null;
};

/** Free play is a matter for terms: every break it finds is replayed with bytes where it is reported. */
export const verdictsOf = (scenario: Scenario, options: RunOptions = {}): Verdicts => {
  if (scenario.explore === null) {
    const run = runStory(scenario, options);
    return { judgements: run.judgements, trace: run.trace, exploration: null };
  }
  const seed = options.seed ?? '1';
  const exploration = explore(scenario, { suite: suiteFor(seed, 'symbolic'), turns: options.turns ?? [], seed });
  const judgements = exploration.found.map(
    ({ guarantee, verdict, at, why, acceptedBy, shadow, trace }): Judgement => ({
      guarantee,
      verdict,
      at,
      why,
      acceptedBy,
      shadow,
      step: trace === null ? null : trace.choices.length - 1,
      missed: [],
    }),
  );
  return { judgements, trace: exploration.found.find(({ trace }) => trace !== null)?.trace ?? null, exploration };
};
