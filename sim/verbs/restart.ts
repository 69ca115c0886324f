import { comesUp, deviceOf } from '../engine/loop.ts';
import { devices } from './actors.ts';
import { verb } from './verb.ts';

export const restart = verb('restart', {
  by: devices,
  text: 'The client stops and starts: the store stays, what was open does not.',
  does: (stage, world, { who }) => comesUp(stage, world, who, deviceOf(world, who), { kind: 'restarted', player: who }),
  accident: { name: 'restart', text: 'A client stops and starts.', strikes: 'device' },
});
