import { expect, test } from 'vitest';
import { type JsonObject, stringAt } from '../../../machines/json.ts';
import { held } from '../testing.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';

const world = () => {
  const { logIn } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  const create = (body: JsonObject) => phone('POST', 'createRoom', body);
  const make = (body: JsonObject) => stringAt(create(body).body, 'room_id') as string;
  const state = (room: string, type: string) => phone('GET', `rooms/${room}/state/${type}`).body;
  return { phone, desk: logIn('bob', 'DESK'), create, make, state };
};

test.each([
  [{}, 'invite', 'can_join'],
  [{ visibility: 'public' }, 'public', 'forbidden'],
  [{ preset: 'public_chat', visibility: 'private' }, 'public', 'forbidden'],
  [{ preset: 'trusted_private_chat' }, 'invite', 'can_join'],
] as const)('a room made with %j has the join rule %s', (body, join_rule, guest_access) => {
  const { make, state } = world();
  const room = make(body);
  expect(state(room, 'm.room.join_rules')).toEqual({ join_rule });
  expect(state(room, 'm.room.guest_access')).toEqual({ guest_access });
  expect(state(room, 'm.room.history_visibility')).toEqual({ history_visibility: 'shared' });
});

test('a room has what its maker says: version, content, levels, name, topic, alias, and its guests', () => {
  const { make, state, desk } = world();
  const room = make({
    room_version: '10',
    creation_content: { 'm.federate': false },
    power_level_content_override: { invite: 50 },
    preset: 'trusted_private_chat',
    name: 'Tea & Cake',
    topic: 'tea',
    room_alias_name: 'tea',
    is_direct: true,
    invite: [bob],
  });
  expect(room).toBe('!tea-cake:example.org');
  expect(state(room, 'm.room.create')).toEqual({ 'm.federate': false, room_version: '10' });
  expect(state(room, 'm.room.power_levels')).toMatchObject({ users: { [alice]: 100, [bob]: 100 }, invite: 50 });
  expect(state(room, 'm.room.topic')).toEqual({ topic: 'tea' });
  expect(state(room, `m.room.member/${encodeURIComponent(bob)}`)).toEqual({ membership: 'invite', is_direct: true });
  expect(desk('POST', `join/${encodeURIComponent('#tea:example.org')}`, {})).toEqual({
    status: 200,
    body: { room_id: room },
  });
  expect(desk('GET', 'joined_rooms').body).toEqual({ joined_rooms: [room] });
});

test('rooms of one name are two rooms', () => {
  const { make, phone } = world();
  const rooms = [make({ name: 'Tea' }), make({ name: 'Tea' }), make({})];
  expect(rooms).toEqual(['!tea:example.org', '!tea-2:example.org', '!alice:example.org']);
  expect(phone('GET', 'joined_rooms').body).toEqual({ joined_rooms: rooms.toSorted() });
});

test.each([
  [{ room_version: '99' }, 'M_UNSUPPORTED_ROOM_VERSION'],
  [{ preset: 'secret_chat' }, 'M_INVALID_PARAM'],
  [{ invite: ['bob'] }, 'M_INVALID_PARAM'],
  [{ initial_state: [{ content: {} }] }, 'M_BAD_JSON'],
  [{ initial_state: [{ type: 'm.room.create', content: {} }] }, 'M_INVALID_ROOM_STATE'],
] as const)('a room is not made with %j', (body, errcode) => {
  const { create, phone } = world();
  expect(create(body)).toMatchObject({ status: 400, body: { errcode } });
  expect(phone('GET', 'joined_rooms').body).toEqual({ joined_rooms: [] });
});

test('an alias is one room', () => {
  const { create } = world();
  expect(create({ room_alias_name: 'tea' }).status).toBe(200);
  expect(create({ room_alias_name: 'tea' })).toMatchObject({ status: 400, body: { errcode: 'M_ROOM_IN_USE' } });
});
