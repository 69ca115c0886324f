/** A log as a scenario: what people did at a served homeserver, told again by the model's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Json, stringAt } from '../../../machines/json.ts';
import { luckOf } from '../../fuzz/luck.ts';
import { bent } from '../../fuzz/values.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { hearsayIn } from '../testing.ts';
import { entryLine, firstLine, type Log, readLog } from './log.ts';
import { scenarioOf } from './scenario.ts';
import { serving } from './testing.ts';
import { toldIn } from './told.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [alice, bob] = ['@alice:example.org', '@bob:example.org'] as const;

/** A session of two: a room, an invitation, a message, a backup that is made anew, and some things that no story has. */
const session = async (): Promise<Log> => {
  const house = await serving(alice, bob);
  const phone = await house.logIn(alice, 'PHONE');
  await phone('GET', '/_matrix/client/versions');
  await phone('POST', 'keys/upload', {});
  await phone('POST', 'room_keys/version', {
    algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2',
    auth_data: { public_key: 'x' },
  });
  const made = await phone('POST', 'createRoom', { name: 'Den!', preset: 'private_chat' });
  const room = encodeURIComponent(stringAt(made.body, 'room_id') ?? '');
  await phone('POST', `rooms/${room}/invite`, { user_id: bob });
  const other = await house.logIn(bob, 'B.1_x');
  await other('GET', 'sync');
  await other('POST', `join/${room}`, {});
  await phone('GET', 'sync');
  await phone('PUT', `rooms/${room}/send/m.room.encrypted/1`, { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'x' });
  await phone('DELETE', 'room_keys/version/1');
  await phone('POST', 'room_keys/version', {
    algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2',
    auth_data: { public_key: 'y' },
  });
  await other('PUT', `rooms/${room}/state/m.room.topic`, { topic: 'a\n- mallory: nothing' });
  await phone('POST', `rooms/${room}/kick`, { user_id: '@nobody:example.org' });
  await house.ask('example.org', null)('POST', '/_hearsay/moves', { move: 'read queue', user: bob, device: 'B.1_x' });
  await house.served.close();
  return { users: [alice, bob], entries: house.entries };
};
const textOf = ({ users, entries }: Log): string => `${[firstLine(users), ...entries.map(entryLine)].join('\n')}\n`;

it('has the people, what they did in order, what came of it, and a list of what it cannot tell; and it runs', async () => {
  writeFileSync(join(folder, 'log'), textOf(await session()));
  const { status, stdout } = await hearsayIn(folder, 'serve', '--scenario', 'kept.yaml', 'log');
  expect(status).toBe(0);
  const text = readFileSync(join(folder, 'kept.yaml'), 'utf8');
  expect(text.slice(text.indexOf('cast:'), text.indexOf('expect:'))).toBe(`cast:
  servers:
    - example.org
  users:
    alice:
      server: example.org
      devices:
        - phone:
            cross-signed: false
    bob:
      server: example.org
      devices:
        - b-1-x:
            cross-signed: false
  backup: false
story:
  - alice.phone: create backup
  - alice.phone:
      create room: den
      history: shared
  - alice.phone:
      invite: bob
      to: den
  - bob.b-1-x: sync
  - bob.b-1-x:
      join: den
  - alice.phone: sync
  - alice.phone:
      send: message 1
      in: den
  - alice.phone: reset backup
  - everyone: settle
`);
  for (const what of [
    'PUT rooms/:roomId/state/:type (403)',
    'POST rooms/:roomId/kick (403)',
    'the move read queue (200)',
  ]) {
    expect(text).toContain(`#   ${what}, 1 time\n`);
    expect(stdout).toContain(`not told: ${what}`);
  }
  expect(text).not.toContain('mallory');
  // What clients ask by themselves is no more than counted.
  expect(stdout).not.toMatch(/not told: GET /);
  const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
  expect(resolve(folder, schema)).toBe(resolve('scenarios/schema.json'));
  expect(text).toContain('# Names of rooms, users, devices and servers are those of the recording: replace them');
  const again = await hearsayIn(folder, 'run', 'kept.yaml');
  expect([again.status, again.stderr]).toEqual([0, '']);
});

it('is the same text for the same log', async () => {
  const log = await session();
  expect(scenarioOf(log)).toEqual(scenarioOf(JSON.parse(JSON.stringify(log)) as Log));
});

it('has no line for a sync that brings nothing, also where it leaves out what it has nothing of', async () => {
  const { users, entries } = await session();
  const syncsWith = (body: Json): number => {
    const quiet = entries.map((entry) =>
      'request' in entry.event && entry.event.request.path.endsWith('/sync')
        ? { ...entry, response: { status: 200, body } }
        : entry,
    );
    return toldIn({ users, entries: quiet }).lines.filter(({ does }) => does === 'sync').length;
  };
  expect(syncsWith({ next_batch: 's1' })).toBe(0);
  expect(syncsWith({ next_batch: 's1', to_device: { events: [] } })).toBe(0);
  expect(syncsWith({ next_batch: 's1', to_device: { events: [{ type: 'm.dummy' }] } })).toBe(2);
});

it('leaves out what the model’s people cannot do there, and says so', async () => {
  const { users, entries } = await session();
  // Whoever asked him in is forgotten, as if the log began later.
  const late = entries.filter(({ event }) => !('request' in event && event.request.path.endsWith('/invite')));
  const made = scenarioOf({ users, entries: late });
  if (!made.ok) throw new Error(made.why);
  expect(made.undone.map(({ act }) => act)).toContain('bob.b-1-x joins den');
  expect(made.text).toContain('#   bob.b-1-x joins den');
  expect(made.text).not.toContain('join: den');
});

it('makes a scenario that can be read of any log, or says why not', async () => {
  const { users, entries } = await session();
  let read = 0;
  for (let nth = 0; nth < 60; nth += 1) {
    const luck = luckOf(`log/${nth}`);
    const odd = entries.map((entry) =>
      luck.oneIn(4) ? bent(luck, entry as unknown as Json) : (entry as unknown as Json),
    );
    const from = readLog([firstLine(users), ...odd.map((one) => JSON.stringify(one))].join('\n'));
    const log = from.ok ? from.log : null;
    if (log === null) continue;
    read += 1;
    const made = scenarioOf(log);
    if (made.ok) expect(parseScenario(made.text, 'odd').ok, made.text).toBe(true);
    else expect(made.why).not.toBe('');
  }
  expect(read).toBeGreaterThan(5);
});

const longHost = `${'x'.repeat(66)}.org`;
it.each<[string, string, string]>([
  [
    'no log',
    'nonsense',
    'odd is no log of hearsay serve, as --log writes them: line 1: “n” stands here (column 1); expected a value: a text, a number, true, false, null, a list or an object',
  ],
  ['a log in which nobody logs in', `${firstLine([alice])}\n`, 'odd cannot be told as a scenario: nobody logs in'],
  [
    'a log whose server no cast can have',
    `${firstLine([`@a:${longHost}`])}\n${entryLine({ event: { at: 1, server: longHost, request: { accessToken: null, method: 'POST', path: '/_matrix/client/v3/login', body: {} } }, response: { status: 200, body: { user_id: `@a:${longHost}`, device_id: 'X', access_token: 't' } } })}\n`,
    `odd cannot be told as a scenario: “${longHost.slice(0, 60)}…” cannot be a server; expected a host name in small letters`,
  ],
])('answers %s with one line', async (_what, text, line) => {
  writeFileSync(join(folder, 'odd'), text);
  const said = await hearsayIn(folder, 'serve', '--scenario', 'none.yaml', 'odd');
  expect([said.status, said.stderr]).toEqual([2, expect.stringContaining(line)]);
});

it('does not write over the log that it reads', async () => {
  writeFileSync(join(folder, 'log'), firstLine([alice]));
  const said = await hearsayIn(folder, 'serve', '--scenario', './log', 'log');
  expect([said.status, said.stderr]).toEqual([2, expect.stringContaining('that is the log')]);
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(firstLine([alice]));
});

it('takes answers that no homeserver gives for what they are', () => {
  const login = (body: object) => ({
    event: {
      at: 1,
      server: 'example.org',
      request: { accessToken: null, method: 'POST' as const, path: '/_matrix/client/v3/login', body: {} },
    },
    response: { status: 200, body: body as never },
  });
  const odd = [
    {},
    { user_id: 7 },
    { user_id: '@nobody:example.org', device_id: '__proto__', access_token: '__proto__' },
  ];
  const sane = { user_id: alice, device_id: '__proto__', access_token: 'constructor' };
  const made = scenarioOf({ users: [alice], entries: [...odd, sane].map(login) });
  expect(made.ok && made.told.users).toMatchObject([{ name: 'alice', devices: [{ name: 'proto' }] }]);
});
