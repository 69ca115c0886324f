/** Room keys of attackers' own making, and genuine ones where they do not belong. */
import { asDevice, lyingServer } from '../actors.ts';
import { device, inRoom, oneOf, optional, user } from '../arguments.ts';
import { attackers } from '../telling.ts';
import { letter, verb } from '../verb.ts';

export const giveRoomKey = verb(
  'give room key',
  asDevice,
  'Gives a device a room key of its own making, as whoever writes in a room does.',
  {
    takes: device,
    more: { in: inRoom, 'under id of': optional(device) },
    asks: [letter],
    does: attackers('give room key'),
  },
);

export const forwardRoomKey = verb(
  'forward room key',
  asDevice,
  "Forwards a room key of its own making, or a genuine one of a room that it holds, as that of a device's session.",
  {
    takes: device,
    more: { to: device, in: inRoom, 'key of': optional(inRoom), lie: optional(oneOf('no room')) },
    asks: [letter],
    does: attackers('forward room key'),
  },
);

export const plantRoomKey = verb(
  'plant room key',
  lyingServer,
  "Lays a room key of its own making into a backup, as that of a device's session, and as one that may be shared.",
  {
    takes: device,
    more: { of: user, in: inRoom },
    ofServer: ['of'],
    does: attackers('plant room key'),
  },
);
