/** What taking a choice does: what comes of it, and what it uses up. */

import { overhear, spending } from './attacking.ts';
import type { OpenChoice } from './choices.ts';
import { delivers } from './federating.ts';
import { syncs } from './people.ts';
import type { Stage } from './stage.ts';
import { wakes } from './waking.ts';
import { atRequest, type Progress, type World } from './world.ts';

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
    case 'interrupted': {
      const { player, how, request, of } = choice;
      return take(stage, { ...world, troubles: [atRequest(player, how, request), ...world.troubles] }, of);
    }
  }
};

/** The world in which the act is used up: its story line, its turn in free play, or its budget. */
export const counted = (stage: Stage, world: World, choice: OpenChoice): World => {
  if (choice.do === 'interrupted') return dealt(counted(stage, world, choice.of), choice.fault);
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
    case 'fault':
      return dealt(world, taken.fault);
  }
};

/** One of the budget of a fault is used up. */
const dealt = (world: World, fault: string): World => {
  const left = world.faults[fault];
  return left === undefined ? world : { ...world, faults: { ...world.faults, [fault]: left - 1 } };
};
