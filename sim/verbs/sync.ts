import { syncs } from '../engine/people.ts';
import { asDevice, devices } from './actors.ts';
import { attackers } from './telling.ts';
import { accident, form, get, verb, verbOf } from './verb.ts';

export const sync = verbOf(
  'sync',
  form(['device'], 'Asks the server for news, and acts on what came.', {
    asks: [get('sync')],
    does: (stage, world, { who }) => syncs(stage, world, who),
  }),
  form(asDevice, 'Reads the mail of the device it acts as.', {
    asks: [get('sync')],
    isUsualMove: true,
    does: attackers('sync'),
  }),
);

export const loseSync = accident(
  'lose a sync',
  { name: 'lost answer', text: 'A sync is answered, and the answer never arrives.', strikes: 'news' },
  (stage, world, { who }) => {
    const troubles = [...world.troubles, { player: who, endpoint: '/sync', how: 'lose' } as const];
    return syncs(stage, { ...world, troubles }, who);
  },
);

export const syncWithGap = verb('sync with a gap', devices, 'Syncs, and of each room is told only the newest event.', {
  asks: [get('sync')],
  does: (stage, world, { who }) => syncs(stage, world, who, { limit: 1 }),
  accident: { name: 'limited sync', text: 'A sync tells of each room only the newest event.', strikes: 'news' },
});
