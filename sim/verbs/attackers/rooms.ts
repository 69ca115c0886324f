/** Lies of a server about what is said in rooms, who is in them, and which files there are. */

import * as files from '../../attackers/file-lies.ts';
import * as lies from '../../attackers/room-lies.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { visibilities } from '../../engine/rooms.ts';
import { lyingServer } from '../actors.ts';
import { device, inRoom, oneOf, optional, user, word } from '../arguments.ts';
import { whyNoRoom } from '../being-there.ts';
import { arg, first, unchecked } from '../telling.ts';
import { verb } from '../verb.ts';

const isMembership = (text: string): text is lies.Membership => ['join', 'leave', 'invite', 'ban'].includes(text);

const forgesMembership: Perform = (stage, world, act) => {
  const is = first(act);
  if (!isMembership(is)) throw unchecked(act, act.verb);
  const [room, user, to] = [arg(act, 'in'), userOf(stage, arg(act, 'of')), arg(act, 'for')];
  return to === ''
    ? lies.forgeMembership(world, act.who, room, user, is)
    : lies.forgeMembershipFor(world, act.who, room, user, is, to);
};

const forgesHistory: Perform = (_stage, world, act) => {
  const [room, to] = [arg(act, 'in'), arg(act, 'for')];
  return to === ''
    ? lies.forgeHistory(world, act.who, room, first(act))
    : lies.forgeHistoryFor(world, act.who, room, first(act), to);
};

export const replayMessage = verb(
  'replay message',
  lyingServer,
  'Puts the latest message of a room into it again, or into another.',
  {
    takes: inRoom,
    more: { in: inRoom },
    does: (_stage, world, act) => lies.replayMessage(world, act.who, first(act), arg(act, 'in')),
  },
);

export const forgeMessage = verb(
  'forge message',
  lyingServer,
  'Puts a message into a room as if a device had sent it.',
  {
    takes: word('what is said', 'hello'),
    more: { in: inRoom, as: device },
    cannot: whyNoRoom,
    isUsualMove: true,
    does: (stage, world, act) => lies.forgeMessage(stage, world, act.who, arg(act, 'in'), arg(act, 'as'), first(act)),
  },
);

export const forgeMembership = verb(
  'forge membership',
  lyingServer,
  'Says that a user is in a room or out of it, to all or to one device.',
  {
    takes: oneOf('join', 'leave', 'invite', 'ban'),
    more: { of: user, in: inRoom, for: optional(device) },
    ofServer: ['for'],
    cannot: whyNoRoom,
    isUsualMove: true,
    does: forgesMembership,
  },
);

export const forgeHistory = verb(
  'forge history',
  lyingServer,
  'Says that somebody set who may read what was said, or set it to what no text knows; to all or to one device.',
  {
    takes: oneOf(...visibilities, 'unknown'),
    more: { in: inRoom, for: optional(device) },
    ofServer: ['for'],
    cannot: whyNoRoom,
    isUsualMove: true,
    does: forgesHistory,
  },
);

export const hideMembership = verb(
  'hide membership',
  lyingServer,
  'Tells a device nothing of how a user comes and goes in a room.',
  {
    takes: user,
    more: { in: inRoom, from: device },
    ofServer: ['from'],
    cannot: whyNoRoom,
    isUsualMove: true,
    does: (stage, world, act) =>
      lies.hideMembership(world, act.who, arg(act, 'in'), userOf(stage, first(act)), arg(act, 'from')),
  },
);

export const replaceMedia = verb('replace media', lyingServer, 'Puts another file in the place of the latest.', {
  isUsualMove: true,
  does: (_stage, world, act) => files.replace(world, act.who),
});

export const bendMedia = verb(
  'bend media',
  lyingServer,
  'Bends the latest file, unopened: a key bundle then says that its first key is of that device.',
  {
    takes: device,
    more: { in: inRoom },
    cannot: whyNoRoom,
    does: (stage, world, act) => files.bend(stage, world, act.who, arg(act, 'in'), first(act)),
  },
);
