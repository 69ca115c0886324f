/** Runs that the worker has played: a setting turned back and forth is worked out once. */
import { memo, memoBeside } from '../../machines/memo.ts';
import type { Judgement, Run, Scenario, Turn } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { inQuestion } from '../../sim/runs/telling/first-screen.ts';
import { turnableIn, wrongTurns } from '../../sim/scenario/turns.ts';
import { turnsKey } from '../../sim/scenario/written.ts';

/** Why a run cannot be had: a setting that there is not, or an arrangement in which the story cannot begin. In a sentence without a full stop. */
export type Refused = { readonly is: 'refused'; readonly why: string };
export type Played = { readonly is: 'run'; readonly run: Run };
/** Of the guarantees in question. */
export type Judged = { readonly is: 'judged'; readonly judgements: readonly Judgement[] };

const scenarios = memo<Scenario>(
  'scenarios',
  8,
  'each question brings its own copy, and what is kept of a scenario goes by it',
);
const runs = memoBeside<Scenario, Played | Refused>(
  'runs',
  32,
  'turned back, compared and written, a run is asked for several times',
);
const verdicts = memoBeside<Scenario, Judged | Refused>(
  'verdicts',
  4096,
  'previews of the same settings, which come again with every page that is turned back to',
);

const own = (scenario: Scenario): Scenario => scenarios(JSON.stringify(scenario), () => scenario);

const play = (scenario: Scenario, turns: readonly Turn[]): Played | Refused => {
  const [wrong] = wrongTurns(turns, turnableIn(scenario));
  if (wrong !== undefined)
    return {
      is: 'refused',
      why: wrong.nearest === null ? wrong.message : `${wrong.message}: is ${wrong.nearest} meant?`,
    };
  try {
    return { is: 'run', run: runStory(scenario, { turns }) };
  } catch (error) {
    return { is: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
};

/** The run of a scenario with settings turned, on real bytes and with the usual seed. */
export const played = (scenario: Scenario, turns: readonly Turn[]): Played | Refused => {
  const mine = own(scenario);
  return runs(mine, turnsKey(turns), () => play(mine, turns));
};

/** What becomes of the guarantees in such a run; the run itself is not kept. */
export const judged = (scenario: Scenario, turns: readonly Turn[]): Judged | Refused => {
  const mine = own(scenario);
  return verdicts(mine, turnsKey(turns), () => {
    const made = play(mine, turns);
    return made.is === 'run' ? { is: 'judged', judgements: inQuestion(made.run).judgements } : made;
  });
};
