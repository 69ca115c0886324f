import { expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { held, type Speak } from '../testing.ts';
import * as tamper from './tamper.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';
const mallory = '@mallory:example.org';

const world = () => {
  const { logIn, change, now } = held(['alice', 'bob', 'mallory']);
  const phone = logIn('alice', 'PHONE');
  const desk = logIn('bob', 'DESK');
  const body = {
    name: 'Plans',
    invite: [bob],
    initial_state: [
      { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } },
      { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
    ],
  };
  const room = stringAt(phone('POST', 'createRoom', body).body, 'room_id') as string;
  desk('POST', `join/${room}`, {});
  const say = (n: number) =>
    stringAt(phone('PUT', `rooms/${room}/send/m.room.message/${n}`, { body: n }).body, 'event_id') as string;
  const token = (speak: Speak) => stringAt(speak('GET', 'sync').body, 'next_batch') as string;
  const news = (speak: Speak, since: string) => {
    const joined = objectAt(objectAt(speak('GET', 'sync', undefined, { since }).body, 'rooms'), 'join');
    return (objectAt(objectAt(joined, room), 'timeline').events ?? []) as readonly JsonObject[];
  };
  const bodies = (events: readonly JsonObject[]) => events.map(({ content }) => objectAt({ content }, 'content').body);
  const page = (speak: Speak) => {
    const read = speak('GET', `rooms/${room}/messages`, undefined, { dir: 'f', limit: '50' });
    return (objectAt({ ...read }, 'body').chunk ?? []) as readonly JsonObject[];
  };
  return { logIn, change, now, phone, desk, room, say, token, news, bodies, page };
};

test('a member whom nobody let in is one to all who ask, and their device list is announced', () => {
  const { logIn, change, now, phone, room, say, token } = world();
  const since = token(phone);
  change((server) => tamper.setMembership(server, room, mallory, 'join', 0));
  expect(tamper.joined(now(), room)).toEqual([alice, bob, mallory]);
  expect(Object.keys(objectAt(phone('GET', `rooms/${room}/joined_members`).body, 'joined'))).toContain(mallory);
  expect(objectAt(phone('GET', 'sync', undefined, { since }).body, 'device_lists').changed).toEqual([mallory]);
  say(1);
  expect(logIn('mallory', 'GHOST')('GET', `rooms/${room}/messages`, undefined, { dir: 'b' }).status).toBe(200);
});

test('an invitation can be forged in the name of somebody who is in the room', () => {
  const { logIn, change, room } = world();
  change((server) => tamper.setMembership(server, room, mallory, 'invite', 0, bob));
  const rooms = objectAt(logIn('mallory', 'GHOST')('GET', 'sync').body, 'rooms');
  const { events } = objectAt(objectAt(objectAt(rooms, 'invite'), room), 'invite_state');
  expect(events).toContainEqual({
    type: 'm.room.member',
    state_key: mallory,
    sender: bob,
    content: { membership: 'invite' },
  });
});

test('a forged history visibility opens what is said from then on, in the name of who could have set it', () => {
  const { logIn, change, room, say, page, bodies, phone } = world();
  say(1);
  change((server) => tamper.setHistoryVisibility(server, room, alice, 'shared', 0));
  say(2);
  phone('POST', `rooms/${room}/invite`, { user_id: mallory });
  const ghost = logIn('mallory', 'GHOST');
  ghost('POST', `join/${room}`, {});
  const read = page(ghost).filter(({ type }) => type === 'm.room.message');
  expect(bodies(read)).toEqual([2]);
});

test('a user is given news of a room in which nothing has happened, and nothing but that', () => {
  const { change, desk, phone, room, token, news } = world();
  const [since, others] = [token(desk), token(phone)];
  change((server) => tamper.remind(server, room, bob));
  expect(news(desk, since)).toEqual([]);
  const rooms = (speak: Speak, from: string) =>
    objectAt(objectAt(objectAt({ ...speak('GET', 'sync', undefined, { since: from }) }, 'body'), 'rooms'), 'join');
  expect([Object.keys(rooms(desk, since)), Object.keys(rooms(phone, others))]).toEqual([[room], []]);
});

test('the operator sees who is in a room, and the state event that says so', () => {
  const { now, room } = world();
  expect([bob, mallory].map((user) => tamper.membershipAt(now(), room, user))).toEqual(['join', 'leave']);
  expect(tamper.membershipAt(now(), '!none:example.org', bob)).toBeNull();
  expect(tamper.stateAt(now(), room, 'm.room.member', bob)?.sender).toBe(bob);
  expect(tamper.stateAt(now(), room, 'm.room.topic', '')).toBeNull();
});

test('a room that is not there is a mistake that is named', () => {
  const { now, room } = world();
  expect(tamper.roomIds(now())).toEqual([room]);
  expect(() => tamper.timeline(now(), '!nowhere:example.org')).toThrow(/has no room !nowhere:example.org/);
});
