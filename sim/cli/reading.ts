/** The text of a file, or why it is none. */
import { readFileSync, statSync } from 'node:fs';

export type ReadText =
  | { readonly ok: true; readonly text: string }
  /** `why` goes behind the name of the file: `cannot be read`. */
  | { readonly ok: false; readonly why: string };

/** Files of scenarios are smaller by far; more is not even looked at. */
const bytesMax = 8 * 2 ** 20;
/** The longest text that there can be, in bytes: what commands write line by line for hours, and read again, may be as long. */
export const longestText = 2 ** 29 - 2 ** 10;

const no = (why: string): ReadText => ({ ok: false, why });
const whyNot: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'cannot be read: there is no such file'],
  ['EACCES', 'cannot be read: not allowed'],
  ['EPERM', 'cannot be read: not allowed'],
  ['ELOOP', 'cannot be read: it is a link to itself'],
  ['ENOTDIR', 'cannot be read: part of its path is no folder'],
  ['ENAMETOOLONG', 'cannot be read: its name is too long'],
]);

export type ReadBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: string };
/** The bytes of a file of at most so many. Never throws. */
export const readBytes = (path: string, max: number): ReadBytes => {
  const bytes = bytesOf(path, max);
  return typeof bytes === 'string' ? { ok: false, why: bytes } : { ok: true, bytes };
};

const bytesOf = (path: string, max: number): Uint8Array | string => {
  try {
    const is = statSync(path);
    if (is.isDirectory()) return 'is a folder, a file expected';
    if (!is.isFile()) return 'is no file';
    if (is.size > max) return `is too large: ${is.size} bytes, at most ${max}`;
    return readFileSync(path);
  } catch (error) {
    return whyNot.get((error as { readonly code?: string }).code ?? '') ?? 'cannot be read';
  }
};

const begins = (bytes: Uint8Array, ...with_: readonly number[]): boolean =>
  with_.every((byte, nth) => bytes[nth] === byte);

/** UTF-8, with or without a mark at its beginning. Never throws. @param max in bytes */
export const readText = (path: string, max = bytesMax): ReadText => {
  const bytes = bytesOf(path, max);
  if (typeof bytes === 'string') return no(bytes);
  if (begins(bytes, 0xff, 0xfe) || begins(bytes, 0xfe, 0xff)) return no('is UTF-16, UTF-8 expected');
  if (bytes.includes(0)) return no('is no text: it holds zero bytes, UTF-8 expected');
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return no(`is in another encoding: UTF-8 expected${placeOf(bytes)}`);
  }
};

/** The line of the first byte that is not UTF-8. */
const placeOf = (bytes: Uint8Array): string => {
  let line = 1;
  let from = 0;
  const reader = new TextDecoder('utf-8', { fatal: true });
  for (let at = bytes.indexOf(10); ; at = bytes.indexOf(10, from)) {
    try {
      reader.decode(bytes.subarray(from, at < 0 ? bytes.length : at));
    } catch {
      return `, and line ${line} is not`;
    }
    if (at < 0) return '';
    from = at + 1;
    line += 1;
  }
};
