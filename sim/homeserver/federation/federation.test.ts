import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { respond } from '../index.ts';
import { eventsOf, membershipOf } from '../rooms/state.ts';
import { crossSigningKey, deviceKeys, heldAmong, identity, type Speak } from '../testing.ts';
import { respondToServer } from './answering.ts';
import { nextTransaction, wireForm } from './links.ts';
import { receiveTransaction } from './receiving.ts';

const alice = '@alice:one.org';
const bob = '@bob:two.org';
const carol = '@carol:two.org';
const dave = '@dave:three.org';

const world = (created: JsonObject = {}) => {
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

const messagesOn = (speak: Speak, room: string, query: Readonly<Record<string, string>> = { dir: 'f' }) => {
  const { body } = speak('GET', `rooms/${room}/messages`, undefined, { limit: '50', ...query });
  const events = (objectAt({ body }, 'body').chunk ?? []) as readonly JsonObject[];
  return events.flatMap(({ type, content }) =>
    type === 'm.room.message' ? [objectAt({ content }, 'content').body] : [],
  );
};

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

describe('keys of somebody on another server', () => {
  const ready = () => {
    const at = world({
      initial_state: [{ type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } }],
    });
    at.desk('POST', 'keys/upload', {
      device_keys: deviceKeys(bob, 'DESK'),
      one_time_keys: { 'signed_curve25519:A': { key: 'a' } },
    });
    at.desk('POST', 'keys/device_signing/upload', identity(bob, 'B'));
    return at;
  };
  const ask = { device_keys: { [bob]: [] } };

  test('are what their server has published, without what is for themselves', () => {
    const { phone } = ready();
    const { body } = phone('POST', 'keys/query', ask);
    expect(body).toMatchObject({
      device_keys: { [bob]: { DESK: deviceKeys(bob, 'DESK') } },
      master_keys: { [bob]: crossSigningKey(bob, 'master', 'B MSK') },
      failures: {},
    });
    expect(objectAt(body, 'user_signing_keys')).toEqual({});
  });

  test('are claimed once', () => {
    const { phone } = ready();
    const claim = () => phone('POST', 'keys/claim', { one_time_keys: { [bob]: { DESK: 'signed_curve25519' } } }).body;
    expect(claim()).toEqual({
      one_time_keys: { [bob]: { DESK: { 'signed_curve25519:A': { key: 'a' } } } },
      failures: {},
    });
    expect(objectAt(claim(), 'one_time_keys')).toEqual({});
  });

  test('are a failure while it cannot be reached', () => {
    const { phone, cutOff } = ready();
    cutOff('two.org');
    expect(phone('POST', 'keys/query', ask).body).toMatchObject({
      device_keys: {},
      failures: { 'two.org': { status: 503 } },
    });
  });

  test('are to be asked for by both sides once they are in an encrypted room together', () => {
    const { phone, desk, invite, join } = ready();
    invite(phone, bob);
    const tokens = [phone, desk].map((speak) => stringAt(speak('GET', 'sync').body, 'next_batch') as string);
    join(desk);
    const lists = [phone, desk].map((speak, nth) =>
      objectAt(speak('GET', 'sync', undefined, { since: tokens[nth] ?? '' }).body, 'device_lists'),
    );
    expect(lists).toEqual([
      { changed: [bob], left: [] },
      { changed: [alice], left: [] },
    ]);
  });

  test('that change are told to whoever shares a room, when the transaction arrives', () => {
    const { phone, desk, invite, join, exchange } = ready();
    invite(phone, bob);
    join(desk);
    exchange();
    const next = stringAt(phone('GET', 'sync').body, 'next_batch') as string;
    const changed = () => objectAt(phone('GET', 'sync', undefined, { since: next }).body, 'device_lists').changed;
    desk('POST', 'keys/upload', { device_keys: deviceKeys(bob, 'DESK', ' new') });
    expect(changed()).toEqual([]);
    exchange();
    expect(changed()).toEqual([bob]);
  });

  test('are answered by their own server only, each about its own users', () => {
    const { now, phone } = ready();
    const request = {
      accessToken: Object.keys(now('one.org').tokens)[0] ?? '',
      method: 'POST',
      path: '/_matrix/client/v3/keys/query',
      body: ask,
    } as const;
    const { asks = [] } = respond(now('one.org'), request, 0);
    const [asked] = asks;
    if (asked === undefined) throw new Error('nothing was asked');
    const lie = {
      device_keys: { [bob]: { DESK: {} }, [alice]: { FORGED: {} } },
      master_keys: {},
      self_signing_keys: {},
    };
    const { response } = respond(now('one.org'), request, 0, [{ asked, response: { status: 200, body: lie } }]);
    expect(Object.keys(objectAt(response.body, 'device_keys'))).toEqual([bob]);
    expect(phone('GET', 'account/whoami').status).toBe(200);
  });
});

test('a file is fetched from the server that has it', () => {
  const { phone, desk, cutOff } = world();
  const file = { content_type: 'text/plain', data: 'c2VhbGVk' };
  const uri = stringAt(desk('POST', '/_matrix/media/v3/upload', file).body, 'content_uri') ?? '';
  const path = `/_matrix/client/v1/media/download/${uri.slice('mxc://'.length)}`;
  expect(phone('GET', path)).toEqual({ status: 200, body: file });
  cutOff('two.org');
  expect(phone('GET', path)).toMatchObject({ status: 502, body: { errcode: 'M_UNKNOWN' } });
});

test('whether somebody is there is asked of their server', () => {
  const { phone, cutOff } = world();
  const status = (userId: string) => phone('GET', `profile/${encodeURIComponent(userId)}`).status;
  expect([alice, bob, '@nobody:one.org', '@nobody:two.org'].map(status)).toEqual([200, 200, 404, 404]);
  cutOff('two.org');
  expect(status(bob)).toBe(502);
});

describe('a server', () => {
  test('asks nobody by itself: a request says what has to be asked, and until then what is so without it', () => {
    const { now, room, phone, invite, join, desk } = world();
    invite(phone, bob);
    const [accessToken = ''] = Object.keys(now('two.org').tokens);
    const request = { accessToken, method: 'POST', path: `/_matrix/client/v3/join/${room}`, body: {} } as const;
    const { server, response, asks } = respond(now('two.org'), request, 0);
    expect(server).toBe(now('two.org'));
    expect([response.status, asks]).toEqual([
      502,
      [
        {
          to: 'one.org',
          method: 'GET',
          path: `/_matrix/federation/v1/make_join/${encodeURIComponent(room)}/${encodeURIComponent(bob)}`,
        },
      ],
    ]);
    expect(join(desk).status).toBe(200);
  });

  test('believes another about its own users only', () => {
    const { phone, desk, room, invite, join, now, say, exchange } = world();
    invite(phone, bob);
    join(desk);
    exchange();
    say(phone);
    const transaction = nextTransaction(now('one.org'), 'two.org');
    if (transaction === null) throw new Error('nothing waits');
    const taken = receiveTransaction(now('two.org'), 'one.org', transaction);
    expect(taken.rooms[room]?.timeline.length).toBe((now('two.org').rooms[room]?.timeline.length ?? 0) + 1);
    // The very same from a server that may not speak for alice.
    const forged = receiveTransaction(now('two.org'), 'three.org', transaction);
    expect(forged.rooms).toBe(now('two.org').rooms);
    const edus = [
      {
        edu_type: 'm.direct_to_device',
        content: { sender: alice, type: 'm.test', messages: { [carol]: { '*': {} } } },
      },
    ];
    const byAnother = receiveTransaction(now('two.org'), 'three.org', { id: '9', pdus: [], edus });
    expect(byAnother.inboxes).toBe(now('two.org').inboxes);
  });

  test('takes a transaction as it stands on the wire', () => {
    const { phone, desk, room, invite, join, now, say, exchange } = world();
    invite(phone, bob);
    join(desk);
    exchange();
    say(phone);
    const transaction = nextTransaction(now('one.org'), 'two.org');
    if (transaction === null) throw new Error('nothing waits');
    const path = `/_matrix/federation/v1/send/${transaction.id}`;
    const body = wireForm('one.org', transaction, 5);
    const sent = respondToServer(now('two.org'), 'one.org', { to: 'two.org', method: 'PUT', path, body }, 5);
    const [id] = transaction.pdus.map(({ event_id }) => event_id);
    expect(sent.response).toEqual({ status: 200, body: { pdus: { [id ?? '']: {} } } });
    expect(sent.server.rooms[room]).toEqual(receiveTransaction(now('two.org'), 'one.org', transaction).rooms[room]);
  });

  test('answers nothing else', () => {
    const { now, room } = world();
    const path = (rest: string) => `/_matrix/federation/${rest}`;
    const asked = (method: 'GET' | 'PUT' | 'POST', rest: string) =>
      respondToServer(now('one.org'), 'two.org', { to: 'one.org', method, path: path(rest), body: {} }, 0).response;
    expect(asked('GET', 'v1/event/%E0%A4%A')).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_PARAM' } });
    expect(asked('GET', 'v1/event/1')).toMatchObject({ status: 404, body: { errcode: 'M_UNRECOGNIZED' } });
    expect(asked('GET', `v1/make_join/${encodeURIComponent(room)}/${encodeURIComponent(dave)}`)).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
    expect(asked('GET', `v1/backfill/${encodeURIComponent(room)}?v=x&limit=1`).status).toBe(403);
    expect(asked('GET', 'v1/make_join/%21no:one.org/x')).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });
});
