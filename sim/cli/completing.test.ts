/** Completion, in the shells that are here: what they put behind a line that somebody has begun. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import { completionScript } from './completing.ts';
import { hearsayHere } from './testing.ts';

const asks = [process.execPath, resolve('sim/cli/hearsay.mjs'), 'completion', 'words', '--'];
const script = (shell: string): string => completionScript(shell, asks) ?? '';
/** A home of its own: what somebody set up for their shells plays no part. */
const home = mkdtempSync(join(tmpdir(), "hearsay 'shell' "));
afterAll(() => rmSync(home, { recursive: true }));

const said = (shell: string, ...args: readonly string[]): string => {
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd: home, encoding: 'utf8', env });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
};
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

/** What a shell offers when `words` stand on its line and the last one is not whole. */
const offersOf: Readonly<Record<string, (words: readonly string[]) => string>> = {
  bash: (words) =>
    said(
      'bash',
      '--norc',
      '-c',
      `${script('bash')}\nCOMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}
how=$(complete -p ${words[0]}); fn=\${how#*-F }; "\${fn%% *}"; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ),
  // Its own completion needs a terminal: what is asked of it is printed instead.
  zsh: (words) =>
    said(
      'zsh',
      '-f',
      '-c',
      `typeset -A _comps; compdef() { _comps[$2]=$1 }; compadd() { shift 1; print -rl -- "\${(@P)1}" }; _files() { print files }
${script('zsh')}\nwords=(${quoted(words)}); CURRENT=${words.length}; "$_comps[${words[0]}]"`,
    ),
  fish: (words) => said('fish', '--no-config', '-c', `${script('fish')}\ncomplete -C '${words.join(' ')}'`),
};
const isHere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const offered = (shell: string, ...words: readonly string[]): readonly string[] =>
  (offersOf[shell]?.(words) ?? '').split('\n').filter((line) => line !== '');

const shells = ['bash', ...['zsh', 'fish'].filter(isHere)];

describe.each(shells)('completion in %s', (shell) => {
  it('completes commands, flags and names', () => {
    expect(offered(shell, 'hearsay', 'gua')).toEqual(['guarantees']);
    expect(offered(shell, 'hearsay', 'run', '--no')).toEqual(['--no-without']);
    expect(offered(shell, 'hearsay', 'run', '--watch', 'secret-push/a-stolen-token-cannot-p')).toEqual([
      'secret-push/a-stolen-token-cannot-plant-a-backup-key',
    ]);
  });

  it('completes them behind npx too', () => {
    expect(offered(shell, 'npx', 'hearsay', 'gua')).toEqual(['guarantees']);
    expect(offered(shell, 'npx', 'hearsay', 'explore', '--worl')).toEqual(['--worlds']);
  });
});

describe('hearsay completion', () => {
  const words = async (...line: readonly string[]): Promise<readonly string[]> =>
    (await hearsayHere('completion', 'words', '--', ...line)).stdout.split('\n').slice(0, -1);

  it('knows what each command takes', async () => {
    expect(await words('help', 'expl')).toEqual(['explore']);
    expect(await words('guarantees', '')).toEqual(guaranteeIds);
    expect(await words('clauses', '4385-push-cross-s')).toEqual(['4385-push-cross-signed-only']);
    expect(await words('ask', 'q0')).toContain('q07');
    expect(await words('diff', 'MSC42')).toEqual(['MSC4268', 'MSC4287']);
    expect(await words('verbs', 'stolen-t')).toEqual(['stolen-token']);
    expect(await words('run', '--suite', 'sy')).toEqual(['symbolic']);
    expect(await words('run', 'arenas/two-n')).toEqual(['arenas/two-names']);
  });

  it('leaves files and values that are none of a few words to the shell, and says nothing of what is no command', async () => {
    expect(await words('run', '--junit', '')).toEqual([]);
    expect(await words('init', '')).toEqual([]);
    expect(await words('nosuch', '')).toEqual([]);
    expect(await words('run', '--nosuch', 'secret-push/a-stolen-token-cannot-p')).toHaveLength(1);
  });

  it('says which shells it knows', async () => {
    expect(await hearsayHere('completion', 'bsh')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'no shell “bsh”: did you mean bash?\n',
    });
    expect((await hearsayHere('completion')).stderr).toBe('one of bash, zsh, fish expected\n');
  });

  const ways: readonly (readonly [string, readonly string[], (script: string) => string])[] = [
    ['bash', ['--norc'], (script) => `${script}\n_hearsay_words; printf '%s\\n' "\${COMPREPLY[@]}"`],
    ['zsh', ['-f'], (script) => `compdef() { }; compadd() { print -rl -- "\${(@P)2}" }\n${script}\n_hearsay_words`],
    ['fish', ['--no-config'], (script) => `function commandline; end\n${script}\n__hearsay_words 2`],
  ];
  it.each(ways.filter(([shell]) => shells.includes(shell)))(
    'gives a script that finds the program by a path of any characters: %s',
    (shell, args, asking) => {
      const odd = ['/a b/it’s "here" \\ $HOME/`x`', "o'clock"];
      const printed = completionScript(shell, ['printf', '%s\\n', ...odd]) ?? '';
      expect(
        said(shell, ...args, '-c', asking(printed))
          .split('\n')
          .slice(0, 2),
      ).toEqual(odd);
    },
  );
});
