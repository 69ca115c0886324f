/** `hearsay open` on files of lines, one that was cut off, on a part of an answer by itself, and on what is no text as UTF-8. */
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { folderOf } from './testing.ts';

const { file, open, remove } = folderOf();
afterAll(remove);

const lines = (...values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const login = {
  method: 'POST',
  path: '/_matrix/client/v3/login',
  status: 200,
  response: { user_id: '@a:b.c', device_id: 'D', access_token: 't' },
};
const made = {
  method: 'POST',
  path: '/_matrix/client/v3/createRoom',
  status: 200,
  response: { room_id: '!r:b.c' },
  access_token: 't',
};
const withheld = {
  type: 'm.room_key.withheld',
  sender: '@bob:b.c',
  content: { room_id: '!r:b.c', code: 'm.unverified' },
};
const log = '{"users":["@a:b.c"]}\n';
const logged = (at: number): object => ({
  event: { at, server: 'b.c', request: { accessToken: null, method: 'GET', path: '/_matrix/client/versions' } },
  response: { status: 200, body: {} },
});

it.each<[what: string, text: string, cut: string]>([
  ['requests', lines(login, made), '{"method":"PUT","path":"/_matrix/cl'],
  ['events', lines(withheld, withheld), '{"type":"m.room_key","sen'],
  ['a log of hearsay serve', `${log}${lines(logged(1), logged(2))}`, '{"event":{"at":3'],
])('reads %s of which the last line is cut off, and says so', async (_what, text, cut) => {
  file('whole', text);
  file('cut', `${text}${cut}`);
  const whole = await open('whole');
  const line = text.split('\n').length;
  const start = whole.stdout.lastIndexOf('  --out ') >= 0 ? '  --out ' : '  no scenario ';
  const told = `  1 line cut short, the last one (line ${line}): left out\n`;
  const at = whole.stdout.lastIndexOf(start);
  expect(whole.status).toBe(0);
  expect(await open('cut')).toEqual({
    status: 0,
    stderr: '',
    stdout: `${whole.stdout.slice(0, at)}${told}${whole.stdout.slice(at)}`.replace('whole:', 'cut:'),
  });
});

it('takes no line for one that was cut off that has an end, or is whole and wrong', async () => {
  file('ended', `${lines(login)}{"method":\n`);
  file('wrong', `${lines(login)}7`);
  expect((await open('ended')).stderr).toMatch(/^ended: one value a line, and 2:11 the file ends here/);
  expect((await open('wrong')).stderr).toBe('wrong: one value a line, and line 2 is no object\n');
});

it('knows events that stand by themselves as they do in an answer to a sync', async () => {
  file('list.json', [withheld]);
  file('part.json', { events: [withheld] });
  file('none.json', { events: [] });
  file('wrong.json', { events: [7] });
  const list = await open('list.json');
  expect(list.stdout).toContain('@bob:b.c: a room key kept back, of room !r:b.c: m.unverified');
  expect(await open('part.json')).toEqual({ ...list, stdout: list.stdout.replaceAll('list.json', 'part.json') });
  expect((await open('none.json')).stdout).toContain('0 events');
  expect((await open('wrong.json')).stderr).toContain('none of its 1 entry is an event');
  // Account data stands in an answer in the same way.
  const stored = { type: 'm.secret_storage.default_key', content: { key: 'one' } };
  file('stored.json', { events: [stored] });
  expect((await open('stored.json')).stdout).toContain('account data of secret storage');
});

it.each<[what: string, bytes: Uint8Array, says: string]>([
  ['UTF-16 with its mark', Buffer.from('\ufeff[]', 'utf16le'), 'it is a text in UTF-16: save it as UTF-8 first'],
  [
    'UTF-16 of the other order',
    Buffer.from('\ufeff[{}]', 'utf16le').swap16(),
    'it is a text in UTF-16: save it as UTF-8 first',
  ],
  ['UTF-16 without a mark', Buffer.from('{"type":"m.x"}', 'utf16le'), 'it is a text in UTF-16: save it as UTF-8 first'],
  ['what gzip packs', gzipSync('{}'), 'it is packed with gzip: unpack it first'],
  ['what zip packs', Buffer.from('PK\u0003\u0004\u0000'), 'it is packed with zip: unpack it first'],
])('tells %s for what it is', async (_what, bytes, says) => {
  file('bytes', bytes);
  expect(await open('bytes')).toEqual({ status: 2, stdout: '', stderr: `bytes: ${says}\n` });
});
