/** A run as a sequence diagram: who said what to whom, and when which guarantee broke, on one time axis. */

import type { Run } from '../../engine/types.ts';
import { whenText } from '../break-words.ts';
import { drawLanes, lanePatterns } from './lanes.ts';
import { type Form, type Layout, layout } from './layout.ts';
import { drawHeads, drawLifelines } from './lifelines.ts';
import { drawRow } from './messages.ts';
import { standaloneStyle } from './style.ts';
import { at, escapeText } from './text.ts';
import { counted, guaranteeWords } from './words.ts';

export type SequenceOptions = {
  /** `wide` (the default) has labels on the arrows, `narrow` fits a phone. */
  readonly form?: Form;
  /** A file of its own: carries its style, both colour schemes, and a ground. */
  readonly standalone?: boolean;
  /** What element ids begin with, where several pictures share a page. */
  readonly prefix?: string;
  /** What links begin with: `''` for `#s3` on the same page, or the page's address. */
  readonly base?: string;
};

/** What a run says in one sentence. */
export const runSummary = (run: Run): string => {
  const broken = run.judgements.filter(({ verdict }) => verdict === 'breaks');
  const fallen = broken.map(
    ({ guarantee, cause, certain }) =>
      `${guaranteeWords(guarantee)} breaks ${cause === null || certain === null ? 'at the end' : whenText(cause, certain)}`,
  );
  return `${counted(run.steps.length, 'step')}. ${fallen.length === 0 ? 'No guarantee breaks.' : `${fallen.join(', ')}.`}`;
};

const desc = (placed: Layout): string => {
  const quiet =
    placed.quiet.length === 0
      ? ''
      : ` Not drawn, as nothing new happens there: ${placed.quiet.map((step) => step + 1).join(', ')}.`;
  return `${runSummary(placed.run)}${quiet} The same run stands as text on its page.`;
};

/**
 * The SVG of a run. Every row links to `#s<n>` (n counts from 1) and has a name that contains its visible text.
 * No `style` attributes, no script; everything from the run is escaped. The same run gives the same text.
 */
export const sequenceSvg = (run: Run, options: SequenceOptions = {}): string => {
  const { form = 'wide', standalone = false, prefix = form === 'wide' ? 'seq' : 'seqn', base = '' } = options;
  const placed = layout(run, form);
  const { width, height } = placed;
  return [
    `<svg class="fig seq seq-${form}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}" role="group" aria-labelledby="${prefix}-t ${prefix}-d">`,
    `<title id="${prefix}-t">${escapeText(run.scenario.title)}</title> <desc id="${prefix}-d">${escapeText(desc(placed))}</desc>`,
    standalone ? `${standaloneStyle()}<rect class="ground" width="${at(width)}" height="${at(height)}"/>` : '',
    lanePatterns(prefix),
    drawLifelines(placed),
    drawHeads(placed),
    drawLanes(placed, prefix),
    ...placed.rows.map((row) => drawRow(placed, row, base)),
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
};
