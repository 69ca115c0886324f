import { syncRequest } from '../../machines/core/device.ts';
import { readMail } from '../attackers/account.ts';
import { handOf, pocketed } from '../attackers/forging.ts';
import type { Perform } from '../engine/acting.ts';
import { deviceOf, driveDevice } from '../engine/loop.ts';
import { syncs } from '../engine/people.ts';
import { hasNews } from '../homeserver/index.ts';
import { asDevice, devices } from './actors.ts';
import { accident, get, verb } from './verb.ts';

/** Whoever is a person like others syncs as others do. */
const readsMail: Perform = (stage, world, act) => {
  const phone = pocketed(world, act.who);
  return phone === undefined
    ? readMail(stage, world, act.who)
    : driveDevice(stage, world, phone, (now) => {
        const device = deviceOf(now, phone);
        return { store: device.store, outs: [syncRequest(device)] };
      });
};

export const sync = verb(
  'sync',
  {
    by: ['device'],
    text: 'Asks the server for news, and acts on what came.',
    asks: [get('sync')],
    does: (stage, world, { who }) => syncs(stage, world, who),
  },
  {
    by: asDevice,
    text: 'Reads the mail of the device it acts as.',
    asks: [get('sync')],
    isUsualMove: true,
    offers: {
      anywhere: ({ world, attacker, server }) => {
        const store = handOf(world, attacker.name)?.store;
        return store !== undefined && hasNews(server, store.me.user, store.me.device, store.nextBatch) ? [{}] : [];
      },
    },
    does: readsMail,
  },
);

export const loseSync = accident('lose a sync', {
  name: 'lost answer',
  text: 'A sync is answered, and the answer never arrives.',
  strikes: 'news',
  spared: 'sync',
  does: (stage, world, { who }) => {
    const troubles = [...world.troubles, { player: who, endpoint: '/sync', how: 'lose' } as const];
    return syncs(stage, { ...world, troubles }, who);
  },
});

export const syncWithGap = verb('sync with a gap', {
  by: devices,
  text: 'Syncs, and of each room is told only the newest event.',
  asks: [get('sync')],
  does: (stage, world, { who }) => syncs(stage, world, who, { limit: 1 }),
  accident: {
    name: 'limited sync',
    text: 'A sync tells of each room only the newest event.',
    strikes: 'news',
    spared: 'sync',
  },
});
