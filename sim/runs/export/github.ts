/** Text as it may stand in a comment on GitHub: nothing in it calls anybody, becomes HTML, or ends what it stands in. */
import { oneLine } from './short.ts';

/** More than this GitHub takes, with room for what people write around it. Characters. */
export const commentMost = 60_000;

/** Stands between two characters and shows nothing: what was a name or a link is none. */
const apart = '\u200b';

/** What GitHub makes links of without being asked: people, issues, addresses. */
const unlinked = (text: string): string =>
  text
    .replaceAll(/@(?=[A-Za-z0-9])/g, `@${apart}`)
    .replaceAll(/#(?=\d)/g, `#${apart}`)
    .replaceAll(/\bGH-(?=\d)/gi, (found) => `${found}${apart}`)
    .replaceAll(/\b(https?|ftp):\/\//gi, `$1:${apart}//`)
    .replaceAll(/\bwww\.(?=\w)/gi, (found) => `${found}${apart}`);

/** A line of plain text in Markdown. */
export const markdownText = (text: string): string =>
  unlinked(
    oneLine(text, 600)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]|~$!]/g, (character) => `\\${character}`)
      // What begins a line as a heading, a list or a rule does.
      .replace(/^(\s*)([#+=-]|\d+[.)])/, '$1\\$2'),
  );

/** Lines of plain text that stand as they are, in a fence that none of them can end. */
export const fenced = (language: string, lines: readonly string[]): readonly string[] => {
  const longest = lines
    .flatMap((line) => line.match(/`+/g) ?? [])
    .reduce((most, { length }) => Math.max(most, length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
};

/** The address of a page as a link to it; nothing where it is none of the web. */
export const pageLink = (address: string | null): readonly string[] =>
  address === null || !/^https?:\/\/[^\s<>()"'`\\]+$/.test(address) ? [] : [`[The run, step by step](${address})`];
