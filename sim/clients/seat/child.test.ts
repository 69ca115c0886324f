/** Child processes in a seat: what they do wrong is a value. They are small programs of this Node's, one line each. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Said, Trouble } from './client.ts';
import { passOn } from './passing-on.ts';
import { saidIn } from './reading.ts';
import { childProcess } from './threads.ts';

const hello = { hello: { name: 'a test', version: '1', acts: [], shows: [] } };
/** A child that answers each line as the JavaScript `says` has it, given `told`. */
const child = (says: string, patienceMs = 5000) =>
  childProcess(
    [
      process.execPath,
      '-e',
      `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const told = JSON.parse(line);
        const say = (what) => process.stdout.write((typeof what === 'string' ? what : JSON.stringify({ id: told.id, ...what })) + '\\n');
        if (told.op === 'hello') return say(${JSON.stringify(hello)});
        ${says}
      })`,
    ],
    patienceMs,
  )('1');
const saidBy = (says: string, patienceMs?: number): Said | Trouble => {
  const one = child(says, patienceMs);
  expect(one.tell({ op: 'hello', protocol: 1, seed: '1' })).toEqual(hello);
  const said = one.tell({ op: 'restart', atMs: 0 });
  one.close();
  return said;
};

test('a child is told one line and says one line', () => {
  expect(saidBy("say({ shows: { master: 'k' } })")).toMatchObject({ shows: { master: 'k', secrets: [] } });
  expect(saidBy("say({ cannot: 'it has no store' })")).toEqual({ cannot: 'it has no store' });
  const wants = [{ method: 'POST', path: '/_matrix/client/v3/keys/query', body: {} }];
  expect(saidBy(`say({ wants: ${JSON.stringify(wants)}, shows: {} })`)).toMatchObject({ wants });
});

test('nonsense, a wrong id and what nobody knows are told as nonsense', () => {
  expect(saidBy("say('no json')")).toMatchObject({ trouble: 'nonsense' });
  expect(saidBy("say('[1]')")).toMatchObject({ trouble: 'nonsense' });
  expect(saidBy('say(JSON.stringify({ id: 99, shows: {} }))')).toMatchObject({ trouble: 'nonsense' });
  expect(saidBy('say({ shows: { whims: [] } })')).toMatchObject({
    trouble: 'nonsense',
    why: 'nobody knows how to show whims',
  });
  expect(saidBy("say({ shows: { secrets: [{ name: 'm' }] } })")).toMatchObject({ trouble: 'nonsense' });
  expect(saidBy("say({ wants: [{ method: 'GET', path: 'http://elsewhere/' }], shows: {} })")).toMatchObject({
    trouble: 'nonsense',
  });
});

test('what misses a part is told as nonsense, in lists and in the word for where it came from too', () => {
  const shows = (what: object): string => `say(${JSON.stringify({ shows: what })})`;
  const secret = (origin: unknown) => shows({ secrets: [{ name: 'm', secret: 's', origin }] });
  const gift = (to: unknown) =>
    shows({ gifts: [{ room: 'r', sessionId: 's', index: 0, sharedHistory: true, visibility: null, to }] });
  const share = (more: object) =>
    shows({ shares: [{ room: 'r', user: 'u', devices: [], url: 'm', sessions: [], withheld: {}, ...more }] });
  const right = [
    secret({ how: 'made' }),
    secret({ how: 'push', user: '@a:b', device: null }),
    gift([{ user: '@a:b', device: 'PHONE' }]),
    share({ devices: ['PHONE'], sessions: ['s'] }),
  ];
  for (const one of right) expect(saidBy(one)).toHaveProperty('shows');
  const wrong = [
    secret({ how: 'fly' }),
    secret({ how: 'constructor' }),
    secret({ how: 'push' }),
    secret({ how: 'push', user: '@a:b' }),
    secret({ how: 'backup', version: 1 }),
    secret({ how: 'bundle', user: '@a:b', device: null }),
    gift([null]),
    gift([{ user: '@a:b' }]),
    share({ devices: [null] }),
    share({ sessions: [null, 5] }),
  ];
  for (const one of wrong)
    expect(saidBy(one)).toMatchObject({ trouble: 'nonsense', why: expect.stringContaining(' is not ') });
});

test('what is nested too deep, or names a key twice, is told as that at once', () => {
  const deep = (levels: number): string =>
    `say('{"id":' + told.id + ',"shows":{"deviceKeys":' + '{"a":'.repeat(${levels}) + '{}' + '}'.repeat(${levels}) + '}}')`;
  expect(saidBy(deep(90))).toHaveProperty('shows');
  for (const levels of [100, 100_000])
    expect(saidBy(deep(levels))).toEqual({
      trouble: 'nonsense',
      why: expect.stringMatching(/^no JSON that can be read: .{80} \(.*nested too deep/),
    });
  const twice = `say('{"id":' + told.id + ',"shows":{},"shows":{"master":"k"}}')`;
  expect(saidBy(twice)).toMatchObject({
    trouble: 'nonsense',
    why: expect.stringContaining('“shows” stands here twice'),
  });
});

test('a name, a version and a reason are short enough to be shown in a row', () => {
  expect(saidBy(`say({ cannot: 'x'.repeat(2000) })`)).toHaveProperty('cannot');
  for (const said of [`{ cannot: 'x'.repeat(2001) }`, `{ shows: {}, failed: 'x'.repeat(2001) }`])
    expect(saidBy(`say(${said})`)).toEqual({ trouble: 'nonsense', why: 'a reason of more than 2000 characters' });
  const named = (name: string, version: string) => saidIn({ hello: { name, version, acts: [], shows: [] } });
  expect(named('x'.repeat(200), '1')).toHaveProperty('hello');
  for (const [name, version] of [
    ['x'.repeat(201), '1'],
    ['x', '1'.repeat(201)],
  ] as const)
    expect(named(name, version)).toBe('hello says a name or a version of more than 200 characters');
});

test('a line that nobody asked for is told as nonsense', () => {
  const two = child("say({ shows: {} }); if (told.op === 'restart') say({ shows: {} })");
  two.tell({ op: 'hello', protocol: 1, seed: '1' });
  two.tell({ op: 'restart', atMs: 0 });
  expect(two.tell({ op: 'restart', atMs: 0 })).toMatchObject({ trouble: 'nonsense' });
  two.close();
});

test('a child that ends, and one that says nothing in time, are told of, and of everything after', () => {
  expect(saidBy('process.exit(3)')).toEqual({
    trouble: 'dead',
    why: expect.stringMatching(/ended with exit code 3$/),
  });
  expect(saidBy('', 300)).toEqual({ trouble: 'silent', why: 'nothing was said to “restart” within 300 ms' });
  const unended = `process.stdout.write(JSON.stringify({ id: told.id, shows: {} }))`;
  expect(saidBy(unended, 300)).toEqual({
    trouble: 'silent',
    why: 'no line that ends (19 bytes of one) was said to “restart” within 300 ms',
  });
  const gone = child('process.exit(0)');
  gone.tell({ op: 'restart', atMs: 0 });
  expect(gone.tell({ op: 'restart', atMs: 0 })).toMatchObject({ trouble: 'dead' });
  gone.close();
});

test('a command that is not there is told of', () => {
  const nobody = childProcess(['/nowhere/at-all'])('1');
  expect(nobody.tell({ op: 'hello', protocol: 1, seed: '1' })).toMatchObject({ trouble: 'dead' });
  nobody.close();
});

/** Children that listen to nothing: they end when they are made to. Each holds a connection open for as long as it lives. */
const stubborn = (port: number): string => `
  require('node:net').connect(${port}, '127.0.0.1').on('error', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('SIGINT', () => undefined);
  setInterval(() => undefined, 1000);`;
const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  server.on('connection', (socket) => {
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
  });
  /** Resolves when `count` have come and all of them have gone. */
  const gone = async (count: number): Promise<void> => {
    while (sockets.length < count) await once(server, 'connection');
    await Promise.all(sockets.map((socket) => (socket.closed ? undefined : once(socket, 'close'))));
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, gone };
};

test('a child that is silent or talks nonsense is ended before its seat is closed, with whomever it has started', async () => {
  for (const says of ['', "say('no json')"]) {
    const { port, gone } = await listening();
    const other = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn(port))}], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })`;
    const one = child(`${stubborn(port)}; const its = ${other}; setTimeout(() => { ${says} }, 100)`, 3000);
    one.tell({ op: 'hello', protocol: 1, seed: '1' });
    expect(one.tell({ op: 'restart', atMs: 0 })).toHaveProperty('trouble');
    await gone(1);
    one.close();
  }
});

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('no child outlives a process that ends by %s', async (signal) => {
  const { port, gone } = await listening();
  const script = `
    import { childProcess } from ${JSON.stringify(new URL('./threads.ts', import.meta.url).href)};
    const program = ${JSON.stringify(`${stubborn(port)}; process.stdin.once('data', () => console.log(JSON.stringify({ id: 1, hello: ${JSON.stringify(hello.hello)} })))`)};
    childProcess([process.execPath, '-e', program])('1').tell({ op: 'hello', protocol: 1, seed: '1' });
    console.log('seated');
    setInterval(() => undefined, 1000);`;
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-seat-'));
  const file = join(folder, 'main.mjs');
  writeFileSync(file, script);
  const main = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(main.stdout, 'data');
  main.kill(signal);
  await gone(1);
  rmSync(folder, { recursive: true });
});

test('what a child writes to its standard error is passed on as it may be shown, up to a bound, and read to its end', async () => {
  const from = new PassThrough();
  const passed: string[] = [];
  passOn(from, 'it', (text) => passed.push(text));
  from.write('one \u001b[31m\r\ntwo');
  for (let nth = 0; nth < 100; nth += 1) from.write(`${'x'.repeat(9_999)}\n`);
  from.end();
  await once(from, 'end');
  const text = passed.join('');
  expect(text).toMatch(/^one \\u001b\[31m\ntwox/);
  expect(text.length).toBeLessThan(66_000);
  expect(text.match(/left out/g)).toHaveLength(1);
  const exactly = new PassThrough();
  const said: string[] = [];
  passOn(exactly, 'it', (one) => said.push(one));
  exactly.write(`${'x'.repeat(65_535)}\n`);
  exactly.end('more');
  await once(exactly, 'end');
  expect(said.join('')).toMatch(/x\nit: what else it writes to its standard error is left out\n$/);
  expect(text).toMatch(/x\nit: what else it writes to its standard error is left out\n$/);
});
