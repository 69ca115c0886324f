/** Files that somebody bent: each is told what is wrong with it, plainly and at once; none is a fault of ours, and no terminal obeys one. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { nodeStretch } from '../../crypto/node/backend.ts';
import { base64, fromBase64 } from '../../crypto/real/base64.ts';
import { u32 } from '../../crypto/real/bytes.ts';
import { exportFile } from '../../crypto/real/key-export.ts';
import { recoveryKey } from '../../crypto/real/recovery-key.ts';
import { luckOf } from '../../fuzz/luck.ts';
import { bent, bentText } from '../../fuzz/values.ts';
import { folderOf, productionRoom } from './testing.ts';

const { file, open, remove } = folderOf();
afterAll(remove);
let made: Awaited<ReturnType<typeof productionRoom>>;
beforeAll(async () => {
  made = await productionRoom();
  file('pass', 'correct horse');
});
const bytes = (fill: number, length: number): Uint8Array => new Uint8Array(length).fill(fill);
const [header, footer] = ['-----BEGIN MEGOLM SESSION DATA-----', '-----END MEGOLM SESSION DATA-----'];
const sealed = (json: string): string =>
  exportFile(nodeStretch, 'correct horse', { salt: bytes(1, 16), iv: bytes(2, 16), rounds: 50 }, json);
/** The same file with its bytes changed. */
const changed = (text: string, change: (bytes: Uint8Array) => Uint8Array): string => {
  const within = fromBase64(text.slice(header.length, text.indexOf(footer)).replaceAll(/\s/g, '')) ?? bytes(0, 0);
  return `${header}\n${base64(change(within))}\n${footer}`;
};
const withRounds = (rounds: number) => (all: Uint8Array) => {
  const now = all.slice();
  now.set(u32(rounds), 33);
  return now;
};

it.each<[what: string, (text: string) => string, said: string]>([
  ['cut short in the middle', (text) => text.slice(0, 300), `it is cut short: ${footer} expected at its end`],
  [
    'without its first line',
    (text) => text.replace(header, '-----BEGIN MEGOLM SESSION DATA'),
    `its first line is damaged: ${header} expected`,
  ],
  [
    'with a letter that is no base64',
    (text) => text.replace('\nA', '\n*'),
    'what stands between its first and last line is no base64',
  ],
  [
    'with all but its head gone',
    (text) => changed(text, (all) => all.slice(0, 40)),
    'it is cut short: 40 bytes, at least 69 expected',
  ],
  [
    'of a version to come',
    (text) => changed(text, (all) => Uint8Array.of(2, ...all.slice(1))),
    'it is of version 2: version 1 expected',
  ],
  [
    'with rounds for a week',
    (text) => changed(text, withRounds(4_000_000_000)),
    'its passphrase is to be stretched 4 000 000 000 times: 1 to 3 000 000 expected',
  ],
  [
    'with no rounds',
    (text) => changed(text, withRounds(0)),
    'its passphrase is to be stretched 0 times: 1 to 3 000 000 expected',
  ],
  [
    'with other rounds',
    (text) => changed(text, withRounds(51)),
    'this passphrase does not open it: another one, or the file was changed',
  ],
  [
    'with one byte of its text changed',
    (text) => changed(text, (all) => all.with(60, (all[60] ?? 0) ^ 1)),
    'this passphrase does not open it: another one, or the file was changed',
  ],
  [
    'with its last byte gone',
    (text) => changed(text, (all) => all.slice(0, -1)),
    'this passphrase does not open it: another one, or the file was changed',
  ],
])('says of a key export %s what is wrong with it', async (_what, change, said) => {
  file('bent.txt', change(sealed(made.exported)));
  expect(await open('bent.txt', '--passphrase', 'pass')).toEqual({
    status: 2,
    stdout: '',
    stderr: `bent.txt: a key export under a passphrase; ${said}\n`,
  });
});

it.each<[inside: string, said: string]>([
  [
    '{"a":',
    'the passphrase opens it, and what is inside is no JSON: 1:6 the file ends here; expected a value: a text, a number, true, false, null, a list or an object',
  ],
  ['{}', 'the passphrase opens it, and what is inside is no list: a list of room keys expected'],
  [
    '[{"a":1,"a":2}]',
    'the passphrase opens it, and what is inside is no JSON: 1:9 the key “a” stands here twice; expected each key once',
  ],
  ['[7]', 'none of its 1 entry is a room key:\n  entry 1 is no room key: an object expected'],
  [
    '[{"algorithm":"m.megolm.v9"}]',
    'none of its 1 entry is a room key:\n  entry 1 is no room key: algorithm: “m.megolm.v9” is not known here',
  ],
  [
    '[{"algorithm":"m.megolm.v1.aes-sha2","room_id":7}]',
    'none of its 1 entry is a room key:\n  entry 1 is no room key: room_id: a text expected',
  ],
  [
    '[{"algorithm":"m.megolm.v1.aes-sha2","room_id":"!r","session_key":"AAAA"}]',
    'none of its 1 entry is a room key:\n  entry 1 is no room key: session_key: no key of a Megolm session, or cut short',
  ],
])('says what is wrong inside a key export: %s', async (inside, said) => {
  file('odd.txt', sealed(inside));
  expect(await open('odd.txt', '--passphrase', 'pass')).toMatchObject({
    status: 2,
    stderr: `odd.txt: a key export under a passphrase; ${said}\n`,
  });
});

it('shows characters that a terminal would obey by their numbers', async () => {
  file('evil.json', [{ type: '\u001b]0;you are mine\u0007', sender: '@a\n  opened: all is well', content: {} }]);
  const { status, stdout } = await open('evil.json');
  expect(status).toBe(0);
  expect(stdout).toContain('  \\u001b]0;you are mine\\u0007: 1\n');
  expect(stdout).not.toContain('\u001b');
});

it('is never at fault over a file that is bent in one place, and obeys no character in it', async () => {
  const key = recoveryKey(fromBase64(made.backup.secret) ?? bytes(0, 0));
  file('recovery', key);
  file('keys.json', made.exported);
  const pointer = {
    type: 'm.room_key_bundle',
    sender: '@a:b',
    content: { room_id: made.room, file: made.bundle.info },
  };
  const request = {
    method: 'POST',
    path: '/_matrix/client/v3/login',
    status: 200,
    response: { user_id: '@a:b.c', device_id: 'D', access_token: 't' },
  };
  const har = {
    log: {
      entries: [
        {
          request: { method: 'GET', url: 'https://a/_matrix/client/v3/sync', headers: [] },
          response: { status: 200, content: { text: '{}' } },
        },
      ],
    },
  };
  const seeds: readonly Json[] = [
    JSON.parse(made.exported) as Json,
    made.backupKeys,
    made.backupVersion,
    made.sync,
    pointer,
    { room_keys: JSON.parse(made.exported) as Json, withheld: [{ code: 'm.unverified', room_id: '!r' }] },
    { messages: { '@a:b': { '*': { algorithm: 'm.olm.v1.curve25519-aes-sha2', ciphertext: {} } } } },
    {
      'm.secret_storage.key.a': { algorithm: 'x', passphrase: { algorithm: 'm.pbkdf2', salt: 's', iterations: 5 } },
      'm.x': { encrypted: { a: { iv: 'AA', ciphertext: 'AA', mac: 'AA' } } },
    },
    [
      request,
      {
        method: 'POST',
        path: '/_matrix/client/v3/createRoom',
        status: 200,
        response: { room_id: '!r:b' },
        access_token: 't',
      },
    ],
    har,
  ];
  const seen = new Set<number>();
  for (let nth = 0; nth < 400; nth += 1) {
    const luck = luckOf(`open ${nth}`);
    const value = bent(luck, luck.one(seeds));
    const whole = JSON.stringify(value) ?? '';
    file('bent.json', luck.oneIn(4) ? bentText(luck, whole) : whole);
    const flags = luck.one([[], ['--recovery-key', 'recovery'], ['--keys', 'keys.json'], ['--passphrase', 'pass']]);
    const { status, stdout, stderr } = await open('bent.json', ...flags);
    seen.add(status);
    expect({ nth, whole, status: status === 0 || status === 2, stderr }).toEqual({ nth, whole, status: true, stderr });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
  expect([...seen].sort()).toEqual([0, 2]);
});

it.each(['{"rooms":{}}', '{"etag":"0","count":0,"rooms":{}}'])(
  'knows %s as a key backup with nothing in it',
  async (content) => {
    file('empty.json', content);
    const { status, stdout } = await open('empty.json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/what a homeserver keeps of a key backup .*\n {2}no room key\n/);
  },
);

it('says what is wrong with a sync whose next_batch is no text', async () => {
  file('number.json', '{"next_batch":5}');
  expect(await open('number.json')).toMatchObject({
    status: 2,
    stderr: 'number.json: an answer to a sync; next_batch: a text expected\n',
  });
});
