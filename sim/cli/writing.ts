/** Files that are written: what cannot be is one clear error, after everything else was told. */
import { accessSync, constants, lstatSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import type { FileKind } from './file-kinds.ts';
import { isFile, resolved } from './places.ts';
import { longestText, readText } from './reading.ts';
import { Mistake } from './terminal.ts';

const whyNot: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such folder'],
  ['ENOTDIR', 'part of its path is no folder'],
  ['EEXIST', 'it is there already'],
  ['EISDIR', 'that is a folder'],
  ['EACCES', 'not allowed'],
  ['EPERM', 'not allowed'],
  ['EROFS', 'nothing can be written there'],
  ['ENOSPC', 'no space is left'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ELOOP', 'it is a link to itself'],
]);

/** Does what writes, or throws a `Mistake` that says why that cannot be done; `what` is how people know the file. */
export const written = (what: string, act: () => void): void => {
  try {
    act();
  } catch (error) {
    throw new Mistake(`${what} cannot be written: ${whyNotWritten(error)}`);
  }
};
/** Why something could not be written, without a full stop. */
export const whyNotWritten = (error: unknown): string => {
  const code = (error as { readonly code?: string }).code ?? '';
  return whyNot.get(code) ?? (code || String(error));
};

/** What is there; nothing also where a part of the path is no folder. */
const entryAt = (path: string): Stats | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};
/** What is no plain file (a pipe, the terminal) cannot be put in the place of. */
const isReplaced = (path: string): boolean => {
  const is = entryAt(path);
  return is === undefined || is.isFile();
};
/** All of it or nothing: whoever reads the file meanwhile, or after a crash, finds what was there before. */
const replace = (path: string, text: string): void => {
  if (!isReplaced(path)) {
    writeFileSync(path, text);
    return;
  }
  const mode = entryAt(path)?.mode;
  // A file that may not be written is not put aside either.
  if (mode !== undefined) accessSync(path, constants.W_OK);
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text, mode === undefined ? {} : { mode });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    // A folder in which nothing new may be made, or a file that is mounted by itself.
    const isPlace = ['EACCES', 'EPERM', 'EBUSY'].includes((error as { readonly code?: string }).code ?? '');
    if (!isPlace || mode === undefined) throw error;
    writeFileSync(path, text);
  }
};

/** Elsewhere `-` is what comes to the terminal: nobody who writes it wants a file of that name. */
const checkName = (what: string, file: string): void => {
  if (file === '-')
    throw new Mistake(`${what}: a file is expected; /dev/stdout comes to the terminal, ./- is a file too`);
};

/** Writes `text`. Throws a `Mistake` where that cannot be done; `what` is how people know the file, a flag and its value say. */
export const write = (what: string, file: string, text: string): void => {
  checkName(what, file);
  written(what, () => replace(resolved(file), text));
};

/** Throws a `Mistake` where a file is there that is of another kind, or that somebody wrote: their work would be lost. An empty one is of any kind. */
export const checkOut = ({ is, isOf, isAsWritten = () => true }: FileKind, what: string, file: string): void => {
  checkName(what, file);
  const path = resolved(file);
  // Through a link, too: that is what would be written to.
  if (entryAt(path) === undefined || !isFile(path)) return;
  const read = readText(path, longestText);
  const isOne = read.ok && isOf(read.text);
  if (read.ok && (read.text.trim() === '' || (isOne && isAsWritten(read.text)))) return;
  const found = isOne ? `${is} that somebody wrote or changed` : `not ${is}`;
  throw new Mistake(`${what}: what is there is ${found}, and is not written over: name another file, or remove it`);
};

/** The same in the place of a file of that kind, or where none is. */
export const writeOf = (kind: FileKind, what: string, file: string, text: string): void => {
  checkOut(kind, what, file);
  write(what, file, text);
};
