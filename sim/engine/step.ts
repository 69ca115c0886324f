/** One step: what one choice leads to. A pure function of the world and the choice. */

import { overhear, spending } from './attacking.ts';
import { choiceOf, type OpenChoice, openChoices } from './choices.ts';
import { delivers } from './federating.ts';
import { syncs } from './people.ts';
import type { Stage } from './stage.ts';
import type { Step } from './types.ts';
import { wakes } from './waking.ts';
import type { Progress, World } from './world.ts';

type Stepped = { readonly world: World; readonly step: Step };

/** Takes the choice of that id among those `offered`. Throws where it is not: the trace belongs to another version. */
export const step = (
  stage: Stage,
  world: World,
  choiceId: string,
  offered: readonly OpenChoice[] = openChoices(stage, world),
): Stepped => {
  const choice = offered.find(({ id }) => id === choiceId);
  if (choice === undefined)
    throw new Error(
      `no choice "${choiceId}" here (there are: ${offered.map(({ id }) => id).join(', ') || 'none'}): was this trace made for another version of ${stage.scenario.id}?`,
    );
  const done = perform(stage, counted(stage, world, choice), choice);
  return { world: done.world, step: { choice: choiceOf(choice), moments: done.moments } };
};

/** What comes of a choice, and what attackers overhear of it. It reads nothing of what `counted` changes. */
export const perform = (stage: Stage, world: World, choice: OpenChoice): Progress =>
  overhear(stage, take(stage, world, choice), choice.who);

const take = (stage: Stage, world: World, choice: OpenChoice): Progress => {
  switch (choice.do) {
    case 'sync':
      return syncs(stage, world, choice.player);
    case 'deliver':
      return delivers(stage, world, choice);
    case 'wake':
      return wakes(stage, world, choice.alarm);
    case 'act':
      // What a story or its readers say may be impossible; attackers and accidents are offered only what is possible.
      return stage.verbs.perform(
        stage,
        world,
        choice.act,
        choice.taken.from === 'story' || choice.taken.from === 'play',
      );
  }
};

/** The world in which the act is used up: its story line, its turn in free play, or its budget. */
export const counted = (stage: Stage, world: World, choice: OpenChoice): World => {
  if (choice.do !== 'act') return world;
  const { act, taken } = choice;
  switch (taken.from) {
    case 'story': {
      const line = stage.scenario.story[world.line] ?? [];
      const acted = [...world.acted, taken.nth];
      return acted.length === line.length ? { ...world, line: world.line + 1, acted: [] } : { ...world, acted };
    }
    case 'play':
      return {
        ...world,
        played: (stage.scenario.explore?.acts ?? []).map(
          (_, nth) => (world.played[nth] ?? 0) + (nth === taken.nth ? 1 : 0),
        ),
      };
    case 'attacker':
      return spending(world, act);
    case 'fault': {
      const left = world.faults[taken.fault];
      return left === undefined ? world : { ...world, faults: { ...world.faults, [taken.fault]: left - 1 } };
    }
  }
};
