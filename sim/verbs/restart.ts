import { restart as restarted } from '../../machines/core/device.ts';
import { deviceOf, tellDevice } from '../engine/loop.ts';
import { after, noting, quiet, withDevice } from '../engine/world.ts';
import { devices } from './actors.ts';
import { verb } from './verb.ts';

export const restart = verb(
  'restart',
  devices,
  'The client stops and starts: the store stays, what was open does not.',
  {
    does: (stage, world, { who }) => {
      const device = deviceOf(world, who);
      const again = withDevice(world, who, restarted(stage.envFor(who, device), device));
      return after(noting(quiet(again), { kind: 'restarted', player: who }), (now) =>
        tellDevice(stage, now, who, { type: 'user.start', users: [device.store.me.user] }),
      );
    },
    accident: { name: 'restart', text: 'A client stops and starts.', strikes: 'device' },
  },
);
