/**
 * What a dishonest operator can do to a server's copy of its rooms behind the reducer's back. Nothing in the reducer imports
 * this. Each function returns a changed server that goes on answering honestly from what it then holds; none asks whether the
 * room's rules allow it, and no other server hears of it.
 */
import type { UserId } from '../../../machines/types.ts';
import { advance, put, streamOf } from '../state.ts';
import type { Homeserver, Room, RoomEvent, RoomId, RoomState } from '../types.ts';
import { appendEvent, type Draft, makeEvent, roomOf, withRoom } from './events.ts';
import { eventsOf, type Membership, membershipOf, stateEvent, usersWith, withState } from './state.ts';

export type { Membership } from './state.ts';

const existing = (server: Homeserver, roomId: RoomId): Room => {
  const room = roomOf(server, roomId);
  if (room === undefined) throw new Error(`${server.name} has no room ${roomId}: was it created, or joined from here?`);
  return room;
};

/** Rooms of this server, by name. */
export const roomIds = (server: Homeserver): readonly RoomId[] => Object.keys(server.rooms).sort();

/** The room events that this server has, in the order of their arrival. */
export const timeline = (server: Homeserver, roomId: RoomId): readonly RoomEvent[] =>
  existing(server, roomId).timeline.map(({ event }) => event);

/** Who is in the room as far as this server says. */
export const joined = (server: Homeserver, roomId: RoomId): readonly UserId[] =>
  usersWith(existing(server, roomId).state, 'join');

/** Puts any event at the end of a room, in anybody's name. Its users are told of it as of every other. */
export const inject = (server: Homeserver, roomId: RoomId, draft: Draft, nowMs: number): Homeserver => {
  const room = existing(server, roomId);
  const event = makeEvent(server, roomId, draft, nowMs);
  const counted = withRoom(server, roomId, { ...room, made: room.made + 1 });
  return forced(appendEvent(counted, event), event);
};

/** State stands as the operator says, until a belated event of another server makes the reducer resolve it again. */
const forced = (server: Homeserver, event: RoomEvent): Homeserver => {
  const room = existing(server, event.room_id);
  if (event.state_key === undefined || stateEvent(room.state, event.type, event.state_key) === event) return server;
  const given = [...eventsOf(room.state).filter((one) => !isSamePlace(one, event)), event];
  return rewritten(server, event.room_id, given);
};

const isSamePlace = (one: RoomEvent, other: RoomEvent): boolean =>
  one.type === other.type && one.state_key === other.state_key;

const rewritten = (server: Homeserver, roomId: RoomId, events: readonly RoomEvent[]): Homeserver =>
  withRoom(server, roomId, {
    ...existing(server, roomId),
    state: events.reduce<RoomState>(withState, {}),
    refused: [],
  });

/** Says that somebody has this membership, in the name of `sender` (their own, when left out). */
export const setMembership = (
  server: Homeserver,
  roomId: RoomId,
  userId: UserId,
  membership: Membership,
  nowMs: number,
  sender: UserId = userId,
): Homeserver => {
  const draft = { type: 'm.room.member', sender, state_key: userId, content: { membership } };
  return inject(server, roomId, draft, nowMs);
};

/** Says that somebody set another history visibility. */
export const setHistoryVisibility = (
  server: Homeserver,
  roomId: RoomId,
  sender: UserId,
  history_visibility: string,
  nowMs: number,
): Homeserver => {
  const draft = { type: 'm.room.history_visibility', sender, state_key: '', content: { history_visibility } };
  return inject(server, roomId, draft, nowMs);
};

/** Has a room count as having news for a user, although nothing has happened in it. */
export const remind = (server: Homeserver, roomId: RoomId, userId: UserId): Homeserver => {
  const { server: next, position } = advance(server, userId);
  const stream = streamOf(next, userId);
  return { ...next, streams: put(next.streams, userId, { ...stream, rooms: put(stream.rooms, roomId, position) }) };
};

/** What this server says somebody is in a room; `null` for a room that it does not have. */
export const membershipAt = (server: Homeserver, roomId: RoomId, userId: UserId): Membership | null => {
  const room = roomOf(server, roomId);
  return room === undefined ? null : membershipOf(room.state, userId);
};

/** A room's state event as this server has it; `null` when there is none. */
export const stateAt = (server: Homeserver, roomId: RoomId, type: string, stateKey: string): RoomEvent | null => {
  const room = roomOf(server, roomId);
  return room === undefined ? null : (stateEvent(room.state, type, stateKey) ?? null);
};
