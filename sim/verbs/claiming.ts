/** One-time keys that are used up before they are needed. */
import { deviceOf } from '../attackers/forging.ts';
import { claimsKeys } from '../engine/claiming.ts';
import { quiet } from '../engine/world.ts';
import { asClient } from './actors.ts';
import { device, times } from './arguments.ts';
import { shared } from './telling.ts';
import { verb } from './verb.ts';

/** Whoever may write to a device can use up what others need for that. */
export const claimOneTimeKeysOf = verb('claim one-time keys of', {
  by: [...asClient, 'device'],
  text: 'Claims one-time keys of a device, each as whoever begins to write to it: so many, or until none is left.',
  takes: device,
  more: { times },
  takesServer: true,
  does: shared((stage, world, act) => {
    const player = deviceOf(world, act.who);
    return player === undefined ? quiet(world) : claimsKeys(stage, world, { ...act, who: player });
  }, claimsKeys),
});
