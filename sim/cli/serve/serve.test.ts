/** The homeserver over HTTP, as clients find it: those that keep to the specification, and those that do not. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectAt, stringAt } from '../../../machines/json.ts';
import { routes } from '../../homeserver/index.ts';
import { replayed } from './log.ts';
import { type Answer, type Ask, serving } from './testing.ts';

const [alice, bob, carol] = ['@alice:example.org', '@bob:example.org', '@carol:b.example'] as const;
let house: Awaited<ReturnType<typeof serving>>;
beforeAll(async () => {
  house = await serving(alice, bob, carol);
});
afterAll(() => house.served.close());

/** The token of a first sync. */
const begun = async (client: Ask): Promise<string> => stringAt((await client('GET', 'sync')).body, 'next_batch') ?? '';
const long = (since: string): string => `sync?timeout=30000&since=${since}`;
const isWaiting = async (count: number): Promise<void> => {
  while (house.served.waiting() < count) await new Promise((next) => setImmediate(next));
};
const eventsOf = ({ body }: Answer): unknown => objectAt(body, 'to_device').events;

describe('a served homeserver', () => {
  it('lets clients log in, and holds a sync until something comes for its device', async () => {
    const phone = await house.logIn(alice, 'PHONE');
    const laptop = await house.logIn(alice, 'LAPTOP');
    const { body } = await phone('POST', `user/${alice}/filter`, { room: { timeline: { limit: 1 } } });
    const since = await begun(phone);
    const waits = phone('GET', `${long(since)}&filter=${stringAt(body, 'filter_id')}`);
    await isWaiting(1);
    const content = { hello: 'from the laptop' };
    await laptop('PUT', 'sendToDevice/org.example.hello/1', { messages: { [alice]: { PHONE: content } } });
    expect(eventsOf(await waits)).toEqual([{ type: 'org.example.hello', sender: alice, content }]);
  });

  it('holds it no longer than the client wants, and answers one who has been logged out meanwhile', async () => {
    const tablet = await house.logIn(alice, 'TABLET');
    const since = await begun(tablet);
    expect(await tablet('GET', `sync?timeout=20&since=${since}`)).toMatchObject({ status: 200 });
    const waits = tablet('GET', long(since));
    await isWaiting(1);
    await tablet('POST', 'logout', {});
    expect(await waits).toMatchObject({ status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } });
  });

  it('forgets a sync whose client has gone, and tells its news to the next one', async () => {
    const watch = await house.logIn(alice, 'WATCH');
    const since = await begun(watch);
    const gone = new AbortController();
    const waits = watch('GET', long(since), undefined, gone.signal);
    await isWaiting(1);
    gone.abort();
    await expect(waits).rejects.toThrow();
    while (house.served.waiting() > 0) await new Promise((next) => setImmediate(next));
    await watch('PUT', 'sendToDevice/org.example.hello/1', { messages: { [alice]: { WATCH: {} } } });
    expect(eventsOf(await watch('GET', long(since)))).toHaveLength(1);
  });

  it('carries invitations, members and messages between servers', async () => {
    const phone = await house.logIn(alice, 'PHONE');
    const remote = await house.logIn(carol, 'PHONE');
    const since = await begun(remote);
    const waits = remote('GET', long(since));
    await isWaiting(1);
    const { body } = await phone('POST', 'createRoom', { invite: [carol] });
    const room = stringAt(body, 'room_id') ?? '';
    const invited = await waits;
    expect(objectAt(objectAt(invited.body, 'rooms'), 'invite')).toHaveProperty([room]);
    expect((await remote('POST', `join/${encodeURIComponent(room)}`, {})).status).toBe(200);
    const path = `rooms/${encodeURIComponent(room)}/send/m.room.message/1`;
    await phone('PUT', path, { msgtype: 'm.text', body: 'hello' });
    const told = await remote('GET', long(stringAt(invited.body, 'next_batch') ?? ''));
    expect(JSON.stringify(told.body)).toContain('"body":"hello"');
  });

  it('keeps files byte by byte, and hands them out so that no browser shows them as its page', async () => {
    const phone = await house.logIn(alice, 'PHONE');
    const bytes = Uint8Array.from({ length: 70_000 }, (_, nth) => nth % 251);
    const upload = await fetch(`${house.address()}/_matrix/media/v3/upload?filename=a.bin`, {
      method: 'POST',
      headers: { authorization: `Bearer ${phone.token}`, 'content-type': 'text/html' },
      body: bytes,
    });
    const { content_uri: uri } = (await upload.json()) as { readonly content_uri: string };
    const file = await fetch(`${house.address()}/_matrix/client/v1/media/download/${uri.slice('mxc://'.length)}`, {
      headers: { authorization: `Bearer ${phone.token}` },
    });
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect(file.headers.get('content-type')).toBe('text/html');
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
    expect(file.headers.get('content-disposition')).toBe('attachment');
  });

  it('says what an address of a server is, and lets pages of a browser ask', async () => {
    const known = await fetch(`${house.address()}/.well-known/matrix/client`);
    expect(await known.json()).toEqual({ 'm.homeserver': { base_url: house.address() } });
    const asked = await fetch(`${house.address()}/_matrix/client/v3/sync`, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization');
  });
});

describe('what is no good request', () => {
  it.each<[string, string, string, string | undefined, number, string]>([
    ['no JSON', 'POST', 'login', '{"type":', 400, 'M_NOT_JSON'],
    ['JSON that is no object', 'POST', 'login', '[]', 400, 'M_BAD_JSON'],
    ['JSON that is too deep', 'POST', 'login', '['.repeat(100_000), 400, 'M_BAD_JSON'],
    ['more than it takes', 'POST', 'login', `"${'x'.repeat(17 * 2 ** 20)}"`, 413, 'M_TOO_LARGE'],
    ['no token', 'GET', 'sync', undefined, 401, 'M_MISSING_TOKEN'],
    ['an unknown path', 'GET', '/_matrix/client/v3/nosuch', undefined, 404, 'M_UNRECOGNIZED'],
    ['another method', 'DELETE', 'sync', undefined, 405, 'M_UNRECOGNIZED'],
    ['a method that Matrix has not', 'PATCH', 'sync', '{}', 405, 'M_UNRECOGNIZED'],
    ['a segment that is no text', 'GET', 'profile/%zz', undefined, 400, 'M_INVALID_PARAM'],
  ])('is answered as the specification says: %s', async (_what, method, path, body, status, errcode) => {
    expect(await house.ask('example.org', null)(method, path, body)).toMatchObject({ status, body: { errcode } });
    expect(house.faults).toEqual([]);
  });

  it('is answered so with bytes that are no UTF-8, and with a token that is none', async () => {
    const body = Uint8Array.of(0x7b, 0xff, 0x7d);
    const response = await fetch(`${house.address()}/_matrix/client/v3/login`, { method: 'POST', body });
    expect([response.status, await response.json()]).toMatchObject([400, { errcode: 'M_NOT_JSON' }]);
    const stranger = house.ask('example.org', 'nobody');
    expect(await stranger('GET', 'sync')).toMatchObject({ status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } });
    expect((await stranger('GET', long('s1'))).status).toBe(401);
  });

  it.each([
    'nonsense\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(5000)}\r\n`,
    'POST /_matrix/client/v3/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"type"',
  ])('ends its own connection and no other: %#', async (bytes) => {
    const port = Number(new URL(house.address()).port);
    await new Promise<void>((ended) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(bytes);
        // The last one would be waited for as long as a slow client is.
        if (bytes.startsWith('POST')) socket.destroy();
      });
      socket.on('error', () => {}).on('close', () => ended());
      socket.resume();
    });
    expect((await house.ask('example.org', null)('GET', '/_matrix/client/versions')).status).toBe(200);
    expect(house.faults).toEqual([]);
  });
});

describe('the control endpoint', () => {
  const moves = '/_hearsay/moves';
  it('plays who runs the server: what waits for a device is read, dropped and made up', async () => {
    const phone = await house.logIn(bob, 'PHONE');
    const control = house.ask('example.org', null);
    const since = await begun(phone);
    const on = { user: bob, device: 'PHONE' };
    const event = { type: 'm.secret.send', sender: alice, content: { secret: 'mine' } };
    const waits = phone('GET', long(since));
    await isWaiting(1);
    expect(await control('POST', moves, { move: 'send event', ...on, event })).toEqual({ status: 200, body: {} });
    expect(eventsOf(await waits)).toEqual([event]);
    expect((await control('POST', moves, { move: 'read queue', ...on })).body).toEqual({ events: [event] });
    await control('POST', moves, { move: 'drop queue', ...on });
    expect((await control('POST', moves, { move: 'read queue', ...on })).body).toEqual({ events: [] });
  });

  it('hands a thief the token of a device, and the server a device that nobody logged in', async () => {
    const phone = await house.logIn(bob, 'PHONE');
    const control = house.ask('example.org', null);
    const stolen = await control('POST', moves, { move: 'steal token', user: bob, device: 'PHONE' });
    expect(stringAt(stolen.body, 'access_token')).toBe(phone.token);
    const added = await control('POST', moves, { move: 'add device', user: bob, device: 'GHOST' });
    const ghost = house.ask('example.org', stringAt(added.body, 'access_token') ?? '');
    expect((await ghost('GET', 'account/whoami')).body).toMatchObject({ user_id: bob, device_id: 'GHOST' });
  });

  it('writes into a room in anybody’s name', async () => {
    const phone = await house.logIn(bob, 'PHONE');
    const room = stringAt((await phone('POST', 'createRoom', {})).body, 'room_id') ?? '';
    const since = await begun(phone);
    const content = { membership: 'join' };
    const ghost = { type: 'm.room.member', sender: carol, state_key: carol, content };
    const done = await house.ask('example.org', null)('POST', moves, { move: 'inject', room, ...ghost });
    expect(done.status).toBe(200);
    expect(JSON.stringify((await phone('GET', long(since))).body)).toContain(carol);
  });

  it.each<[string, unknown, number, RegExp]>([
    ['no move', {}, 400, /one of steal token, add device/],
    ['a move of another name', { move: '__proto__' }, 400, /one of steal token/],
    ['a move without its fields', { move: 'add device', user: bob }, 400, /add device needs device: a text/],
    ['a user who is nobody', { move: 'add device', user: '@no:example.org', device: 'X' }, 404, /has no user/],
    ['a device that is none', { move: 'steal token', user: bob, device: '__proto__' }, 404, /has no device/],
    ['a room that is none', { move: 'inject', room: '!x', type: 't', sender: bob, content: {} }, 404, /has no room/],
  ])('says what is wrong with %s', async (_what, body, status, error) => {
    const said = await house.ask('example.org', null)('POST', moves, body);
    expect([said.status, stringAt(said.body, 'error')]).toEqual([status, expect.stringMatching(error)]);
  });

  it('is closed to pages of a browser', async () => {
    const headers = { origin: 'https://example.com' };
    const response = await fetch(`${house.address()}${moves}`, { headers });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});

describe('many at once', () => {
  it('wakes each of five hundred open syncs once with the one event that all were waiting for', async () => {
    const phone = await house.logIn(alice, 'PHONE');
    const since = await begun(phone);
    const waits = Array.from({ length: 500 }, () => phone('GET', long(since)));
    await isWaiting(500);
    await phone('PUT', `user/${alice}/account_data/org.example.news`, { is: 'here' });
    const told = await Promise.all(waits);
    expect(told.filter(({ body }) => JSON.stringify(body).includes('org.example.news'))).toHaveLength(500);
    expect(house.served.waiting()).toBe(0);
  });

  it('answers hundreds of odd requests without a fault, and then as before', async () => {
    const phone = await house.logIn(alice, 'PHONE');
    const odd = [
      '',
      '{}',
      '[]',
      'null',
      '{"a":',
      '{"__proto__":{"x":1}}',
      '{"one_time_keys":7}',
      '{"messages":{"@alice:example.org":{"*":{}}}}',
      '"\\ud800"',
      '{"device_keys":[]}',
    ];
    const segments = [alice, 'PHONE', '__proto__', '%00', '..', '%F0%9F%92%A9', '!x:example.org', '1'];
    // Each with another body and other segments, the same ones in every run.
    const paths = routes
      .flatMap(({ method, pattern }, one) =>
        Array.from({ length: 14 }, (_, other) => {
          const nth = one * 7 + other;
          const path = pattern.map((part, at) =>
            part.startsWith(':') ? segments[(nth + at) % segments.length] : part,
          );
          return { method, path: path.join('/'), body: odd[(nth * 3 + other) % odd.length] };
        }),
      )
      .filter(({ path }) => !/logout|delete_devices|\/devices\//.test(path));
    expect(paths.length).toBeGreaterThan(500);
    for (const { method, path, body } of paths) {
      const { status } = await phone(method, path, method === 'GET' ? undefined : body);
      expect(status, `${method} ${path} ${body}`).toBeLessThan(505);
      expect(status, `${method} ${path} ${body}`).not.toBe(500);
    }
    expect(house.faults).toEqual([]);
    expect((await phone('GET', 'account/whoami')).body).toMatchObject({ user_id: alice, device_id: 'PHONE' });
  });
});

describe('the log', () => {
  it('plays all that happened again, with the same answers, and notices one that is otherwise', () => {
    const { entries } = house;
    expect(entries.length).toBeGreaterThan(500);
    const users = [alice, bob, carol];
    expect(replayed({ users, entries })).toEqual({ same: entries.length, differs: null });
    const [first] = entries;
    if (first === undefined) throw new Error('nothing was logged');
    const bent = [{ ...first, response: { ...first.response, status: 418 } }];
    expect(replayed({ users, entries: bent })).toMatchObject({ same: 0, differs: { nth: 0, now: first.response } });
  });
});
