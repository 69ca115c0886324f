/** Reading a room's state, and which of two state events counts ("Room state", "Stripped state"). */
import { type Json, type JsonObject, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { at, put, serverOf } from '../state.ts';
import type { Room, RoomEvent, RoomState } from '../types.ts';

export type Membership = 'join' | 'invite' | 'knock' | 'leave' | 'ban';
const memberships: readonly Membership[] = ['join', 'invite', 'knock', 'leave', 'ban'];

export const stateEvent = (state: RoomState, type: string, key = ''): RoomEvent | undefined =>
  at(at(state, type) ?? {}, key);

export const withState = (state: RoomState, event: RoomEvent): RoomState =>
  event.state_key === undefined
    ? state
    : put(state, event.type, put(at(state, event.type) ?? {}, event.state_key, event));

/** All state events, oldest first. */
export const eventsOf = (state: RoomState): readonly RoomEvent[] =>
  Object.values(state)
    .flatMap((byKey) => Object.values(byKey))
    .sort(compare);

/** What a member event makes of somebody; `leave` for what is no membership. */
export const membershipIn = (event: RoomEvent | undefined): Membership =>
  memberships.find((one) => one === event?.content.membership) ?? 'leave';

/** Whoever was never in the room counts as having left. */
export const membershipOf = (state: RoomState, userId: UserId): Membership =>
  membershipIn(stateEvent(state, 'm.room.member', userId));

/** Users with this membership, by name: the order of members in a state is nobody's. */
export const usersWith = (state: RoomState, membership: Membership): readonly UserId[] =>
  Object.entries(at(state, 'm.room.member') ?? {})
    .flatMap(([userId, event]) => (membershipIn(event) === membership ? [userId] : []))
    .sort();

export const isEncrypted = (state: RoomState): boolean => stateEvent(state, 'm.room.encryption') !== undefined;

/** Whether anybody of that server is in the room. */
export const hasServer = (state: RoomState, server: string): boolean =>
  usersWith(state, 'join').some((userId) => serverOf(userId) === server);

/**
 * A total order of events that every server agrees on: by depth, by time, by id. It stands in for the order that the
 * event graph gives; state resolution is last write by it.
 */
export const compare = (one: RoomEvent, other: RoomEvent): number =>
  one.depth - other.depth ||
  one.origin_server_ts - other.origin_server_ts ||
  (one.event_id < other.event_id ? -1 : one.event_id > other.event_id ? 1 : 0);

/** The state with `event` in it, unless a later one stands in its place. */
export const laterState = (state: RoomState, event: RoomEvent): RoomState => {
  const held = event.state_key === undefined ? undefined : stateEvent(state, event.type, event.state_key);
  return held !== undefined && compare(held, event) > 0 ? state : withState(state, event);
};

/** The state before the entry at `index` of the timeline, as it was in the order of arrival here. */
export const stateBefore = (room: Room, index: number): RoomState =>
  index >= room.timeline.length
    ? room.state
    : room.timeline.slice(0, index + 1).reduce<RoomState>((state, { event, given }, place) => {
        const known = given === undefined ? state : given.reduce(withState, {});
        return place === index ? known : laterState(known, event);
      }, {});

const strippedTypes = [
  'm.room.create',
  'm.room.join_rules',
  'm.room.name',
  'm.room.topic',
  'm.room.avatar',
  'm.room.canonical_alias',
  'm.room.encryption',
];

/** What somebody who is asked in, or asks to be let in, may know of a room: a few state events and those members. */
export const previewOf = (state: RoomState, members: readonly UserId[]): readonly RoomEvent[] =>
  [
    ...strippedTypes.map((type) => stateEvent(state, type)),
    ...members.map((userId) => stateEvent(state, 'm.room.member', userId)),
  ].filter((event) => event !== undefined);

/** "Stripped state": type, state key, sender and content. */
export const stripped = ({ type, state_key, sender, content }: RoomEvent): JsonObject => ({
  type,
  state_key,
  sender,
  content,
});

/** An event as clients see it, in a room they name themselves. */
export const shownEvent = (event: RoomEvent, more: JsonObject = {}): JsonObject => ({
  ...withoutRoom(event, more),
  room_id: event.room_id,
});

/** The same without `room_id`, as `/sync` lists events by room. */
export const withoutRoom = (event: RoomEvent, more: JsonObject = {}): JsonObject => ({
  event_id: event.event_id,
  type: event.type,
  sender: event.sender,
  ...(event.state_key === undefined ? {} : { state_key: event.state_key }),
  content: event.content,
  origin_server_ts: event.origin_server_ts,
  ...(Object.keys(more).length === 0 ? {} : { unsigned: more }),
});

/** A member of the content of a state event that is there only once; `undefined` without it. */
export const settingOf = (state: RoomState, type: string, key: string): string | undefined =>
  stringAt(stateEvent(state, type)?.content, key);

export const listAt = (content: JsonObject | undefined, key: string): readonly Json[] => {
  const found = content?.[key];
  return Array.isArray(found) ? (found as readonly Json[]) : [];
};
