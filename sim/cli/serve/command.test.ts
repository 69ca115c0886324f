/** `hearsay serve` as a process: what it says, what it keeps, and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hearsayIn } from '../testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-serve-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe('hearsay serve', () => {
  it('serves, keeps a log that plays again with the same answers, and ends when it is told to', async () => {
    const port = await freePort();
    const args = ['serve', '@alice:example.org', '--port', String(port), '--log', 'log'];
    const child = spawn(process.execPath, [resolve('sim/cli/hearsay.mjs'), ...args], { cwd: folder });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!said.includes('\n')) await once(child.stdout, 'data');
    expect(said).toBe(`http://127.0.0.1:${port}  @alice:example.org  password: secret\n`);
    const identifier = { type: 'm.id.user', user: 'alice' };
    const body = JSON.stringify({ type: 'm.login.password', identifier, password: 'secret' });
    const login = await fetch(`http://127.0.0.1:${port}/_matrix/client/v3/login`, { method: 'POST', body });
    expect(await login.json()).toMatchObject({ user_id: '@alice:example.org' });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);

    expect(await hearsayIn(folder, 'serve', '--check', 'log')).toEqual({
      status: 0,
      stdout: '1 answer, all as in the log\n',
      stderr: '',
    });
    const log = readFileSync(join(folder, 'log'), 'utf8');
    writeFileSync(join(folder, 'bent'), log.replace('"status":200', '"status":403'));
    const bent = await hearsayIn(folder, 'serve', '--check', 'bent');
    expect([bent.status, bent.stdout]).toEqual([1, expect.stringMatching(/^line 2 is answered otherwise now: /)]);
  });

  it.each([
    '{"users":["@a:x.org"]}\n{"event":{"at":1,"server":"y.org","request":{"accessToken":null,"method":"GET","path":"/"}},"response":{"status":200,"body":{}}}',
    '{"users":["@a:x.org"]}\n{"event":{"at":1,"server":"x.org","move":{"move":"nosuch"}},"response":{"status":200,"body":{}}}',
    '{"users":["@a:x.org"]}\n{"event":{"at":1,"server":"x.org","request":{"accessToken":null,"method":"EAT","path":"/"}},"response":{"status":200,"body":{}}}',
    '{"users":["@a:x.org","@a:x.org"]}\n',
    'no JSON',
  ])('takes no text for a log that is none: %#', async (text) => {
    writeFileSync(join(folder, 'odd'), text);
    expect(await hearsayIn(folder, 'serve', '--check', 'odd')).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('--check odd is no log of hearsay serve, as --log writes them: line '),
    });
  });

  it.each<[string, readonly string[], string]>([
    ['a name that is no user', ['alice'], 'alice: a user expected, as in @alice:example.org'],
    ['a user twice', ['@a:x.org', '@a:x.org'], '@a:x.org is named twice'],
    ['no log', ['--check', 'nosuch'], '--check nosuch cannot be read: there is no such file'],
    [
      'a file that is no log',
      ['--check', 'other'],
      '--check other is no log of hearsay serve, as --log writes them: line 1: users: a list of user ids expected, each once, as in {"users":["@alice:example.org"]}',
    ],
  ])('answers %s with one line', async (_what, words, line) => {
    writeFileSync(join(folder, 'other'), '{}\n');
    expect(await hearsayIn(folder, 'serve', ...words)).toEqual({ status: 2, stdout: '', stderr: `${line}\n` });
  });

  it('plays a log again that a long day has made', async () => {
    writeFileSync(join(folder, 'long'), `{"users":["@a:b.c"]${' '.repeat(9 * 2 ** 20)}}\n`);
    const said = { status: 0, stdout: '0 answers, all as in the log\n', stderr: '' };
    expect(await hearsayIn(folder, 'serve', '--check', 'long')).toEqual(said);
  });

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await hearsayIn(folder, 'serve', '--port', String(port))).toEqual({
      status: 2,
      stdout: '',
      stderr: `port ${port} or one behind it is taken: another one with --port\n`,
    });
    server.close();
  });
});
