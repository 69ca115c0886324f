/** Which invitations by address a room's state allows ("Authorization rules" of room version 11, rule 5.4.1). */
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { isSignedByAny } from '../identity-server.ts';
import type { RoomEvent, RoomState } from '../types.ts';
import { listAt, membershipOf, stateEvent } from './state.ts';

/** Whether a member event says that it comes of an invitation by address. */
export const isByAddress = ({ content }: RoomEvent): boolean =>
  Object.hasOwn(content, 'third_party_invite') && content.membership === 'invite';

/**
 * `null` for such an invitation that `state` allows; else the reason why it does not. Whether its sender is still in the room, or could
 * ask anybody in today, the rule does not ask.
 */
export const byAddressRefusal = (state: RoomState, event: RoomEvent): string | null => {
  const target = event.state_key ?? '';
  const signed = objectAt(event.content.third_party_invite, 'signed');
  if (membershipOf(state, target) === 'ban') return 'They are banned from the room';
  if (stringAt(signed, 'mxid') !== target) return 'The invitation by address is for somebody else';
  const asked = stateEvent(state, 'm.room.third_party_invite', stringAt(signed, 'token') ?? '');
  if (asked === undefined) return 'Nobody was asked in by address under that token';
  if (asked.sender !== event.sender) return 'Somebody else has asked them in by address';
  return isSignedByAny(signed, keysIn(asked.content)) ? null : 'The identity server has not signed that it is them';
};

const keysIn = (content: JsonObject): readonly string[] =>
  [content, ...listAt(content, 'public_keys').filter(isObject)].flatMap((one) => stringAt(one, 'public_key') ?? []);
