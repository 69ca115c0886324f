/** Scenarios of somebody's own: how they begin, and where they are looked for. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hearsayIn } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-init-'));
afterAll(() => rmSync(folder, { recursive: true }));
const empty = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

describe('hearsay init', () => {
  it('writes a scenario that runs as expected, whose first line leads an editor to the schema on this disk', async () => {
    const here = empty('begun');
    expect(await hearsayIn(here, 'init')).toEqual({
      status: 0,
      stdout: 'scenarios/first.yaml is written. npx hearsay run\n',
      stderr: '',
    });
    const path = join(here, 'scenarios/first.yaml');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(path, 'utf8')) ?? [];
    expect(resolve(dirname(path), schema)).toBe(resolve('scenarios/schema.json'));
    const { status, stdout } = await hearsayIn(here, 'run');
    expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, '1 scenario, 2 runs: all as expected']);
    expect(stdout).toContain("npx hearsay replay './scenarios/first.yaml?seed=1'");
  });

  it('never writes over what is there, be it a link that leads nowhere', async () => {
    const here = empty('taken');
    writeFileSync(join(here, 'mine.yaml'), 'mine');
    symlinkSync(join(here, 'elsewhere.yaml'), join(here, 'link.yaml'));
    for (const name of ['mine.yaml', 'link.yaml'])
      expect(await hearsayIn(here, 'init', name)).toEqual({
        status: 2,
        stdout: '',
        stderr: `${name} cannot be written: it is there already\n`,
      });
    expect(readFileSync(join(here, 'mine.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(here, 'elsewhere.yaml'))).toBe(false);
  });

  it.each<[string, readonly string[], string]>([
    ['another ending', ['mine.txt'], 'mine.txt: a name that ends in .yaml expected'],
    ['a folder that is not there', ['no/mine.yaml'], 'no/mine.yaml cannot be written: there is no such folder'],
    ['two files', ['a.yaml', 'b.yaml'], 'init takes one file'],
  ])('answers %s with one line', async (_what, words, line) => {
    expect(await hearsayIn(folder, 'init', ...words)).toEqual({ status: 2, stdout: '', stderr: `${line}\n` });
  });

  it('says so where a file stands in the way of the folder', async () => {
    const here = empty('blocked');
    writeFileSync(join(here, 'scenarios'), '');
    expect(await hearsayIn(here, 'init')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'scenarios cannot be written: it is there already\n',
    });
  });

  it('leaves the library alone', async () => {
    expect(await hearsayIn(process.cwd(), 'init')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'scenarios/ is the library here: name a file, as in hearsay init my.yaml\n',
    });
  });
});

describe('hearsay run without words', () => {
  it('does not take an empty folder of scenarios for the library', async () => {
    const here = empty('none');
    mkdirSync(join(here, 'scenarios'));
    expect(await hearsayIn(here, 'run')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'no scenario in ./scenarios: no file there ends in .yaml or .yml\n',
    });
  });
});
