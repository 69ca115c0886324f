/** Coming into a room and going from it ("Room membership"): join, knock, leave, invite, kick, ban, unban, forget. */
import { type JsonObject, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { handshake } from '../federation/handshake.ts';
import {
  type Answered,
  bodyOf,
  lacks,
  ok,
  param,
  type Route,
  refuse,
  type SignedInCall,
  signedIn,
  withBody,
} from '../routing.ts';
import { serverOf } from '../state.ts';
import type { Homeserver, RoomId } from '../types.ts';
import { propose, roomByAlias, roomOf, withRoom } from './events.ts';
import { invite } from './inviting.ts';
import { mayInvite } from './rules.ts';
import { hasServer, listAt, membershipOf, settingOf, stateEvent, usersWith } from './state.ts';
import { inviteAddress, namesAddress } from './third-party-invites.ts';

const why = (body: JsonObject): JsonObject => {
  const reason = stringAt(body, 'reason');
  return reason === undefined ? {} : { reason };
};

/**
 * What a join adds to its content in a restricted room: somebody here who is in the room and can vouch for it, when the user is
 * in one of the rooms it allows. Empty for whoever needs nobody, or finds nobody.
 */
export const vouching = (server: Homeserver, roomId: RoomId, userId: UserId): JsonObject => {
  const state = roomOf(server, roomId)?.state ?? {};
  const rule = settingOf(state, 'm.room.join_rules', 'join_rule');
  const before = membershipOf(state, userId);
  if ((rule !== 'restricted' && rule !== 'knock_restricted') || before === 'join' || before === 'invite') return {};
  const isIn = listAt(stateEvent(state, 'm.room.join_rules')?.content, 'allow').some((condition) => {
    const other = stringAt(condition, 'room_id');
    const isMembership = stringAt(condition, 'type') === 'm.room_membership';
    const there = other === undefined ? undefined : roomOf(server, other)?.state;
    return isMembership && there !== undefined && membershipOf(there, userId) === 'join';
  });
  const voucher = usersWith(state, 'join').find((one) => serverOf(one) === server.name && mayInvite(state, one));
  return isIn && voucher !== undefined ? { join_authorised_via_users_server: voucher } : {};
};

/** A membership event of somebody about themselves or another; 403 `M_FORBIDDEN` where the rules do not allow it. */
const become = (call: SignedInCall, roomId: RoomId, target: UserId, content: JsonObject, answer: JsonObject = {}) => {
  const draft = { type: 'm.room.member', sender: call.userId, state_key: target, content };
  const done = propose(call.server, roomId, draft, call.nowMs);
  return 'refused' in done ? refuse(call, 403, 'M_FORBIDDEN', done.refused) : ok(done.server, answer);
};

/** The servers to go through: as the client says, that of whoever invited, that of the room's name. */
const waysInto = (call: SignedInCall, roomId: RoomId): readonly string[] => {
  const invited = stateEvent(roomOf(call.server, roomId)?.state ?? {}, 'm.room.member', call.userId);
  const named = [call.query.via, call.query.server_name].filter((name) => name !== undefined);
  const all = [...named, ...(invited === undefined ? [] : [serverOf(invited.sender)]), serverOf(roomId)];
  return [...new Set(all)].filter((name) => name !== '' && name !== call.server.name);
};

/** Enters by `join` or `knock`: here when the room is here, else through another server that is in it. */
const enter = (call: SignedInCall, named: string, membership: 'join' | 'knock'): Answered => {
  const read = bodyOf(call);
  if ('refusal' in read) return read.refusal;
  const roomId = named.startsWith('#') ? roomByAlias(call.server, named) : named;
  if (roomId === undefined) return refuse(call, 404, 'M_NOT_FOUND', `Room alias ${named} not found`);
  const room = roomOf(call.server, roomId);
  const state = room?.state ?? {};
  const content = { ...why(read.body), membership };
  if (room !== undefined && hasServer(state, call.server.name)) {
    if (membership === 'join' && membershipOf(state, call.userId) === 'join')
      return ok(call.server, { room_id: roomId });
    const vouched = membership === 'join' ? vouching(call.server, roomId, call.userId) : {};
    return become(call, roomId, call.userId, { ...content, ...vouched }, { room_id: roomId });
  }
  const [through] = waysInto(call, roomId);
  if (through === undefined) return refuse(call, 404, 'M_NOT_FOUND', 'No server here knows that room');
  return handshake(call, { through, roomId, content, membership });
};

const leave = withBody((call: SignedInCall, body) => {
  const roomId = param(call, 'roomId');
  const content = { ...why(body), membership: 'leave' };
  const state = roomOf(call.server, roomId)?.state ?? {};
  const own = membershipOf(state, call.userId);
  const [through] = waysInto(call, roomId);
  if (hasServer(state, call.server.name) || (own !== 'invite' && own !== 'knock') || through === undefined)
    return become(call, roomId, call.userId, content);
  return handshake(call, { through, roomId, content, membership: 'leave' });
});

type AboutAnother = (call: SignedInCall, roomId: RoomId, target: UserId, content: JsonObject) => Answered;

const aboutAnother =
  (act: AboutAnother) =>
  (call: SignedInCall): Answered => {
    const read = bodyOf(call);
    if ('refusal' in read) return read.refusal;
    const target = stringAt(read.body, 'user_id');
    if (target === undefined) return lacks(call, 'user_id', 'a text');
    if (!/^@[^:]*:.+$/.test(target)) return refuse(call, 400, 'M_INVALID_PARAM', 'user_id is no user id');
    return act(call, param(call, 'roomId'), target, why(read.body));
  };

const membershipHere = (call: SignedInCall, roomId: RoomId, target: UserId) =>
  membershipOf(roomOf(call.server, roomId)?.state ?? {}, target);

const kick: AboutAnother = (call, roomId, target, content) =>
  ['join', 'invite', 'knock'].includes(membershipHere(call, roomId, target))
    ? become(call, roomId, target, { ...content, membership: 'leave' })
    : refuse(call, 403, 'M_FORBIDDEN', 'They are not in the room');

const ban: AboutAnother = (call, roomId, target, content) =>
  become(call, roomId, target, { ...content, membership: 'ban' });

const unban: AboutAnother = (call, roomId, target, content) =>
  membershipHere(call, roomId, target) === 'ban'
    ? become(call, roomId, target, { ...content, membership: 'leave' })
    : refuse(call, 403, 'M_BAD_STATE', 'They are not banned');

const forget = (call: SignedInCall): Answered => {
  const roomId = param(call, 'roomId');
  const room = roomOf(call.server, roomId);
  if (room === undefined) return refuse(call, 404, 'M_NOT_FOUND', 'There is no such room');
  const own = membershipOf(room.state, call.userId);
  if (own !== 'leave' && own !== 'ban')
    return refuse(call, 400, 'M_UNKNOWN', 'A room is forgotten by those who have left it');
  if (room.forgotten.includes(call.userId)) return ok(call.server);
  return ok(withRoom(call.server, roomId, { ...room, forgotten: [...room.forgotten, call.userId] }));
};

const c = '/_matrix/client/v3';
export const membershipRoutes: readonly Route[] = [
  signedIn('POST', `${c}/join/:roomId`, (call) => enter(call, param(call, 'roomId'), 'join')),
  signedIn('POST', `${c}/rooms/:roomId/join`, (call) => enter(call, param(call, 'roomId'), 'join')),
  signedIn('POST', `${c}/knock/:roomId`, (call) => enter(call, param(call, 'roomId'), 'knock')),
  signedIn('POST', `${c}/rooms/:roomId/leave`, leave),
  signedIn('POST', `${c}/rooms/:roomId/invite`, (call) =>
    namesAddress(call) ? inviteAddress(call) : aboutAnother(invite)(call),
  ),
  signedIn('POST', `${c}/rooms/:roomId/kick`, aboutAnother(kick)),
  signedIn('POST', `${c}/rooms/:roomId/ban`, aboutAnother(ban)),
  signedIn('POST', `${c}/rooms/:roomId/unban`, aboutAnother(unban)),
  signedIn('POST', `${c}/rooms/:roomId/forget`, forget),
];
