/** The sections “Adding …” of HACKING.md, done as they are told: their blocks become files of a copy of the tree, and their commands are run there. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const told = readFileSync(join(root, 'HACKING.md'), 'utf8');

type Block = { readonly language: string; readonly lines: readonly string[] };
/** A section from its heading to the next one: files, lines for registers, entries of the ledger, commands. */
const sectionOf = (heading: string) => {
  const start = told.indexOf(`## ${heading}`);
  const text = told.slice(start, told.indexOf('\n## ', start + 1));
  const blocks: readonly Block[] = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', lines = '']) => ({ language, lines: lines.trimEnd().split('\n') }),
  );
  const written = (...languages: readonly string[]): readonly Block[] =>
    blocks.filter(({ language }) => languages.includes(language));
  return {
    files: written('ts', 'yaml'),
    patches: written('diff'),
    entries: written('json'),
    commands: written('sh').flatMap(({ lines }) => lines),
  };
};
const proposal = sectionOf('Adding a proposal');
const three = sectionOf('Adding a verb, an attacker and a guarantee');

/** The file that the first line of a block names, and the rest of the block. */
const pathOf = ({ lines: [first = ''] }: Block): string => first.replace(/^(\/\/|#) /, '');
const bodyOf = ({ lines }: Block): readonly string[] => lines.slice(1);

let copy = '';
const read = (path: string): string => readFileSync(join(copy, path), 'utf8');
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
};

/** An import goes before the others, an entry to the end of the list. */
const patched = (before: string, added: readonly string[]): string =>
  added.reduce(
    (text, line) =>
      line.startsWith('import ')
        ? text.replace(/^import /m, `${line}\nimport `)
        : text.replace(/^\](?=;| as )/m, `${line}\n]`),
    before,
  );

type Done = { readonly status: number; readonly said: string };
const runs = (program: string, ...args: readonly string[]): Promise<Done> =>
  new Promise((resolve) => {
    const child = execFile(program, args, { cwd: copy }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, said: `${stdout}${stderr}` }),
    );
  });
const bin = (name: string): string => join(root, 'node_modules/.bin', name);
/** `npx hearsay …` and `npx node …`, without asking npx where they are. */
const obeys = (command: string): Promise<Done> => {
  const [, program, ...args] = command.split(' ');
  return runs(process.execPath, ...(program === 'hearsay' ? ['sim/cli/hearsay.mjs'] : []), ...args);
};

const done = new Map<string, Done>();
const saidBy = (start: string): string => {
  const command = [...proposal.commands, ...three.commands].find((one) => one.startsWith(start)) ?? '';
  const found = done.get(command);
  if (found === undefined) throw new Error(`no command of HACKING.md starts with “${start}”`);
  return found.said;
};
let types: Done = { status: -1, said: '' };
let style: Done = { status: -1, said: '' };

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'hearsay-'));
  for (const name of ['machines', 'sim', 'scenarios', 'package.json', 'tsconfig.json', 'biome.json', '.gitignore'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { files, patches, entries } of [proposal, three]) {
    for (const block of files) write(pathOf(block), `${bodyOf(block).join('\n')}\n`);
    for (const block of patches)
      write(
        pathOf(block),
        patched(
          read(pathOf(block)),
          bodyOf(block).map((line) => line.replace(/^\+/, '')),
        ),
      );
    for (const block of entries)
      write(pathOf(block), read(pathOf(block)).replace('{\n', `{\n${bodyOf(block).join('\n')}\n`));
  }
  const own = [...proposal.files, ...three.files].map(pathOf).filter((path) => path.endsWith('.ts'));
  write('own/tsconfig.json', JSON.stringify({ extends: '../tsconfig.json', include: own.map((path) => `../${path}`) }));
  const checks = Promise.all([
    runs(bin('tsc'), '--noEmit', '-p', 'own'),
    // Where in a list of imports a new one belongs is `npm run format`'s business.
    runs(bin('biome'), 'check', ...own),
  ]);
  for (const command of [...proposal.commands, ...three.commands]) done.set(command, await obeys(command));
  [types, style] = await checks;
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a proposal that is added as HACKING.md tells it', () => {
  it('takes a folder of machines, its scenarios, and a line of the register with its import', () => {
    const { files, patches, commands } = proposal;
    const folders = new Set(files.map((block) => dirname(pathOf(block))));
    expect([...folders]).toEqual(['machines/announced-key', 'scenarios/announced-key']);
    expect(patches.map(pathOf)).toEqual(['machines/register.ts']);
    expect(patches.flatMap(bodyOf)).toHaveLength(2);
    expect(commands.map((command) => [command, done.get(command)?.status])).toEqual(
      commands.map((command) => [command, 0]),
    );
  });

  it('is sound in types and style', () => {
    expect([types, style.status]).toEqual([{ status: 0, said: '' }, 0]);
  });

  it('has scenarios that are judged, as they are and without each sentence', () => {
    const said = saidBy('npx hearsay run');
    expect(said).toMatch(/2 scenarios, 6 runs: all as expected/);
    expect(said).toMatch(/without 0000-signed-sender: . breaks secret-authenticity/);
    expect(said).toMatch(/without 0000-announce: . breaks secret-convergence/);
  });

  it('has its sentences listed: where each is, and how many verdicts change without it', () => {
    const said = saidBy('npx hearsay clauses');
    expect(said).toMatch(/0000-announce +duty +MUST +1 +chart announced-key/);
    expect(said).toMatch(/0000-secret-field +format +STATED +2 +chart announced-key/);
    expect(said).toMatch(/0000-signed-sender +guard +MUST +2 +chart announced-key/);
    expect(said).toMatch(/0000-no-order +duty +STATED +— +elsewhere: an admission/);
    expect(said).toMatch(/4 clauses: 3 in charts, 1 elsewhere, 0 not yet; without 3 of them some verdict changes/);
  });

  it('has two texts, told apart by what they say and by what happens', () => {
    const said = saidBy('npx hearsay diff');
    expect(said).toMatch(/first: a sketch on a napkin/);
    expect(said).toMatch(/\+ 0000-signed-sender/);
    expect(said).toMatch(
      /first +. breaks in step 5, certain in step 7 \(alice\.phone stores a m\.megolm_backup\.v1 that no device/,
    );
    expect(said).toMatch(/verdicts differ in 1, in 0 something else happens to the same verdicts, 1 go the same/);
  });

  it('is lied to by attackers that know nothing of it, and withstands that by its sentence alone', () => {
    const blessed = read('scenarios/announced-key/a-stolen-token-announces-nothing.txt');
    expect(blessed).toMatch(
      /alice\.phone {2}m\.room\.encrypted holding m\.backup_key\.announce .* TABLET, not cross-signed/,
    );
    expect(blessed).toMatch(/alice\.phone announced-key {2}0000-signed-sender REFUSES/);
  });

  it('is known to the editors', () => {
    const schema = read('scenarios/schema.json');
    expect(['"MSC0000"', '"0000-signed-sender"'].filter((name) => !schema.includes(name))).toEqual([]);
  });
});

describe('a verb, an attacker and a guarantee that are added as HACKING.md tells it', () => {
  it('take one file each, and one line of a register with its import', () => {
    const { files, patches, commands } = three;
    expect(files.map(pathOf).filter((path) => path.startsWith('sim/'))).toEqual([
      'sim/verbs/sync-twice.ts',
      'sim/attackers/roles/archivist.ts',
      'sim/guarantees/sync-sparing.ts',
    ]);
    expect(patches.map((block) => [pathOf(block), bodyOf(block).length])).toEqual([
      ['sim/verbs/index.ts', 2],
      ['sim/attackers/roles/index.ts', 2],
      ['sim/guarantees/index.ts', 2],
    ]);
    expect(commands.map((command) => [command, done.get(command)?.status])).toEqual(
      commands.map((command) => [command, 0]),
    );
  });

  it('are used by a scenario, told by the commands, and known to the editors', () => {
    expect(saidBy('npx hearsay run sparing')).toMatch(/1 scenario, 1 run: all as expected/);
    expect(saidBy('npx hearsay verbs')).toMatch(/sync twice +Syncs, and syncs again at once/);
    expect(saidBy('npx hearsay guarantees')).toMatch(/No client of Alice’s asks for news twice at once/);
    const schema = read('scenarios/schema.json');
    const names = ['"sync twice"', '"archivist"', '"sync-sparing"'];
    expect(names.filter((name) => !schema.includes(name))).toEqual([]);
  });
});
