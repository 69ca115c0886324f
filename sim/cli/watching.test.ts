/** `run --watch`, as a process of its own: it lives on, and ends when it is told to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hearsayIn } from './testing.ts';

const scenario = (expected: string): string => `title: A new key reaches the phone
about: [MSC4385]
why: The plain story.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
story:
  - alice.laptop: reset backup
  - everyone: settle
expect:
  secret-convergence: ${expected}
`;

type Watching = {
  readonly child: ChildProcess;
  /** All that it says from the last time on until `text` came. */
  readonly until: (text: string) => Promise<string>;
};
let folder = '';
let open: Watching | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-watch-'));
});
afterEach(() => {
  open?.child.kill('SIGKILL');
  open = null;
  rmSync(folder, { recursive: true });
});

const watch = (...words: readonly string[]): Watching => {
  const child = spawn(process.execPath, [resolve('sim/cli/hearsay.mjs'), 'run', ...words, '--watch'], { cwd: folder });
  let said = '';
  let read = 0;
  const heard = (text: string): void => {
    said += text;
    child.emit('said');
  };
  child.stdout.setEncoding('utf8').on('data', heard);
  child.stderr.setEncoding('utf8').on('data', heard);
  const until = async (text: string): Promise<string> => {
    for (let at = said.indexOf(text, read); ; at = said.indexOf(text, read)) {
      if (at >= 0) {
        const told = said.slice(read, at + text.length);
        read = at + text.length;
        return told;
      }
      await once(child, 'said');
    }
  };
  open = { child, until };
  return open;
};

const ready = '(Ctrl+C stops)';

describe('hearsay run --watch', () => {
  it('runs again when a file changes, says what is wrong with a broken one, and goes on when it is mended', async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, scenario('holds'));
    const { child, until } = watch('.');
    expect(await until(ready)).toContain('1 scenario, 1 run: all as expected');

    writeFileSync(file, scenario('{ breaks: alice.phone }'));
    expect(await until(ready)).toContain('secret-convergence: breaks expected, holds found');

    writeFileSync(file, 'title: [');
    const broken = await until(ready);
    expect(broken).toMatch(/mine\.yaml:\d+:\d+ .*expected valid YAML/);

    // As editors save: another file takes the name.
    writeFileSync(join(folder, 'mine.tmp'), scenario('holds'));
    renameSync(join(folder, 'mine.tmp'), file);
    expect(await until(ready)).toContain('1 scenario, 1 run: all as expected');

    // A folder that comes to be is looked into from then on.
    mkdirSync(join(folder, 'deep'));
    await until(ready);
    writeFileSync(join(folder, 'deep/other.yaml'), scenario('holds'));
    expect(await until(ready)).toContain('2 scenarios, 2 runs: all as expected');

    rmSync(file);
    rmSync(join(folder, 'deep/other.yaml'));
    expect(await until('no file there ends in .yaml or .yml')).toContain('no scenario in .');
    await until(ready);

    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([2, null]);
  });

  it('ends with the exit code of its last run', async () => {
    writeFileSync(join(folder, 'mine.yaml'), scenario('{ breaks: alice.phone }'));
    const { child, until } = watch('mine.yaml');
    await until(ready);
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
  });

  it('does not begin where there is nothing to watch', async () => {
    expect(await hearsayIn(folder, 'run', '--watch')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'nothing to watch: name a file or a folder, or begin one with npx hearsay init\n',
    });
    expect(await hearsayIn(folder, 'run', 'mine.yaml', '--watch')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'mine.yaml cannot be read: there is no such file\n',
    });
  });
});
