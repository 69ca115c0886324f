/** What waits for a device at a server: held back, let through, replayed, dropped, and what never was sent. */
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { lyingServer, wire } from '../actors.ts';
import { device, eventType, inRoom, oneOf, optional, user } from '../arguments.ts';
import { whyUnknown } from '../being-there.ts';
import { attackers } from '../telling.ts';
import { type Actor, type Verb, verb } from '../verb.ts';

const ofOne = (name: string, text: string, by: readonly Actor[] = lyingServer): Verb =>
  verb(name, by, text, { takes: device, ofServer: [name], isUsualMove: true, does: attackers(name) });

export const holdBack = ofOne('hold back', 'Holds back what waits for a device.', wire);
export const release = ofOne('release', 'Lets through what it held back, behind what came later.', wire);

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
    does: attackers('inject'),
  },
);

export const rewriteSender = verb('rewrite sender', lyingServer, 'Names somebody else as the sender of what waits.', {
  takes: user,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  does: attackers('rewrite sender'),
});

export const replay = verb('replay', lyingServer, 'Delivers once more what it has seen go there.', {
  takes: eventType,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  does: attackers('replay'),
});

export const reorder = ofOne('reorder', 'Reverses the order of what waits for a device.');
export const drop = ofOne('drop', 'Drops what waits for a device.');

export const handOnMailOf = verb('hand on mail of', lyingServer, 'Gives one device what waits for another.', {
  takes: device,
  more: { to: device },
  does: attackers('hand on mail of'),
});
