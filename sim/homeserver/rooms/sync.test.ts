import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { hasNews } from '../index.ts';
import { deviceKeys, held, type Speak } from '../testing.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';
const carol = '@carol:example.org';
const encryption = { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } };

const world = (created: JsonObject = {}) => {
  const { logIn, now } = held(['alice', 'bob', 'carol']);
  const phone = logIn('alice', 'PHONE');
  const make = (more: JsonObject = {}) =>
    stringAt(phone('POST', 'createRoom', { name: 'Plans', ...created, ...more }).body, 'room_id') as string;
  let said = 0;
  const say = (speak: Speak, room: string) => {
    said += 1;
    return stringAt(
      speak('PUT', `rooms/${room}/send/m.room.message/${said}`, { body: said }).body,
      'event_id',
    ) as string;
  };
  return { logIn, now, phone, desk: logIn('bob', 'DESK'), make, say };
};

/** One sync: its token, and a section's room. */
const sync = (speak: Speak, since?: string, more: Readonly<Record<string, string>> = {}) => {
  const { status, body } = speak('GET', 'sync', undefined, { ...(since === undefined ? {} : { since }), ...more });
  expect(status).toBe(200);
  const rooms = objectAt(body, 'rooms');
  const eventsIn = (part: JsonObject): readonly JsonObject[] => (part.events ?? []) as readonly JsonObject[];
  return {
    next: stringAt(body, 'next_batch') as string,
    rooms,
    lists: objectAt(body, 'device_lists'),
    of: (section: string, room: string) => {
      const found = objectAt(objectAt(rooms, section), room);
      const timeline = objectAt(found, 'timeline');
      return {
        found,
        timeline: eventsIn(timeline),
        state: eventsIn(objectAt(found, 'state')),
        bodies: eventsIn(timeline).flatMap(({ type, content }) =>
          type === 'm.room.message' ? [objectAt({ content }, 'content').body] : [],
        ),
        limited: timeline.limited,
        before: stringAt(timeline, 'prev_batch') as string,
      };
    },
  };
};
const kinds = (events: readonly JsonObject[]) => events.map(({ type }) => type);
const members = (events: readonly JsonObject[]) =>
  events.flatMap(({ type, state_key }) => (type === 'm.room.member' ? [state_key] : []));
const limitedTo = (limit: number, lazy_load_members = false) => ({
  filter: JSON.stringify({ room: { timeline: { limit }, state: { lazy_load_members } } }),
});

describe('a room', () => {
  test('comes whole at first, and then by what is new in it', () => {
    const { phone, make, say } = world();
    const room = make();
    const first = sync(phone);
    const { state, timeline, limited } = first.of('join', room);
    expect(kinds([...state, ...timeline])).toEqual([
      'm.room.create',
      'm.room.member',
      'm.room.power_levels',
      'm.room.join_rules',
      'm.room.history_visibility',
      'm.room.guest_access',
      'm.room.name',
    ]);
    expect(limited).toBe(false);
    expect(sync(phone, first.next).rooms).toEqual({});
    say(phone, room);
    const second = sync(phone, first.next).of('join', room);
    expect([second.bodies, second.state, second.limited]).toEqual([[1], [], false]);
  });

  test('is news for whoever is in it, until they have read it', () => {
    const { phone, desk, make, say, now } = world();
    const room = make({ invite: [bob] });
    const readers = () => [hasNews(now(), alice, 'PHONE', sync(phone).next), hasNews(now(), bob, 'DESK')];
    expect(readers()).toEqual([false, true]);
    const { next } = sync(desk);
    expect(hasNews(now(), bob, 'DESK', next)).toBe(false);
    say(phone, room);
    expect(hasNews(now(), bob, 'DESK', next)).toBe(false);
    desk('POST', `rooms/${room}/join`, {});
    expect(hasNews(now(), bob, 'DESK', next)).toBe(true);
  });

  test('with more in it than fits is cut, told as cut, and read on from there', () => {
    const { phone, make, say } = world();
    const room = make();
    const { next } = sync(phone);
    for (let n = 0; n < 5; n += 1) say(phone, room);
    phone('PUT', `rooms/${room}/state/m.room.topic`, { topic: 'tea' });
    say(phone, room);
    const { bodies, limited, before, state } = sync(phone, next, limitedTo(2)).of('join', room);
    expect([bodies, limited, state]).toEqual([[6], true, []]);
    const page = phone('GET', `rooms/${room}/messages`, undefined, { dir: 'b', from: before, to: next }).body;
    expect((objectAt({ page }, 'page').chunk as readonly JsonObject[]).map(({ content }) => content)).toEqual(
      [5, 4, 3, 2, 1].map((body) => ({ body })),
    );
    for (let n = 0; n < 3; n += 1) say(phone, room);
    // What changed in the part that was cut out is told as state.
    expect(kinds(sync(phone, next, limitedTo(2)).of('join', room).state)).toEqual(['m.room.topic']);
  });

  test('is read page by page in both directions, each event once', () => {
    const { phone, make, say } = world();
    const room = make();
    for (let n = 0; n < 4; n += 1) say(phone, room);
    const readAll = (dir: string) => {
      const ids: unknown[] = [];
      let from: string | undefined;
      do {
        const query = { dir, limit: '3', ...(from === undefined ? {} : { from }) };
        const page = objectAt({ ...phone('GET', `rooms/${room}/messages`, undefined, query) }, 'body');
        ids.push(...(page.chunk as readonly JsonObject[]).map(({ event_id }) => event_id));
        from = stringAt(page, 'end');
      } while (from !== undefined);
      return ids;
    };
    expect(readAll('f')).toHaveLength(11);
    expect(new Set(readAll('f')).size).toBe(11);
    expect(readAll('b')).toEqual(readAll('f').toReversed());
  });

  test('with lazily loaded members brings those who speak, and oneself', () => {
    const { phone, desk, logIn, make, say } = world({ preset: 'public_chat' });
    const room = make();
    const tab = logIn('carol', 'TAB');
    for (const speak of [desk, tab]) speak('POST', `rooms/${room}/join`, {});
    say(desk, room);
    const lazy = sync(phone, undefined, limitedTo(1, true)).of('join', room);
    expect(members(lazy.state).toSorted()).toEqual([alice, bob]);
    expect(members(sync(phone, undefined, limitedTo(1)).of('join', room).state).toSorted()).toEqual([
      alice,
      bob,
      carol,
    ]);
    expect(lazy.found.summary).toEqual({
      'm.heroes': [bob, carol],
      'm.joined_member_count': 3,
      'm.invited_member_count': 0,
    });
  });

  test('obeys a filter by its id, and a filter that is not there is an error', () => {
    const { phone, make, say } = world();
    const room = make();
    for (let n = 0; n < 3; n += 1) say(phone, room);
    phone('POST', `user/${encodeURIComponent(alice)}/filter`, { room: { timeline: { limit: 1 } } });
    expect(sync(phone, undefined, { filter: '0' }).of('join', room).bodies).toEqual([3]);
    expect(phone('GET', 'sync', undefined, { filter: '7' })).toMatchObject({ status: 400 });
    const none = { filter: JSON.stringify({ room: { not_rooms: [room] } }) };
    expect(sync(phone, undefined, none).rooms).toEqual({});
  });
});

describe('an invitation', () => {
  test('brings stripped state with who invites and nothing that was said', () => {
    const { phone, desk, make, say } = world({ initial_state: [encryption] });
    const room = make();
    say(phone, room);
    phone('POST', `rooms/${room}/invite`, { user_id: bob, reason: 'tea' });
    const { rooms } = sync(desk);
    expect(Object.keys(rooms)).toEqual(['invite']);
    const { events } = objectAt(objectAt(objectAt(rooms, 'invite'), room), 'invite_state');
    expect(events).toContainEqual({
      type: 'm.room.member',
      state_key: bob,
      sender: alice,
      content: { membership: 'invite', reason: 'tea' },
    });
    expect(kinds(events as readonly JsonObject[])).toEqual([
      'm.room.create',
      'm.room.join_rules',
      'm.room.name',
      'm.room.encryption',
      'm.room.member',
      'm.room.member',
    ]);
    for (const event of events as readonly JsonObject[])
      expect(Object.keys(event).toSorted()).toEqual(['content', 'sender', 'state_key', 'type']);
  });

  test('that is declined leaves the one event of it, and no state of the room', () => {
    const { desk, make } = world();
    const room = make({ invite: [bob] });
    const { next } = sync(desk);
    desk('POST', `rooms/${room}/leave`, {});
    const { rooms, of } = sync(desk, next);
    expect(Object.keys(rooms)).toEqual(['leave']);
    expect([of('leave', room).state, of('leave', room).timeline.map(({ content }) => content)]).toEqual([
      [],
      [{ membership: 'leave' }],
    ]);
    expect(sync(desk).rooms).toEqual({});
  });

  test('that is accepted brings the room with what was said before, as far as that may be read', () => {
    const { phone, desk, make, say } = world();
    const room = make({ invite: [bob] });
    const { next } = sync(desk);
    say(phone, room);
    desk('POST', `rooms/${room}/join`, {});
    expect(sync(desk, next).of('join', room)).toMatchObject({ bodies: [1], limited: false });
    expect(kinds(sync(desk, next, limitedTo(1)).of('join', room).state)).toContain('m.room.create');
  });
});

test('who is put out hears of it and of nothing after it', () => {
  const { phone, desk, make, say, now } = world();
  const room = make({ invite: [bob] });
  desk('POST', `rooms/${room}/join`, {});
  const { next } = sync(desk);
  say(phone, room);
  phone('POST', `rooms/${room}/kick`, { user_id: bob, reason: 'enough' });
  const after = sync(desk, next);
  say(phone, room);
  const { timeline, bodies } = sync(desk, next).of('leave', room);
  expect([bodies, timeline.at(-1)?.content]).toEqual([[1], { membership: 'leave', reason: 'enough' }]);
  expect(hasNews(now(), bob, 'DESK', after.next)).toBe(false);
});

test('who knocked is shown the room they knocked at', () => {
  const { desk, make } = world({ initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'knock' } }] });
  const room = make();
  desk('POST', `knock/${room}`, { reason: 'tea?' });
  const { events } = objectAt(objectAt(objectAt(sync(desk).rooms, 'knock'), room), 'knock_state');
  expect(kinds(events as readonly JsonObject[])).toEqual([
    'm.room.create',
    'm.room.join_rules',
    'm.room.name',
    'm.room.member',
  ]);
});

test('what a device sends twice under one transaction id is there once, and it alone is told the id', () => {
  const { phone, logIn, make } = world();
  const room = make();
  const laptop = logIn('alice', 'LAPTOP');
  const send = (speak: Speak, body: number) =>
    stringAt(speak('PUT', `rooms/${room}/send/m.room.message/txn`, { body }).body, 'event_id');
  const first = send(phone, 1);
  expect(send(phone, 1)).toBe(first);
  expect(send(laptop, 2)).not.toBe(first);
  expect(sync(phone).of('join', room).bodies).toEqual([1, 2]);
  const told = (speak: Speak) =>
    sync(speak)
      .of('join', room)
      .timeline.map(({ unsigned }) => objectAt({ unsigned }, 'unsigned').transaction_id ?? null);
  expect([told(phone).slice(-2), told(laptop).slice(-2)]).toEqual([
    ['txn', null],
    [null, 'txn'],
  ]);
});

test('what happens in one room renumbers nothing in another', () => {
  const alone = world();
  const both = world();
  const [room] = [alone.make({ name: 'One' }), both.make({ name: 'One' })];
  const other = both.make({ name: 'Other' });
  both.say(both.phone, other);
  const id = (at: typeof both) => stringAt(at.phone('PUT', `rooms/${room}/send/m.test/x`, {}).body, 'event_id');
  expect(id(both)).toBe(id(alone));
  expect(room).toBe('!one:example.org');
});

describe('device lists', () => {
  const together = (created: JsonObject) => {
    const at = world({ ...created, preset: 'public_chat' });
    const room = at.make();
    const { next } = sync(at.phone);
    at.desk('POST', `rooms/${room}/join`, {});
    return { ...at, room, next };
  };

  test('of whoever joins an encrypted room are told to those in it, and theirs to them', () => {
    const { phone, desk, next, room } = together({ initial_state: [encryption] });
    expect(sync(phone, next).lists).toEqual({ changed: [bob], left: [] });
    const { next: read } = sync(desk);
    desk('POST', `rooms/${room}/leave`, {});
    expect(sync(desk, read).lists).toEqual({ changed: [], left: [alice] });
    expect(sync(phone, next).lists).toEqual({ changed: [], left: [bob] });
    desk('POST', `rooms/${room}/join`, {});
    expect(sync(phone, next).lists).toEqual({ changed: [bob], left: [] });
    expect(phone('GET', 'keys/changes', undefined, { from: next, to: next }).body).toEqual({
      changed: [bob],
      left: [],
    });
  });

  test('are of no interest in a room that is not encrypted, until it is', () => {
    const { phone, next, room } = together({});
    expect(sync(phone, next).lists).toEqual({ changed: [], left: [] });
    phone('PUT', `rooms/${room}/state/m.room.encryption`, encryption.content);
    expect(sync(phone, next).lists).toEqual({ changed: [bob], left: [] });
  });

  test('are left only when no encrypted room is shared any more', () => {
    const { phone, desk, make, room } = together({ initial_state: [encryption] });
    const second = make({ name: 'Second' });
    desk('POST', `rooms/${second}/join`, {});
    const { next } = sync(phone);
    desk('POST', `rooms/${room}/leave`, {});
    expect(sync(phone, next).lists).toEqual({ changed: [], left: [] });
    phone('POST', `rooms/${second}/ban`, { user_id: bob });
    expect(sync(phone, next).lists).toEqual({ changed: [], left: [bob] });
  });

  test('that change are told to whoever shares an encrypted room, and no longer afterwards', () => {
    const { phone, desk, room } = together({ initial_state: [encryption] });
    const { next } = sync(phone);
    desk('POST', 'keys/upload', { device_keys: deviceKeys(bob, 'DESK') });
    expect(sync(phone, next).lists).toEqual({ changed: [bob], left: [] });
    desk('POST', `rooms/${room}/leave`, {});
    const { next: later } = sync(phone);
    desk('POST', 'keys/upload', { device_keys: deviceKeys(bob, 'DESK', ' new') });
    expect(sync(phone, later).lists).toEqual({ changed: [], left: [] });
  });
});
