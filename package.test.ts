/** What a machine needs before anything of ours runs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('npm install', () => {
  it('leaves the lockfile as it is', () => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(file, join(folder, file));
    const install = [
      'install',
      '--package-lock-only',
      '--ignore-scripts',
      '--offline',
      '--cache',
      join(folder, 'none'),
    ];
    const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(readFileSync('package-lock.json', 'utf8'));
  });

  it('leaves it so also by an npm that comes with an older Node: it would drop fields that it does not know', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"(?:libc|resolved)":/);
  });
});

describe('hearsay on a Node that is too old', () => {
  const started = (version: string) => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${version}'}})`;
    return spawnSync(process.execPath, ['--import', old, resolve('sim/cli/hearsay.mjs'), 'verbs', 'stolen-token'], {
      encoding: 'utf8',
    });
  };

  it.each(['20.20.2', '22.17.1', '23.5.0'])('says so in one sentence: %s', (version) => {
    const { status, stdout, stderr } = started(version);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `hearsay needs Node 22.18 or newer, and this is Node ${version}: after npm install, npx hearsay and npm run bring the right one along.\n`,
    );
  });

  it.each(['22.18.0', '30.1.0'])('starts from the version on that it names: %s', (version) => {
    expect(started(version)).toMatchObject({ status: 0, stdout: expect.stringContaining('stolen-token') });
  });
});
