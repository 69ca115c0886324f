/** Files that are written: what cannot be is one clear error, after everything else was told. */
import { writeFileSync } from 'node:fs';
import { resolved } from './places.ts';
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
]);

/** Does what writes, or throws a `Mistake` that says why that cannot be done; `what` is how people know the file. */
export const written = (what: string, act: () => void): void => {
  try {
    act();
  } catch (error) {
    const code = (error as { readonly code?: string }).code ?? '';
    throw new Mistake(`${what} cannot be written: ${whyNot.get(code) ?? (code || String(error))}`);
  }
};

/** Writes `text`. Throws a `Mistake` where that cannot be done; `what` is how people know the file, a flag and its value say. */
export const write = (what: string, file: string, text: string): void =>
  written(what, () => writeFileSync(resolved(file), text));
