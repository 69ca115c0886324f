/** Lies of a server about what is said in rooms, who is in them, and which files there are. */
import { visibilities } from '../../engine/rooms.ts';
import { lyingServer } from '../actors.ts';
import { device, inRoom, oneOf, optional, user, word } from '../arguments.ts';
import { whyNoRoom } from '../being-there.ts';
import { attackers } from '../telling.ts';
import { verb } from '../verb.ts';

export const replayMessage = verb(
  'replay message',
  lyingServer,
  'Puts the latest message of a room into it again, or into another.',
  {
    takes: inRoom,
    more: { in: inRoom },
    does: attackers('replay message'),
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
    does: attackers('forge message'),
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
    does: attackers('forge membership'),
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
    does: attackers('forge history'),
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
    does: attackers('hide membership'),
  },
);

export const replaceMedia = verb('replace media', lyingServer, 'Puts another file in the place of the latest.', {
  isUsualMove: true,
  does: attackers('replace media'),
});

export const bendMedia = verb(
  'bend media',
  lyingServer,
  'Bends the latest file, unopened: a key bundle then says that its first key is of that device.',
  {
    takes: device,
    more: { in: inRoom },
    cannot: whyNoRoom,
    does: attackers('bend media'),
  },
);
