/** A transaction from another server ("Transactions", "Checks performed on receipt of a PDU"). */
import { isObject, type Json, type JsonObject, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { outdated } from '../copies.ts';
import { tellInterested } from '../device-lists.ts';
import { appendEvent, roomOf, subjectOf, withRoom } from '../rooms/events.ts';
import { resolve } from '../rooms/resolve.ts';
import { refusalOf } from '../rooms/rules.ts';
import { eventsOf, hasServer, listAt, membershipIn } from '../rooms/state.ts';
import { isLocal, serverOf } from '../state.ts';
import { deliver, messagesIn } from '../to-device.ts';
import type { Homeserver, Room, RoomEvent, Transaction } from '../types.ts';
import { linkOf, withLink } from './links.ts';
import { readEvent } from './reading.ts';

/**
 * Whether a server may bring this event. A real one proves by a signature whose event it is; here a server speaks for its own
 * users, and hands on that somebody from elsewhere knocked or declined, which only it was told.
 */
const maySpeakFor = (origin: string, event: RoomEvent): boolean =>
  serverOf(event.sender) === origin ||
  (subjectOf(event) === event.sender && ['leave', 'knock'].includes(membershipIn(event)));

/** Whether the room would refuse the event, wherever in the order of events it belongs. */
const isRefused = (room: Room, event: RoomEvent): boolean => {
  if (event.state_key === undefined || event.depth > room.depth) return refusalOf(room.state, event) !== null;
  const { refused } = resolve({ ...room, timeline: [...room.timeline, { event, told: {} }] });
  return refused.some(({ event_id }) => event_id === event.event_id);
};

/**
 * Takes one room event of another server. Known ones, those of rooms in which nobody here is, and messages that the state does
 * not allow are dropped; state events that it does not allow are kept aside, as what is to come may allow them.
 */
export const receiveEvent = (server: Homeserver, event: RoomEvent): Homeserver => {
  const room = roomOf(server, event.room_id);
  if (room === undefined) return server;
  const known = [...room.timeline.map((entry) => entry.event), ...room.refused];
  if (known.some(({ event_id }) => event_id === event.event_id)) return server;
  if (!hasServer(room.state, server.name)) {
    // An invitation taken back: that somebody here is put out is all there is to know of a room that is elsewhere.
    const subject = subjectOf(event);
    const isPutOut = subject !== undefined && isLocal(server, subject) && membershipIn(event) !== 'join';
    return isPutOut ? appendEvent(server, event, { given: eventsOf(room.state) }) : server;
  }
  if (!isRefused(room, event)) return appendEvent(server, event);
  return event.state_key === undefined
    ? server
    : withRoom(server, event.room_id, { ...room, refused: [...room.refused, event] });
};

const receiveEdu = (server: Homeserver, origin: string, edu: JsonObject): Homeserver => {
  const { content } = edu;
  const isTheirs = (user: UserId | undefined): user is UserId => user !== undefined && serverOf(user) === origin;
  switch (edu.edu_type) {
    case 'm.direct_to_device': {
      const sender = stringAt(content, 'sender');
      const type = stringAt(content, 'type');
      const messages = messagesIn(content);
      return isTheirs(sender) && type !== undefined && messages !== null
        ? deliver(server, sender, type, messages)
        : server;
    }
    case 'm.device_list_update':
    case 'm.signing_key_update': {
      const user = stringAt(content, 'user_id');
      return isTheirs(user) ? tellInterested(outdated(server, user), user) : server;
    }
    default:
      return server;
  }
};

/**
 * Takes a transaction from `origin`: room events, then what is about no room. One that came before does nothing.
 *
 * @param transaction as `nextTransaction` of the other server gave it
 * @returns the server after it; the very same when it brought nothing new
 */
export const receiveTransaction = (server: Homeserver, origin: string, transaction: Transaction): Homeserver => {
  const link = linkOf(server, origin);
  if (Number(transaction.id) <= link.received) return server;
  const noted = withLink(server, origin, { ...link, received: Number(transaction.id) });
  const withEvents = transaction.pdus.reduce(
    (now, event) => (maySpeakFor(origin, event) ? receiveEvent(now, event) : now),
    noted,
  );
  return transaction.edus.reduce((now, edu) => receiveEdu(now, origin, edu), withEvents);
};

/** The transaction that a body on the wire is; `null` for what is none. */
export const readTransaction = (id: string, body: Json): Transaction | null => {
  if (!isObject(body) || !/^[1-9][0-9]*$/.test(id)) return null;
  return {
    id,
    pdus: listAt(body, 'pdus')
      .map(readEvent)
      .filter((event) => event !== null),
    edus: listAt(body, 'edus').flatMap((edu) => {
      const edu_type = stringAt(edu, 'edu_type');
      return isObject(edu) && isObject(edu.content) && edu_type !== undefined
        ? [{ edu_type, content: edu.content }]
        : [];
    }),
  };
};
