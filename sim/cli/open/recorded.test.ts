/** Recordings of requests: what a browser, a test or Synapse kept of what clients asked, told as stories where they have bodies. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../machines/json.ts';
import { stringAt } from '../../../machines/json.ts';
import { entryLine, firstLine, type Log } from '../serve/log.ts';
import { serving } from '../serve/testing.ts';
import { folderOf } from './testing.ts';

const { file, text, open, run, remove } = folderOf();
afterAll(remove);
const [alice, bob] = ['@alice:example.org', '@bob:example.org'] as const;

/** Alice makes a room, asks Bob in, who comes, and says something. */
const session = async (): Promise<Log> => {
  const house = await serving(alice, bob);
  const phone = await house.logIn(alice, 'PHONE');
  const made = await phone('POST', 'createRoom', { name: 'Den', preset: 'private_chat' });
  const room = encodeURIComponent(stringAt(made.body, 'room_id') ?? '');
  await phone('POST', `rooms/${room}/invite`, { user_id: bob });
  const other = await house.logIn(bob, 'TABLET');
  await other('POST', `join/${room}`, {});
  await phone('PUT', `rooms/${room}/send/m.room.encrypted/1`, { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'x' });
  await other('GET', 'sync');
  await house.served.close();
  return { users: [alice, bob], entries: house.entries };
};
let log: Log;
beforeAll(async () => {
  log = await session();
});

const requests = () =>
  log.entries.flatMap(({ event, response }) => ('request' in event ? [{ request: event.request, response }] : []));
/** As Firefox writes it; Chromium leaves the access token out unless asked. */
const harOf = (from: ReturnType<typeof requests>, keepsTokens: boolean): Json => ({
  log: {
    version: '1.2',
    entries: [
      {
        request: { method: 'GET', url: 'https://example.org/app.js' },
        response: { status: 200, content: { text: '1' } },
      },
      ...from.map(({ request, response }) => ({
        startedDateTime: '2026-11-30T12:00:00.000Z',
        request: {
          method: request.method,
          url: `https://matrix.example.org${request.path}?${new URLSearchParams(request.query ?? {})}`,
          headers:
            keepsTokens && request.accessToken !== null
              ? [{ name: 'Authorization', value: `Bearer ${request.accessToken}` }]
              : [],
          postData: { mimeType: 'application/json', text: JSON.stringify(request.body ?? {}) },
        },
        response: {
          status: response.status,
          content: { text: Buffer.from(JSON.stringify(response.body)).toString('base64'), encoding: 'base64' },
        },
      })),
    ],
  },
});
const storyIn = (yaml: string): string => yaml.slice(yaml.indexOf('story:'), yaml.indexOf('expect:'));

it('tells a recording of a browser as it tells the log of the server', async () => {
  file('log', `${[firstLine(log.users), ...log.entries.map(entryLine)].join('\n')}\n`);
  expect(await open('log', '--out', 'of-log.yaml')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('a log of hearsay serve'),
  });
  file('session.har', harOf(requests(), true));
  const { status, stdout } = await open('session.har', '--out', 'of-har.yaml');
  expect(status).toBe(0);
  expect(stdout).toContain(
    '7 requests to a homeserver, and 1 other\n  by 2 clients\n    @alice:example.org, PHONE\n    @bob:example.org, TABLET\n',
  );
  expect(storyIn(text('of-har.yaml'))).toBe(storyIn(text('of-log.yaml')));
  expect(storyIn(text('of-har.yaml'))).toContain('- bob.tablet:\n      join: den\n');
  for (const { request } of requests())
    if (request.accessToken !== null) expect(stdout + text('of-har.yaml')).not.toContain(request.accessToken);
  expect(await run('of-har.yaml')).toMatchObject({ status: 0 });
});

it('knows the one client of a recording without tokens by its login, and begins before it where it has none', async () => {
  // What Alice's browser recorded: her own requests only.
  const hers = requests().filter(
    ({ request, response }) =>
      request.accessToken === stringAt(requests()[0]?.response.body ?? null, 'access_token') ||
      response === requests()[0]?.response,
  );
  expect(hers).toHaveLength(4);
  file('hers.har', harOf(hers, false));
  expect(await open('hers.har', '--out', 'hers.yaml')).toMatchObject({ status: 0 });
  expect(storyIn(text('hers.yaml'))).toBe(`story:
  - alice.phone:
      create room: den
      history: shared
  - alice.phone:
      invite: bob
      to: den
  - alice.phone:
      send: message 1
      in: den
  - everyone: settle
`);
  // Begun late: no login, no room being made, but a client that uploads the keys of its device.
  const keys = {
    request: {
      method: 'POST',
      path: '/_matrix/client/v3/keys/upload',
      body: { device_keys: { user_id: alice, device_id: 'PHONE' } },
      accessToken: null,
      query: {},
    },
    response: { status: 200, body: {} },
  };
  file('late.har', harOf([keys as unknown as (typeof hers)[number], ...hers.slice(2)], false));
  expect(await open('late.har', '--out', 'late.yaml')).toMatchObject({ status: 0 });
  expect(storyIn(text('late.yaml'))).toBe(storyIn(text('hers.yaml')).replaceAll(' den', ' room'));
  expect(text('late.yaml')).toContain(
    '# Rooms that were there before it begins are made anew by whoever does something there first.',
  );
});

it('counts what stands in the file, and says how much is left out as it has no status', async () => {
  const line = (path: string, more: JsonObject) =>
    JSON.stringify({ method: 'POST', path: `/_matrix/client/v3/${path}`, access_token: 't', ...more });
  const keys = { device_keys: { user_id: alice, device_id: 'PHONE' } };
  file(
    'statusless',
    [
      line('keys/upload', { body: keys, status: 200, response: {} }),
      line('rooms/!r:example.org/invite', { body: { user_id: bob }, status: 200, response: {} }),
      line('rooms/!r:example.org/kick', { body: { user_id: bob } }),
      line('rooms/!r:example.org/leave', {}),
    ].join('\n'),
  );
  const { status, stdout } = await open('statusless', '--out', 'statusless.yaml');
  expect(status).toBe(0);
  expect(stdout).toContain('2 requests without a status in the file: left out of a scenario\n');
  // The login and the room that were there before are none of the file's.
  expect(stdout).toContain('1 request told, 1 that clients send by themselves\n');
  expect(stdout).toContain('not told: a request without a status in the file, 2 times\n');
  expect(text('statusless.yaml')).toContain('# 1 request is told here; 1 more is what clients do by themselves');
  expect(text('statusless.yaml')).toContain('#   a request without a status in the file, 2 times\n');
});

it('says that nobody knows whose requests they are where nothing in it says so', async () => {
  file('nobody.har', harOf(requests().slice(2, 3), false));
  const { status, stdout } = await open('nobody.har');
  expect(status).toBe(0);
  expect(stdout).toContain('no scenario can be made of it: no login, whoami or upload of device keys is in it');
  expect(await open('nobody.har', '--out', 'nobody.yaml')).toMatchObject({ status: 2 });
});

it('reads requests one a line, under the names that proxies and tests have for things', async () => {
  const line = ({ request, response }: ReturnType<typeof requests>[number], nth: number): JsonObject =>
    nth % 2 === 0
      ? {
          method: request.method,
          path: request.path,
          access_token: request.accessToken,
          body: request.body,
          status: response.status,
          response: response.body,
        }
      : {
          method: request.method,
          url: `https://example.org${request.path.replace('/v3/', '/r0/')}`,
          headers: request.accessToken === null ? {} : { Authorization: `Bearer ${request.accessToken}` },
          requestBody: JSON.stringify(request.body ?? {}),
          response: { status: response.status, body: response.body },
        };
  file(
    'lines',
    requests()
      .map(line)
      .map((one) => JSON.stringify(one))
      .join('\n'),
  );
  file('log', `${[firstLine(log.users), ...log.entries.map(entryLine)].join('\n')}\n`);
  expect(await open('lines', '--out', 'of-lines.yaml')).toMatchObject({ status: 0 });
  expect(await open('log', '--out', 'of-log.yaml')).toMatchObject({ status: 0 });
  expect(storyIn(text('of-lines.yaml'))).toBe(storyIn(text('of-log.yaml')));
});

it('says who asked Synapse for what, in each form of its lines, and that they have no bodies', async () => {
  const stamp = '2024-05-01 12:00:00,000 - synapse.access.http.8008 - 460 - INFO -';
  file(
    'homeserver.log',
    [
      `${stamp} GET-1 - 127.0.0.1 - 8008 - {@alice:example.org} Processed request: 0.012sec/0.000sec (0.003sec, 0.000sec) (0.001sec/0.002sec/3) 123B 200 "GET /_matrix/client/v3/sync?since=s1&access_token=%3Credacted%3E HTTP/1.1" "Mozilla" [0 dbevts]`,
      `${stamp} PUT-2 - ::1 - 8008 - {@alice:example.org} Processed request: 0.012sec/-0.000sec ru=(0.003sec, 0.000sec) db=(0.001sec/0.002sec/3) 11B 403! "PUT /_matrix/client/r0/sendToDevice/m.room.encrypted/t1 HTTP/1.1" "Mozilla" [0 dbevts]`,
      `${stamp} PUT-3 - ::1 - 8008 - {other.org} Processed request: 0.1sec/0.0sec (0.0sec, 0.0sec) (0.001sec/0.090sec/3) 11B !200 "PUT /_matrix/federation/v1/send/1600000000000 HTTP/1.1" "Synapse/1.20.1" [0 dbevts]`,
      `${stamp} GET-4 - something else entirely`,
    ].join('\n'),
  );
  const { status, stdout } = await open('homeserver.log');
  expect(status).toBe(0);
  expect(
    stdout,
  ).toBe(`homeserver.log: a log of Synapse with its requests https://element-hq.github.io/synapse/latest/usage/administration/request_log.html
  3 requests
    by @alice:example.org: 2
    by other.org: 1
    GET sync: 1
    PUT sendToDevice/:eventType/:txnId: 1
    PUT between servers: 1
  1 request refused
    403 PUT sendToDevice/:eventType/:txnId: 1
  no scenario can be made of it: such lines have no bodies, so who asked whom into which room is not in them: a recording of a browser (HAR) has that
`);
});
