/** What takes a browser; the site's own half of the bench measures it, and says what it came to as JSON. */
import type { Pair, Part, Row, Skipped } from '../measure.ts';
import { node } from '../processes.ts';

/** A line of `site/bench/rounds-main.ts`. */
type Line =
  | {
      readonly is: 'row';
      readonly what: string;
      readonly ours: string;
      readonly other: string;
      readonly pairs: readonly Pair[];
    }
  | { readonly is: 'skipped'; readonly what: string; readonly why: string };

const rowOf = (line: Line): Row | Skipped =>
  line.is === 'skipped'
    ? { what: line.what, why: line.why }
    : { what: line.what, ours: line.ours, other: line.other, unit: 'ms', pairs: line.pairs };

export const pictures: Part = {
  name: 'pictures',
  title: 'In the browser',
  async *measure({ isLong }) {
    const { out } = node('site/bench/rounds-main.ts', ...(isLong ? ['--long'] : []));
    for (const line of out.trim().split('\n')) yield rowOf(JSON.parse(line) as Line);
  },
};
