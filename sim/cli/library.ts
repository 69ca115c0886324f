/** Scenario files on the disk, found by name, path or part of a name. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { scriptOf, unscripted } from '../explorer/unscripted.ts';
import { nearest } from '../scenario/nearest.ts';
import { errorLine, parseScenario } from '../scenario/parse.ts';
import type { Scenario } from '../types.ts';
import { Mistake } from './terminal.ts';

export const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'scenarios');

export type Filed = { readonly scenario: Scenario; readonly path: string };

const idOf = (path: string): string =>
  relative(folder, path)
    .replaceAll('\\', '/')
    .replace(/\.ya?ml$/, '');
const files = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort()
    .map((path) => resolve(folder, path));

/** Throws a `Mistake` where the file cannot be read. */
export const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Mistake(`${path} cannot be read`);
  }
};

/** The scenario of a file; one outside the library gets its own name as id. Throws a `Mistake` with all that is wrong with it. */
export const load = (path: string): Filed => {
  const inside = path.startsWith(folder);
  const id = inside
    ? idOf(path)
    : basename(path)
        .replace(/\.ya?ml$/, '')
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-') || 'scenario';
  const parsed = parseScenario(readText(path), id);
  if (parsed.ok) return { scenario: parsed.scenario, path };
  const shown = relative(process.cwd(), path);
  throw new Mistake(parsed.errors.map((error) => errorLine(shown, error)).join('\n'));
};

/** What a word on the command line means: a file's path, a scenario's id, or part of ids. */
const find = (word: string): readonly string[] => {
  if (/\.ya?ml$/.test(word)) return [resolve(process.cwd(), word)];
  const all = files();
  const exact = all.filter((path) => idOf(path) === word);
  const some = exact.length > 0 ? exact : all.filter((path) => idOf(path).includes(word));
  if (some.length > 0) return some;
  const ids = all.map(idOf);
  const near =
    nearest(word, [...ids, ...ids.map((id) => id.split('/').at(-1) ?? id)]) ??
    nearest(
      word.split('/').at(-1) ?? word,
      ids.flatMap((id) => id.split(/[/-]/)),
    );
  throw new Mistake(`no scenario “${word}”${near === null ? '' : `: did you mean ${near}?`}`);
};

/** The files of the scenarios that these words name, each once; all of them for no words. */
export const pathsFor = (words: readonly string[]): readonly string[] =>
  words.length === 0 ? files() : [...new Set(words.flatMap(find))];

/** The scenarios that these words name, each once; all of them for no words. */
export const scenariosFor = (words: readonly string[]): readonly Filed[] => pathsFor(words).map(load);

/** Exactly one; also a story without its script, which is no file of its own. */
export const oneScenario = (words: readonly string[]): Filed => {
  const [word, another] = words;
  if (word === undefined || another !== undefined)
    throw new Mistake(word === undefined ? 'name a scenario' : 'name one scenario');
  const script = scriptOf(word);
  if (script !== null) {
    const { scenario, path } = oneScenario([script.story]);
    return { scenario: unscripted(scenario, script.freedom), path };
  }
  const found = scenariosFor(words);
  const [first, second] = found;
  if (first === undefined || second !== undefined)
    throw new Mistake(
      `“${words[0]}” names ${found.length} scenarios: ${found.map(({ scenario }) => scenario.id).join(', ')}`,
    );
  return first;
};
