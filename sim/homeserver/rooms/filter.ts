/** The parts of a filter that rooms look at ("Filtering", "Lazy-loading room members"). */
import { isObject, type JsonObject, objectAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import type { RoomEvent, RoomState } from '../types.ts';
import { listAt, stateEvent } from './state.ts';

export type RoomFilter = {
  readonly limit: number;
  readonly lazyMembers: boolean;
  readonly includeLeave: boolean;
  readonly takes: (roomId: string) => boolean;
};
const usualLimit = 10;

export const limitIn = (filter: JsonObject): number =>
  typeof filter.limit === 'number' && filter.limit > 0 ? Math.floor(filter.limit) : usualLimit;

/** What a filter says of rooms; `{}` is no filter. */
export const roomFilter = (filter: JsonObject): RoomFilter => {
  const room = objectAt(filter, 'room');
  const only = Array.isArray(room.rooms) ? listAt(room, 'rooms') : null;
  const not = listAt(room, 'not_rooms');
  return {
    limit: limitIn(objectAt(room, 'timeline')),
    lazyMembers: objectAt(room, 'state').lazy_load_members === true,
    includeLeave: room.include_leave === true,
    takes: (roomId) => (only === null || only.includes(roomId)) && !not.includes(roomId),
  };
};

/** The filter that a query names by its id among `kept`, or carries as JSON; `null` for neither. */
export const filterOf = (text: string | undefined, kept: readonly JsonObject[]): JsonObject | null => {
  if (text === undefined) return {};
  if (!text.startsWith('{')) return kept.find((_, index) => String(index) === text) ?? null;
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
};

/** Members of whom a client hears with a part of a timeline: those who sent it. */
export const sendersOf = (events: readonly RoomEvent[]): ReadonlySet<UserId> =>
  new Set(events.map(({ sender }) => sender));

/** The member events of those users. */
export const membersAmong = (state: RoomState, users: ReadonlySet<UserId>): readonly RoomEvent[] =>
  [...users].map((userId) => stateEvent(state, 'm.room.member', userId)).filter((event) => event !== undefined);

/** State without the members who said nothing in `timeline`; `self` is kept. */
export const lazily = (
  state: readonly RoomEvent[],
  timeline: readonly RoomEvent[],
  self: UserId,
): readonly RoomEvent[] => {
  const senders = sendersOf(timeline);
  return state.filter(
    ({ type, state_key }) =>
      type !== 'm.room.member' || state_key === self || (state_key !== undefined && senders.has(state_key)),
  );
};
