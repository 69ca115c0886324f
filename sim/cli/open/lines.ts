/** Lines about many things: no more than anybody reads, and how often each stands there. */
import { oneLine } from '../../scenario/showing.ts';
import { plural } from '../terminal.ts';

/** How many lines of one kind are shown before the rest is only counted. */
const linesMax = 20;
/** The first lines of many; the others as a number. */
export const some = (lines: readonly string[], what: string): readonly string[] =>
  lines.length <= linesMax
    ? lines
    : [...lines.slice(0, linesMax), `  … and ${plural(lines.length - linesMax, `more ${what}`, `more ${what}s`)}`];

/** How often each stands there, in the order in which they first do. */
const countsOf = (texts: readonly string[]): readonly (readonly [text: string, times: number])[] => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts];
};
const lineOf = ([text, times]: readonly [string, number]): string => `  ${oneLine(text)}: ${times}`;

/** A line for each, with how often it stands there. */
export const counted = (texts: readonly string[]): readonly string[] => countsOf(texts).map(lineOf);
/** The same, the most frequent first. */
export const mostFirst = (texts: readonly string[]): readonly string[] =>
  countsOf(texts)
    .toSorted(([, one], [, other]) => other - one)
    .map(lineOf);
