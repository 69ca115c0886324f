/** What a server answers other servers at once (server-server API). Who asks is known by name; there are no signatures here. */
import { isObject, type Json, type JsonObject, objectAt, sameJson } from '../../../machines/json.ts';
import { claimKeys, publishedKeys } from '../device-keys.ts';
import { fileFor } from '../media.ts';
import { hasUser } from '../profile.ts';
import { appendEvent, makeEvent, roomOf, subjectOf } from '../rooms/events.ts';
import { vouching } from '../rooms/membership.ts';
import { refusalOf } from '../rooms/rules.ts';
import {
  eventsOf,
  hasServer,
  listAt,
  membershipIn,
  previewOf,
  settingOf,
  stateBefore,
  usersWith,
} from '../rooms/state.ts';
import { sightOf } from '../rooms/visibility.ts';
import { type Answered, ok, refuse } from '../routing.ts';
import { serverOf } from '../state.ts';
import type { ClientResponse, FederationRequest, Homeserver, Room, RoomEvent, RoomState } from '../types.ts';
import { isOf } from './handshake.ts';
import { enqueueFor } from './links.ts';
import { readEvent } from './reading.ts';
import { readTransaction, receiveEvent, receiveTransaction } from './receiving.ts';

type Question = {
  readonly server: Homeserver;
  readonly origin: string;
  readonly body: Json;
  readonly query: Readonly<Record<string, string>>;
  readonly nowMs: number;
};

/** The segments behind `/_matrix/federation` and the query, decoded; `null` where they cannot be. */
const readPath = (
  text: string,
): { readonly parts: readonly string[]; readonly query: Readonly<Record<string, string>> } | null => {
  const [path = '', search = ''] = text.split('?');
  try {
    const pairs = search.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
    return {
      parts: path.split('/').slice(3).map(decodeURIComponent),
      query: Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value])),
    };
  } catch {
    return null;
  }
};

/**
 * Answers a question of another server: `make_join`, `send_join` (also `knock`, `leave`), `invite`, `backfill`, `state`,
 * `user/keys/query`, `user/keys/claim`, `query/profile`, `media/download`, and transactions by `send`.
 *
 * @param origin the name of the server that asks
 * @param nowMs virtual milliseconds
 * @returns as `respond`; 404 `M_UNRECOGNIZED` for any other path
 */
export const respondToServer = (
  server: Homeserver,
  origin: string,
  request: FederationRequest,
  nowMs: number,
): { readonly server: Homeserver; readonly response: ClientResponse } => {
  const read = readPath(request.path);
  if (read === null) return refuse({ server }, 400, 'M_INVALID_PARAM', 'The path is not valid percent-encoding');
  const { parts, query } = read;
  const asked: Question = { server, origin, body: request.body ?? {}, query, nowMs };
  const [version, endpoint, one = '', two = ''] = parts;
  switch (`${request.method} ${version}/${endpoint}`) {
    case 'GET v1/make_join':
      return make(asked, one, two, 'join');
    case 'GET v1/make_knock':
      return make(asked, one, two, 'knock');
    case 'GET v1/make_leave':
      return make(asked, one, two, 'leave');
    case 'PUT v2/send_join':
      return take(asked, one, two, 'join');
    case 'PUT v1/send_knock':
      return take(asked, one, two, 'knock');
    case 'PUT v2/send_leave':
      return take(asked, one, two, 'leave');
    case 'PUT v2/invite':
      return beInvited(asked, one, two);
    case 'GET v1/backfill':
      return backfill(asked, one);
    case 'GET v1/state':
      return stateAt(asked, one);
    case 'POST v1/user':
      return two === 'query' ? keys(asked) : claim(asked);
    case 'GET v1/query':
      return profile(asked);
    case 'GET v1/media':
      return media(asked, two);
    case 'PUT v1/send':
      return transaction(asked, one);
    default:
      return refuse(asked, 404, 'M_UNRECOGNIZED', 'Unrecognized request');
  }
};

const noRoom = (asked: Question): Answered => refuse(asked, 404, 'M_NOT_FOUND', 'Nobody here is in that room');
const roomHere = ({ server }: Question, roomId: string): Room | null => {
  const room = roomOf(server, roomId);
  return room !== undefined && hasServer(room.state, server.name) ? room : null;
};

const make = (asked: Question, roomId: string, userId: string, membership: string): Answered => {
  const room = roomHere(asked, roomId);
  if (room === null) return noRoom(asked);
  if (serverOf(userId) !== asked.origin) return refuse(asked, 403, 'M_FORBIDDEN', 'A server asks for its own users');
  const vouched = membership === 'join' ? vouching(asked.server, roomId, userId) : {};
  const content = { ...vouched, membership };
  const draft = { type: 'm.room.member', sender: userId, state_key: userId, content };
  const event = makeEvent(asked.server, roomId, draft, asked.nowMs);
  const refused = refusalOf(room.state, event);
  if (refused !== null) return refuse(asked, 403, 'M_FORBIDDEN', refused);
  const { event_id: _theirs, ...template } = event;
  const version = settingOf(room.state, 'm.room.create', 'room_version') ?? '1';
  return ok(asked.server, { room_version: version, event: template });
};

/** What comes again, as its answer got lost, is answered as it was and changes nothing. */
const take = (asked: Question, roomId: string, eventId: string, membership: string): Answered => {
  const room = roomHere(asked, roomId);
  if (room === null) return noRoom(asked);
  const event = readEvent(asked.body);
  if (event === null || !isOf(event, roomId, eventId) || event.content.membership !== membership)
    return refuse(asked, 400, 'M_INVALID_PARAM', `That is no ${membership} of this room`);
  if (serverOf(event.sender) !== asked.origin || subjectOf(event) !== event.sender)
    return refuse(asked, 403, 'M_FORBIDDEN', 'A server speaks for its own users');
  const known = room.timeline.findIndex((one) => one.event.event_id === eventId);
  const taken = room.timeline[known]?.event;
  if (taken !== undefined)
    return sameJson(taken, event)
      ? ok(asked.server, toldOf(asked, event, stateBefore(room, known)))
      : refuse(asked, 403, 'M_FORBIDDEN', 'Another event has that id');
  const voucher = event.content.join_authorised_via_users_server;
  const isVouched = voucher === vouching(asked.server, roomId, event.sender).join_authorised_via_users_server;
  const refused =
    refusalOf(room.state, event) ?? (voucher === undefined || isVouched ? null : 'Nobody vouches for them');
  if (refused !== null) return refuse(asked, 403, 'M_FORBIDDEN', refused);
  const added = appendEvent(asked.server, event);
  const told = toldOf(asked, event, room.state);
  // Who joins tells the other servers in the room themselves.
  if (membership === 'join') return ok(added, told);
  const others = new Set(usersWith(room.state, 'join').map(serverOf));
  const relayed = [...others]
    .filter((name) => name !== asked.server.name && name !== asked.origin)
    .reduce((now, to) => enqueueFor(now, to, { pdus: [event], edus: [] }), added);
  return ok(relayed, told);
};

/** What a server is told whose user comes, knocks or goes; `before`: the room as it was before. */
const toldOf = ({ server }: Question, event: RoomEvent, before: RoomState): JsonObject => {
  switch (membershipIn(event)) {
    case 'join':
      return { origin: server.name, event, state: eventsOf(before), auth_chain: [], members_omitted: false };
    case 'knock':
      return { knock_room_state: previewOf(before, []) };
    default:
      return {};
  }
};

const beInvited = (asked: Question, roomId: string, eventId: string): Answered => {
  const event = readEvent(objectAt(asked.body, 'event'));
  const subject = event === null ? undefined : subjectOf(event);
  if (event === null || subject === undefined || !isOf(event, roomId, eventId) || membershipIn(event) !== 'invite')
    return refuse(asked, 400, 'M_INVALID_PARAM', 'That is no invitation');
  if (serverOf(event.sender) !== asked.origin)
    return refuse(asked, 403, 'M_FORBIDDEN', 'A server speaks for its own users');
  if (!hasUser(asked.server, subject)) return refuse(asked, 404, 'M_NOT_FOUND', `There is no user ${subject}`);
  if (roomHere(asked, roomId) !== null) return ok(receiveEvent(asked.server, event), { event });
  if (roomOf(asked.server, roomId)?.timeline.some((one) => one.event.event_id === eventId) === true)
    return ok(asked.server, { event });
  const given = listAt(isObject(asked.body) ? asked.body : {}, 'invite_room_state')
    .map(readEvent)
    .filter((one) => one !== null);
  return ok(appendEvent(asked.server, event, { given }), { event });
};

/** What users of that server may see of the room. */
const seenBy = (room: Room, origin: string): ((index: number) => boolean) => {
  const users = [
    ...new Set(
      room.timeline.flatMap(({ event }) => subjectOf(event) ?? []).filter((user) => serverOf(user) === origin),
    ),
  ];
  const sights = users.map((user) => sightOf(room, user));
  return (index) => sights.some(({ sees }) => sees(index));
};

const backfill = (asked: Question, roomId: string): Answered => {
  const room = roomHere(asked, roomId);
  if (room === null) return noRoom(asked);
  if (!hasServer(room.state, asked.origin)) return refuse(asked, 403, 'M_FORBIDDEN', 'You are not in this room');
  const until = room.timeline.findIndex(({ event }) => event.event_id === asked.query.v);
  const sees = seenBy(room, asked.origin);
  const earlier = room.timeline.flatMap(({ event }, index) => (index < until && sees(index) ? [event] : []));
  const limit = Math.max(1, Number(asked.query.limit) || 10);
  return ok(asked.server, {
    origin: asked.server.name,
    origin_server_ts: asked.nowMs,
    pdus: earlier.slice(-limit) as readonly RoomEvent[],
  });
};

const stateAt = (asked: Question, roomId: string): Answered => {
  const room = roomHere(asked, roomId);
  if (room === null) return noRoom(asked);
  if (!hasServer(room.state, asked.origin)) return refuse(asked, 403, 'M_FORBIDDEN', 'You are not in this room');
  const index = room.timeline.findIndex(({ event }) => event.event_id === asked.query.event_id);
  if (index < 0) return refuse(asked, 404, 'M_NOT_FOUND', 'Event not found');
  return ok(asked.server, { pdus: eventsOf(stateBefore(room, index)), auth_chain: [] });
};

const keys = (asked: Question): Answered =>
  ok(asked.server, publishedKeys(asked.server, objectAt(asked.body, 'device_keys'), null));

const claim = (asked: Question): Answered => {
  const done = claimKeys(asked.server, objectAt(asked.body, 'one_time_keys'));
  return done === null
    ? refuse(asked, 400, 'M_INVALID_PARAM', 'Algorithms must be strings')
    : ok(done.server, { one_time_keys: done.claimed });
};

const profile = (asked: Question): Answered => {
  const user = asked.query.user_id ?? '';
  return hasUser(asked.server, user)
    ? ok(asked.server, {})
    : refuse(asked, 404, 'M_NOT_FOUND', 'There is no such user');
};

const media = (asked: Question, id: string): Answered => {
  const found = fileFor(asked.server, id, asked.nowMs);
  return 'body' in found ? ok(asked.server, found.body) : refuse(asked, found.status, found.errcode, found.error);
};

const transaction = (asked: Question, id: string): Answered => {
  const read = readTransaction(id, asked.body);
  if (read === null) return refuse(asked, 400, 'M_BAD_JSON', 'That is no transaction');
  const results: JsonObject = Object.fromEntries(read.pdus.map(({ event_id }) => [event_id, {}]));
  return ok(receiveTransaction(asked.server, asked.origin, read), { pdus: results });
};
