/** `hearsay clients` with a child process that says of itself what a terminal or a log of CI would take for something else. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hearsayHere } from '../testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-clients-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'loud.cjs');
const loud = 'loud\n::error::no\u001b[31m';
const hello = { name: loud, version: loud, acts: [], shows: ['secrets'] };
writeFileSync(
  file,
  `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, op } = JSON.parse(line);
    const says = op === 'hello' ? { hello: ${JSON.stringify(hello)} } : { shows: {}, failed: ${JSON.stringify(loud)} };
    console.log(JSON.stringify({ id, ...says }));
  });`,
);

it('counts one verdict as one', async () => {
  const story = 'device-keys/what-is-sealed-for-swapped-keys-is-given-to-whoever-has-them';
  const { stdout } = await hearsayHere('clients', story, '--seat', 'alice.phone');
  expect(stdout).toContain(': 1 verdict, 0 agree, 1 differs, 0 not measured\n');
});

it('ends with 0 where a verdict differs, and with 1 where that is asked for', async () => {
  const differing = 'device-keys/what-is-sealed-for-swapped-keys-is-given-to-whoever-has-them';
  const agreeing = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
  const ends = async (...words: readonly string[]) =>
    (await hearsayHere('clients', '--seat', 'alice.phone', ...words)).status;
  expect(await ends(differing)).toBe(0);
  expect(await ends(differing, '--strict')).toBe(1);
  expect(await ends(agreeing, '--strict')).toBe(0);
});

it('holds a client that ends in the middle to be at fault where that is asked for, and takes a command with quotes', async () => {
  const dying = join(folder, 'dies in time.cjs');
  const says = {
    hello: {
      name: 'it',
      version: '1',
      acts: ['look up', 'set up cross-signing', 'create backup', 'start room key', 'verifies'],
      shows: [],
    },
  };
  writeFileSync(
    dying,
    `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, op } = JSON.parse(line);
      if (op !== 'hello') process.exit(0);
      console.log(JSON.stringify({ id, ...${JSON.stringify(says)} }));
    });`,
  );
  const story = ['secret-push/a-stolen-token-cannot-plant-a-backup-key', '--seat', 'alice.phone'];
  const client = ['--client', `node '${dying}'`];
  const played = await hearsayHere('clients', ...story, ...client);
  expect(played).toMatchObject({ status: 0, stdout: expect.stringContaining('real not measured: ') });
  expect(await hearsayHere('clients', ...story, ...client, '--strict')).toMatchObject({ status: 1 });
});

it('puts what it measures beside what was measured before only where that stands beside this model', async () => {
  const story = 'device-keys/a-removed-device-is-given-a-key-by-who-has-not-heard';
  const other = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
  const out = join(folder, 'measured.json');
  const measure = () => hearsayHere('clients', story, '--seat', 'alice.phone', '--out', out);
  const unplayed = ['arenas/an-old-client', 'backup-preference/a-running-client-goes-on'];
  await hearsayHere('clients', other, ...unplayed, '--out', out);
  expect(await measure()).toMatchObject({ status: 0 });
  const both = readFileSync(out, 'utf8');
  const { scenarios } = JSON.parse(both) as { readonly scenarios: object };
  expect(Object.keys(scenarios)).toEqual([...unplayed, story, other]);

  // Of the seat that is measured now another model may have said whatever it did.
  const changedIn = (id: string): string =>
    both.replace(new RegExp(`("${id}": \\{[^]*?"model": \\{\\s*"verdict": ")\\w+`), '$1open');
  const changed = changedIn(story);
  expect(changed).not.toBe(both);
  writeFileSync(out, changed);
  expect(await measure()).toMatchObject({ status: 0 });
  expect(readFileSync(out, 'utf8')).toBe(both);

  const elsewhere = changedIn(other);
  for (const [text, why] of [
    [
      elsewhere,
      /^--out \S+: what it has of secret-push\/\S+ alice\.\w+ \(\S+: open, now holds\) was measured beside another model: measure anew in the same command secret-push\/\S+, or name another file\n$/,
    ],
    [both.replace(/"reasons": \[\s*"[^"]*"/, '"reasons": ["as it was"'), /\(it was not played for other reasons\)/],
  ] as const) {
    expect(text).not.toBe(both);
    writeFileSync(out, text);
    expect(await measure()).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(why) });
    expect(readFileSync(out, 'utf8')).toBe(text);
  }
});

it('ends as wrong input, and says why, where nothing was compared', async () => {
  const { status, stdout, stderr } = await hearsayHere('clients', 'arenas/an-old-client');
  expect({ status, stdout }).toMatchObject({ status: 2, stdout: expect.stringContaining('0 scenarios of 1') });
  expect(stderr).toBe(
    'nothing was compared: olm-machine can play no seat of this scenario, for the reasons that stand with each. Name another scenario\n',
  );
});

it.each<[number, readonly string[]]>([
  [2, ['secret-push/a-stolen-token-cannot-plant-a-backup-key']],
  [0, ['--clauses', '4385-push-cross-signed-only']],
])('begins no line with what a child client says, and ends with %i: %s', async (code, words) => {
  const { status, stdout } = await hearsayHere(
    'clients',
    ...words,
    '--seat',
    'alice.phone',
    '--client',
    `${process.execPath} ${file}`,
  );
  expect(status).toBe(code);
  expect(stdout).toContain('loud ::error::no\\u001b[31m');
  expect(stdout).not.toMatch(/^\s*::error/m);
});
