/** What waits for a device at a server: held back, let through, replayed, dropped, and what never was sent. */
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { secretToPlant } from '../../attackers/account.ts';
import { injectPointer } from '../../attackers/bundles.ts';
import { injectRoomKey } from '../../attackers/planting.ts';
import * as queues from '../../attackers/queues.ts';
import { isPointer } from '../../attackers/room-ears.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { after } from '../../engine/world.ts';
import { lyingServer, wire } from '../actors.ts';
import { device, eventType, inRoom, oneOf, optional, user } from '../arguments.ts';
import { whyUnknown } from '../being-there.ts';
import { arg, first } from '../telling.ts';
import { type Actor, type Verb, verb } from '../verb.ts';

const injects: Perform = (stage, world, act) => {
  if (isPointer(first(act)))
    return injectPointer(stage, world, act.who, arg(act, 'to'), arg(act, 'as'), first(act), arg(act, 'in'));
  if (first(act) === 'm.room_key')
    return injectRoomKey(stage, world, act.who, arg(act, 'to'), arg(act, 'as'), arg(act, 'in'));
  const planted = secretToPlant(stage, world, act.who, BACKUP_SECRET, arg(act, 'value'));
  const content = { name: BACKUP_SECRET, secret: planted.secret };
  return after(planted.progress, (now) =>
    queues.inject(now, act.who, arg(act, 'to'), arg(act, 'as'), first(act), content),
  );
};

const ofOne = (name: string, text: string, does: Perform, by: readonly Actor[] = lyingServer): Verb =>
  verb(name, by, text, { takes: device, ofServer: [name], isUsualMove: true, does });

export const holdBack = ofOne(
  'hold back',
  'Holds back what waits for a device.',
  (_stage, world, act) => queues.holdBack(world, act.who, first(act)),
  wire,
);
export const release = ofOne(
  'release',
  'Lets through what it held back, behind what came later.',
  (_stage, world, act) => queues.release(world, act.who, first(act)),
  wire,
);

export const inject = verb(
  'inject',
  lyingServer,
  'Puts a cleartext event into a queue, showing the public keys of a device.',
  {
    takes: eventType,
    more: { to: device, as: device, value: optional(oneOf('own', 'known')), in: optional(inRoom) },
    ofServer: ['to'],
    cannot: whyUnknown(() => BACKUP_SECRET),
    isUsualMove: true,
    does: injects,
  },
);

export const rewriteSender = verb('rewrite sender', lyingServer, 'Names somebody else as the sender of what waits.', {
  takes: user,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  does: (stage, world, act) => queues.rewriteSender(world, act.who, arg(act, 'to'), userOf(stage, first(act))),
});

export const replay = verb('replay', lyingServer, 'Delivers once more what it has seen go there.', {
  takes: eventType,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  does: (_stage, world, act) => queues.replayTo(world, act.who, arg(act, 'to'), first(act)),
});

export const reorder = ofOne('reorder', 'Reverses the order of what waits for a device.', (_stage, world, act) =>
  queues.reorder(world, act.who, first(act)),
);
export const drop = ofOne('drop', 'Drops what waits for a device.', (_stage, world, act) =>
  queues.dropAll(world, act.who, first(act)),
);

export const handOnMailOf = verb('hand on mail of', lyingServer, 'Gives one device what waits for another.', {
  takes: device,
  more: { to: device },
  does: (_stage, world, act) => queues.handOn(world, act.who, first(act), arg(act, 'to')),
});
