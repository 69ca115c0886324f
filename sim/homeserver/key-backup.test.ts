import { describe, expect, test } from 'vitest';
import type { Json } from '../../machines/json.ts';
import { isBetter } from './room-keys.ts';
import { held } from './testing.ts';

const algorithm = 'm.megolm_backup.v1.curve25519-aes-sha2';
const room = '!den:example.org';
/** As session ids are: base64, with `/` and `+` in it. */
const session = 'a/b+c/d';
const v = 'room_keys/version';

const key = (
  more: {
    readonly first_message_index?: number;
    readonly forwarded_count?: number;
    readonly is_verified?: boolean;
  } = {},
  text = 'sealed',
) => ({
  first_message_index: 5,
  forwarded_count: 1,
  is_verified: false,
  session_data: { ephemeral: 'e', ciphertext: text, mac: 'm' },
  ...more,
});
const world = () => {
  const { logIn, now } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  const create = (public_key: string) => phone('POST', v, { algorithm, auth_data: { public_key } });
  return { now, phone, create, desk: logIn('bob', 'DESK') };
};
const withVersion = () => {
  const all = world();
  all.create('P1');
  const path = (...ids: readonly string[]) => ['room_keys/keys', ...ids.map(encodeURIComponent)].join('/');
  const at =
    (method: 'PUT' | 'GET' | 'DELETE', ...ids: readonly string[]) =>
    (body?: Json, version = '1') =>
      all.phone(method, path(...ids), body, { version });
  return { ...all, at };
};

describe('a backup version', () => {
  test('is numbered, and the newest is current', () => {
    const { phone, create } = world();
    expect([create('P1').body, create('P2').body]).toEqual([{ version: '1' }, { version: '2' }]);
    const described = (version: string) => ({
      algorithm,
      auth_data: { public_key: `P${version}` },
      count: 0,
      etag: '0',
      version,
    });
    expect(phone('GET', v).body).toEqual(described('2'));
    expect(phone('GET', `${v}/1`).body).toEqual(described('1'));
  });

  test('makes room for the one before it when it is deleted, and its number is not used again', () => {
    const { phone, create } = world();
    create('P1');
    create('P2');
    expect(phone('DELETE', `${v}/2`)).toEqual({ status: 200, body: {} });
    expect(phone('GET', v).body).toMatchObject({ version: '1' });
    expect(create('P3').body).toEqual({ version: '3' });
  });

  test('counts from nine to ten as numbers do', () => {
    const { phone, create } = world();
    for (let made = 1; made <= 10; made += 1) create(`P${made}`);
    expect(phone('GET', v).body).toMatchObject({ version: '10' });
  });

  test('takes new signatures, but no other algorithm', () => {
    const { phone, create } = world();
    create('P1');
    const auth_data = { public_key: 'P1', signatures: { '@alice:example.org': { 'ed25519:PHONE': 'signed' } } };
    expect(phone('PUT', `${v}/1`, { algorithm, auth_data, version: '1' })).toEqual({ status: 200, body: {} });
    expect(phone('GET', v).body).toMatchObject({ auth_data });
    expect(phone('PUT', `${v}/1`, { algorithm: 'm.other', auth_data })).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
    expect(phone('PUT', `${v}/1`, { algorithm, auth_data, version: '2' })).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
  });

  test.each<['GET' | 'POST' | 'PUT' | 'DELETE', string, Json, number, string]>([
    ['GET', v, null, 404, 'M_NOT_FOUND'],
    ['GET', `${v}/1`, null, 404, 'M_NOT_FOUND'],
    ['DELETE', `${v}/1`, null, 404, 'M_NOT_FOUND'],
    ['PUT', `${v}/1`, { algorithm, auth_data: {} }, 404, 'M_NOT_FOUND'],
    ['POST', v, { auth_data: {} }, 400, 'M_MISSING_PARAM'],
    ['POST', v, { algorithm }, 400, 'M_MISSING_PARAM'],
    ['POST', v, 'backup', 400, 'M_BAD_JSON'],
  ])('%s %s with %j is refused when there is none', (method, path, body, status, errcode) => {
    expect(world().phone(method, path, body)).toMatchObject({ status, body: { errcode } });
  });

  test('is of one user', () => {
    const { desk, create } = world();
    create('P1');
    expect(desk('GET', v).status).toBe(404);
  });
});

describe('keys in a backup', () => {
  test('go in and come out in all three forms', () => {
    const { at, phone } = withVersion();
    expect(at('PUT', room, session)(key()).body).toEqual({ count: 1, etag: '1' });
    expect(at('PUT', room)({ sessions: { second: key() } }).body).toEqual({ count: 2, etag: '2' });
    expect(at('PUT')({ rooms: { '!other:example.org': { sessions: { third: key() } } } }).body).toEqual({
      count: 3,
      etag: '3',
    });
    const sessions = { [session]: key(), second: key() };
    expect(at('GET', room, session)().body).toEqual(key());
    expect(at('GET', room)().body).toEqual({ sessions });
    expect(at('GET')().body).toEqual({
      rooms: { [room]: { sessions }, '!other:example.org': { sessions: { third: key() } } },
    });
    expect(phone('GET', v).body).toMatchObject({ count: 3, etag: '3' });
  });

  test('go out one by one, by room, and all', () => {
    const { at } = withVersion();
    const sessions = { [session]: key(), second: key(), third: key() };
    at('PUT')({ rooms: { [room]: { sessions }, '!other:example.org': { sessions: { fourth: key() } } } });
    expect(at('DELETE', room, session)().body).toEqual({ count: 3, etag: '2' });
    expect(at('DELETE', room, session)().body).toEqual({ count: 3, etag: '2' });
    expect(at('DELETE', room)().body).toEqual({ count: 1, etag: '3' });
    expect(at('GET')().body).toEqual({ rooms: { '!other:example.org': { sessions: { fourth: key() } } } });
    expect(at('DELETE')().body).toEqual({ count: 0, etag: '4' });
    expect(at('GET')().body).toEqual({ rooms: {} });
  });

  test('that are not there are not found one by one, and are an empty list by room', () => {
    const { at } = withVersion();
    expect(at('GET', room, session)()).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
    expect(at('GET', room)()).toEqual({ status: 200, body: { sessions: {} } });
  });

  test.each<[string, Parameters<typeof key>[0], Parameters<typeof key>[0], boolean]>([
    ['verified over unverified, though it begins later', { is_verified: true, first_message_index: 9 }, {}, true],
    [
      'not unverified over verified, though it begins earlier',
      { first_message_index: 0 },
      { is_verified: true },
      false,
    ],
    ['an earlier beginning', { first_message_index: 4, forwarded_count: 9 }, {}, true],
    ['not a later beginning, though forwarded less', { first_message_index: 6, forwarded_count: 0 }, {}, false],
    ['fewer forwards', { forwarded_count: 0 }, {}, true],
    ['not more forwards', { forwarded_count: 2 }, {}, false],
    ['not an equal', {}, {}, false],
  ])('are replaced by better ones: %s', (_what, offered, there, better) => {
    expect(isBetter(key(offered), key(there))).toBe(better);
    const { at } = withVersion();
    at('PUT', room, session)(key(there, 'old'));
    expect(at('PUT', room, session)(key(offered, 'new')).body).toEqual({ count: 1, etag: better ? '2' : '1' });
    expect(at('GET', room, session)().body).toEqual(better ? key(offered, 'new') : key(there, 'old'));
  });

  test('go into the current version only, whose name the refusal tells', () => {
    const { at, create } = withVersion();
    at('PUT', room, session)(key());
    create('P2');
    for (const version of ['1', '3']) {
      expect(at('PUT', room, session)(key(), version)).toMatchObject({
        status: 403,
        body: { errcode: 'M_WRONG_ROOM_KEYS_VERSION', current_version: '2' },
      });
    }
    expect(at('GET', room, session)(undefined, '1').body).toEqual(key());
    expect(at('GET', room, session)(undefined, '2').status).toBe(404);
  });

  test.each(['PUT', 'GET', 'DELETE'] as const)('of a version that is not there: %s is not found', (method) => {
    const { at, phone } = withVersion();
    phone('DELETE', `${v}/1`);
    expect(at(method, room, session)(key())).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
  });

  test.each(['PUT', 'GET', 'DELETE'] as const)('without a version: %s is refused', (method) => {
    expect(withVersion().phone(method, 'room_keys/keys', { rooms: {} })).toMatchObject({
      status: 400,
      body: { errcode: 'M_MISSING_PARAM' },
    });
  });

  test.each<[readonly string[], Json]>([
    [[], {}],
    [[], { rooms: { [room]: {} } }],
    [[room], { sessions: { [session]: {} } }],
    [[room, session], { ...key(), first_message_index: 'first' }],
    [[room, session], { ...key(), is_verified: 1 }],
    [[room, session], 'key'],
  ])('at %j are refused when they are %j', (ids, body) => {
    const { at, now } = withVersion();
    const before = now();
    expect(at('PUT', ...ids)(body)).toMatchObject({ status: 400, body: { errcode: 'M_BAD_JSON' } });
    expect(now()).toBe(before);
  });
});
