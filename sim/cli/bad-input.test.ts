/** The table of bad input: every command, every flag and every file that is read has rows, and each row says what it says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badFiles, defects, readers } from './bad-files.ts';
import { files, type Row, story, wrongValues } from './bad-input.ts';
import { wrongWords } from './bad-words.ts';
import { commands } from './hearsay.ts';
import { crewFlags } from './sweep/crew.ts';
import { hearsayIn } from './testing.ts';
import { sourcesThatRead } from './testing-sources.ts';

const here = mkdtempSync(join(tmpdir(), 'hearsay-bad-'));
afterAll(() => rmSync(here, { recursive: true }));
beforeAll(() => {
  mkdirSync(join(here, 'folder'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(here, name), text);
});

const names = [...commands.keys()];
const loaded = await Promise.all([...commands].map(async ([name, load]) => [name, (await load()).flags] as const));
const flags = loaded.flatMap(([command, own]) =>
  Object.entries(own).map(([flag, { type }]) => ({ command, flag, type })),
);

const told = async (command: string, { args, files: more = {}, says }: Row): Promise<void> => {
  for (const [name, text] of Object.entries(more)) writeFileSync(join(here, name), text);
  const { status, stderr } = await hearsayIn(here, command, ...args.map((arg) => arg.replaceAll('HERE', here)));
  expect({ args, stderr: stderr.replaceAll(here, 'HERE') }).toEqual({ args, stderr: `${says}\n` });
  expect(status).toBe(2);
};

describe.each(flags)('hearsay $command --$flag', ({ command, flag, type }) => {
  it('is suggested where it is misspelt by a letter', async () => {
    const misspelt = `--${flag.slice(0, -1)}`;
    const known = loaded.find(([name]) => name === command)?.[1] ?? {};
    // Some begin like others: nearest is one of this command’s flags all the same.
    const { status, stderr } = await hearsayIn(here, command, `${misspelt}x`);
    expect(status).toBe(2);
    const [, suggested = ''] = /^unknown flag --\S+: did you mean --(\S+)\?\n$/.exec(stderr) ?? [];
    expect(Object.keys(known)).toContain(suggested);
  });

  it('is refused where it is given twice', () => {
    const once = type === 'string' ? [`--${flag}`, 'x'] : [`--${flag}`];
    return told(command, { args: [...once, ...once], says: `--${flag} is given twice: once expected` });
  });

  if (type === 'boolean') {
    it('takes no value', () => told(command, { args: [`--${flag}=1`], says: `--${flag} takes no value` }));
  } else {
    it.each([[[`--${flag}`]], [[`--${flag}=`]]])('needs a value: %j', (args) =>
      told(command, { args, says: `--${flag} needs a value` }),
    );
    // Whatever splits its work reads these flags in one place; a command may have some of them for itself.
    const own = wrongValues[command]?.[flag];
    const one = own === undefined && Object.hasOwn(crewFlags, flag) ? 'wander' : command;
    const rows = own ?? wrongValues[one]?.[flag] ?? [];
    it('has a row for a value that is none', () => {
      expect(rows).not.toEqual([]);
    });
    it.each(rows)('refuses $args', (row) => told(one, row));
  }
});

describe.each(loaded)('hearsay %s', (command) => {
  it('takes no empty word for all that there is', async () => {
    const says = 'a word is empty: a name expected (a variable that is not set?)';
    await told(command, { args: [''], says });
    await told(command, { args: [story, ''], says });
  });
  const rows = wrongWords[command] ?? [];
  it('has a row for words that are none', () => {
    expect(rows).not.toEqual([]);
  });
  it.each(rows)('refuses $says', (row) => told(command, row));
});

it('speaks of no command and no flag that is not there', () => {
  expect([...Object.keys(wrongWords), ...Object.keys(wrongValues)].filter((name) => !names.includes(name))).toEqual([]);
  for (const [command, own] of Object.entries(wrongValues))
    for (const flag of Object.keys(own)) expect(flags).toContainEqual({ command, flag, type: 'string' });
});

it('suggests commands, also behind help, and knows no others', async () => {
  const say = async (...args: readonly string[]) => (await hearsayIn(here, ...args)).stderr;
  expect(await say('runn')).toBe('unknown command “runn”: did you mean run?\n');
  expect(await say('help', 'runn')).toBe('unknown command “runn”: did you mean run?\n');
  expect(await say('frobnicate')).toBe('unknown command “frobnicate”: npx hearsay help lists those there are\n');
  expect(await say('constructor')).toBe('unknown command “constructor”: npx hearsay help lists those there are\n');
});

describe('files that are read', () => {
  it('have a row at each place that reads one', () => {
    expect(sourcesThatRead()).toEqual(Object.keys(readers).sort());
    const kinds = Object.values(readers).flat();
    expect(Object.keys(badFiles).sort()).toEqual([...new Set(kinds)].sort());
  });

  describe.each(Object.entries(badFiles))('%s', (_kind, rows) => {
    it('has each defect, or the reason why it is none', () => {
      expect(Object.keys(rows).sort()).toEqual([...defects].sort());
    });
    const played = Object.entries(rows).flatMap(([defect, one]) =>
      typeof one === 'string' ? [] : [[defect, one] as const],
    );
    it.each(played)('%s', async (_defect, { command, ...row }) => told(command, row));
  });
});
