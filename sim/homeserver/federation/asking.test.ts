/** What servers ask each other at once, and what they believe of it. */
import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { respond } from '../index.ts';
import { crossSigningKey, deviceKeys, identity } from '../testing.ts';
import { respondToServer } from './answering.ts';
import { nextTransaction, wireForm } from './links.ts';
import { receiveTransaction } from './receiving.ts';
import { alice, bob, carol, dave, world } from './testing.ts';

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

  test('gives another no more of the past than that one may show to its users', () => {
    const content = { history_visibility: 'joined' };
    const { phone, desk, room, invite, join, say, now } = world({
      initial_state: [{ type: 'm.room.history_visibility', content }],
    });
    say(phone);
    invite(phone, bob);
    join(desk);
    const v = now('two.org').rooms[room]?.timeline.at(-1)?.event.event_id ?? '';
    const path = `/_matrix/federation/v1/backfill/${encodeURIComponent(room)}?v=${encodeURIComponent(v)}&limit=50`;
    const { response } = respondToServer(now('one.org'), 'two.org', { to: 'one.org', method: 'GET', path }, 0);
    const pdus = objectAt({ ...response }, 'body').pdus as readonly JsonObject[];
    expect(pdus.filter(({ type }) => type === 'm.room.message')).toEqual([]);
  });

  test('takes one who comes or goes once, however often it is asked to, and answers each time as at first', () => {
    const { now, room, phone, invite } = world();
    invite(phone, bob);
    let server = now('one.org');
    const puts = (endpoint: string, event: JsonObject) => {
      const id = encodeURIComponent(stringAt(event, 'event_id') ?? '');
      const path = `/_matrix/federation/v2/${endpoint}/${encodeURIComponent(room)}/${id}`;
      const done = respondToServer(server, 'two.org', { to: 'one.org', method: 'PUT', path, body: event }, 0);
      server = done.server;
      return done.response;
    };
    const made = (membership: string) => {
      const path = `/_matrix/federation/v1/make_${membership}/${encodeURIComponent(room)}/${encodeURIComponent(bob)}`;
      const { response } = respondToServer(server, 'two.org', { to: 'one.org', method: 'GET', path }, 0);
      return { ...objectAt(objectAt(response, 'body'), 'event'), event_id: `$${membership}:two.org` };
    };
    for (const membership of ['join', 'leave']) {
      const event = made(membership);
      const first = puts(`send_${membership}`, event);
      const then = server;
      expect(first.status).toBe(200);
      expect(puts(`send_${membership}`, event)).toEqual(first);
      expect(server).toBe(then);
      expect(puts(`send_${membership}`, { ...event, origin_server_ts: 7 }).status).toBe(403);
    }
  });

  test('shows an invitation once, however often it is handed one', () => {
    const { now, room, phone, invite } = world();
    invite(phone, bob);
    const timeline = now('two.org').rooms[room]?.timeline ?? [];
    const event = timeline.at(-1)?.event as unknown as JsonObject;
    const path = `/_matrix/federation/v2/invite/${encodeURIComponent(room)}/${encodeURIComponent(stringAt(event, 'event_id') ?? '')}`;
    const body = { room_version: '11', event, invite_room_state: [] };
    const again = respondToServer(now('two.org'), 'one.org', { to: 'two.org', method: 'PUT', path, body }, 0);
    expect(again.response).toEqual({ status: 200, body: { event } });
    expect(again.server.rooms[room]?.timeline).toEqual(timeline);
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
