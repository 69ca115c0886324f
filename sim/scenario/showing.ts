/**
 * Text as it may be shown. What comes from files, names of files, lines and the wire can hold characters that move a terminal's
 * cursor, rename its window or turn the order of letters round. They are shown by their number, as in `\u001b`, which JSON reads
 * back as the same character.
 */

/** C0 but for tab and line feed, DEL, C1, marks of direction, separators of lines, and halves of characters. */
const unshowable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

const numbered = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** `text` without any character that a terminal would obey. Lines and tabs stay. */
export const shown = (text: string): string => text.replaceAll(unshowable, numbered);

/** The same in one line: for titles and names, which must not look like lines of ours. */
export const oneLine = (text: string): string => shown(text.replaceAll(/\s*[\n\t]\s*/g, ' '));

/** Whether nothing in `text` would be shown by its number. */
export const isShowable = (text: string): boolean => text.search(unshowable) < 0;

/** A name as somebody wrote it, in quotes and cut where it is long. */
export const quoted = (name: string): string => `“${oneLine(name.length > 60 ? `${name.slice(0, 60)}…` : name)}”`;
