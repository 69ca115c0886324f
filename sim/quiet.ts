import { takesPart } from './choices.ts';
import { deliveriesOf } from './federating.ts';
import type { Stage } from './stage.ts';
import { isRogue, type World } from './world.ts';

/** Whether nothing is left to happen but what people and attackers may still decide to do. */
export const isQuiet = (stage: Stage, world: World): boolean =>
  stage.scenario.story[world.line] === undefined &&
  world.alarms.length === 0 &&
  deliveriesOf(stage, world).length === 0 &&
  !Object.keys(world.devices).some((player) => !isRogue(world, player) && takesPart(world, player));
