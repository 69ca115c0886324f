/** One room on several servers. */
import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { membershipOf } from '../rooms/state.ts';
import { heldAmong, type Speak } from '../testing.ts';
import { alice, bob, carol, dave, messagesOn, world } from './testing.ts';

describe('a room on two servers', () => {
  test('is entered through an invitation, and both have the same state', () => {
    const { phone, desk, room, invite, join, stateOn, idsOn, exchange } = world();
    expect(join(desk)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect(invite(phone, bob)).toEqual({ status: 200, body: {} });
    const invited = objectAt(objectAt(objectAt(desk('GET', 'sync').body, 'rooms'), 'invite'), room);
    expect(objectAt(invited, 'invite_state').events).toContainEqual(
      expect.objectContaining({ type: 'm.room.member', state_key: bob, sender: alice }),
    );
    expect(join(desk)).toEqual({ status: 200, body: { room_id: room } });
    exchange();
    expect(membershipOf(stateOn('one.org'), bob)).toBe('join');
    expect(idsOn('two.org')).toEqual(idsOn('one.org'));
  });

  test('is two copies while a transaction is under way', () => {
    const { phone, desk, room, invite, join, say, deliver } = world();
    invite(phone, bob);
    join(desk);
    say(phone);
    expect(messagesOn(desk, room)).toEqual([]);
    expect(deliver('one.org', 'two.org')).toBe(true);
    expect(messagesOn(desk, room)).toEqual([1]);
    expect(deliver('one.org', 'two.org')).toBe(false);
    say(desk);
    expect(messagesOn(phone, room)).toEqual([1]);
    deliver('two.org', 'one.org');
    expect(messagesOn(phone, room)).toEqual([1, 2]);
  });

  test('takes a transaction once, however often its answer is lost', () => {
    const { phone, desk, room, invite, join, say, deliver } = world();
    invite(phone, bob);
    join(desk);
    phone('PUT', 'sendToDevice/m.test/1', { messages: { [bob]: { DESK: { n: 1 } } } });
    say(phone);
    deliver('one.org', 'two.org', true);
    deliver('one.org', 'two.org', true);
    deliver('one.org', 'two.org');
    deliver('one.org', 'two.org');
    expect(messagesOn(desk, room)).toEqual([1]);
    expect(objectAt(desk('GET', 'sync').body, 'to_device').events).toEqual([
      { type: 'm.test', sender: alice, content: { n: 1 } },
    ]);
  });

  test('comes to one state when both change it at once', () => {
    const { phone, desk, room, invite, join, idsOn, stateOn, exchange, pass } = world();
    invite(phone, bob);
    join(desk);
    exchange();
    phone('PUT', `rooms/${room}/state/m.room.power_levels`, { users: { [alice]: 100, [bob]: 50 } });
    exchange();
    phone('PUT', `rooms/${room}/state/m.room.topic`, { topic: 'tea' });
    pass(1);
    desk('PUT', `rooms/${room}/state/m.room.topic`, { topic: 'coffee' });
    expect(idsOn('one.org')).not.toEqual(idsOn('two.org'));
    exchange();
    expect(idsOn('one.org')).toEqual(idsOn('two.org'));
    expect(stateOn('one.org')['m.room.topic']?.['']?.content).toEqual({ topic: 'coffee' });
  });

  test('comes to one state when somebody changes it while they are put out, and a message then is not taken', () => {
    const { phone, desk, room, invite, join, idsOn, stateOn, exchange, say, pass } = world();
    invite(phone, bob);
    join(desk);
    phone('PUT', `rooms/${room}/state/m.room.power_levels`, { users: { [alice]: 100, [bob]: 50 } });
    exchange();
    phone('POST', `rooms/${room}/kick`, { user_id: bob });
    pass(1);
    desk('PUT', `rooms/${room}/state/m.room.topic`, { topic: 'coffee' });
    say(desk);
    exchange();
    expect(idsOn('one.org')).toEqual(idsOn('two.org'));
    expect(stateOn('one.org')).not.toHaveProperty(['m.room.topic']);
    // Bob's own server took the message while he was in, as far as it knew; the other one never shows it.
    expect([messagesOn(phone, room), messagesOn(desk, room)]).toEqual([[], [1]]);
  });

  test('is told whole to whoever joins from another server, though their server knew a part of it before', () => {
    const content = { history_visibility: 'joined' };
    const { phone, desk, room, invite, join } = world({
      initial_state: [{ type: 'm.room.history_visibility', content }],
    });
    const since = stringAt(desk('GET', 'sync').body, 'next_batch') ?? '';
    invite(phone, bob);
    join(desk);
    const { body } = desk('GET', 'sync', undefined, { since });
    const told = objectAt(objectAt(objectAt({ body }, 'body'), 'rooms'), 'join')[room];
    const eventsIn = (part: string) =>
      (objectAt(objectAt({ told }, 'told'), part).events ?? []) as readonly JsonObject[];
    expect(eventsIn('state').map(({ type }) => type)).toContain('m.room.history_visibility');
    expect(eventsIn('state').map(({ type }) => type)).toContain('m.room.power_levels');
    expect(eventsIn('timeline').map(({ content: said }) => objectAt({ said }, 'said').membership)).toEqual(['join']);
  });

  test('is read back to its beginning through the other server, as far as it was shared', () => {
    for (const [visibility, readable] of [
      ['shared', [5, 4, 3, 2, 1]],
      ['invited', [5, 4]],
      ['joined', [5]],
    ] as const) {
      const content = { history_visibility: visibility };
      const { phone, desk, room, invite, join, say, exchange } = world({
        initial_state: [{ type: 'm.room.history_visibility', content }],
      });
      for (let n = 0; n < 3; n += 1) say(phone);
      invite(phone, bob);
      say(phone);
      join(desk);
      say(phone);
      exchange();
      const read: unknown[] = [];
      for (let from: string | undefined = ''; from !== undefined; ) {
        const query = { dir: 'b', limit: '2', ...(from === '' ? {} : { from }) };
        read.push(...messagesOn(desk, room, query));
        const { body } = desk('GET', `rooms/${room}/messages`, undefined, query);
        from = stringAt(body, 'end');
      }
      expect(read).toEqual(readable);
    }
  });

  test('is read back by each user as far as they may, whatever another of their server may read', () => {
    const content = { history_visibility: 'invited' };
    const { phone, desk, logIn, room, invite, join, say, exchange } = world({
      initial_state: [{ type: 'm.room.history_visibility', content }],
    });
    const tab = logIn(carol, 'TAB');
    invite(phone, carol);
    say(phone);
    invite(phone, bob);
    say(phone);
    join(tab);
    join(desk);
    exchange();
    const readBack = (speak: Speak) => {
      const { body } = speak('GET', `rooms/${room}/messages`, undefined, { dir: 'b' });
      return messagesOn(speak, room, { dir: 'b', from: stringAt(body, 'end') ?? '' });
    };
    expect([readBack(tab), readBack(desk)]).toEqual([[2, 1], [2]]);
  });

  test('keeps its joiner out, and knows no more, while the other server cannot be reached', () => {
    const { phone, desk, room, invite, join, cutOff, now } = world();
    cutOff('two.org');
    expect(invite(phone, bob)).toMatchObject({ status: 502, body: { errcode: 'M_UNKNOWN' } });
    cutOff();
    invite(phone, bob);
    cutOff('one.org');
    const before = now('two.org');
    expect(join(desk).status).toBe(502);
    expect(now('two.org')).toBe(before);
    expect(desk('POST', `rooms/${room}/leave`, {}).status).toBe(200);
    expect(membershipOf(now('two.org').rooms[room]?.state ?? {}, bob)).toBe('leave');
  });

  test('hears of an invitation that is declined, or taken back', () => {
    const { phone, desk, room, invite, stateOn, exchange } = world();
    invite(phone, bob);
    desk('POST', `rooms/${room}/leave`, {});
    expect([membershipOf(stateOn('one.org'), bob), membershipOf(stateOn('two.org'), bob)]).toEqual(['leave', 'leave']);
    invite(phone, bob);
    const next = stringAt(desk('GET', 'sync').body, 'next_batch') as string;
    phone('POST', `rooms/${room}/kick`, { user_id: bob });
    exchange();
    expect(objectAt(desk('GET', 'sync', undefined, { since: next }).body, 'rooms')).toHaveProperty(['leave', room]);
  });

  test('is knocked at from outside, and a knock is answered by an invitation', () => {
    const { phone, desk, room, invite, join, stateOn } = world({
      initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'knock' } }],
    });
    expect(desk('POST', `knock/${room}`, {})).toEqual({ status: 200, body: { room_id: room } });
    expect(membershipOf(stateOn('one.org'), bob)).toBe('knock');
    expect(invite(phone, bob).status).toBe(200);
    expect(join(desk).status).toBe(200);
  });

  test('lets in from outside who is in a room that it allows', () => {
    const { phone, desk, invite, join, room } = world();
    invite(phone, bob);
    join(desk);
    const allow = [{ type: 'm.room_membership', room_id: room }];
    const made = phone('POST', 'createRoom', {
      name: 'Inner',
      initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'restricted', allow } }],
    });
    const inner = stringAt(made.body, 'room_id') as string;
    expect(desk('POST', `join/${inner}`, {}).status).toBe(200);
  });
});

test('a third server hears what each of the others says, and of who comes in by another', () => {
  const { phone, desk, logIn, room, invite, join, say, exchange, idsOn } = world();
  const tab = logIn(dave, 'TAB');
  invite(phone, bob);
  join(desk);
  exchange();
  expect(invite(desk, dave).status).toBe(200);
  join(tab);
  exchange();
  for (const speak of [phone, desk, tab]) say(speak);
  exchange();
  for (const name of ['two.org', 'three.org']) expect(idsOn(name)).toEqual(idsOn('one.org'));
  for (const speak of [phone, desk, tab]) expect(messagesOn(speak, room).toSorted()).toEqual([1, 2, 3]);
});

test('who is asked in when a room is made is asked once, and who cannot be reached is not in it', () => {
  const { logIn, cutOff, now } = heldAmong({ 'one.org': ['alice'], 'two.org': ['bob'], 'three.org': ['dave'] });
  const phone = logIn(alice, 'PHONE');
  const make = () => stringAt(phone('POST', 'createRoom', { invite: [bob, dave] }).body, 'room_id') as string;
  const invitations = (name: string, room: string) =>
    (now(name).rooms[room]?.timeline ?? []).map(({ event }) => [event.event_id, event.state_key]).slice(-2);
  const room = make();
  const [first, second] = invitations('one.org', room);
  expect([first?.[1], second?.[1]]).toEqual([bob, dave]);
  expect([invitations('two.org', room), invitations('three.org', room)]).toEqual([[first], [second]]);
  cutOff('two.org');
  const other = make();
  expect(membershipOf(now('one.org').rooms[other]?.state ?? {}, bob)).toBe('leave');
  expect(invitations('three.org', other)).toEqual(invitations('one.org', other).slice(-1));
});

test('state that arrives before what allows it counts once that is there', () => {
  const { phone, desk, logIn, room, invite, join, exchange, deliver, stateOn, idsOn } = world();
  const tab = logIn(dave, 'TAB');
  for (const userId of [bob, dave]) invite(phone, userId);
  join(desk);
  join(tab);
  exchange();
  phone('PUT', `rooms/${room}/state/m.room.power_levels`, { users: { [alice]: 100, [bob]: 50 } });
  deliver('one.org', 'two.org');
  desk('PUT', `rooms/${room}/state/m.room.topic`, { topic: 'tea' });
  deliver('two.org', 'three.org');
  expect(stateOn('three.org')).not.toHaveProperty(['m.room.topic']);
  exchange();
  expect(stateOn('three.org')).toHaveProperty(['m.room.topic']);
  expect(idsOn('three.org')).toEqual(idsOn('one.org'));
});
