/** Files that are written: whole or not at all, and over none of another kind. */
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { aRecord, aScenario, aSearch, aServerLog, exportKinds, type FileKind, markedScenario } from './file-kinds.ts';
import { oneScenario } from './library.ts';
import { hearsayIn } from './testing.ts';
import { checkOut, write, writeOf } from './writing.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-writing-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

it('puts a file in the place of another, rather than writing into it, and keeps who may read it', () => {
  writeFileSync(at('one'), 'before');
  chmodSync(at('one'), 0o640);
  const before = statSync(at('one'));
  write('one', at('one'), 'after');
  const after = statSync(at('one'));
  expect(readFileSync(at('one'), 'utf8')).toBe('after');
  expect(after.ino).not.toBe(before.ino);
  expect(after.mode).toBe(before.mode);
  expect(readdirSync(folder)).toEqual(['one']);
});

it('writes through a link, which stays one', () => {
  writeFileSync(at('target'), 'before');
  symlinkSync(at('target'), at('link'));
  write('link', at('link'), 'after');
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('target'), 'utf8')).toBe('after');
});

it('leaves no half of a file behind where it cannot be written', () => {
  expect(() => write('--out x', at('gone/x'), 'text')).toThrow('--out x cannot be written: there is no such folder');
  expect(() => write('--out x', at('one/x'), 'text')).toThrow(
    '--out x cannot be written: part of its path is no folder',
  );
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('asks what stands there through a link too', () => {
  writeFileSync(at('notes'), 'what I have to do today');
  symlinkSync(at('notes'), at('to-notes'));
  const said = '--out x: what is there is not a scenario, and is not written over: name another file, or remove it';
  expect(() => checkOut(aScenario, '--out x', at('notes'))).toThrow(said);
  expect(() => writeOf(aScenario, '--out x', at('to-notes'), 'text')).toThrow(said);
  expect(readFileSync(at('notes'), 'utf8')).toBe('what I have to do today');
});

it('writes over a scenario as long as nobody has changed it since', () => {
  const text = readFileSync(oneScenario(['secret-push/a-stolen-token-cannot-plant-a-backup-key']).path, 'utf8');
  const write = () => writeOf(aScenario, '--out x', at('mine.yaml'), markedScenario(text));
  write();
  expect(write).not.toThrow();
  const written = readFileSync(at('mine.yaml'), 'utf8');
  expect(written).toMatch(/^# As hearsay wrote it \([0-9a-f]{16}\): .*\n$/m);
  const others = [text, `${written}\n# mine`, written.replace('title: ', 'title: My '), `# mine\n${written}`];
  for (const other of others) {
    writeFileSync(at('mine.yaml'), other);
    const said =
      '--out x: what is there is a scenario that somebody wrote or changed, and is not written over: name another file, or remove it';
    expect(() => checkOut(aScenario, '--out x', at('mine.yaml'))).toThrow(said);
    expect(write).toThrow(said);
    expect(readFileSync(at('mine.yaml'), 'utf8')).toBe(other);
  }
});

it('writes again over what it wrote at length: a search, a record and a log outgrow any scenario', () => {
  const much = ' '.repeat(9 * 2 ** 20);
  const kinds = [
    [aSearch, `{"search":"x",${much}"kept":{}}`],
    [aRecord, `{"hearsay":"x"}\n${much}`],
    [aServerLog, `{"users":[]}\n${much}`],
  ] as const;
  for (const [kind, text] of kinds) {
    writeFileSync(at('long'), text);
    expect(() => checkOut(kind, '--out long', at('long')), kind.is).not.toThrow();
  }
});

it('knows what it wrote itself, in each format, and none of the others', async () => {
  const story = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
  const texts = new Map<string, string>();
  for (const format of Object.keys(exportKinds)) {
    const name = `run.${format}`;
    // The second time it is written over.
    for (const _ of [1, 2])
      expect(await hearsayIn(folder, 'export', story, `--${format}`, '--out', name)).toMatchObject({ status: 0 });
    texts.set(format, readFileSync(at(name), 'utf8'));
  }
  texts.set('scenario', readFileSync(oneScenario([story]).path, 'utf8'));
  const kinds: Readonly<Record<string, FileKind>> = { ...exportKinds, scenario: aScenario };
  for (const [kind, { isOf }] of Object.entries(kinds))
    expect([kind, [...texts].flatMap(([name, text]) => (isOf(text) ? [name] : []))]).toEqual([kind, [kind]]);
});
