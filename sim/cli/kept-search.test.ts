/** Searches that were left, in files: taken up again where the same was asked for by the same code, and refused otherwise. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Kept } from '../explorer/checkpoint.ts';
import { keptText } from './kept-search.ts';
import { modelVersion } from './sweep/model-version.ts';
import { hearsayHere as hearsay } from './testing.ts';
import { version } from './version.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'kept.json');
const play = ['explore', 'play/a-stolen-token'];
const refused = (why: string) => ({ status: 2, stdout: '', stderr: expect.stringContaining(why) });

it('goes on from the file in which a search was kept when it was left, and comes to the same end', async () => {
  const whole = (await hearsay(...play)).stdout;
  const left = (await hearsay(...play, '--seconds', '1', '--keep', file)).stdout;
  expect(left).toMatch(/kept: .*kept\.json/);
  const rest = (await hearsay(...play, '--keep', file)).stdout;
  expect(rest.slice(0, rest.indexOf('  kept:'))).toBe(whole);
});

it('says of a search that is longer than a text can be that it is not kept, and does not end by it', () => {
  const endless = {
    toJSON: () => {
      throw new RangeError('Invalid string length');
    },
  };
  expect(keptText('x', endless as unknown as Kept)).toBe(null);
});

it('takes up a search whose file is larger than that of any scenario', async () => {
  rmSync(file, { force: true });
  const small = [...play, '--until-depth', '2', '--keep', file];
  const first = await hearsay(...small);
  writeFileSync(file, readFileSync(file, 'utf8').replace('{', `{${' '.repeat(9 * 2 ** 20)}`));
  expect(await hearsay(...small)).toEqual(first);
});

it('takes up no other search, none that was changed, and none of which other code looked at the worlds', async () => {
  const small = [...play, '--until-depth', '2', '--keep', file];
  rmSync(file, { force: true });
  expect(await hearsay(...small)).toMatchObject({ status: 0 });
  expect(await hearsay(...small, '--guarantee', 'secret-convergence')).toMatchObject(refused('is another search'));

  const text = readFileSync(file, 'utf8');
  expect(text).toContain(`"hearsay":"${modelVersion()}"`);
  const other = `${version()} of code 0123456789abcdef`;
  for (const [changed, why] of [
    [
      text.replace(modelVersion(), other),
      `kept.json: what is there was kept by hearsay ${other}, and this is ${modelVersion()}: `,
    ],
    // As files were before they said it.
    [
      text.replace(/"hearsay":"[^"]*",/, ''),
      `was kept by a hearsay that did not say its version, and this is ${modelVersion()}: `,
    ],
    [text.replace('"attacks":[0,', '"attacks":[1,'), 'was changed since it was kept: '],
  ] as const) {
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    expect(await hearsay(...small)).toMatchObject(refused(why));
    expect(readFileSync(file, 'utf8')).toBe(changed);
  }
});
