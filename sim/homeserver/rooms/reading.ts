/** Reading a room ("Getting events for a room", "Room membership"): state, members, one event, the timeline page by page. */
import { type JsonObject, objectAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { earlierElsewhere, gapBefore } from '../federation/backfill.ts';
import { type Answered, ok, param, type Route, refuse, type SignedInCall, signedIn } from '../routing.ts';
import { at, userOf } from '../state.ts';
import type { Room, RoomEvent, RoomState } from '../types.ts';
import { roomOf } from './events.ts';
import { filterOf, limitIn, membersAmong, sendersOf } from './filter.ts';
import { eventsOf, membershipIn, membershipOf, settingOf, shownEvent, stateBefore, stateEvent } from './state.ts';
import { indexOf, timelineToken } from './tokens.ts';
import { type Sight, sightOf } from './visibility.ts';

type Reader = { readonly room: Room; readonly sight: Sight };

const isOpen = (room: Room): boolean =>
  settingOf(room.state, 'm.room.history_visibility', 'history_visibility') === 'world_readable';

const isOwn = (event: RoomEvent, userId: UserId): boolean =>
  event.type === 'm.room.member' && event.state_key === userId;

/** The room for whoever is or was in it, or anybody where it is open to the world; 403 `M_FORBIDDEN` for others. */
const reading = (call: SignedInCall, then: (reader: Reader, call: SignedInCall) => Answered): Answered => {
  const room = roomOf(call.server, param(call, 'roomId'));
  const was = (found: Room): boolean =>
    found.timeline.some(({ event }) => isOwn(event, call.userId) && membershipIn(event) === 'join');
  return room === undefined || room.forgotten.includes(call.userId) || !(was(room) || isOpen(room))
    ? refuse(call, 403, 'M_FORBIDDEN', 'You are not in this room')
    : then({ room, sight: sightOf(room, call.userId) }, call);
};

/** The state as this user may know it: now, or when they were last in the room. */
const knownState = ({ room, sight }: Reader, userId: UserId): RoomState => {
  if (membershipOf(room.state, userId) === 'join' || isOpen(room)) return room.state;
  const left = room.timeline.findLastIndex(
    ({ event }, index) => isOwn(event, userId) && sight.membershipAt(index) === 'join',
  );
  return stateBefore(room, left + 1);
};

const state = (reader: Reader, call: SignedInCall): Answered =>
  ok(
    call.server,
    eventsOf(knownState(reader, call.userId)).map((event) => shownEvent(event)),
  );

const oneState = (reader: Reader, call: SignedInCall): Answered => {
  const event = stateEvent(knownState(reader, call.userId), param(call, 'type'), param(call, 'stateKey'));
  return event === undefined ? refuse(call, 404, 'M_NOT_FOUND', 'No such state') : ok(call.server, event.content);
};

const members = (reader: Reader, call: SignedInCall): Answered => {
  const { at: token, membership, not_membership } = call.query;
  const index = token === undefined ? null : indexOf(reader.room, call.userId, token);
  if (token !== undefined && index === null) return refuse(call, 400, 'M_INVALID_PARAM', 'Invalid token');
  const then = index === null ? knownState(reader, call.userId) : stateBefore(reader.room, index);
  const chunk = eventsOf(then).filter((event) => {
    if (event.type !== 'm.room.member') return false;
    const own = membershipIn(event);
    return (membership === undefined || own === membership) && (not_membership === undefined || own !== not_membership);
  });
  return ok(call.server, { chunk: chunk.map((event) => shownEvent(event)) });
};

const joinedMembers = (reader: Reader, call: SignedInCall): Answered => {
  if (membershipOf(reader.room.state, call.userId) !== 'join')
    return refuse(call, 403, 'M_FORBIDDEN', 'You are not in this room');
  const joined = Object.entries(at(reader.room.state, 'm.room.member') ?? {}).flatMap(([userId, event]) =>
    membershipIn(event) === 'join' ? [[userId, named(event.content)] as const] : [],
  );
  return ok(call.server, { joined: Object.fromEntries(joined) });
};
const named = ({ displayname, avatar_url }: JsonObject): JsonObject => ({
  ...(typeof displayname === 'string' ? { display_name: displayname } : {}),
  ...(typeof avatar_url === 'string' ? { avatar_url } : {}),
});

const joinedRooms = (call: SignedInCall): Answered =>
  ok(call.server, {
    joined_rooms: Object.entries(call.server.rooms)
      .flatMap(([roomId, room]) => (membershipOf(room.state, call.userId) === 'join' ? [roomId] : []))
      .sort(),
  });

const oneEvent = ({ room, sight }: Reader, call: SignedInCall): Answered => {
  const index = room.timeline.findIndex(({ event }) => event.event_id === param(call, 'eventId'));
  const event = room.timeline[index]?.event;
  return event === undefined || !sight.sees(index)
    ? refuse(call, 404, 'M_NOT_FOUND', 'Event not found')
    : ok(
        call.server,
        shownEvent(event, {
          membership: membershipIn(stateEvent(stateBefore(room, index), 'm.room.member', call.userId)),
        }),
      );
};

/** GET messages: what the user may see between two places, in either direction, at most `limit` of it. */
const messages = (reader: Reader, call: SignedInCall): Answered => {
  const { room, sight } = reader;
  const { dir, from, to, limit } = call.query;
  if (dir !== 'b' && dir !== 'f') return refuse(call, 400, 'M_MISSING_PARAM', 'dir is b or f');
  const filter = filterOf(call.query.filter, userOf(call.server, call.userId).account.filters);
  if (filter === null) return refuse(call, 400, 'M_INVALID_PARAM', 'There is no such filter');
  const most = limit === undefined ? limitIn(filter) : Number(limit);
  if (!Number.isInteger(most) || most < 1) return refuse(call, 400, 'M_INVALID_PARAM', 'limit is a positive number');
  const elsewhere = earlierElsewhere(call, room, from, most);
  if (elsewhere !== null) return elsewhere;
  const start = from === undefined ? (dir === 'b' ? room.timeline.length : 0) : indexOf(room, call.userId, from);
  const stop = to === undefined ? (dir === 'b' ? 0 : room.timeline.length) : indexOf(room, call.userId, to);
  if (start === null || stop === null) return refuse(call, 400, 'M_INVALID_PARAM', 'Invalid token');
  // Beyond a gap, what is here is not what came next.
  const gap = dir === 'b' ? gapBefore(room, start) : -1;
  const between = room.timeline
    .map((_, index) => index)
    .filter(
      (index) =>
        (dir === 'b' ? index < start && index >= Math.max(stop, gap) : index >= start && index < stop) &&
        sight.sees(index),
    );
  const ordered = dir === 'b' ? between.reverse() : between;
  const served = ordered.slice(0, most);
  const last = served.at(-1);
  const hasMore = ordered.length > most || (gap >= 0 && gap >= stop);
  const ending = ordered.length > most ? last : gap >= 0 ? gap : last;
  const end = !hasMore || ending === undefined ? null : timelineToken(dir === 'b' ? ending : ending + 1);
  const events = served.flatMap((index) => room.timeline[index]?.event ?? []);
  const lazy = objectAt({ filter }, 'filter').lazy_load_members === true;
  return ok(call.server, {
    start: from ?? timelineToken(start),
    chunk: served.flatMap((index) => {
      const event = room.timeline[index]?.event;
      return event === undefined ? [] : [shownEvent(event, { membership: sight.membershipAt(index) })];
    }),
    ...(end === null ? {} : { end }),
    ...(lazy ? { state: membersAmong(room.state, sendersOf(events)).map((event) => shownEvent(event)) } : {}),
  });
};

const room = '/_matrix/client/v3/rooms/:roomId';
const read = (path: string, then: (reader: Reader, call: SignedInCall) => Answered): Route =>
  signedIn('GET', path, (call) => reading(call, then));
export const readingRoutes: readonly Route[] = [
  signedIn('GET', '/_matrix/client/v3/joined_rooms', joinedRooms),
  read(`${room}/state`, state),
  read(`${room}/state/:type`, oneState),
  read(`${room}/state/:type/:stateKey`, oneState),
  read(`${room}/members`, members),
  read(`${room}/joined_members`, joinedMembers),
  read(`${room}/event/:eventId`, oneEvent),
  read(`${room}/messages`, messages),
];
