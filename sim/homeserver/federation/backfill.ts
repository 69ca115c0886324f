/**
 * Reading on where this server's copy of a room begins ("Backfilling and retrieving missing events"): what was before somebody
 * here joined is asked of a server that was there, judged by the same rules, and not kept.
 */
import { isObject } from '../../../machines/json.ts';
import { listAt, shownEvent, usersWith } from '../rooms/state.ts';
import { indexOf } from '../rooms/tokens.ts';
import { sightOf } from '../rooms/visibility.ts';
import { type Answered, ok, type SignedInCall } from '../routing.ts';
import { serverOf } from '../state.ts';
import type { Room, RoomEntry } from '../types.ts';
import { answerTo, federationPath, inUrl, question } from './asking.ts';
import { readEvent } from './reading.ts';

/** The last gap before a place in the timeline, whose far side is not here. */
export const gapBefore = (room: Room, index: number): number =>
  room.timeline.slice(0, index).findLastIndex(({ given }) => given !== undefined);

/** `b$plans_3:example.org`: before that event, which is on other servers. */
const placeElsewhere = (eventId: string): string => `b${eventId}`;

/**
 * A page of messages from before a gap; `null` when the place is not one, or there is nobody to ask.
 *
 * @param from the token the client came with; without it, reading begins at the end, which is here
 * @returns 200 with `chunk`, newest first, and `end` while there may be more; while the other server is not reached, an empty
 *   page that ends where it began
 */
export const earlierElsewhere = (
  call: SignedInCall,
  room: Room,
  from: string | undefined,
  most: number,
): Answered | null => {
  if (call.query.dir !== 'b' || from === undefined) return null;
  const index = indexOf(room, call.userId, from);
  const gap = index === null ? room.timeline.findIndex(({ given }) => given !== undefined) : index;
  const entry = room.timeline[gap];
  const known = index === null ? (from.startsWith('b$') ? from.slice(1) : undefined) : entry?.event.event_id;
  const [other] = usersWith(room.state, 'join')
    .map(serverOf)
    .filter((name) => name !== call.server.name);
  if (known === undefined || entry?.given === undefined || other === undefined) return null;
  const { room_id: roomId } = entry.event;
  const query = `v=${inUrl(known)}&limit=${most}`;
  const ask = question(other, 'GET', `${federationPath('v1', 'backfill', roomId)}?${query}`);
  const answer = answerTo(call, ask);
  const nothing = ok(call.server, { start: from, chunk: [], end: from });
  if (answer === null) return { ...nothing, asks: [ask] };
  if (answer.status !== 200) return nothing;
  const events = listAt(isObject(answer.body) ? answer.body : {}, 'pdus')
    .map(readEvent)
    .filter((event) => event?.room_id === roomId)
    .filter((event) => event !== null);
  const [oldest] = events;
  if (oldest === undefined) return ok(call.server, { start: from, chunk: [] });
  const path = `${federationPath('v1', 'state', roomId)}?event_id=${inUrl(oldest.event_id)}`;
  const askState = question(other, 'GET', path);
  const state = answerTo(call, askState);
  if (state === null) return { ...nothing, asks: [askState] };
  if (state.status !== 200) return nothing;
  const given = listAt(isObject(state.body) ? state.body : {}, 'pdus')
    .map(readEvent)
    .filter((event) => event !== null);
  const earlier = events.map((event, nth): RoomEntry => ({ event, told: {}, ...(nth === 0 ? { given } : {}) }));
  const sight = sightOf({ ...room, timeline: [...earlier, ...room.timeline.slice(gap)] }, call.userId);
  const chunk = earlier
    .flatMap(({ event }, nth) => (sight.sees(nth) ? [shownEvent(event, { membership: sight.membershipAt(nth) })] : []))
    .reverse();
  const end = events.length < most ? {} : { end: placeElsewhere(oldest.event_id) };
  return ok(call.server, { start: from, chunk, ...end });
};
