/** Runs that the worker has played: a setting turned back and forth is worked out once. */
import { memo, memoBeside } from '../../machines/memo.ts';
import type { Run, Scenario, Turn } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { turnsKey } from '../../sim/scenario/turns.ts';

const scenarios = memo<Scenario>(
  'scenarios',
  8,
  'each question brings its own copy, and what is kept of a scenario goes by it',
);
const runs = memoBeside<Scenario, Run>(
  'runs',
  64,
  'turned back, compared and written, a run is asked for several times',
);

/** The run of a scenario with settings turned, on real bytes and with the usual seed. Throws where the simulator has a fault. */
export const played = (scenario: Scenario, turns: readonly Turn[]): Run => {
  const own = scenarios(JSON.stringify(scenario), () => scenario);
  return runs(own, turnsKey(turns), () => runStory(own, { turns }));
};
