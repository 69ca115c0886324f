/** Long things in short form, always the same for the same thing, so that a transcript's diff shows what changed. */
import { unescaped } from '../../../machines/paths.ts';

/** How many characters of a key, token or term are shown. */
const shownCount = 6;

const looksLikeKey = (text: string): boolean => /^[A-Za-z0-9+/_=-]{22,}$/.test(text) && /[A-Z0-9+/]/.test(text);

/** A key, token or term: the first characters and an ellipsis. What is short is shown whole. */
export const shortTerm = (term: string): string =>
  term.length <= 16 ? term : `${[...term].slice(0, shownCount).join('')}…`;

/** A path without the API's prefix, with long parts (session ids, hashes) shortened. */
export const shortPath = (path: string): string =>
  path
    .replace(/^\/_matrix\/(?:client|media|federation)\/[^/]+/, '')
    .split('/')
    .map((part) => {
      const plain = unescaped(part);
      return looksLikeKey(plain) ? shortTerm(plain) : plain;
    })
    .join('/');

/** Text on one line, without characters that would disturb a terminal or a diff, and not endless. */
export const oneLine = (text: string, max = 300): string => {
  const plain = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{C}/gu, '\ufffd')
    .replaceAll(/[A-Za-z0-9+/]{40,}=*/g, (key) => shortTerm(key));
  return plain.length > max ? `${plain.slice(0, max)}…` : plain;
};
