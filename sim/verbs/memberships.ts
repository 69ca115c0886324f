/** How people come and go in rooms. */
import { type Offers, ownMembership } from '../attackers/spots.ts';
import { userOf } from '../engine/acting.ts';
import { people } from './actors.ts';
import { inRoom, user } from './arguments.ts';
import { arg, first, tells } from './telling.ts';
import { type Given, invitation, post, type Verb, verb } from './verb.ts';

type OfRoom = 'join' | 'leave' | 'decline' | 'knock' | 'confirms invite' | 'declines invite';

const ofRoom = (name: string, told: OfRoom, text: string, more: Partial<Given>): Verb =>
  verb(name, {
    by: people,
    text,
    takes: inRoom,
    ...more,
    does: tells((_stage, act) => ({ type: `user.${told}`, room: first(act) })),
  });

/** Offered to an attacker that is asked into the room, or in it. */
const whoever = (is: 'invite' | 'join', verb: string): Offers => ({
  room: (spot) => (ownMembership(spot) === is ? [{ [verb]: spot.room }] : []),
});

/** `where`: the word before the room. */
const ofUser = (name: 'invite' | 'kick' | 'ban' | 'unban', where: 'to' | 'from', text: string): Verb =>
  verb(name, {
    by: people,
    text,
    takes: user,
    more: { [where]: inRoom },
    asks: [name === 'invite' ? invitation : post(name)],
    does: tells((stage, act) => ({ type: `user.${name}`, room: arg(act, where), user: userOf(stage, first(act)) })),
  });

export const invite = ofUser('invite', 'to', 'Asks a user into a room.');
export const join = ofRoom('join', 'join', 'Joins a room: asked in, or open to all.', {
  asks: [post('join')],
  isUsualMove: true,
  offers: whoever('invite', 'join'),
});
export const leave = ofRoom('leave', 'leave', 'Leaves a room.', {
  asks: [post('leave')],
  isUsualMove: true,
  offers: whoever('join', 'leave'),
});
export const decline = ofRoom('decline', 'decline', 'Declines to join a room.', {
  asks: [post('leave')],
  isUsualMove: true,
  offers: whoever('invite', 'decline'),
});
export const knock = ofRoom('knock', 'knock', 'Asks to be let into a room.', { asks: [post('knock')] });
export const kick = ofUser('kick', 'from', 'Puts a user out of a room.');
export const ban = ofUser('ban', 'from', 'Puts a user out of a room for good.');
export const unban = ofUser('unban', 'from', 'Lets a banned user be asked in again.');
export const confirmInvite = ofRoom(
  'confirm invite',
  'confirms invite',
  'Goes on with an invitation that the client asked about.',
  { asks: [post('invite')] },
);
export const takeBackInvite = ofRoom(
  'take back invite',
  'declines invite',
  'Drops an invitation that the client asked about.',
  {},
);
