import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { hasNews } from './index.ts';
import { deviceKeys, held, identity, type Speak } from './testing.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';

const world = () => {
  const { logIn, now } = held(['alice', 'bob']);
  const send = (from: Speak, txn: string, n: number, device = 'PHONE') =>
    from('PUT', `sendToDevice/m.test/${txn}`, { messages: { [alice]: { [device]: { n } } } });
  return {
    logIn,
    now,
    send,
    phone: logIn('alice', 'PHONE'),
    laptop: logIn('alice', 'LAPTOP'),
    desk: logIn('bob', 'DESK'),
  };
};

/** A sync: its next token, the numbers that came with it, and the changed device lists (`null` when it has none). */
const sync = (speak: Speak, since?: string) => {
  const { status, body } = speak('GET', 'sync', undefined, since === undefined ? undefined : { since });
  expect(status).toBe(200);
  const events = objectAt(body, 'to_device').events as readonly JsonObject[];
  return {
    next: stringAt(body, 'next_batch') ?? '',
    numbers: events.map((event) => objectAt(event, 'content').n),
    lists: objectAt({ body }, 'body').device_lists ?? null,
    body: objectAt({ body }, 'body'),
  };
};

describe('to-device events', () => {
  test('arrive with their type and their sender, in the order of sending', () => {
    const { phone, desk, send } = world();
    send(desk, 'a', 1);
    send(phone, 'b', 2);
    expect(objectAt(sync(phone).body, 'to_device')).toEqual({
      events: [
        { type: 'm.test', sender: bob, content: { n: 1 } },
        { type: 'm.test', sender: alice, content: { n: 2 } },
      ],
    });
  });

  test('come again until a sync with the token that came with them', () => {
    const { phone, desk, send } = world();
    send(desk, 'a', 1);
    const first = sync(phone);
    send(desk, 'b', 2);
    expect([sync(phone).numbers, sync(phone).numbers]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(sync(phone, first.next).numbers).toEqual([2]);
    expect(sync(phone, first.next).numbers).toEqual([2]);
    expect(sync(phone).numbers).toEqual([2]);
  });

  test('are dropped for the device that acknowledged them, and for no other', () => {
    const { phone, laptop, desk, send } = world();
    send(desk, 'a', 1, '*');
    sync(phone, sync(phone).next);
    expect([sync(phone).numbers, sync(laptop).numbers]).toEqual([[], [1]]);
  });

  test.each([
    ['one device', 'LAPTOP', [[], [1]]],
    ['all devices', '*', [[1], [1]]],
    ['a device that is not there', 'NOWHERE', [[], []]],
    ['a device with a strange name', '__proto__', [[], []]],
  ] as const)('to %s reach those', (_what, device, expected) => {
    const { phone, laptop, desk, send } = world();
    expect(send(desk, 'a', 1, device)).toEqual({ status: 200, body: {} });
    expect([sync(phone).numbers, sync(laptop).numbers]).toEqual(expected);
  });

  test('to users who are not here are no error', () => {
    const messages = { '@nobody:example.org': { '*': {} }, '@carol:elsewhere.org': { PAD: {} } };
    expect(world().desk('PUT', 'sendToDevice/m.test/a', { messages })).toEqual({ status: 200, body: {} });
  });

  test('of one transaction of one device are sent once', () => {
    const { phone, laptop, desk, send } = world();
    send(desk, 'a', 1);
    send(desk, 'a', 1);
    send(laptop, 'a', 2);
    expect(sync(phone).numbers).toEqual([1, 2]);
  });

  test.each([
    [{}, 'M_MISSING_PARAM'],
    [{ messages: { [alice]: { PHONE: 'hello' } } }, 'M_BAD_JSON'],
    [{ messages: { [alice]: [] } }, 'M_BAD_JSON'],
  ])('in the body %j are refused, and their transaction is not used up', (body, errcode) => {
    const { phone, desk, send } = world();
    expect(desk('PUT', 'sendToDevice/m.test/a', body)).toMatchObject({ status: 400, body: { errcode } });
    send(desk, 'a', 1);
    expect(sync(phone).numbers).toEqual([1]);
  });

  test('wait no longer once their device is logged out', () => {
    const { logIn, phone, desk, send } = world();
    send(desk, 'a', 1);
    phone('POST', 'logout', {});
    expect(sync(logIn('alice', 'PHONE')).numbers).toEqual([]);
  });
});

describe('device lists', () => {
  const publish = (speak: Speak, salt = '') =>
    speak('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE', salt) });

  test('are not part of a first sync', () => {
    const { phone } = world();
    publish(phone);
    expect(sync(phone).lists).toBeNull();
  });

  test.each<[string, (phone: Speak) => unknown]>([
    ['publishes keys', (phone) => publish(phone)],
    ['publishes other keys', (phone) => [publish(phone), publish(phone, ' anew')]],
    ['uploads an identity', (phone) => phone('POST', 'keys/device_signing/upload', identity(alice, 'A'))],
    ['logs a device out', (phone) => phone('POST', 'logout', {})],
  ])('change for oneself and for those who asked, when a user %s', (_what, act) => {
    const { phone, laptop, desk, logIn } = world();
    const stranger = logIn('bob', 'STRANGE');
    desk('POST', 'keys/query', { device_keys: { [alice]: [] } });
    const tokens = [sync(laptop).next, sync(desk).next, sync(stranger).next];
    act(phone);
    const changed = { changed: [alice], left: [] };
    expect([sync(laptop, tokens[0]).lists, sync(desk, tokens[1]).lists]).toEqual([changed, changed]);
    // Bob's other device hears of it too: it is users who follow, not devices.
    expect(sync(stranger, tokens[2]).lists).toEqual(changed);
    expect(sync(laptop, sync(laptop).next).lists).toEqual({ changed: [], left: [] });
  });

  test('of users nobody asked for are nobody’s news', () => {
    const { phone, desk } = world();
    const { next } = sync(desk);
    publish(phone);
    expect(sync(desk, next).lists).toEqual({ changed: [], left: [] });
  });

  test('do not change by uploading the same keys, or one-time keys', () => {
    const { phone } = world();
    publish(phone);
    const { next } = sync(phone);
    publish(phone);
    phone('POST', 'keys/upload', { one_time_keys: { 'signed_curve25519:A': { key: 'A' } } });
    expect(sync(phone, next).lists).toEqual({ changed: [], left: [] });
  });

  test('name those whose master key one has just signed, to one’s own devices', () => {
    const { phone, laptop, desk } = world();
    phone('POST', 'keys/device_signing/upload', identity(alice, 'A'));
    desk('POST', 'keys/device_signing/upload', identity(bob, 'B'));
    const tokens = [sync(laptop).next, sync(desk).next];
    const object = { ...identity(bob, 'B').master_key, signatures: { [alice]: { 'ed25519:A USK': 'verified' } } };
    phone('POST', 'keys/signatures/upload', { [bob]: { 'B MSK': object } });
    expect(sync(laptop, tokens[0]).lists).toEqual({ changed: [bob], left: [] });
    expect(sync(desk, tokens[1]).lists).toEqual({ changed: [], left: [] });
  });
});

test('account data comes whole with a first sync, and later only what changed', () => {
  const { phone, laptop } = world();
  const set = (type: string, n: number) =>
    laptop('PUT', `user/${encodeURIComponent(alice)}/account_data/${type}`, { n });
  set('m.one', 1);
  set('m.two', 2);
  const first = sync(phone);
  const one = { type: 'm.one', content: { n: 1 } };
  expect(objectAt(first.body, 'account_data')).toEqual({ events: [one, { type: 'm.two', content: { n: 2 } }] });
  set('m.two', 3);
  set('m.one', 1);
  expect(objectAt(sync(phone, first.next).body, 'account_data')).toEqual({
    events: [{ type: 'm.two', content: { n: 3 } }],
  });
});

test.each(['yesterday', 's-1', 's01', 's999', ''])('the token %j, which was never given, is refused', (since) => {
  expect(world().phone('GET', 'sync', undefined, { since })).toMatchObject({
    status: 400,
    body: { errcode: 'M_INVALID_PARAM' },
  });
});

test('what happens to one user does not move the tokens of another', () => {
  const { phone, desk, send } = world();
  const before = sync(desk).next;
  send(phone, 'a', 1);
  expect(sync(desk).next).toBe(before);
});

test('a sync that brings and acknowledges nothing leaves the very same state', () => {
  const { phone, now } = world();
  const { next } = sync(phone);
  sync(phone, next);
  const before = now();
  sync(phone, next);
  expect(now()).toBe(before);
});

test('a signature on a device is announced by itself', () => {
  const { phone, laptop } = world();
  phone('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE') });
  phone('POST', 'keys/device_signing/upload', identity(alice, 'A'));
  const { next } = sync(laptop);
  const signatures = { [alice]: { 'ed25519:A SSK': 'signed' } };
  phone('POST', 'keys/signatures/upload', { [alice]: { PHONE: { ...deviceKeys(alice, 'PHONE'), signatures } } });
  expect(sync(laptop, next).lists).toEqual({ changed: [alice], left: [] });
});

describe('news', () => {
  test('is what a first sync brings, until its token comes back', () => {
    const { phone, now } = world();
    expect(hasNews(now(), alice, 'PHONE')).toBe(true);
    const { next } = sync(phone);
    expect([hasNews(now(), alice, 'PHONE'), hasNews(now(), alice, 'PHONE', next)]).toEqual([true, false]);
    sync(phone, next);
    expect(hasNews(now(), alice, 'PHONE')).toBe(false);
    expect(hasNews(now(), alice, 'PHONE', null)).toBe(true);
  });

  test('does not come back when a device shows an older token again', () => {
    const { phone, desk, send, now } = world();
    const old = sync(phone).next;
    send(desk, 'a', 1);
    sync(phone, sync(phone, old).next);
    sync(phone, old);
    phone('PUT', `user/${alice}/account_data/m.test`, { n: 1 });
    const { next } = sync(phone, old);
    sync(phone, next);
    sync(phone, old);
    expect(hasNews(now(), alice, 'PHONE')).toBe(false);
  });

  test('is there for no device that is not logged in', () => {
    const { phone, now } = world();
    phone('POST', 'logout', {});
    expect([hasNews(now(), alice, 'PHONE'), hasNews(now(), '@nobody:example.org', 'PHONE')]).toEqual([false, false]);
  });

  test.each<[string, boolean, boolean, (all: ReturnType<typeof world>) => unknown]>([
    ['a to-device event', true, false, ({ send, desk }) => send(desk, 'a', 1)],
    ['a changed device list', true, true, ({ laptop }) => laptop('POST', 'logout', {})],
    ['account data', true, true, ({ phone }) => phone('PUT', `user/${alice}/account_data/m.test`, { n: 1 })],
    [
      'the claim of a one-time key',
      true,
      false,
      ({ desk }) => desk('POST', 'keys/claim', { one_time_keys: { [alice]: { PHONE: 'signed_curve25519' } } }),
    ],
    [
      'an upload of one-time keys, whose answer says it all',
      false,
      false,
      ({ phone }) => phone('POST', 'keys/upload', { one_time_keys: { 'signed_curve25519:B': { key: 'B' } } }),
    ],
    [
      'what happens to somebody else',
      false,
      false,
      ({ phone }) => phone('PUT', 'sendToDevice/m.test/x', { messages: { [bob]: { DESK: {} } } }),
    ],
  ])('is brought by %s (to the device: %s, to another of the same user: %s)', (_what, toPhone, toWatch, act) => {
    const all = world();
    const watch = all.logIn('alice', 'WATCH');
    all.phone('POST', 'keys/upload', { one_time_keys: { 'signed_curve25519:A': { key: 'A' } } });
    for (const speak of [all.phone, watch]) sync(speak, sync(speak).next);
    expect([hasNews(all.now(), alice, 'PHONE'), hasNews(all.now(), alice, 'WATCH')]).toEqual([false, false]);
    act(all);
    expect([hasNews(all.now(), alice, 'PHONE'), hasNews(all.now(), alice, 'WATCH')]).toEqual([toPhone, toWatch]);
  });
});
