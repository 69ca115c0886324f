/** How events come into a room: made here, or brought by another server. */
import { type JsonObject, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { enqueueFor } from '../federation/links.ts';
import { advance, at, isLocal, put, serverOf, streamOf } from '../state.ts';
import type { Homeserver, Position, Room, RoomEntry, RoomEvent, RoomId, RoomState } from '../types.ts';
import { resolve } from './resolve.ts';
import { refusalOf } from './rules.ts';
import { tellOfCompany } from './sharing.ts';
import { membershipIn, membershipOf, usersWith, withState } from './state.ts';

export const emptyRoom: Room = { made: 0, depth: 0, state: {}, timeline: [], refused: [], forgotten: [] };
export const roomOf = (server: Homeserver, roomId: RoomId): Room | undefined => at(server.rooms, roomId);
export const withRoom = (server: Homeserver, roomId: RoomId, room: Room): Homeserver => ({
  ...server,
  rooms: put(server.rooms, roomId, room),
});

/** What somebody wants to put into a room. */
export type Draft = {
  readonly type: string;
  readonly sender: UserId;
  readonly state_key?: string;
  readonly content: JsonObject;
};

/**
 * `$plans_3:example.org`: the third event made on example.org in `!plans:example.org`. Rooms of other servers go by their whole id, as
 * `$plans@a.example_1:b.example`: what follows the first colon of an event id is the name of a server ("Event IDs"), and clients hold it to that.
 */
const eventId = (server: Homeserver, roomId: RoomId, nth: number): string => {
  const name = roomId.slice(1);
  const own = `:${server.name}`;
  return `$${(name.endsWith(own) ? name.slice(0, -own.length) : name).replaceAll(':', '@')}_${nth}${own}`;
};

/** The event that a draft becomes as the next one that this server makes in the room. */
export const makeEvent = (server: Homeserver, roomId: RoomId, draft: Draft, nowMs: number): RoomEvent => {
  const { made, depth } = roomOf(server, roomId) ?? emptyRoom;
  return {
    ...draft,
    event_id: eventId(server, roomId, made + 1),
    room_id: roomId,
    origin_server_ts: nowMs,
    depth: depth + 1,
  };
};

/** Whom a member event is about. */
export const subjectOf = (event: RoomEvent): UserId | undefined =>
  event.type === 'm.room.member' ? event.state_key : undefined;

/** Users here who hear of an event: who is in the room after it, and whom it lets in, invites or puts out. */
const audienceOf = (server: Homeserver, after: RoomState, event: RoomEvent): readonly UserId[] => {
  const subject = subjectOf(event);
  const all = new Set([...usersWith(after, 'join'), ...(subject === undefined ? [] : [subject])]);
  return [...all].filter((userId) => isLocal(server, userId) && at(server.users, userId) !== undefined);
};

/**
 * The server with an event at the end of its timeline and its users told of it. The event is one that the state allows.
 *
 * @param more `sent`: the request that made it; `given`: the state before it, when there is a gap
 */
export const appendEvent = (
  server: Homeserver,
  event: RoomEvent,
  more: Pick<RoomEntry, 'sent' | 'given'> = {},
): Homeserver => {
  const roomId = event.room_id;
  const room = roomOf(server, roomId) ?? emptyRoom;
  const isLatest = event.depth > room.depth && more.given === undefined && room.refused.length === 0;
  const depths = (more.given ?? []).map(({ depth }) => depth);
  const grown: Room = {
    ...room,
    depth: Math.max(room.depth, event.depth, ...depths),
    timeline: [...room.timeline, { event, told: {}, ...more }],
  };
  const resolved = isLatest
    ? { state: withState(room.state, event), refused: room.refused }
    : event.state_key === undefined && more.given === undefined
      ? { state: room.state, refused: room.refused }
      : resolve(grown);
  const subject = subjectOf(event);
  const isBack = subject !== undefined && membershipIn(event) !== 'leave' && membershipIn(event) !== 'ban';
  const forgotten = isBack ? room.forgotten.filter((userId) => userId !== subject) : room.forgotten;
  let now = server;
  let told: Readonly<Record<UserId, Position>> = {};
  for (const userId of audienceOf(server, resolved.state, event)) {
    const next = advance(now, userId);
    const stream = streamOf(next.server, userId);
    now = {
      ...next.server,
      streams: put(next.server.streams, userId, { ...stream, rooms: put(stream.rooms, roomId, next.position) }),
    };
    told = put(told, userId, next.position);
  }
  const timeline = [...room.timeline, { event, told, ...more }];
  const held = withRoom(now, roomId, { ...grown, ...resolved, timeline, forgotten });
  return tellOfCompany(held, roomId, room.state, resolved.state, event);
};

/** Other servers that are to hear of an event made here. Somebody invited from outside is asked in by their server itself. */
const serversFor = (server: Homeserver, before: RoomState, event: RoomEvent): readonly string[] => {
  const subject = subjectOf(event);
  const isPutOut = subject !== undefined && ['invite', 'knock'].includes(membershipOf(before, subject));
  const users = [...usersWith(before, 'join'), ...(isPutOut ? [subject] : [])];
  return [...new Set(users.map(serverOf))].filter((name) => name !== server.name);
};

/** Puts an event that was made on this server into the room, and in the queues of the other servers that are in it. */
export const addOwnEvent = (server: Homeserver, event: RoomEvent, sent?: RoomEntry['sent']): Homeserver => {
  const room = roomOf(server, event.room_id) ?? emptyRoom;
  const counted = withRoom(server, event.room_id, { ...room, made: room.made + 1 });
  const added = appendEvent(counted, event, sent === undefined ? {} : { sent });
  return serversFor(server, room.state, event).reduce(
    (now, to) => enqueueFor(now, to, { pdus: [event], edus: [] }),
    added,
  );
};

/** Makes an event of a draft and adds it; `refused` says why the room's rules do not allow it. */
export const propose = (
  server: Homeserver,
  roomId: RoomId,
  draft: Draft,
  nowMs: number,
  sent?: RoomEntry['sent'],
): { readonly server: Homeserver; readonly event: RoomEvent } | { readonly refused: string } => {
  const event = makeEvent(server, roomId, draft, nowMs);
  const refused = refusalOf((roomOf(server, roomId) ?? emptyRoom).state, event);
  return refused === null ? { server: addOwnEvent(server, event, sent), event } : { refused };
};

/** The room that has this alias as its canonical one. */
export const roomByAlias = (server: Homeserver, alias: string): RoomId | undefined =>
  Object.entries(server.rooms).find(
    ([, { state }]) => stringAt(at(state, 'm.room.canonical_alias')?.['']?.content, 'alias') === alias,
  )?.[0];
