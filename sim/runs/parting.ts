/** Two runs of one story, told from where they part. */
import type { Run } from '../engine/types.ts';
import { transcript } from './transcript.ts';

/** A transcript in its parts: what it is, each step, and what is said at the end. */
type Parts = { readonly head: string; readonly steps: readonly string[]; readonly end: string };

const partsOf = (run: Run): Parts => {
  const [head = '', ...blocks] = transcript(run).split(/\n(?=\d+\. )/);
  const last = blocks.at(-1) ?? '';
  // The last step ends where a line stands that is none of its own.
  const own = last.match(/^.*(?:\n {3}.*)*/)?.[0] ?? last;
  return { head, steps: [...blocks.slice(0, -1), own], end: last.slice(own.length) };
};

/** A clause that is off and would have permitted changed nothing. */
const asIfInForce = (step: string | undefined): string | undefined =>
  step?.replaceAll(/^( {3}clause .*) is off \(would permit\)$/gm, '$1 permits');

/** How many steps two runs have in common from the beginning on: the same in every line of their transcripts. */
export const commonSteps = (one: Run, other: Run): number => {
  const [own, its] = [partsOf(one).steps, partsOf(other).steps];
  const parts = own.findIndex((step, nth) => asIfInForce(step) !== asIfInForce(its[nth]));
  return parts === -1 ? own.length : parts;
};

/** The transcript of `other` without the steps it shares with `base`, for which it names the `file` that has them. */
export const fromTheFork = (base: Run, other: Run, file: string): string => {
  const { head, steps, end } = partsOf(other);
  const common = commonSteps(base, other);
  const shared = common === 1 ? 'Step 1 is' : `Steps 1 to ${common} are`;
  const left = common === 0 ? [] : [`${shared} in ${file}: up to there the runs do not differ.`, ''];
  return `${[head.trimEnd(), '', ...left, ...steps.slice(common)].join('\n')}${end}`;
};
