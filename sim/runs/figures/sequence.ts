/** A run as a sequence diagram: who said what to whom, and when which guarantee broke, on one time axis. */

import { guaranteeIds } from '../../../machines/guarantee-texts.ts';
import type { Run } from '../../engine/types.ts';
import { whenText } from '../break-words.ts';
import type { Form } from './columns.ts';
import { signDefs } from './glyphs.ts';
import { drawLaneNames, lanePatterns, lanesOf } from './lanes.ts';
import { type Layout, layout, type Matter, matterOf, type Placed, partsOf, type Stretch } from './layout.ts';
import { drawHeads, drawLines, marksOf, type Span } from './lifelines.ts';
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

/** That nothing breaks, said of the guarantees that were judged and of no others. */
const noneWords = ({ judgements }: Run): string => {
  if (judgements.length === 0) return 'No guarantee is asked about here.';
  const judged = new Set(judgements.map(({ guarantee }) => guarantee));
  return guaranteeIds.every((id) => judged.has(id))
    ? 'No guarantee breaks.'
    : 'None of the guarantees asked about here breaks.';
};

/** What a run says in one sentence, of the guarantees that were judged in it. */
export const runSummary = (run: Run): string => {
  const fallen = run.judgements.flatMap(({ verdict, guarantee, cause, certain }) => {
    if (verdict !== 'breaks' && verdict !== 'accepted') return [];
    const when = cause === null || certain === null ? 'at the end' : whenText(cause, certain);
    return [`${guaranteeWords(guarantee)} breaks ${when}${verdict === 'accepted' ? ' (the text accepts it)' : ''}`];
  });
  return `${counted(run.steps.length, 'step')}. ${fallen.length === 0 ? noneWords(run) : `${fallen.join(', ')}.`}`;
};

const desc = (placed: Layout): string => {
  const quiet =
    placed.quiet.length === 0
      ? ''
      : ` Not drawn, as nothing new happens there: ${placed.quiet.map((step) => step + 1).join(', ')}.`;
  return `${runSummary(placed.run)}${quiet} The same run stands as text on its page.`;
};

/** What stands on the page of a picture before its ids, and before its links. */
type Named = { readonly prefix: string; readonly base: string };

/** Draws stretches of a picture. `next`: the row below, whose upper line stands on the edge. */
const stretchesOf = (placed: Layout, named: Named): ((stretch: Stretch, next?: Placed) => string) => {
  const marks = marksOf(placed);
  const lanes = lanesOf(placed, named.prefix);
  return (stretch, next) => {
    const { rows } = stretch;
    return [
      marks(stretch),
      lanes(stretch),
      drawPartings(placed, next === undefined ? rows : [...rows, next]) + drawTies(placed, rows),
      ...rows.map((row) => drawRow(placed, row, named)),
    ]
      .filter((part) => part !== '')
      .join('\n');
  };
};

const defsOf = (prefix: string, drawn: string): string =>
  `<defs>${lanePatterns(prefix, drawn)}${signDefs(prefix, drawn)}</defs>`;

/**
 * The SVG of a run, in one piece with nothing folded. Every row links to `#s<n>` (n counts from 1) and has a name that contains its
 * visible text. No `style` attributes, no script; everything from the run is escaped. The same run gives the same text.
 */
export const sequenceSvg = (run: Run, options: SequenceOptions = {}): string => {
  const { form = 'wide', standalone = false, prefix = form === 'wide' ? 'seq' : 'seqn', base = '' } = options;
  const placed = layout(matterOf(run), form);
  const { width, height, top, rows } = placed;
  const heads = drawHeads(placed, prefix) + drawLaneNames(placed);
  const whole = { top, bottom: height };
  const drawn = stretchesOf(placed, { prefix, base })({ rows, ...whole });
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

/** A part of a picture on a page: an SVG of `width` and `height` px, which takes the width there is. */
export type SequencePiece = { readonly svg: string; readonly width: number; readonly height: number };
/**
 * A stretch of a picture on a page, in pieces one under the other; of a fold also its bar, which shows the lines that go on beneath its
 * words.
 */
export type SequenceBand = {
  readonly pieces: readonly SequencePiece[];
  readonly fold: (Fold & { readonly bar: string }) | null;
};
/** A picture in the parts a page puts together: heads that stay in sight, then the stretches. */
export type SequenceParts = {
  readonly form: Form;
  /** What the picture shows, in one sentence. */
  readonly words: string;
  readonly heads: string;
  readonly bands: readonly SequenceBand[];
};
/** Pictures of one run, the `defs` that all of them refer to, and what they show. */
export type Sequence = Pick<Matter, 'rows' | 'quiet'> & {
  readonly defs: string;
  readonly pictures: readonly SequenceParts[];
  /** Whether they are so long that their stretches are cut into pieces. */
  readonly isCut: boolean;
};

const markupOf = ({ heads, bands }: SequenceParts): string =>
  heads + bands.flatMap(({ pieces }) => pieces.map(({ svg }) => svg)).join('');

/** How high the bar of a fold is, px. */
const barHeight = 34;

/**
 * Pictures of a run in parts, in each of `forms`. `prefix` begins every id; where there are more than `uncutMax` rows, stretches are cut
 * into pieces. Links and texts are as in `sequenceSvg`.
 */
export const sequenceParts = (
  run: Run,
  forms: readonly Form[],
  {
    prefix,
    base = '',
    uncutMax = Number.POSITIVE_INFINITY,
  }: { readonly prefix: string; readonly base?: string; readonly uncutMax?: number },
): Sequence => {
  const matter = matterOf(run, { folded: true });
  const isCut = matter.rows.length > uncutMax;
  const drawn = forms.map((form) => {
    const placed = layout(matter, form);
    const { width } = placed;
    const lines = `${prefix}-${form}`;
    const svg = ({ top, bottom }: Span, inner: string, more = ''): string =>
      `<svg viewBox="0 ${px(top)} ${width} ${px(bottom - top)}"${more}>${inner}</svg>`;
    const draw = stretchesOf(placed, { prefix, base });
    const stretch = (one: Stretch, next?: Placed, more = ''): string =>
      svg(one, `<use href="#${lines}"/>${draw(one, next)}`, more);
    const bands = placed.bands.map((band): SequenceBand => {
      const { fold, top } = band;
      const bar = { rows: [], top, bottom: top + barHeight };
      const parts = isCut ? partsOf(band) : [band];
      return {
        pieces: parts.map((part, nth) => ({
          svg: stretch(part, parts[nth + 1]?.rows[0]),
          width,
          height: Math.round(part.bottom - part.top),
        })),
        fold:
          fold === null
            ? null
            : { ...fold, bar: stretch(bar, undefined, ' preserveAspectRatio="none" aria-hidden="true"') },
      };
    });
    const heads = svg({ top: 0, bottom: placed.top }, drawHeads(placed, prefix) + drawLaneNames(placed));
    const ground = `<g id="${lines}">${drawLines(placed, { top: 0, bottom: placed.height })}</g>`;
    return { ground, picture: { form, words: desc(placed), heads, bands } };
  });
  // To search a long picture for its signs takes longer than to define a few that it has not.
  const all = isCut ? null : drawn.map(({ picture }) => markupOf(picture)).join('');
  const ground = drawn.map((one) => one.ground).join('');
  return {
    rows: matter.rows,
    quiet: matter.quiet,
    defs: `<svg class="fig" width="0" height="0" aria-hidden="true"><defs>${ground}${lanePatterns(prefix, all)}${signDefs(prefix, all)}</defs></svg>`,
    pictures: drawn.map(({ picture }) => picture),
    isCut,
  };
};
