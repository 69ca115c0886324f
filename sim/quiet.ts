import { takesPart } from './choices.ts';
import { deliveriesOf } from './federating.ts';
import type { Stage } from './stage.ts';
import { isRogue, type World } from './world.ts';

/**
 * How many rounds, in each of which every device syncs and every server sends, bring any cast to rest. Messages that cross take two
 * or three; a chain through everybody takes as many as there are people. Whoever goes on after so many goes on for ever.
 */
export const roundsMax = 40;

/** How many steps such rounds are: devices that sync, servers that send to each other, and whoever acts among them. */
export const restlessAfter = ({ devices, servers }: World): number => {
  const count = Object.keys(servers).length;
  return roundsMax * (Object.keys(devices).length + count * (count - 1) + 1);
};

/** Whether nothing is left to happen but what people and attackers may still decide to do. */
export const isQuiet = (stage: Stage, world: World): boolean =>
  stage.scenario.story[world.line] === undefined &&
  world.alarms.length === 0 &&
  deliveriesOf(stage, world).length === 0 &&
  !Object.keys(world.devices).some((player) => !isRogue(world, player) && takesPart(world, player));
