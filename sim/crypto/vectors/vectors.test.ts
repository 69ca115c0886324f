import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../machines/json.ts';
import { runFile, runVector } from './run.ts';

const data = fileURLToPath(new URL('./data', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const read = (name: string): Json => JSON.parse(readFileSync(join(data, name), 'utf8'));
const vectorsOf = (name: string): readonly JsonObject[] => {
  const file = read(name);
  const list = isObject(file) ? file.vectors : [];
  return Array.isArray(list) ? list.filter(isObject) : [];
};
const vector = (name: string, id: string): JsonObject => {
  const found = vectorsOf(name).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no vector ${id} in ${name}`);
  return found;
};

describe('the real suite', () => {
  for (const name of readdirSync(data))
    it(`agrees with every vector of ${name}`, () => {
      const outcomes = runFile(read(name)) ?? [];
      const bad = outcomes.filter(({ result }) => result !== 'passed');
      expect(bad.map(({ id, result, checks }) => ({ id, result, failed: checks.filter(({ ok }) => !ok) }))).toEqual([]);
      expect(outcomes.length).toBeGreaterThan(0);
    });
});

describe('the runner', () => {
  const result = (value: JsonObject) => runVector(value, 0).result;
  const firstOf = (list: unknown): JsonObject => (Array.isArray(list) && isObject(list[0]) ? list[0] : {});

  it('notices a wrong expectation of every sort', () => {
    const zeros = '00'.repeat(32);
    const olm = vector('olm.json', 'olm-pub-pingpong');
    const megolm = vector('megolm.json', 'megolm-pub-third');
    const tamper = vector('backup.json', 'backup-pub-tamper');
    const wrong: readonly JsonObject[] = [
      { ...vector('base64.json', 'b64-pub-1'), hex: '67' },
      { ...vector('canonical-json.json', 'canon-pub-2'), canonicalUtf8Hex: '7b7d' },
      { ...vector('recovery-key.json', 'recovery-pub-0'), keyHex: zeros },
      { ...vector('signing-json.json', 'sign-pub-spec-1'), signature: 'AAAA' },
      { ...vector('attachments.json', 'att-pub-15'), plaintextHex: '00' },
      { ...vector('secret-storage.json', 'ssss-pub-0'), ivHex: '00'.repeat(16) },
      { ...vector('secret-storage.json', 'ssss-pub-passphrase'), passphrase: 'another' },
      { ...vector('key-export.json', 'keyexport-pub-0'), passphrase: 'another' },
      { ...vector('backup.json', 'backup-pub-0'), plaintext: '{}' },
      { ...vector('primitives.json', 'x25519-rfc-1'), sharedHex: zeros },
      { ...vector('primitives.json', 'hkdf-rfc-1'), okmHex: zeros },
      { ...vector('wycheproof.json', 'hmac_sha256-1'), tagHex: zeros },
      { ...vector('wycheproof.json', 'aes_cbc_pkcs5-145'), plaintextHex: '00' },
      { ...vector('wycheproof.json', 'pbkdf2_hmacsha512-1'), keyHex: zeros },
      { ...olm, sessionId: 'AAAA' },
      { ...olm, intermediate: { rootKey0: zeros } },
      { ...olm, steps: [{ ...firstOf(olm.steps), body: 'AAAA' }] },
      { ...megolm, messages: [{ ...firstOf(megolm.messages), plaintextHex: '00' }] },
      { ...megolm, exports: [{ ...firstOf(megolm.exports), aesKey: zeros }] },
      {
        ...tamper,
        cases: [{ ...firstOf(tamper.cases), sessionData: vector('backup.json', 'backup-pub-0').sessionData }],
      },
    ];
    expect(wrong.map((value) => [value.id, result(value)])).toEqual(wrong.map(({ id }) => [id, 'failed']));
  });

  it('fails a negative vector whose input is in fact good', () => {
    const good: readonly JsonObject[] = [
      { ...vector('base64.json', 'b64-pub-1'), kind: 'decode-fail' },
      { ...vector('canonical-json.json', 'canon-pub-2'), kind: 'fail' },
      { ...vector('recovery-key.json', 'recovery-pub-0'), kind: 'fail' },
      { ...vector('signing-json.json', 'sign-pub-spec-1'), kind: 'verify-fail' },
      { ...vector('attachments.json', 'att-pub-15'), kind: 'decrypt-fail' },
      { ...vector('key-export.json', 'keyexport-pub-0'), kind: 'fail' },
      { ...vector('primitives.json', 'x25519-rfc-1'), kind: 'x25519-fail' },
      { ...vector('wycheproof.json', 'ed25519-2'), kind: 'ed25519-verify-fail' },
      { ...vector('wycheproof.json', 'hmac_sha256-1'), kind: 'hmac-sha256-fail' },
      { ...vector('wycheproof.json', 'hkdf_sha256-1'), kind: 'hkdf-sha256-fail' },
      { ...vector('wycheproof.json', 'aes_cbc_pkcs5-145'), kind: 'aes-256-cbc-fail' },
    ];
    expect(good.map((value) => [value.id, result(value)])).toEqual(good.map(({ id }) => [id, 'failed']));
  });

  it('counts what it does not know as unknown', () => {
    const olm = vector('olm.json', 'olm-pub-pingpong');
    const strange: readonly JsonObject[] = [
      {},
      { id: 'kind', kind: 'pancake' },
      { id: 'missing field', kind: 'x25519', privateHex: '00' },
      { id: 'inherited kind', kind: 'toString' },
      { ...olm, steps: [{ op: 'juggle', by: 'alice' }] },
      { ...olm, steps: [] },
      {
        ...vector('megolm.json', 'megolm-pub-neg-keys'),
        cases: [{ key: 'AAAA', format: 'cuneiform', expect: 'fail' }],
      },
      { ...vector('backup.json', 'backup-pub-tamper'), cases: [{ expect: 'surprise' }] },
    ];
    expect(strange.map(result)).toEqual(strange.map(() => 'unknown'));
    expect(runVector('no object', 3)).toMatchObject({ id: 'number 3', result: 'unknown' });
    expect(runFile({ vectors: [] })).toBeNull();
    expect(runFile([])).toBeNull();
  });

  it('does not care for fields it has no use for', () => {
    expect(result({ ...vector('primitives.json', 'x25519-rfc-1'), weather: 'fine' })).toBe('passed');
  });
});

describe('npm run vectors', () => {
  const made: string[] = [];
  afterAll(() => {
    for (const path of made) rmSync(path, { recursive: true });
  });
  const directory = (files: Readonly<Record<string, string>>): string => {
    const path = mkdtempSync(join(tmpdir(), 'vectors-'));
    made.push(path);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return path;
  };
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
    return { status, out: stdout, errors: stderr.split('\n').filter((line) => line.startsWith('vectors: ')) };
  };
  const rfc = JSON.stringify({ vectors: [vector('primitives.json', 'x25519-rfc-1')] });

  it('ends with 0 when all is green, whatever the files are called', () => {
    const { status, out } = run(directory({ 'surprise.json': rfc }));
    expect(status).toBe(0);
    expect(out).toContain('surprise.json: 1 passed, 0 failed, 0 unknown');
  });

  it('ends with 1 on a failure and on an unknown shape, naming both', () => {
    const bad = JSON.stringify({
      vectors: [
        { ...vector('primitives.json', 'x25519-rfc-1'), sharedHex: '00' },
        { id: 'odd', kind: 'pancake' },
      ],
    });
    const { status, out } = run(directory({ 'a.json': bad }));
    expect(status).toBe(1);
    expect(out).toMatch(/failed {3}x25519-rfc-1 .*shared secret\n *expected 00\n *got +c3da/);
    expect(out).toContain('unknown  odd (kind pancake)');
  });

  it('ends with 2 and one line when it cannot be run as asked', () => {
    const broken = directory({ 'good.json': rfc, 'z.json': '{' });
    for (const args of [['/no/such/place'], [directory({})], [broken], [main], ['a', 'b'], ['--help-me']]) {
      const { status, out, errors } = run(...args);
      expect([args, status, out, errors.length]).toEqual([args, 2, '', 1]);
    }
  });
});
