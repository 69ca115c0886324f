/**
 * Coming into a room, or going from it, through a server that is in it ("Joining Rooms", "Knocking upon a room", "Leaving
 * Rooms" of the server-server API): the other server says what the event has to look like, and takes it when it is made.
 */
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { appendEvent, emptyRoom, makeEvent, roomOf, withRoom } from '../rooms/events.ts';
import { listAt, usersWith, withState } from '../rooms/state.ts';
import { type Answered, ok, refuse, type SignedInCall } from '../routing.ts';
import { serverOf } from '../state.ts';
import type { FederationRequest, Homeserver, RoomEvent, RoomId, RoomState } from '../types.ts';
import { answerTo, federationPath, question } from './asking.ts';
import { enqueueFor } from './links.ts';
import { readEvent } from './reading.ts';

export type Entry = {
  readonly through: string;
  readonly roomId: RoomId;
  readonly membership: 'join' | 'knock' | 'leave';
  readonly content: JsonObject;
};

/** Which version of each endpoint takes the finished event. */
const sending = { join: 'v2', knock: 'v1', leave: 'v2' } as const;

/**
 * Makes the caller's member event with the help of `through`. Whoever wants to leave leaves, whether the other server can be
 * reached or not.
 *
 * @returns 200 with `room_id` (`{}` for leaving); the other server's own refusal; or 502 `M_UNKNOWN` with what is to be asked
 */
export const handshake = (call: SignedInCall, entry: Entry): Answered => {
  const { through, roomId, membership } = entry;
  const unreached = (ask: FederationRequest): Answered => ({
    ...(membership === 'leave'
      ? gone(call, entry, ownEvent(call, entry, {}))
      : refuse(call, 502, 'M_UNKNOWN', `${through} could not be reached`)),
    asks: [ask],
  });
  const refused = (answer: Answered['response']): Answered =>
    membership === 'leave' ? gone(call, entry, ownEvent(call, entry, {})) : { server: call.server, response: answer };

  const make = question(through, 'GET', federationPath('v1', `make_${membership}`, roomId, call.userId));
  const template = answerTo(call, make);
  if (template === null) return unreached(make);
  if (template.status !== 200) return refused(template);
  const event = ownEvent(call, entry, objectAt(template.body, 'event'));
  const path = federationPath(sending[membership], `send_${membership}`, roomId, event.event_id);
  const send = question(through, 'PUT', path, event);
  const taken = answerTo(call, send);
  if (taken === null) return unreached(send);
  if (taken.status !== 200) return refused(taken);
  if (membership === 'leave') return gone(call, entry, event);
  const list = listAt(isObject(taken.body) ? taken.body : {}, membership === 'join' ? 'state' : 'knock_room_state');
  const given = list.map(readEvent).filter((one) => one !== null);
  const entered = appendEvent(counted(call.server, roomId), event, { given });
  return ok(membership === 'join' ? tellOthers(entered, through, given, event) : entered, { room_id: roomId });
};

/** The event as this server makes it: what the other one put in the content, as deep as it says. */
const ownEvent = (call: SignedInCall, { roomId, content }: Entry, template: JsonObject): RoomEvent => {
  const draft = {
    type: 'm.room.member',
    sender: call.userId,
    state_key: call.userId,
    content: { ...objectAt(template, 'content'), ...content },
  };
  const event = makeEvent(call.server, roomId, draft, call.nowMs);
  return typeof template.depth === 'number' ? { ...event, depth: template.depth } : event;
};

const counted = (server: Homeserver, roomId: RoomId): Homeserver => {
  const room = roomOf(server, roomId) ?? emptyRoom;
  return withRoom(server, roomId, { ...room, made: room.made + 1 });
};

/** An invitation declined, a knock withdrawn: this server has nothing more of the room than that. */
const gone = (call: SignedInCall, { roomId }: Entry, event: RoomEvent): Answered => {
  const state = roomOf(call.server, roomId)?.state ?? {};
  const given = Object.values(state).flatMap((byKey) => Object.values(byKey));
  return ok(appendEvent(counted(call.server, roomId), event, { given }));
};

/** The other servers in the room hear of the join from the server whose user it is. */
const tellOthers = (server: Homeserver, through: string, given: readonly RoomEvent[], event: RoomEvent): Homeserver => {
  const state = given.reduce<RoomState>(withState, {});
  const others = new Set(usersWith(state, 'join').map(serverOf));
  return [...others]
    .filter((name) => name !== server.name && name !== through)
    .reduce((now, to) => enqueueFor(now, to, { pdus: [event], edus: [] }), server);
};

/** Whether a member event is the one that a path names by its room and its id. */
export const isOf = (event: RoomEvent, roomId: RoomId, id: string): boolean =>
  event.room_id === roomId && event.event_id === id && stringAt(event.content, 'membership') !== undefined;
