/** Who may become what in a room, as one table; and what comes of it. */
import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { held, type Speak } from '../testing.ts';
import { membershipOf } from './state.ts';

const id = (name: string) => `@${name}:example.org`;
const people = ['alice', 'bob', 'carol', 'moderator'] as const;
type Person = (typeof people)[number];
type Before = 'nothing' | 'join' | 'invite' | 'knock' | 'leave' | 'ban';

/** A room of alice (100) with a moderator (50); bob in it, carol as `before` says. */
const world = (rule: string, before: Before = 'nothing') => {
  const { logIn, now } = held(people);
  const devices: Readonly<Record<Person, Speak>> = {
    alice: logIn('alice', 'PHONE'),
    bob: logIn('bob', 'PHONE'),
    carol: logIn('carol', 'PHONE'),
    moderator: logIn('moderator', 'PHONE'),
  };
  const speak = (who: Person, action: string, target?: Person) =>
    devices[who]('POST', `rooms/${room}/${action}`, target === undefined ? {} : { user_id: id(target) });
  const space = stringAt(devices.alice('POST', 'createRoom', { name: 'Space' }).body, 'room_id') ?? '';
  const room = stringAt(
    devices.alice('POST', 'createRoom', {
      name: 'Plans',
      invite: [id('bob'), id('moderator')],
      power_level_content_override: { users: { [id('alice')]: 100, [id('moderator')]: 50 }, invite: 0 },
      initial_state: [
        {
          type: 'm.room.join_rules',
          content: { join_rule: rule, allow: [{ type: 'm.room_membership', room_id: space }] },
        },
      ],
    }).body,
    'room_id',
  ) as string;
  for (const who of ['bob', 'moderator'] as const) expect(speak(who, 'join').status).toBe(200);
  if (before === 'knock') {
    const knocking = { join_rule: 'knock' };
    devices.alice('PUT', `rooms/${room}/state/m.room.join_rules`, knocking);
    expect(devices.carol('POST', `knock/${room}`, {}).status).toBe(200);
    devices.alice('PUT', `rooms/${room}/state/m.room.join_rules`, { join_rule: rule });
  } else if (before !== 'nothing') {
    expect(speak('alice', 'invite', 'carol').status).toBe(200);
    if (before !== 'invite') expect(speak('carol', 'join').status).toBe(200);
    if (before === 'leave') expect(speak('carol', 'leave').status).toBe(200);
    if (before === 'ban') expect(speak('alice', 'ban', 'carol').status).toBe(200);
  }
  const state = () => now().rooms[room]?.state ?? {};
  return { devices, speak, room, space, now, membership: (name: Person) => membershipOf(state(), id(name)) };
};

/** Join rule, what carol is before, who does what with her, the answer, and what she is then. */
const transitions: readonly (readonly [string, Before, Person, string, 200 | 403, string])[] = [
  ['public', 'nothing', 'carol', 'join', 200, 'join'],
  ['public', 'leave', 'carol', 'join', 200, 'join'],
  ['public', 'ban', 'carol', 'join', 403, 'ban'],
  ['public', 'join', 'carol', 'join', 200, 'join'],
  ['invite', 'nothing', 'carol', 'join', 403, 'leave'],
  ['invite', 'invite', 'carol', 'join', 200, 'join'],
  ['invite', 'leave', 'carol', 'join', 403, 'leave'],
  ['invite', 'knock', 'carol', 'join', 403, 'knock'],
  ['knock', 'nothing', 'carol', 'join', 403, 'leave'],
  ['restricted', 'nothing', 'carol', 'join', 403, 'leave'],
  ['restricted', 'invite', 'carol', 'join', 200, 'join'],

  ['knock', 'nothing', 'carol', 'knock', 200, 'knock'],
  ['knock', 'leave', 'carol', 'knock', 200, 'knock'],
  ['knock', 'invite', 'carol', 'knock', 403, 'invite'],
  ['knock', 'join', 'carol', 'knock', 403, 'join'],
  ['knock', 'ban', 'carol', 'knock', 403, 'ban'],
  ['invite', 'nothing', 'carol', 'knock', 403, 'leave'],
  ['knock_restricted', 'nothing', 'carol', 'knock', 200, 'knock'],

  ['invite', 'nothing', 'bob', 'invite', 200, 'invite'],
  ['invite', 'leave', 'bob', 'invite', 200, 'invite'],
  ['invite', 'invite', 'bob', 'invite', 200, 'invite'],
  ['knock', 'knock', 'bob', 'invite', 200, 'invite'],
  ['invite', 'join', 'bob', 'invite', 403, 'join'],
  ['invite', 'ban', 'alice', 'invite', 403, 'ban'],
  ['invite', 'nothing', 'carol', 'invite', 403, 'leave'],

  ['invite', 'join', 'carol', 'leave', 200, 'leave'],
  ['invite', 'invite', 'carol', 'leave', 200, 'leave'],
  ['invite', 'knock', 'carol', 'leave', 200, 'leave'],
  ['invite', 'nothing', 'carol', 'leave', 403, 'leave'],
  ['invite', 'leave', 'carol', 'leave', 403, 'leave'],
  ['invite', 'ban', 'carol', 'leave', 403, 'ban'],

  ['invite', 'join', 'moderator', 'kick', 200, 'leave'],
  ['invite', 'invite', 'moderator', 'kick', 200, 'leave'],
  ['invite', 'knock', 'moderator', 'kick', 200, 'leave'],
  ['invite', 'join', 'bob', 'kick', 403, 'join'],
  ['invite', 'nothing', 'alice', 'kick', 403, 'leave'],
  ['invite', 'ban', 'alice', 'kick', 403, 'ban'],

  ['invite', 'join', 'moderator', 'ban', 200, 'ban'],
  ['invite', 'nothing', 'moderator', 'ban', 200, 'ban'],
  ['invite', 'join', 'bob', 'ban', 403, 'join'],
  ['invite', 'ban', 'moderator', 'unban', 200, 'leave'],
  ['invite', 'ban', 'bob', 'unban', 403, 'ban'],
  ['invite', 'join', 'alice', 'unban', 403, 'join'],
];

test.each(transitions)(
  'where the rule is %s and carol has %s, %s: %s is answered %i, and she has %s',
  (rule, before, who, action, status, after) => {
    const { speak, membership, devices, room } = world(rule, before);
    const answer =
      action === 'knock'
        ? devices[who]('POST', `knock/${room}`, {})
        : speak(who, action, ['join', 'leave'].includes(action) ? undefined : 'carol');
    expect([answer.status, membership('carol')]).toEqual([status, after]);
    if (status === 403)
      expect(answer.body).toMatchObject({
        errcode: action === 'unban' && before !== 'ban' ? 'M_BAD_STATE' : 'M_FORBIDDEN',
      });
  },
);

describe('power', () => {
  test('is not enough against somebody who has as much', () => {
    const { speak } = world('invite');
    for (const action of ['kick', 'ban'])
      expect(speak('moderator', action, 'alice')).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
  });

  test('is given only by who has it, and only as much', () => {
    const { devices, room } = world('invite');
    const levels = devices.alice('GET', `rooms/${room}/state/m.room.power_levels`).body as JsonObject;
    const raise = (who: Person, target: Person, to: number) => {
      const users = { ...objectAt(levels, 'users'), [id(target)]: to };
      return devices[who]('PUT', `rooms/${room}/state/m.room.power_levels`, { ...levels, users }).status;
    };
    expect(raise('moderator', 'bob', 50)).toBe(403);
    expect(raise('alice', 'bob', 101)).toBe(403);
    expect(raise('alice', 'bob', 100)).toBe(200);
  });

  test('is asked for invitations where the room says so', () => {
    const { devices, speak, room } = world('invite');
    const levels = devices.alice('GET', `rooms/${room}/state/m.room.power_levels`).body as JsonObject;
    devices.alice('PUT', `rooms/${room}/state/m.room.power_levels`, { ...levels, invite: 50 });
    const invites = (who: Person) => speak(who, 'invite', 'carol').status;
    expect([invites('bob'), invites('moderator')]).toEqual([403, 200]);
  });

  test('is asked for where state is changed, and for a state key that is another user', () => {
    const { devices, room } = world('invite');
    const put = (who: Person, type: string, key: string) =>
      devices[who]('PUT', `rooms/${room}/state/${type}/${encodeURIComponent(key)}`, { by: who }).status;
    expect([put('bob', 'm.room.name', ''), put('moderator', 'm.room.name', '')]).toEqual([403, 200]);
    expect([put('moderator', 'm.test', id('bob')), put('moderator', 'm.test', id('moderator'))]).toEqual([403, 200]);
  });
});

test('a restricted room lets in who is in a room that it allows, and says who vouched for them', () => {
  const { devices, speak, room, space, membership } = world('restricted');
  expect(speak('carol', 'join').status).toBe(403);
  devices.alice('POST', `rooms/${space}/invite`, { user_id: id('carol') });
  expect(speak('carol', 'join').status).toBe(403);
  devices.carol('POST', `join/${encodeURIComponent(space)}`, {});
  expect(speak('carol', 'join')).toEqual({ status: 200, body: { room_id: room } });
  expect(membership('carol')).toBe('join');
  expect(
    devices.carol('GET', `rooms/${room}/state/m.room.member/${encodeURIComponent(id('carol'))}`).body,
  ).toMatchObject({ membership: 'join', join_authorised_via_users_server: id('alice') });
});

test('a room that was left can be forgotten, and an invitation brings it back', () => {
  const { devices, speak, room } = world('invite', 'join');
  const carol = devices.carol;
  expect(carol('POST', `rooms/${room}/forget`, {})).toMatchObject({ status: 400, body: { errcode: 'M_UNKNOWN' } });
  speak('carol', 'leave');
  expect(carol('GET', `rooms/${room}/messages`, undefined, { dir: 'b' }).status).toBe(200);
  expect(carol('POST', `rooms/${room}/forget`, {}).status).toBe(200);
  expect(carol('GET', `rooms/${room}/messages`, undefined, { dir: 'b' }).status).toBe(403);
  speak('bob', 'invite', 'carol');
  expect(objectAt(objectAt(carol('GET', 'sync').body, 'rooms'), 'invite')).toHaveProperty([room]);
});

test.each([
  ['a user who does not exist', { user_id: '@nobody:example.org' }, 404, 'M_NOT_FOUND'],
  ['nobody', {}, 400, 'M_MISSING_PARAM'],
  ['what is no user id', { user_id: 'carol' }, 400, 'M_INVALID_PARAM'],
] as const)('%s cannot be invited', (_who, body, status, errcode) => {
  const { devices, room } = world('invite');
  expect(devices.alice('POST', `rooms/${room}/invite`, body)).toMatchObject({ status, body: { errcode } });
});

test('a room that no server here knows cannot be joined', () => {
  const { devices } = world('invite');
  for (const named of ['!nowhere:example.org', '#nowhere:example.org'])
    expect(devices.bob('POST', `join/${encodeURIComponent(named)}`, {})).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
});

test.each(['send/m.room.create/1', 'state/m.room.create', 'send/m.test/1', 'state/m.test'])(
  'nothing is put where no room is: %s',
  (rest) => {
    const { devices, now } = world('invite');
    const before = now();
    expect(devices.bob('PUT', `rooms/!nowhere:example.org/${rest}`, {})).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
    expect(now()).toBe(before);
  },
);
