import { noting, quiet } from '../engine/world.ts';
import { devices } from './actors.ts';
import { verb } from './verb.ts';

export const goOffline = verb('go offline', {
  by: devices,
  text: 'Reaches no server until it comes online.',
  cannot: (_stage, { offline }, { who }) => (offline.includes(who) ? `${who} is offline already` : null),
  does: (_stage, world, { who }) =>
    noting(quiet({ ...world, offline: [...world.offline.filter((one) => one !== who), who] }), {
      kind: 'fault',
      player: who,
      fault: 'goes offline',
    }),
  accident: {
    name: 'offline',
    text: 'A device reaches no server for a while.',
    strikes: 'device',
    ends: 'come online',
  },
});

export const comeOnline = verb('come online', {
  by: devices,
  text: 'Reaches its server again.',
  cannot: (_stage, { offline }, { who }) => (offline.includes(who) ? null : `${who} is not offline`),
  does: (_stage, world, { who }) =>
    noting(quiet({ ...world, offline: world.offline.filter((one) => one !== who) }), {
      kind: 'fault',
      player: who,
      fault: 'comes online',
    }),
});
