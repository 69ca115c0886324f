/** Every endpoint of `hearsay serve` against requests that are wrong: which status, which error code, which words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../../machines/json.ts';
import { endpointOf, routes } from '../../homeserver/index.ts';
import { type BadRow, badBodies, badMoves, badQueries } from './bad-requests.ts';
import { replayed } from './log.ts';
import { moveNames } from './moves.ts';
import { type Ask, serving } from './testing.ts';

const alice = '@alice:example.org';
let house: Awaited<ReturnType<typeof serving>>;
let phone: Ask;
let room: string;
beforeAll(async () => {
  house = await serving(alice);
  phone = await house.logIn(alice, 'PHONE');
  room = stringAt((await phone('POST', 'createRoom', {})).body, 'room_id') ?? '';
  const algorithm = 'm.megolm_backup.v1.curve25519-aes-sha2';
  await phone('POST', 'room_keys/version', { algorithm, auth_data: { public_key: 'x' } });
});
afterAll(() => house.served.close());

const values: Readonly<Record<string, () => string>> = {
  userId: () => alice,
  roomId: () => room,
  version: () => '1',
  deviceId: () => 'PHONE',
  serverName: () => 'example.org',
};
/** The path of a route with something in each free place. */
const pathOf = (pattern: readonly string[], params: Readonly<Record<string, string>> = {}): string =>
  pattern
    .map((part) => {
      const name = part.slice(1);
      return part.startsWith(':') ? encodeURIComponent(params[name] ?? values[name]?.() ?? 'x') : part;
    })
    .join('/');
/** A body as a name of a test has it. */
const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}… of ${text.length}` : text);
const all = routes.map(({ method, pattern, open }) => ({
  endpoint: endpointOf({ method, path: pattern.map((part) => part.replace(':', '')).join('/') }) ?? '',
  method,
  pattern,
  open,
}));
const refused = (status: number, errcode: string, error: string, more = {}) => ({
  status,
  body: { errcode, error, ...more },
});
const isFile = (endpoint: string): boolean => /^\w+ upload/.test(endpoint);

describe.each(all)('$endpoint', ({ endpoint, method, pattern, open }) => {
  if (!open)
    it('asks for an access token, and for one that is known', async () => {
      const path = pathOf(pattern);
      expect(await house.ask('example.org', null)(method, path)).toEqual(
        refused(401, 'M_MISSING_TOKEN', 'Missing access token'),
      );
      expect(await house.ask('example.org', 'nobody')(method, path)).toEqual(
        refused(401, 'M_UNKNOWN_TOKEN', 'Unrecognised access token', { soft_logout: false }),
      );
    });

  it('answers a method that it has not', async () => {
    const known = all
      .filter((one) => endpointOf({ method: one.method, path: pathOf(pattern) }) !== null)
      .map((one) => one.method);
    const [other] = (['GET', 'POST', 'PUT', 'DELETE'] as const).filter((one) => !known.includes(one));
    if (other === undefined) throw new Error('every method is known there');
    expect(await phone(other, pathOf(pattern))).toEqual(refused(405, 'M_UNRECOGNIZED', 'Unrecognized request'));
    expect(await phone('PATCH', pathOf(pattern))).toEqual(refused(405, 'M_UNRECOGNIZED', 'Unrecognized request'));
  });

  it.each(badQueries[endpoint] ?? [])('refuses $query', async ({ query = '', status, errcode, error }) => {
    expect(await phone(method, `${pathOf(pattern)}${query}`)).toEqual(refused(status, errcode, error));
  });
  if (method === 'GET') return;
  const rows = badBodies[endpoint];
  it('has rows of bodies that are none, or the reason why each is one', () => {
    expect(rows).toBeDefined();
    expect(rows).not.toEqual([]);
  });
  if (!isFile(endpoint))
    it.each([
      ['cut short', '{"a":', 'M_NOT_JSON', 'The request body is not JSON'],
      ['another kind', 'this is a text', 'M_NOT_JSON', 'The request body is not JSON'],
      ['too deep', '['.repeat(201), 'M_BAD_JSON', 'The request body is nested too deeply'],
    ])('refuses a body that is %s', async (_what, body, errcode, error) => {
      expect(await phone(method, pathOf(pattern), body)).toEqual(refused(400, errcode, error));
    });
  if (typeof rows === 'string' || rows === undefined) return;
  it('refuses null, which is JSON and no object', async () => {
    expect(await phone(method, pathOf(pattern), 'null')).toEqual(
      refused(400, 'M_BAD_JSON', 'The request body must be a JSON object'),
    );
  });
  it('refuses a number that no machine has', async () => {
    expect(await phone(method, pathOf(pattern), '{"a":[-1e999]}')).toEqual(
      refused(400, 'M_BAD_JSON', 'A number in the request body is too large'),
    );
  });
  it.each(rows.map((row) => [`${JSON.stringify(row.params ?? {})} ${short(row.body)}`, row] as const))(
    'refuses %s',
    async (_what, { body, query = '', params, status, errcode, error }: BadRow) => {
      expect(await phone(method, `${pathOf(pattern, params)}${query}`, body)).toEqual(refused(status, errcode, error));
    },
  );
});

it('takes an event of just the size that one may have, and of just the length that a type may have', async () => {
  const type = 'x'.repeat(255);
  const bytes = (body: string): number =>
    Buffer.byteLength(JSON.stringify({ type, room_id: room, sender: alice, content: { body } }));
  const body = `ä${'x'.repeat(65_536 - bytes('ä'))}`;
  const path = `rooms/${encodeURIComponent(room)}/send/${type}`;
  expect(bytes(body)).toBe(65_536);
  expect((await phone('PUT', `${path}/fits`, { body })).status).toBe(200);
  expect((await phone('PUT', `${path}/does-not`, { body: `${body}x` })).status).toBe(413);
});

it('is as it was after all that', async () => {
  const name = await phone('PUT', `rooms/${encodeURIComponent(room)}/state/m.room.name`, { name: 'Plans' });
  expect(name.status).toBe(200);
  expect((await phone('POST', 'keys/upload', {})).body).toEqual({ one_time_key_counts: { signed_curve25519: 0 } });
  expect((await phone('GET', 'devices')).body).toEqual({ devices: [{ device_id: 'PHONE' }] });
  expect((await phone('GET', 'joined_rooms')).body).toEqual({ joined_rooms: [room] });
  expect(replayed({ users: [alice], entries: house.entries }).differs).toBe(null);
});

it('has rows for no endpoint that is not there', () => {
  const endpoints = [...Object.keys(badBodies), ...Object.keys(badQueries)];
  expect(endpoints.filter((endpoint) => !all.some((one) => one.endpoint === endpoint))).toEqual([]);
});

it('refuses a body that is too large, however it is written, and a path that is none', async () => {
  const large = `"${'x'.repeat(17 * 2 ** 20)}"`;
  expect(await phone('POST', 'keys/upload', large)).toEqual(
    refused(413, 'M_TOO_LARGE', 'The request body is too large'),
  );
  for (const path of [
    '/',
    '/_matrix/client/v3/nonsense',
    '/_matrix/client/v3/rooms/%zz/leave',
    '/_matrix/client/v3/keys/upload/more',
  ])
    expect(await phone('POST', path, {})).toMatchObject({
      status: path.includes('%') ? 400 : 404,
      body: { error: expect.any(String) },
    });
});

describe.each(moveNames)('the move %s', (move) => {
  const fields = badMoves[move] ?? {};
  const whole = {
    move,
    user: alice,
    device: 'PHONE',
    event: {},
    keys: {},
    changed: alice,
    room: '!r',
    type: 'x',
    sender: alice,
    content: {},
  };
  const control = (body: unknown) => house.ask('example.org', null)('POST', '/_hearsay/moves', body);
  it('has a row for each field that it needs', async () => {
    const said = (await control({ move })).body;
    expect(fields).not.toEqual({});
    expect(Object.values(fields)[0]).toBe(stringAt(said, 'error'));
  });
  it.each(Object.entries(fields))('says that %s is missing, or of another kind', async (field, error) => {
    for (const value of [undefined, 7, null, []])
      expect(await control({ ...whole, [field]: value })).toEqual(refused(400, 'M_BAD_JSON', error));
  });
});

it('lists the moves there are where a move is none', async () => {
  const control = (body: unknown) => house.ask('example.org', null)('POST', '/_hearsay/moves', body);
  const error = `move: one of ${moveNames.join(', ')} expected`;
  for (const body of [{}, [], { move: 7 }, { move: 'steal tokem' }, { move: 'constructor' }, '7'])
    expect(await control(body)).toEqual(refused(400, 'M_BAD_JSON', error));
  expect(await control('{"move":')).toEqual(refused(400, 'M_NOT_JSON', 'The request body is not JSON'));
  expect(house.faults).toEqual([]);
});
