/** Where files of scenarios are, and how they are called. */
import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { io, root } from './io.ts';
import { Mistake } from './terminal.ts';

const library = resolve(root, 'scenarios');
/** What stands in the library in the same format, and is no scenario. */
const besides: readonly string[] = ['findings.yml', 'acceptances.yml'].map((file) => join(library, file));

const ending = /\.ya?ml$/i;
export const isScenarioFile = (path: string): boolean => ending.test(path);
/** Without its ending: what the files that belong to one scenario have in common. */
export const stemOf = (path: string): string => path.replace(ending, '');
const inLibrary = (path: string): boolean => path.startsWith(library + sep);

/** A path as people type it, from where they stand. Behind a link `..` is the folder above where it leads, as for everybody who opens files. */
export const resolved = (path: string): string => {
  const whole = resolve(io().here, path);
  const parts = path.split(sep);
  if (!parts.includes('..')) return whole;
  const start = path.startsWith(sep) ? parse(whole).root : io().here;
  return parts.reduce((at, part) => (part === '..' ? dirname(linkEnd(at)) : join(at, part)), start);
};
/** Where a link leads; the very path where it is none, or leads nowhere. */
const linkEnd = (path: string): string => {
  try {
    return lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
  } catch {
    return path;
  }
};

const isWithin = (way: string): boolean => way !== '..' && !way.startsWith(`..${sep}`) && way !== '';

/**
 * The id of a file. In the library it is its path there without ending, as in `secret-push/a-story`. Elsewhere it is the path itself,
 * from where one stands (`./my story.yaml`) or from the root, so that nobody takes it for another scenario of that name.
 */
export const idOf = (path: string): string => {
  if (inLibrary(path)) return stemOf(relative(library, path)).replaceAll(sep, '/');
  return shortPath(path).replaceAll(sep, '/');
};

/** A path as it is told: from where one stands where that is short. */
const shortPath = (path: string): string => {
  const way = relative(io().here, path);
  return isWithin(way) ? `.${sep}${way}` : path;
};
/** The same without the `./`, as compilers say it. */
export const toldPath = (path: string): string => {
  const way = relative(io().here, path);
  return isWithin(way) ? way : path;
};

/** What stands there; `null`: nothing, or nothing that can be looked at, and `why` is the code of that. Never throws. */
const lookedAt = (path: string): { readonly is: Stats | null; readonly why: string } => {
  try {
    return { is: statSync(path), why: '' };
  } catch (error) {
    return { is: null, why: (error as { readonly code?: string }).code ?? '' };
  }
};
/** What there cannot be is not there; of a link to itself, or what may not be looked at, whoever reads it says so. */
const cannotBe: readonly string[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];
export const isFolder = (path: string): boolean => lookedAt(path).is?.isDirectory() === true;
/** A file, or a link to one. */
export const isFile = (path: string): boolean => lookedAt(path).is?.isFile() === true;
export const isThere = (path: string): boolean => !cannotBe.includes(lookedAt(path).why);

/** The files of scenarios in a folder and in those within it, in the order of their names. Throws a `Mistake` where one cannot be read. */
export const filesIn = (folder: string): readonly string[] => {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const at = next;
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (isLookedInto(entry.name)) open.push(path);
      } else if (isScenarioFile(entry.name) && !besides.includes(path) && !isLinkToFolder(entry, path))
        found.push(path);
    }
  }
  return found.sort();
};
/** Only of links it takes a look at the disk. */
const isLinkToFolder = (entry: Dirent, path: string): boolean => entry.isSymbolicLink() && isFolder(path);
const isLookedInto = (name: string): boolean => name !== 'node_modules' && !name.startsWith('.');
const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'utf8' });
  } catch {
    throw new Mistake(`${toldPath(folder)} cannot be read`);
  }
};

const arenas = join(library, 'arenas');
/** Arenas are for the explorer: every world of each is looked at where that is asked for, and not whenever the library is run. */
export const arenaFiles = (): readonly string[] => filesIn(arenas);
/** The files of the library but its arenas. */
export const libraryFiles = (): readonly string[] =>
  filesIn(library).filter((path) => !path.startsWith(`${arenas}${sep}`));

/** The ids of both. */
export const libraryIds = (): readonly string[] => [...libraryFiles(), ...arenaFiles()].map(idOf);

/** Where people keep scenarios of their own: the folder `scenarios` where they stand; `null` where that is the library. `init` begins it. */
export const ownFolder = (): string | null => {
  const folder = resolved('scenarios');
  return folder === library ? null : folder;
};
/** What is named, or else that folder as it would be named; nothing where there is none, which means the library. */
export const namedOrOwn = (words: readonly string[]): readonly string[] => {
  const folder = words.length > 0 ? null : ownFolder();
  return folder !== null && isFolder(folder) ? ['./scenarios'] : words;
};

/** A folder and those within it in which scenarios may stand. */
export const foldersIn = (folder: string): readonly string[] => [
  folder,
  ...entriesOf(folder)
    .filter((entry) => entry.isDirectory() && isLookedInto(entry.name))
    .flatMap(({ name }) => foldersIn(join(folder, name))),
];

/** The line at the head of a scenario by which an editor finds the schema on this disk, without asking a network. @param path where it is written */
export const schemaLine = (path: string): string => {
  const schema = relative(dirname(path), join(root, 'scenarios', 'schema.json'))
    .split(sep)
    .join('/');
  return `# yaml-language-server: $schema=${schema}\n`;
};
