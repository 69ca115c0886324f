/** Child processes in a seat: what they do wrong is a value. They are small programs of this Node's, one line each. */
import { expect, test } from 'vitest';
import type { Said, Trouble } from './client.ts';
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

test('a child that ends, and one that says nothing in time, are told of, and of everything after', () => {
  expect(saidBy('process.exit(3)')).toEqual({
    trouble: 'dead',
    why: expect.stringMatching(/ended with exit code 3$/),
  });
  expect(saidBy('', 300)).toEqual({ trouble: 'silent', why: 'nothing was said to “restart” within 300 ms' });
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
