/** Files in which searches that were left are kept: what one was a search of, by which version of the model, and that nobody changed it. */
import { createHash } from 'node:crypto';
import { objectIn } from '../../machines/json.ts';
import type { Kept } from '../explorer/checkpoint.ts';
import { oneLine } from '../scenario/showing.ts';
import { isThere, resolved } from './places.ts';
import { longestText, readText } from './reading.ts';
import { modelVersion } from './sweep/model-version.ts';
import { Mistake } from './terminal.ts';

/**
 * What it has seen, and what broke, is so of the code that looked: `hearsay` says which that was. `search` is what must be the same when it
 * is taken up again; `digest` is of all else.
 */
type KeptFile = { readonly hearsay: string; readonly search: string; readonly digest: string; readonly kept: Kept };

const digestOf = ({ hearsay, search, kept }: Omit<KeptFile, 'digest'>): string =>
  createHash('sha256')
    .update(JSON.stringify([hearsay, search, kept]))
    .digest('base64url');

/** @returns a search as it stands in a file; `null` where it is longer than a text can be */
export const keptText = (search: string, kept: Kept): string | null => {
  const told = { hearsay: modelVersion(), search, kept };
  try {
    return JSON.stringify({ ...told, digest: digestOf(told) } satisfies KeptFile);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** What was kept in a file of this search by this version. Throws a `Mistake` where it is of another, or none. @returns nothing where no file is yet */
export const keptIn = (file: string, search: string): Kept | undefined => {
  const path = resolved(file);
  if (!isThere(path)) return undefined;
  const read = readText(path, longestText);
  if (!read.ok) throw new Mistake(`--keep ${file} ${read.why}`);
  // An empty file is one that somebody made for it.
  if (read.text.trim() === '') return undefined;
  const told = objectIn(read.text) as unknown as Partial<KeptFile> | null;
  if (told === null || typeof told.search !== 'string' || told.kept === undefined)
    throw new Mistake(
      `--keep ${file}: what is there is no search that was kept, or is cut short: name another file, or remove it`,
    );
  if (told.search !== search)
    throw new Mistake(
      `--keep ${file}: what is there is another search, of another scenario, guarantee, setting, order or bound: name another file, or remove it`,
    );
  const { hearsay, kept } = told;
  const by = typeof hearsay === 'string' ? `hearsay ${oneLine(hearsay)}` : 'a hearsay that did not say its version';
  if (hearsay !== modelVersion())
    throw new Mistake(
      `--keep ${file}: what is there was kept by ${by}, and this is ${modelVersion()}: name another file, or remove it, and begin anew`,
    );
  if (told.digest !== digestOf({ hearsay, search, kept }))
    throw new Mistake(`--keep ${file}: what is there was changed since it was kept: remove it, and begin anew`);
  return kept;
};
