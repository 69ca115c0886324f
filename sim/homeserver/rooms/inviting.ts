/** An invitation, to somebody here or on another server ("Inviting to a room" of the server-server API). */
import type { JsonObject } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { answerTo, federationPath, question } from '../federation/asking.ts';
import { type Answered, ok, refuse, type SignedInCall } from '../routing.ts';
import { at, isLocal, serverOf } from '../state.ts';
import type { RoomId } from '../types.ts';
import { addOwnEvent, emptyRoom, makeEvent, roomOf } from './events.ts';
import { refusalOf } from './rules.ts';
import { hasServer, previewOf, settingOf } from './state.ts';

/**
 * Invites `userId` in the name of the caller. Somebody on a server that nobody in the room is on is asked in by that server: the
 * invitation is in the room only when it has taken it. A server that is in the room gets it as it gets every event.
 *
 * @returns 200 `{}`; 403 `M_FORBIDDEN` where the room's rules do not allow it; 404 `M_NOT_FOUND` for somebody who has no account
 *   here; 502 `M_UNKNOWN` (with the question) when the other server was not reached, and its own error when it refused
 */
export const invite = (call: SignedInCall, roomId: RoomId, userId: UserId, more: JsonObject): Answered => {
  const { server } = call;
  const { state } = roomOf(server, roomId) ?? emptyRoom;
  if (isLocal(server, userId) && at(server.users, userId) === undefined)
    return refuse(call, 404, 'M_NOT_FOUND', `There is no user ${userId}`);
  const content = { ...more, membership: 'invite' };
  const draft = { type: 'm.room.member', sender: call.userId, state_key: userId, content };
  const event = makeEvent(server, roomId, draft, call.nowMs);
  const refused = refusalOf(state, event);
  if (refused !== null) return refuse(call, 403, 'M_FORBIDDEN', refused);
  const theirs = serverOf(userId);
  if (isLocal(server, userId) || hasServer(state, theirs)) return ok(addOwnEvent(server, event));
  const ask = question(theirs, 'PUT', federationPath('v2', 'invite', roomId, event.event_id), {
    room_version: settingOf(state, 'm.room.create', 'room_version') ?? '1',
    event,
    invite_room_state: previewOf(state, [call.userId]),
  });
  const answer = answerTo(call, ask);
  if (answer === null) return { ...refuse(call, 502, 'M_UNKNOWN', `${theirs} could not be reached`), asks: [ask] };
  return answer.status === 200 ? ok(addOwnEvent(server, event)) : { server, response: answer };
};
