/**
 * The state of a room from all its state events, whatever their order of arrival: they are replayed by depth, time and id, and
 * those that the state so far does not allow are left out. Two servers that know the same events have the same state.
 *
 * It is far simpler than the specification's state resolution: there is no event graph and no precedence of power events.
 */
import type { Room, RoomEvent, RoomState } from '../types.ts';
import { refusalOf } from './rules.ts';
import { compare, laterState, withState } from './state.ts';

const isState = ({ state_key }: RoomEvent): boolean => state_key !== undefined;

/** The state and what it refuses. What another server gave as state before a gap is taken as it is. */
export const resolve = (room: Room): { readonly state: RoomState; readonly refused: readonly RoomEvent[] } => {
  const gap = room.timeline.findLastIndex(({ given }) => given !== undefined);
  const given = room.timeline[gap]?.given ?? [];
  const first = room.timeline[gap]?.event;
  const later = room.timeline.slice(Math.max(gap, 0)).map(({ event }) => event);
  // The event that brought the given state was allowed by the server that gave it.
  const start = [...given, ...(first === undefined ? [] : [first])].filter(isState).reduce<RoomState>(withState, {});
  const all = [...later, ...room.refused].filter(isState);
  const events = new Map(all.map((event) => [event.event_id, event] as const));
  if (gap >= 0 && first !== undefined) events.delete(first.event_id);
  return [...events.values()]
    .sort(compare)
    .reduce<{ readonly state: RoomState; readonly refused: readonly RoomEvent[] }>(
      ({ state, refused }, event) =>
        refusalOf(state, event) === null
          ? { state: laterState(state, event), refused }
          : { state, refused: [...refused, event] },
      { state: gap < 0 ? {} : start, refused: [] },
    );
};
