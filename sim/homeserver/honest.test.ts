import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { respond } from './index.ts';
import { deviceKeys, held, heldAmong, type Speak } from './testing.ts';
import type { Homeserver } from './types.ts';

const alice = '@alice:example.org';
const self = `user/${encodeURIComponent(alice)}`;

/** Any JSON object that a client could send, with the member names that trip programs up. */
const names = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'signatures', 'unsigned', 'content', '10', '9'),
);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const object = fc.dictionary(names, json, { maxKeys: 5, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;

const key = (session_data: JsonObject) => ({
  first_message_index: 0,
  forwarded_count: 0,
  is_verified: false,
  session_data,
});

const roomOf = (speak: Speak): string => stringAt(speak('POST', 'createRoom', {}).body, 'room_id') ?? '';
/** A room's events as a first sync brings them. */
const eventsIn = (speak: Speak, room: string): readonly JsonObject[] => {
  const joined = objectAt(objectAt(speak('GET', 'sync').body, 'rooms'), 'join');
  return objectAt(objectAt(joined, room), 'timeline').events as readonly JsonObject[];
};

/** Each way into the server, and how the same thing comes out again: `put` carries it in, `get` finds it. */
const ways: readonly [string, (speak: Speak, carried: JsonObject) => unknown][] = [
  [
    'to-device contents',
    (speak, carried) => {
      speak('PUT', 'sendToDevice/m.test/1', { messages: { [alice]: { PHONE: carried } } });
      return (objectAt(speak('GET', 'sync').body, 'to_device').events as readonly JsonObject[]).map(
        (event) => event.content,
      )[0];
    },
  ],
  [
    'account data',
    (speak, carried) => {
      speak('PUT', `${self}/account_data/m.test`, carried);
      return speak('GET', `${self}/account_data/m.test`).body;
    },
  ],
  [
    'account data in a sync',
    (speak, carried) => {
      speak('PUT', `${self}/account_data/m.test`, carried);
      return (objectAt(speak('GET', 'sync').body, 'account_data').events as readonly JsonObject[]).map(
        (event) => event.content,
      )[0];
    },
  ],
  [
    'what a backup version says of itself',
    (speak, carried) => {
      speak('POST', 'room_keys/version', { algorithm: 'm.test', auth_data: carried });
      return objectAt(speak('GET', 'room_keys/version').body, 'auth_data');
    },
  ],
  [
    'backed-up keys',
    (speak, carried) => {
      speak('POST', 'room_keys/version', { algorithm: 'm.test', auth_data: {} });
      speak('PUT', 'room_keys/keys/room/session', key(carried), { version: '1' });
      return objectAt(speak('GET', 'room_keys/keys/room/session', undefined, { version: '1' }).body, 'session_data');
    },
  ],
  [
    'device keys',
    (speak, carried) => {
      const keys = { ...carried, ...deviceKeys(alice, 'PHONE') };
      speak('POST', 'keys/upload', { device_keys: keys });
      const shown = objectAt(
        objectAt(speak('POST', 'keys/query', { device_keys: { [alice]: [] } }).body, 'device_keys'),
        alice,
      );
      expect(shown.PHONE).toEqual(keys);
      return carried;
    },
  ],
  [
    'one-time keys',
    (speak, carried) => {
      speak('POST', 'keys/upload', { one_time_keys: { 'signed_curve25519:A': carried } });
      const body = speak('POST', 'keys/claim', { one_time_keys: { [alice]: { PHONE: 'signed_curve25519' } } }).body;
      return objectAt(objectAt(objectAt(body, 'one_time_keys'), alice), 'PHONE')['signed_curve25519:A'];
    },
  ],
  [
    'contents of room events',
    (speak, carried) => {
      const room = roomOf(speak);
      speak('PUT', `rooms/${room}/send/m.test/1`, carried);
      return eventsIn(speak, room).at(-1)?.content;
    },
  ],
  [
    'room state',
    (speak, carried) => {
      const room = roomOf(speak);
      speak('PUT', `rooms/${room}/state/m.test/${encodeURIComponent(alice)}`, carried);
      expect(eventsIn(speak, room).at(-1)?.content).toEqual(carried);
      return speak('GET', `rooms/${room}/state/m.test/${encodeURIComponent(alice)}`).body;
    },
  ],
  [
    'filters',
    (speak, carried) => {
      speak('POST', `${self}/filter`, carried);
      return speak('GET', `${self}/filter/0`).body;
    },
  ],
];

test.each(ways)('an honest homeserver never alters %s', (_what, carry) => {
  fc.assert(
    fc.property(object, (carried) => {
      const before = structuredClone(carried);
      expect(carry(held(['alice']).logIn('alice', 'PHONE'), carried)).toEqual(before);
      expect(carried).toEqual(before);
    }),
    { numRuns: 100, seed: 4385 },
  );
});

test('names of users, devices, rooms and types come out as they went in, whatever they are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(names, { minLength: 1, maxLength: 4 }), (types) => {
      const phone = held(['alice']).logIn('alice', 'PHONE');
      phone('POST', 'room_keys/version', { algorithm: 'm.test', auth_data: {} });
      const sessions = Object.fromEntries(types.map((name) => [name, key({ name })]));
      phone(
        'PUT',
        'room_keys/keys',
        { rooms: Object.fromEntries(types.map((name) => [name, { sessions }])) },
        { version: '1' },
      );
      const { body } = phone('GET', 'room_keys/keys', undefined, { version: '1' });
      expect(body).toEqual({ rooms: Object.fromEntries(types.map((name) => [name, { sessions }])) });
    }),
    { numRuns: 100, seed: 4268 },
  );
});

test('what is said in a room on one server arrives on another as it was', () => {
  fc.assert(
    fc.property(object, (carried) => {
      const before = structuredClone(carried);
      const { logIn, exchange } = heldAmong({ 'one.org': ['alice'], 'two.org': ['bob'] });
      const phone = logIn('@alice:one.org', 'PHONE');
      const desk = logIn('@bob:two.org', 'DESK');
      const created = phone('POST', 'createRoom', { invite: ['@bob:two.org'] });
      const room = stringAt(created.body, 'room_id') ?? '';
      expect(desk('POST', `join/${room}`, {}).status).toBe(200);
      phone('PUT', `rooms/${room}/send/m.test/1`, carried);
      phone('PUT', 'sendToDevice/m.test/1', { messages: { '@bob:two.org': { DESK: carried } } });
      exchange();
      expect(eventsIn(desk, room).at(-1)).toMatchObject({ type: 'm.test', sender: '@alice:one.org' });
      expect(eventsIn(desk, room).at(-1)?.content).toEqual(before);
      const [event] = objectAt(desk('GET', 'sync').body, 'to_device').events as readonly JsonObject[];
      expect(event?.content).toEqual(before);
      expect(carried).toEqual(before);
    }),
    { numRuns: 50, seed: 4268 },
  );
});

/** Throws at the first attempt to change anything. */
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
};

test('a state survives being written out and read again, and is never changed in place', () => {
  const { logIn, now } = held(['alice']);
  const phone = logIn('alice', 'PHONE');
  phone('POST', 'keys/upload', {
    device_keys: deviceKeys(alice, 'PHONE'),
    one_time_keys: { 'signed_curve25519:A': { key: 'A' } },
  });
  phone('PUT', 'sendToDevice/m.test/1', { messages: { [alice]: { '*': { n: 1 } } } });
  const room = roomOf(phone);
  phone('PUT', `rooms/${room}/send/m.test/1`, { n: 1 });
  const server = now();
  const copy = JSON.parse(JSON.stringify(server)) as Homeserver;
  expect(copy).toEqual(server);
  const accessToken = phone.accessToken;
  for (const path of ['sync', 'devices', 'account/whoami', `rooms/${room}/state`, `rooms/${room}/members`]) {
    const request = { accessToken, method: 'GET', path: `/_matrix/client/v3/${path}` } as const;
    expect(respond(copy, request, 0)).toEqual(respond(frozen(server), request, 0));
  }
  const claim = { one_time_keys: { [alice]: { PHONE: 'signed_curve25519' } } };
  const request = { accessToken, method: 'POST', path: '/_matrix/client/v3/keys/claim', body: claim } as const;
  expect(respond(copy, request, 0)).toEqual(respond(server, request, 0));
});
