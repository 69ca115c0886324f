/** What attackers write to devices, as a device. */
import { poisons, pretences } from '../../attackers/words.ts';
import { claimsKeys } from '../../engine/claiming.ts';
import { asClient, asDevice } from '../actors.ts';
import { content, device, eventType, inRoom, oneOf, optional, secret, user } from '../arguments.ts';
import { whyUnknown } from '../being-there.ts';
import { arg, attackers, shared } from '../telling.ts';
import { letter, post, verb } from '../verb.ts';

export const sendEvent = verb(
  'send event',
  asDevice,
  'Writes a device a letter of any type, sealed as its own: with this content, and with a secret of its own or the real one it knows.',
  {
    takes: eventType,
    more: {
      to: device,
      content: optional(content),
      secret: optional(secret),
      value: optional(oneOf('own', 'known')),
    },
    asks: [letter],
    cannot: whyUnknown((act) => arg(act, 'secret')),
    does: attackers('send event'),
  },
);

const bundle = {
  in: inRoom,
  with: oneOf(...poisons),
  as: optional(device),
  times: optional({ is: 'count', max: 20 }),
};

export const poison = verb(
  'poison',
  asClient,
  'Points a user to a key bundle of its own making, and asks them into the room.',
  {
    takes: user,
    more: bundle,
    asks: [letter, post('invite')],
    isUsualMove: true,
    does: attackers('poison'),
  },
);

export const point = verb(
  'point',
  asDevice,
  'Points a user to a key bundle of its own making, and asks them nowhere.',
  {
    takes: user,
    more: bundle,
    asks: [letter],
    isUsualMove: true,
    does: attackers('point'),
  },
);

export const sendWithKeysOf = verb(
  'send with keys of',
  asDevice,
  'Writes a letter under device keys that are not its own: a pointer to a false bundle of a room, or a false secret.',
  {
    takes: device,
    more: { to: device, in: optional(inRoom), lie: optional(oneOf(...pretences)) },
    asks: [letter],
    does: attackers('send with keys of'),
  },
);

/** Whoever may write to a device can use up what others need for that. */
export const claimOneTimeKeysOf = verb(
  'claim one-time keys of',
  [...asClient, 'device'],
  'Claims one-time keys of a device, each as whoever begins to write to it: so many, or until none is left.',
  {
    takes: device,
    more: { times: optional({ is: 'count', max: 20 }) },
    takesServer: true,
    does: shared('claim one-time keys of', claimsKeys),
  },
);

export const signDevice = verb(
  'sign device',
  asDevice,
  'Cross-signs its device with the self-signing key of its user, if it knows that.',
  {
    asks: [post('keys/signatures/upload')],
    isUsualMove: true,
    does: attackers('sign device'),
  },
);
