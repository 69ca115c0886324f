/** A run as a sequence diagram: who said what to whom, and when which guarantee broke, on one time axis. */

import type { Run } from '../../engine/types.ts';
import { whenText } from '../break-words.ts';
import type { Form } from './columns.ts';
import { signDefs } from './glyphs.ts';
import { drawLaneNames, drawLanes, lanePatterns } from './lanes.ts';
import { type Layout, layout, type Placed } from './layout.ts';
import { drawHeads, drawLines, drawMarks, type Span } from './lifelines.ts';
import { drawPartings, drawRow, drawTies } from './messages.ts';
import type { Fold } from './setup.ts';
import { standaloneStyle } from './style.ts';
import { escapeText, px } from './text.ts';
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

/** What of a picture lies within `span` on its lines, with `rows`. */
const drawSpan = (placed: Layout, span: Span, rows: readonly Placed[], prefix: string, base: string): string =>
  [
    drawMarks(placed, span),
    drawLanes(placed, prefix, span),
    drawPartings(placed, rows) + drawTies(placed, rows),
    ...rows.map((row) => drawRow(placed, row, { prefix, base })),
  ]
    .filter((part) => part !== '')
    .join('\n');

const defsOf = (prefix: string, drawn: string): string =>
  `<defs>${lanePatterns(prefix, drawn)}${signDefs(prefix, drawn)}</defs>`;

/**
 * The SVG of a run, in one piece with nothing folded. Every row links to `#s<n>` (n counts from 1) and has a name that contains its
 * visible text. No `style` attributes, no script; everything from the run is escaped. The same run gives the same text.
 */
export const sequenceSvg = (run: Run, options: SequenceOptions = {}): string => {
  const { form = 'wide', standalone = false, prefix = form === 'wide' ? 'seq' : 'seqn', base = '' } = options;
  const placed = layout(run, form);
  const { width, height, top } = placed;
  const heads = drawHeads(placed, prefix) + drawLaneNames(placed);
  const whole = { top, bottom: height };
  const drawn = drawSpan(placed, whole, placed.rows, prefix, base);
  return [
    `<svg class="fig seq seq-${form}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="group" aria-labelledby="${prefix}-t ${prefix}-d">`,
    `<title id="${prefix}-t">${escapeText(run.scenario.title)}</title> <desc id="${prefix}-d">${escapeText(desc(placed))}</desc>`,
    standalone ? `${standaloneStyle()}<rect class="ground" width="${px(width)}" height="${px(height)}"/>` : '',
    defsOf(prefix, heads + drawn),
    heads,
    drawLines(placed, whole),
    drawn,
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
};

/** A stretch of a picture on a page: drawn as SVG; of a fold also its bar, which shows the lines that go on beneath its words. */
export type SequenceBand = { readonly svg: string; readonly fold: (Fold & { readonly bar: string }) | null };
/** A picture in the parts a page puts together: heads that stay in sight, then the stretches. */
export type SequenceParts = {
  readonly form: Form;
  /** What the picture shows, in one sentence. */
  readonly words: string;
  readonly heads: string;
  readonly bands: readonly SequenceBand[];
};

/** How high the bar of a fold is, px. */
const barHeight = 34;

/**
 * Pictures of a run in parts, in each of `forms`, and the `defs` that all of them refer to. `prefix` begins every id. Links and texts
 * are as in `sequenceSvg`.
 */
export const sequenceParts = (
  run: Run,
  forms: readonly Form[],
  { prefix, base = '' }: { readonly prefix: string; readonly base?: string },
): { readonly defs: string; readonly pictures: readonly SequenceParts[] } => {
  const drawn = forms.map((form) => {
    const placed = layout(run, form, { folded: true });
    const lines = `${prefix}-${form}`;
    const svg = (span: Span, inner: string, more = ''): string =>
      `<svg viewBox="0 ${px(span.top)} ${placed.width} ${px(span.bottom - span.top)}"${more}>${inner}</svg>`;
    const stretch = (span: Span, rows: readonly Placed[], more = ''): string =>
      svg(span, `<use href="#${lines}"/>${drawSpan(placed, span, rows, prefix, base)}`, more);
    const bands = placed.bands.map(({ fold, rows, top, bottom }): SequenceBand => {
      const bar = { top, bottom: top + barHeight };
      return {
        svg: stretch({ top, bottom }, rows),
        fold:
          fold === null ? null : { ...fold, bar: stretch(bar, [], ' preserveAspectRatio="none" aria-hidden="true"') },
      };
    });
    const heads = svg({ top: 0, bottom: placed.top }, drawHeads(placed, prefix) + drawLaneNames(placed));
    const ground = `<g id="${lines}">${drawLines(placed, { top: 0, bottom: placed.height })}</g>`;
    return { ground, picture: { form, words: desc(placed), heads, bands } };
  });
  const all = drawn.flatMap(({ picture }) => [picture.heads, ...picture.bands.map(({ svg }) => svg)]).join('');
  const ground = drawn.map((one) => one.ground).join('');
  return {
    defs: `<svg class="fig" width="0" height="0" aria-hidden="true"><defs>${ground}${lanePatterns(prefix, all)}${signDefs(prefix, all)}</defs></svg>`,
    pictures: drawn.map(({ picture }) => picture),
  };
};
