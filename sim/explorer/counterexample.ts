/** What the explorer found, as a scenario of its own: the shortest way there as a story, and the verdict as its claim. */

import { makeRealSuite } from '../crypto/real/suite.ts';
import type { OpenChoice } from '../engine/choices.ts';
import { openChoices } from '../engine/open-choices.ts';
import { begin } from '../engine/prologue.ts';
import { turned } from '../engine/set-stage.ts';
import { step } from '../engine/step.ts';
import type { Act, Scenario, StoryLine, Trace } from '../engine/types.ts';
import { stageWith } from '../verbs/port.ts';
import type { Found } from './explore.ts';

/** The acts of a trace as story lines. */
const storyOf = (scenario: Scenario, trace: Trace): readonly StoryLine[] => {
  const stage = stageWith(scenario, {
    turns: trace.turns,
    seed: trace.seed,
    suite: makeRealSuite(trace.seed),
    free: true,
  });
  let world = begin(stage);
  return trace.choices.flatMap((id): readonly StoryLine[] => {
    const choice = openChoices(stage, world).find((one) => one.id === id);
    world = step(stage, world, id).world;
    return choice === undefined ? [] : actsOf(choice).map((act) => [act]);
  });
};

/** What a fault within a step does to which request is said before it. */
const actsOf = (choice: OpenChoice): readonly Act[] => {
  if (choice.do !== 'interrupted') return [actOf(choice)].filter((act) => act !== null);
  const { player, verb, request, of } = choice;
  return [{ who: player, verb, args: { [verb]: request } }, ...actsOf(of)];
};

const actOf = (choice: Exclude<OpenChoice, { readonly do: 'interrupted' }>): Act | null => {
  switch (choice.do) {
    case 'act':
      return choice.act;
    case 'sync':
      return { who: choice.player, verb: 'sync', args: {} };
    case 'deliver':
      return { who: choice.from, verb: 'deliver to', args: { 'deliver to': choice.to } };
    case 'wake':
      return null;
  }
};

/** A scenario that tells what a trace of free play came to: no free play, no budgets, the settings as they were turned. It claims nothing. */
export const toldScenario = (scenario: Scenario, trace: Trace): Scenario => {
  const settles: StoryLine = [{ who: 'everyone', verb: 'settle', args: {} }];
  return {
    ...scenario,
    cast: { ...scenario.cast, attackers: scenario.cast.attackers.map((one) => ({ ...one, budget: {} })) },
    settings: turned(scenario.settings, trace.turns),
    faults: {},
    story: [...storyOf(scenario, trace), settles],
    explore: null,
    expect: [],
    without: [],
  };
};

/** A scenario that tells the break, and claims it. */
export const foundScenario = (
  scenario: Scenario,
  { guarantee, verdict, at, acceptedBy, why, trace }: Found,
): Scenario => {
  if (trace === null) throw new Error(`${guarantee} ${verdict}: there is no way to tell`);
  return {
    ...toldScenario(scenario, trace),
    title: why === null ? `${guarantee} breaks` : `${why.slice(0, 1).toUpperCase()}${why.slice(1)}`,
    why: `Found by searching every world of “${scenario.title}”: the shortest way to break ${guarantee}.`,
    expect: [{ guarantee, verdict, at: verdict === 'breaks' ? at : null, by: acceptedBy, shadow: 'happens' }],
  };
};
