/** The `rooms` of a sync ("Syncing"): what a user is told of the rooms they are in, asked into, or have left. */
import type { JsonObject } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { at, streamOf } from '../state.ts';
import type { Homeserver, Position, Room, RoomEntry, RoomEvent, RoomState } from '../types.ts';
import { lazily, membersAmong, type RoomFilter, sendersOf } from './filter.ts';
import {
  eventsOf,
  type Membership,
  membershipOf,
  previewOf,
  stateBefore,
  stateEvent,
  stripped,
  usersWith,
  withoutRoom,
} from './state.ts';
import { timelineToken, toldUpTo } from './tokens.ts';
import { sightOf } from './visibility.ts';

/** Rooms in which something happened for this user after `since`. */
export const roomsWithNews = (server: Homeserver, userId: UserId, since: Position): readonly string[] =>
  Object.entries(streamOf(server, userId).rooms).flatMap(([roomId, position]) => (position > since ? [roomId] : []));

/** Where a room stands in a sync. */
const sections: Readonly<Record<Membership, string>> = {
  join: 'join',
  invite: 'invite',
  knock: 'knock',
  leave: 'leave',
  ban: 'leave',
};

/**
 * The `rooms` object of a sync; `null` when nothing happened in any.
 *
 * @param since the user's stream up to which the device has read; `null` at its first sync
 * @param isFull whether all joined rooms are wanted with all their state (`full_state`)
 */
export const roomsSince = (
  server: Homeserver,
  userId: UserId,
  device: string,
  since: Position | null,
  filter: RoomFilter,
  isFull: boolean,
): JsonObject | null => {
  const found: Record<string, Record<string, JsonObject>> = {};
  for (const roomId of roomsWithNews(server, userId, isFull ? 0 : (since ?? 0))) {
    const room = at(server.rooms, roomId);
    if (room === undefined || room.forgotten.includes(userId) || !filter.takes(roomId)) continue;
    const membership = membershipOf(room.state, userId);
    const section = sections[membership];
    const isNew = (streamOf(server, userId).rooms[roomId] ?? 0) > (since ?? 0);
    if (section === 'leave' && (isNew ? since === null && !filter.includeLeave : true)) continue;
    const view = { room, userId, device, filter, since, isFull };
    found[section] = {
      ...found[section],
      [roomId]: section === 'join' || section === 'leave' ? events(view, section) : preview(room, userId, section),
    };
  }
  return Object.keys(found).length === 0 ? null : found;
};

const preview = (room: Room, userId: UserId, section: string): JsonObject => {
  const own = stateEvent(room.state, 'm.room.member', userId);
  const inviter = section === 'invite' && own !== undefined && own.sender !== userId ? [own.sender] : [];
  return { [`${section}_state`]: { events: previewOf(room.state, [...inviter, userId]).map(stripped) } };
};

type View = {
  readonly room: Room;
  readonly userId: UserId;
  readonly device: string;
  readonly filter: RoomFilter;
  readonly since: Position | null;
  readonly isFull: boolean;
};

/** Timeline, the state before it as far as it is new, and a summary of who is there. */
const events = ({ room, userId, device, filter, since, isFull }: View, section: 'join' | 'leave'): JsonObject => {
  const sight = sightOf(room, userId);
  const read = since === null ? 0 : toldUpTo(room, userId, since);
  const goesOn = since !== null && sight.membershipAt(read) === 'join' && !isFull;
  // Whoever has left is told of everything up to that, and of their going whatever else they may see.
  const ending = section === 'leave' ? toldUpTo(room, userId, Number.MAX_SAFE_INTEGER) : room.timeline.length;
  const isOwnEnd = (index: number): boolean => section === 'leave' && index === ending - 1;
  const from = goesOn ? read : 0;
  const visible = room.timeline
    .map((_, index) => index)
    .filter((index) => index >= from && index < ending && (sight.sees(index) || isOwnEnd(index)));
  // A timeline has no gap within: what is before the last one is left out, and the state is what it was behind that.
  const gap = visible.findLastIndex((index) => room.timeline[index]?.given !== undefined);
  const served = visible.slice(Math.max(gap, 0)).slice(-filter.limit);
  const start = served[0] ?? ending;
  const entries = served.map((index) => ({ index, entry: room.timeline[index] as RoomEntry }));
  const timeline = entries.map(({ entry }) => entry.event);
  const before = stateBefore(room, start);
  const known = goesOn ? stateBefore(room, from) : {};
  // Whoever was asked in and never came learns no more of the room by declining.
  const wasThere = section === 'join' || room.timeline.some((_, index) => sight.membershipAt(index) === 'join');
  const fresh = (wasThere ? eventsOf(before) : []).filter(
    (event) => stateEvent(known, event.type, event.state_key)?.event_id !== event.event_id,
  );
  const state = filter.lazyMembers ? withSenders(lazily(fresh, timeline, userId), before, timeline) : fresh;
  const hasGap = entries.some(({ entry: { given } }) => given !== undefined);
  const hasMembers = !goesOn || [...fresh, ...timeline].some(({ type }) => type === 'm.room.member');
  return {
    ...(section === 'join' && hasMembers ? { summary: summary(room, userId) } : {}),
    state: { events: state.map((event) => withoutRoom(event)) },
    timeline: {
      events: entries.map(({ index, entry: { event, sent } }) =>
        withoutRoom(event, {
          membership: sight.membershipAt(index),
          ...(sent?.user === userId && sent.device === device ? { transaction_id: sent.txn } : {}),
        }),
      ),
      limited: visible.length > served.length || hasGap,
      prev_batch: timelineToken(start),
    },
  };
};

/** Lazily loaded, whoever speaks in the timeline is always introduced. */
const withSenders = (
  state: readonly RoomEvent[],
  before: RoomState,
  timeline: readonly RoomEvent[],
): readonly RoomEvent[] => [
  ...state,
  ...membersAmong(before, sendersOf(timeline)).filter((event) => !state.includes(event)),
];

/** Up to five others by whom a room without a name goes, and how many there are. */
const summary = ({ state }: Room, userId: UserId): JsonObject => {
  const joined = usersWith(state, 'join');
  const invited = usersWith(state, 'invite');
  return {
    'm.heroes': [...joined, ...invited].filter((one) => one !== userId).slice(0, 5),
    'm.joined_member_count': joined.length,
    'm.invited_member_count': invited.length,
  };
};
