/** `hearsay open` on what real clients and servers write: opened as they open it, told without a secret, and a scenario where there is one. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import type { JsonObject } from '../../../machines/json.ts';
import { nodeStretch } from '../../crypto/node/backend.ts';
import { base64, fromBase64 } from '../../crypto/real/base64.ts';
import { utf8 } from '../../crypto/real/bytes.ts';
import { exportFile } from '../../crypto/real/key-export.ts';
import { recoveryKey } from '../../crypto/real/recovery-key.ts';
import { keyCheck, sealSecret } from '../../crypto/real/secret-storage.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { decryptedByProduction, encryptedByProduction, folderOf, productionRoom, storyOf } from './testing.ts';

const { file, text, open, run, remove } = folderOf();
const storyIn = (name: string): readonly string[] => storyOf(text(name));
const bytes = (fill: number, length: number): Uint8Array => new Uint8Array(length).fill(fill);
const passphrase = 'correct horse';
const sender = '@bob:example.org';
const olm = { algorithm: 'm.olm.v1.curve25519-aes-sha2', sender_key: 'x', ciphertext: { y: { type: 0, body: 'z' } } };
const storageKey = bytes(7, 32);
const own = (json: string, rounds = 1_000): string =>
  exportFile(nodeStretch, passphrase, { salt: bytes(1, 16), iv: bytes(2, 16), rounds }, json);

let made: Awaited<ReturnType<typeof productionRoom>>;
beforeAll(async () => {
  made = await productionRoom();
  file('export.txt', await encryptedByProduction(made.exported, passphrase, 100_000));
  file('pass', `${passphrase}\n`);
  const key = fromBase64(made.backup.secret) ?? bytes(0, 0);
  file('backup.json', made.backupKeys);
  file('recovery', recoveryKey(key));
  // Secret storage has a recovery key of its own, and holds that of the backup.
  const data: JsonObject = {
    'm.secret_storage.default_key': { key: 'one' },
    'm.secret_storage.key.one': {
      algorithm: 'm.secret_storage.v1.aes-hmac-sha2',
      ...keyCheck(storageKey, bytes(3, 16)),
    },
    [BACKUP_SECRET]: {
      encrypted: { one: sealSecret(storageKey, BACKUP_SECRET, bytes(4, 16), utf8(made.backup.secret)) },
    },
  };
  file('account.json', data);
  file('storage-key', recoveryKey(storageKey));
  file('bundle.bin', made.bundle.ciphertext);
  const pointer = {
    type: 'm.room_key_bundle',
    sender: '@alice:example.org',
    content: { room_id: made.room, file: { ...made.bundle.info, url: 'mxc://a/b' } },
  };
  file('pointer.json', pointer);
  file('sync.json', made.sync);
  file('keys.json', made.exported);
  file('to-device.json', {
    next_batch: 's1',
    to_device: {
      events: [
        { type: 'm.room.encrypted', sender, content: olm },
        {
          type: 'm.secret.request',
          sender,
          content: { action: 'request', name: 'm.megolm_backup.v1', request_id: '1' },
        },
        { type: 'io.element.msc4385.secret.push', sender, content: { name: 'm.megolm_backup.v1', secret: 'c2VjcmV0' } },
        { type: 'm.room_key.withheld', sender, content: { room_id: '!r', code: 'm.unverified' } },
      ],
    },
  });
  file('version.json', made.backupVersion);
});
afterAll(remove);

it('opens a key export that production wrote, and production opens one of ours', async () => {
  const { status, stdout } = await open('export.txt', '--passphrase', 'pass');
  expect(
    stdout,
  ).toBe(`export.txt: a key export under a passphrase https://spec.matrix.org/v1.19/client-server-api/#key-exports
  its passphrase is stretched 100 000 times
  1 room key of 1 room
    ${made.room}: 1 room key, 1 with shared history
  --out FILE writes a scenario to start from
`);
  expect(status).toBe(0);
  expect(JSON.parse(await decryptedByProduction(own(made.exported), passphrase))).toEqual(JSON.parse(made.exported));
});

it('says what a key export is without its passphrase, and what would open it', async () => {
  file('closed.txt', own(made.exported));
  const { status, stdout } = await open('closed.txt');
  expect(status).toBe(0);
  expect(stdout).toContain('closed: --passphrase opens its room keys');
  expect(stdout).toContain('which is few: 100 000 or more are asked for');
});

it('says that it opens the first of two key exports in one file', async () => {
  file('two.txt', `${own(made.exported)}\n${own('[]')}\n`);
  const more = 'another one stands behind it in the file: only the first is opened';
  expect((await open('two.txt')).stdout).toContain(more);
  expect((await open('two.txt', '--passphrase', 'pass')).stdout).toContain(more);
  expect((await open('closed.txt')).stdout).not.toContain(more);
});

it('opens what production keeps in a backup with its recovery key, and with account data that holds it', async () => {
  const whole = await open('backup.json', '--recovery-key', 'recovery');
  expect(whole).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`1 room key of 1 room\n    ${made.room}: 1 room key`),
  });
  expect(await open('account.json', '--recovery-key', 'storage-key')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${BACKUP_SECRET}: opened; its public half is ${made.backup.publicKey}`),
  });
  expect(await open('backup.json', '--recovery-key', 'storage-key', '--keys', 'account.json')).toMatchObject({
    status: 0,
    stdout: whole.stdout,
  });
  expect(await open('backup.json', '--recovery-key', 'storage-key')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      'this key opens nothing of the one room key in it: the key of another backup, or of secret storage',
    ),
  });
  expect((await open('version.json', '--recovery-key', 'recovery')).stdout).toContain(
    'the key that is given is its private half',
  );
  expect((await open('version.json', '--recovery-key', 'storage-key')).stdout).toContain('is not its private half');
});

it('opens secret storage by a passphrase, which the description says how to stretch', async () => {
  const key = nodeStretch(utf8('open sesame'), utf8('salt'), 20, 32);
  file('by-passphrase.json', {
    'm.secret_storage.key.one': {
      algorithm: 'm.secret_storage.v1.aes-hmac-sha2',
      passphrase: { algorithm: 'm.pbkdf2', salt: 'salt', iterations: 20 },
      ...keyCheck(key, bytes(3, 16)),
    },
    'org.example.other': { encrypted: { one: sealSecret(key, 'org.example.other', bytes(4, 16), utf8('hidden')) } },
  });
  process.env.HEARSAY_TEST_PASSPHRASE = 'open sesame';
  const { stdout } = await open('by-passphrase.json', '--passphrase', 'env:HEARSAY_TEST_PASSPHRASE');
  process.env.HEARSAY_TEST_PASSPHRASE = 'open barley';
  const wrong = await open('by-passphrase.json', '--passphrase', 'env:HEARSAY_TEST_PASSPHRASE');
  delete process.env.HEARSAY_TEST_PASSPHRASE;
  expect(stdout).toContain('org.example.other: opened\n');
  expect(stdout).not.toContain('hidden');
  expect(wrong).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('this passphrase does not give its key'),
  });
});

it.each([-1, 0, 1.5, '20', null])('says of iterations that are %j that they are no count', async (iterations) => {
  const passphrase = { algorithm: 'm.pbkdf2', salt: 'salt', iterations };
  file('rounds.json', { 'm.secret_storage.key.one': { algorithm: 'm.secret_storage.v1.aes-hmac-sha2', passphrase } });
  expect((await open('rounds.json')).stdout).toContain('its passphrase.iterations is no whole number from 1');
});

it('opens a room key bundle as production uploads it, by the key that its pointer carries', async () => {
  expect(await open('bundle.bin', '--keys', 'pointer.json')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(
      `an encrypted attachment, as a room key bundle is uploaded https://spec.matrix.org/v1.19/client-server-api/#sending-encrypted-attachments\n  1 room key of 1 room\n`,
    ),
  });
  const bent = made.bundle.ciphertext.slice();
  bent[0] = (bent[0] ?? 0) ^ 1;
  file('bent.bin', bent);
  expect(await open('bent.bin', '--keys', 'pointer.json')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('the key does not open it'),
  });
  expect(await open('bundle.bin')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('an encrypted attachment? Its key'),
  });
});

it('opens messages of an answer to a sync with the room keys of another file', async () => {
  const closed = await open('sync.json');
  expect(closed.stdout).toContain(
    'closed: 2 messages sealed by room keys: --keys with a key export opens those it has keys of',
  );
  const { stdout } = await open('sync.json', '--keys', 'keys.json');
  expect(stdout).toContain('@alice:example.org: opened: m.room.message “the well is dry”');
  expect(stdout).toContain('@alice:example.org: opened: m.room.message “the well is full”');
  expect(stdout).not.toContain('closed:');
});

it('tells events to devices apart: what is sealed, what asks for keys, and what no client may take', async () => {
  const { stdout } = await open('to-device.json');
  expect(stdout).toContain(`  4 events to the device
    @bob:example.org: sealed by m.olm.v1.curve25519-aes-sha2
    @bob:example.org: asks for the secret m.megolm_backup.v1
    @bob:example.org: a secret pushed, m.megolm_backup.v1: in the clear, where no client may take it
    @bob:example.org: a room key kept back, of room !r: m.unverified
`);
  expect(stdout).toContain('closed: 1 event sealed by Olm: only the device it went to opens that');
  file('body.json', { messages: { [sender]: { '*': olm } } });
  expect((await open('body.json')).stdout).toContain(
    'to @bob:example.org, all devices: algorithm m.olm.v1.curve25519-aes-sha2',
  );
});

it('prints no room key, secret, passphrase or recovery key, whatever is opened with what', async () => {
  const key = recoveryKey(fromBase64(made.backup.secret) ?? bytes(0, 0));
  const secrets = [
    ...made.sessionKeys,
    made.backup.secret,
    key,
    key.replaceAll(' ', ''),
    passphrase,
    'c2VjcmV0',
    base64(bytes(7, 32)),
    String((made.bundle.info.key as JsonObject).k),
  ];
  const said = await Promise.all([
    open('export.txt', '--passphrase', 'pass'),
    open('keys.json'),
    open('backup.json', '--recovery-key', 'recovery'),
    open('account.json', '--recovery-key', 'storage-key'),
    open('bundle.bin', '--keys', 'pointer.json'),
    open('pointer.json'),
    open('recovery'),
    open('to-device.json'),
    open('keys.json', '--recovery-key', 'pass'),
    open('keys.json', '--passphrase', passphrase),
  ]);
  const all = said.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  expect(all.length).toBeGreaterThan(1_000);
  for (const secret of secrets) expect(all).not.toContain(secret);
  expect(said.at(-1)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('A secret does not stand on the command line'),
  });
});

it.each([
  ['a key export', 'export.txt', ['--passphrase', 'pass'], 'import room keys: alice.phone'],
  ['a key backup', 'backup.json', ['--recovery-key', 'recovery'], 'restore backup'],
  ['a room key bundle', 'bundle.bin', ['--keys', 'pointer.json'], 'scroll back: room'],
])('makes of %s a scenario that runs as it expects', async (_what, from, keys, line) => {
  const name = `${from}.yaml`;
  expect(await open(from, ...keys, '--out', name)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${name} is written\n`),
  });
  expect(text(name)).toContain(line);
  expect(parseScenario(text(name), 'x').ok).toBe(true);
  expect(await run(name)).toMatchObject({ status: 0 });
});

it('makes a scenario of a sync that production took in, and of an invite alone', async () => {
  expect(await open('sync.json', '--out', 'sync.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('sync.yaml').filter((line) => line.includes(' send '))).toHaveLength(2);
  expect(await run('sync.yaml')).toMatchObject({ status: 0 });
  file('invite.json', {
    next_batch: 's',
    rooms: {
      invite: {
        '!r:b.org': {
          invite_state: {
            events: [
              {
                type: 'm.room.member',
                sender: '@ann:b.org',
                state_key: '@bob:b.org',
                room_id: '!other:b.org',
                content: { membership: 'invite' },
              },
            ],
          },
        },
      },
    },
  });
  expect(await open('invite.json', '--out', 'invite.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('invite.yaml')).toEqual([
    'ann.device create room room shared',
    'ann.device invite bob room',
    'everyone settle',
  ]);
});

it('begins with the secrets that events to devices name, or with an invitation where one points to a bundle', async () => {
  expect(await open('to-device.json', '--out', 'pushed.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('pushed.yaml')).toContain('alice.phone push secret m.megolm_backup.v1');
  expect(text('pushed.yaml')).not.toContain('c2VjcmV0');
  expect(await open('pointer.json', '--out', 'pointed.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('pointed.yaml')).toContain('alice.phone invite bob room');
  for (const name of ['pushed.yaml', 'pointed.yaml']) expect(await run(name)).toMatchObject({ status: 0 });
  file('olm-only.json', [{ type: 'm.room.encrypted', sender, content: olm }]);
  expect(await open('olm-only.json', '--out', 'none.yaml')).toMatchObject({
    status: 2,
    stderr:
      '--out none.yaml: no scenario can be made of it: no event in it says what anybody did: events of rooms do, or a recording of requests\n',
  });
});

it('tells the same as JSON, where a scenario is written, too', async () => {
  const told = await open('sync.json', '--json');
  expect(told.status).toBe(0);
  const plain = JSON.parse(told.stdout) as { readonly inside: readonly string[] };
  expect(plain).toMatchObject({ file: 'sync.json', kind: 'sync', scenario: { is: 'possible' } });
  const { stdout } = await open('sync.json');
  for (const line of plain.inside) expect(stdout).toContain(`\n  ${line}\n`);
  const out = await open('sync.json', '--json', '--out', 'told.yaml');
  expect(JSON.parse(out.stdout)).toMatchObject({ scenario: { is: 'written', to: 'told.yaml' } });
  expect((await run('told.yaml')).status).not.toBe(2);
  expect((await open('export.txt', '--json', '--out', 'none.yaml')).status).toBe(2);
});

it('writes over a scenario that it wrote and nobody changed, and over nothing else', async () => {
  file('notes.md', 'what I have to do today');
  expect(await open('keys.json', '--out', 'notes.md')).toMatchObject({
    status: 2,
    stderr:
      '--out notes.md: what is there is not a scenario, and is not written over: name another file, or remove it\n',
  });
  expect(text('notes.md')).toBe('what I have to do today');
  file('again.yaml', '');
  for (const _ of [1, 2]) expect(await open('keys.json', '--out', 'again.yaml')).toMatchObject({ status: 0 });
  expect(await open('keys.json', '--out', 'keys.json')).toMatchObject({ status: 2 });
  expect(text('keys.json')).toBe(made.exported);
});
