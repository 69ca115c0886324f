/** For tests: three servers, and a room between them. */
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { eventsOf } from '../rooms/state.ts';
import { heldAmong, type Speak } from '../testing.ts';

export const alice = '@alice:one.org';
export const bob = '@bob:two.org';
export const carol = '@carol:two.org';
export const dave = '@dave:three.org';

/** A room of alice's on one.org, and who may come into it from two other servers. */
export const world = (created: JsonObject = {}) => {
  const servers = heldAmong({ 'one.org': ['alice'], 'two.org': ['bob', 'carol'], 'three.org': ['dave'] });
  const phone = servers.logIn(alice, 'PHONE');
  const desk = servers.logIn(bob, 'DESK');
  const room = stringAt(phone('POST', 'createRoom', { name: 'Plans', ...created }).body, 'room_id') as string;
  let said = 0;
  const say = (speak: Speak) => {
    said += 1;
    return speak('PUT', `rooms/${room}/send/m.room.message/${said}`, { body: said });
  };
  const invite = (by: Speak, user_id: string) => by('POST', `rooms/${room}/invite`, { user_id });
  const join = (speak: Speak) => speak('POST', `join/${room}`, {});
  const stateOn = (name: string) => servers.now(name).rooms[room]?.state ?? {};
  const idsOn = (name: string) => eventsOf(stateOn(name)).map(({ event_id }) => event_id);
  return { ...servers, phone, desk, room, say, invite, join, stateOn, idsOn };
};

/** What somebody reads of a room. */
export const messagesOn = (speak: Speak, room: string, query: Readonly<Record<string, string>> = { dir: 'f' }) => {
  const { body } = speak('GET', `rooms/${room}/messages`, undefined, { limit: '50', ...query });
  const events = (objectAt({ body }, 'body').chunk ?? []) as readonly JsonObject[];
  return events.flatMap(({ type, content }) =>
    type === 'm.room.message' ? [objectAt({ content }, 'content').body] : [],
  );
};
