/**
 * Which events a room's state allows ("Authorization rules" of room version 11): memberships, power levels, and that one is
 * in the room at all. Signatures and hashes of events are not looked at: servers here are named, not proven. An identity server's
 * signature is: by it anybody may ask in whom an address belongs to, in another's name.
 */
import { stringAt } from '../../../machines/json.ts';
import type { RoomEvent, RoomState } from '../types.ts';
import { levelFor, levelOf, levelToSend, mayChangeLevels } from './power.ts';
import { type Membership, membershipOf, settingOf, stateEvent } from './state.ts';
import { byAddressRefusal, isByAddress } from './third-party-rule.ts';

/** `null` for an event that `state` allows; else the reason why it does not. */
export const refusalOf = (state: RoomState, event: RoomEvent): string | null => {
  if (event.type === 'm.room.create')
    return Object.keys(state).length === 0 ? null : 'A room is created once, before anything else';
  if (stateEvent(state, 'm.room.create') === undefined) return 'There is no such room';
  if (event.type === 'm.room.member') return membershipRefusal(state, event);
  if (membershipOf(state, event.sender) !== 'join') return 'The sender is not in the room';
  if (event.type === 'm.room.third_party_invite')
    return mayInvite(state, event.sender) ? null : 'The power level does not allow invitations';
  if (levelOf(state, event.sender) < levelToSend(state, event)) return `The power level does not allow ${event.type}`;
  if (event.state_key?.startsWith('@') && event.state_key !== event.sender)
    return 'A state key that is a user id belongs to that user';
  if (event.type === 'm.room.power_levels' && !mayChangeLevels(state, event))
    return 'Nobody gives or takes power above their own';
  return null;
};

const membershipRefusal = (state: RoomState, event: RoomEvent): string | null => {
  const { sender, state_key: target } = event;
  const wanted = stringAt(event.content, 'membership');
  if (target === undefined || wanted === undefined) return 'A member event has a state key and a membership';
  const before = membershipOf(state, target);
  const own = sender === target;
  if (wanted === 'join') return own ? joinRefusal(state, event, before) : 'Nobody joins for another';
  if (wanted === 'knock') return own ? knockRefusal(state, before) : 'Nobody knocks for another';
  if (wanted === 'leave' && own)
    return before === 'leave' || before === 'ban' ? 'Only who is in, invited or has knocked can leave' : null;
  if (isByAddress(event)) return byAddressRefusal(state, event);
  if (membershipOf(state, sender) !== 'join') return 'The sender is not in the room';
  const mine = levelOf(state, sender);
  const above = mine > levelOf(state, target);
  switch (wanted) {
    case 'invite':
      if (before === 'join') return 'They are in the room already';
      if (before === 'ban') return 'They are banned from the room';
      return mine >= levelFor(state, 'invite') ? null : 'The power level does not allow invitations';
    case 'leave':
      if (before === 'ban' && mine < levelFor(state, 'ban')) return 'The power level does not allow to lift a ban';
      return mine >= levelFor(state, 'kick') && above ? null : 'The power level does not allow to remove them';
    case 'ban':
      return mine >= levelFor(state, 'ban') && above ? null : 'The power level does not allow to ban them';
    default:
      return `There is no membership ${wanted}`;
  }
};

const joinRefusal = (state: RoomState, event: RoomEvent, before: Membership): string | null => {
  const isFirst = Object.keys(state).length === 1 && stateEvent(state, 'm.room.create')?.sender === event.sender;
  if (isFirst || before === 'join') return null;
  if (before === 'ban') return 'They are banned from the room';
  const rule = settingOf(state, 'm.room.join_rules', 'join_rule') ?? 'invite';
  if (rule === 'public' || before === 'invite') return null;
  if (rule !== 'restricted' && rule !== 'knock_restricted') return 'The room is for those who are invited';
  const authoriser = stringAt(event.content, 'join_authorised_via_users_server');
  return authoriser !== undefined && mayInvite(state, authoriser) ? null : 'Nobody in the room vouches for this join';
};

/** Whether somebody can let others in. */
export const mayInvite = (state: RoomState, userId: string): boolean =>
  membershipOf(state, userId) === 'join' && levelOf(state, userId) >= levelFor(state, 'invite');

const knockRefusal = (state: RoomState, before: Membership): string | null => {
  const rule = settingOf(state, 'm.room.join_rules', 'join_rule') ?? 'invite';
  if (rule !== 'knock' && rule !== 'knock_restricted') return 'Nobody may knock at this room';
  return before === 'leave' || before === 'knock' ? null : 'Who is banned, invited or in the room does not knock';
};
