/** Scenario files on the disk, found by name, path, folder or part of a name. */

import type { Scenario } from '../engine/types.ts';
import { scriptOf, unscripted } from '../explorer/relax-script.ts';
import { nearest } from '../scenario/nearest.ts';
import { errorLine, parseScenario } from '../scenario/parse.ts';
import {
  arenaFiles,
  filesIn,
  idOf,
  isFolder,
  isScenarioFile,
  isThere,
  libraryFiles,
  resolved,
  stemOf,
  toldPath,
} from './places.ts';
import { readText } from './reading.ts';
import { Mistake } from './terminal.ts';

export type Filed = { readonly scenario: Scenario; readonly path: string };
/** A file, read. `mistakes`: all that is wrong with it, each in a line. */
export type ReadFile =
  | ({ readonly ok: true } & Filed)
  | { readonly ok: false; readonly path: string; readonly mistakes: readonly string[] };

/** The scenario of a file, or why it is none. Never throws. */
export const read = (path: string): ReadFile => {
  const shown = toldPath(path);
  const twin = twinOf(path);
  if (twin !== null)
    return { ok: false, path, mistakes: [`${shown} and ${toldPath(twin)} are one scenario by name: rename one`] };
  const file = readText(path);
  if (!file.ok) return { ok: false, path, mistakes: [`${shown} ${file.why}`] };
  const parsed = parseScenario(file.text, idOf(path));
  return parsed.ok
    ? { ok: true, scenario: parsed.scenario, path }
    : { ok: false, path, mistakes: parsed.errors.map((error) => errorLine(shown, error)) };
};

/** Another file that would have the same id and transcript: `x.yml` beside `x.yaml`. */
const twinOf = (path: string): string | null =>
  ['.yaml', '.yml'].map((end) => `${stemOf(path)}${end}`).find((other) => other !== path && isThere(other)) ?? null;

/** The same. Throws a `Mistake` with all that is wrong with it. */
export const load = (path: string): Filed => {
  const file = read(path);
  if (file.ok) return file;
  throw new Mistake(file.mistakes.join('\n'));
};

/** What a word on the command line means: a file's path, a folder, a scenario's id, or part of ids. */
const find = (word: string): readonly string[] => {
  if (word.trim() === '') throw new Mistake(`no scenario “${word}”: the name of one expected`);
  const path = resolved(word);
  if (isScenarioFile(word) && !isFolder(path)) return [path];
  // Whoever writes it as a path means one.
  const isPath = /^\.{0,2}\/|^\.{1,2}$|\/$/.test(word);
  if (isPath && isFolder(path)) return within(word, path);
  const stories = libraryFiles();
  const arenas = arenaFiles();
  const all = [...stories, ...arenas];
  const exact = all.filter((one) => idOf(one) === word);
  if (exact.length > 0) return exact;
  // Part of a name means an arena only where it means nothing else.
  const some = [stories, arenas].map((files) => files.filter((one) => idOf(one).includes(word)));
  const named = some.find(({ length }) => length > 0);
  if (named !== undefined) return named;
  if (isFolder(path)) return within(word, path);
  if (isThere(path))
    throw new Mistake(`${word} is no scenario by its name: a file that ends in .yaml or .yml expected`);
  // Completion stops where names part: `a-story.` is the beginning of `a-story.yaml` and of its transcript.
  const begun = completed(path);
  if (begun.length > 0) return begun;
  const ids = all.map(idOf);
  // Short words are near to so many that none of them is meant.
  const words = ids.flatMap((id) => id.split(/[/-]/)).filter(({ length }) => length > 4);
  const last = word.split('/').at(-1) ?? word;
  const near =
    nearest(word, [...ids, ...ids.flatMap((id) => id.split('/'))]) ??
    nearest(last, words) ??
    nearest(last, partsLike(ids, last.split('-')));
  throw new Mistake(
    `no scenario “${word}”${near === null ? ': name a file, a folder, or one of the library by its id or part of it' : `: did you mean ${near}?`}`,
  );
};

/** Parts of ids that are these words but for letters: people write the beginning of one, or what they remember. */
const partsLike = (ids: readonly string[], words: readonly string[]): readonly string[] =>
  ids.flatMap((id) => {
    const all = (id.split('/').at(-1) ?? '').split('-');
    return all.flatMap((_, at) => {
      const part = all.slice(at, at + words.length);
      const isLike = words.every((word, nth) => word === part[nth] || nearest(word, part.slice(nth, nth + 1)) !== null);
      return part.length === words.length && isLike && part.join('-').length > 4 ? [part.join('-')] : [];
    });
  });

const within = (word: string, folder: string): readonly string[] => {
  const found = filesIn(folder);
  if (found.length === 0) throw new Mistake(`no scenario in ${word}: no file there ends in .yaml or .yml`);
  return found;
};
const completed = (path: string): readonly string[] => {
  const stem = path.replace(/\.$|\.txt$/, '');
  return ['.yaml', '.yml'].map((end) => `${stem}${end}`).filter(isThere);
};

/** Files of scenarios, each once, and a line for each word that means none. */
export type Found = { readonly paths: readonly string[]; readonly lost: readonly string[] };

/** The files of the scenarios that these words name; all of the library for no words. */
export const findAll = (words: readonly string[]): Found => {
  if (words.length === 0) return { paths: onePerScenario(libraryFiles()), lost: [] };
  const paths: string[] = [];
  const lost: string[] = [];
  for (const word of words)
    try {
      for (const path of find(word))
        if (isThere(path)) paths.push(path);
        else lost.push(`${toldPath(path)} cannot be read: there is no such file`);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      lost.push(error.message);
    }
  return { paths: onePerScenario(paths), lost };
};
/** Two files of one name are one scenario, of which one is told what is wrong. */
const onePerScenario = (paths: readonly string[]): readonly string[] => {
  const stems = new Set<string>();
  return paths.filter((path) => {
    const stem = stemOf(path);
    const isNew = !stems.has(stem);
    stems.add(stem);
    return isNew;
  });
};

/** The same. Throws a `Mistake` for a word that means none. */
export const pathsFor = (words: readonly string[]): readonly string[] => {
  const { paths, lost } = findAll(words);
  if (lost.length > 0) throw new Mistake(lost.join('\n'));
  return paths;
};

/** The scenarios that these words name, each once; all of them for no words. */
export const scenariosFor = (words: readonly string[]): readonly Filed[] => pathsFor(words).map(load);

/** The first of many names. */
const some = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} others`;

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
  const paths = pathsFor(words);
  const [first, second] = paths;
  if (first === undefined || second !== undefined)
    throw new Mistake(`“${word}” names ${paths.length} scenarios: ${some(paths.map(idOf))}`);
  return load(first);
};
