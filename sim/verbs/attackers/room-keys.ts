/** Room keys of attackers' own making, and genuine ones where they do not belong. */

import * as planting from '../../attackers/planting.ts';
import { userOf } from '../../engine/acting.ts';
import { asDevice, lyingServer } from '../actors.ts';
import { device, inRoom, oneOf, optional, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { letter, verb } from '../verb.ts';

export const giveRoomKey = verb(
  'give room key',
  asDevice,
  'Gives a device a room key of its own making, as whoever writes in a room does.',
  {
    takes: device,
    more: { in: inRoom, 'under id of': optional(device) },
    asks: [letter],
    does: (stage, world, act) =>
      planting.giveRoomKey(stage, world, act.who, first(act), arg(act, 'in'), arg(act, 'under id of') || null),
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
    does: (stage, world, act) =>
      planting.forwardRoomKey(stage, world, act.who, first(act), arg(act, 'to'), arg(act, 'in'), {
        keyOf: arg(act, 'key of') || null,
        namesNoRoom: arg(act, 'lie') === 'no room',
      }),
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
    does: (stage, world, act) =>
      planting.plantRoomKey(stage, world, act.who, first(act), userOf(stage, arg(act, 'of')), arg(act, 'in')),
  },
);
