/** The guarantees on the time axis of the messages: solid while held, a cross where one breaks, hatched after, and a small cross where it breaks again. */
import type { Judgement } from '../../engine/types.ts';
import { sign, verdictShape } from './glyphs.ts';
import type { Layout } from './layout.ts';
import { type InSpan, type Span, slantedText } from './lifelines.ts';
import type { Row } from './row.ts';
import { px } from './text.ts';

/** The hatchings, which lanes refer to by id, as far as `drawn` uses them; all where that is `null`. */
export const lanePatterns = (prefix: string, drawn: string | null): string =>
  [
    ['no', 'hb', 'hl'],
    ['sub', 'wb', 'wl'],
  ]
    .filter(([name]) => drawn === null || drawn.includes(`(#${prefix}-${name})`))
    .map(
      ([name, ground, line]) =>
        `<pattern id="${prefix}-${name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="${ground}"/><path d="M0 0V6" class="${line}"/></pattern>`,
    )
    .join('');

/** Where on the axis a step is at which or by which a guarantee broke; `null` when there is none. */
const stepAt = (
  { rows, bottom }: Layout,
  step: number | null,
  of: (row: Row) => readonly { readonly guarantee: string }[],
  guarantee: string,
): number | null => {
  if (step === null) return null;
  const own = rows.filter(({ row }) => row.step === step);
  const marked = own.find(({ row }) => of(row).some((one) => one.guarantee === guarantee)) ?? own.at(-1);
  // A step without a row lies between those around it.
  return marked?.y ?? rows.findLast(({ row }) => row.step < step)?.y ?? bottom;
};

/** A bar from `from` to `to`, as far as it is within `span`. What is cut off goes on beyond the edge. */
const bar = (
  cls: string,
  x: number,
  from: number,
  to: number,
  half: number,
  { top, bottom }: Span,
  fill = '',
): string => {
  const [high, low] = [from < top ? top - 3 : from, to > bottom ? bottom + 3 : to];
  return low - high < 1 || high >= bottom || low <= top
    ? ''
    : `<rect class="${cls}" x="${px(x - half)}" y="${px(high)}" height="${px(low - high)}"${fill}/>`;
};

/** Where else on the axis it broke, once each. `first` is marked already. */
const elsewhere = (
  placed: Layout,
  { guarantee, breaks }: Judgement,
  first: number,
): readonly { readonly y: number; readonly verdict: 'breaks' | 'accepted' }[] => {
  const found = new Map<number, 'breaks' | 'accepted'>();
  for (const { certain, breaks: all } of breaks) {
    const y = stepAt(placed, certain, ({ verdicts }) => verdicts, guarantee);
    if (y === null || y === first) continue;
    // What no text accepts is the graver.
    if (all.some(({ acceptedBy }) => acceptedBy === null)) found.set(y, 'breaks');
    else if (!found.has(y)) found.set(y, 'accepted');
  }
  return [...found].map(([y, verdict]) => ({ y, verdict }));
};

/** The step that did it: a dot on the lane, where the cross comes only later. */
const dueMark = (x: number, y: number, after: 'no' | 'sub', scale: number): string =>
  `<circle class="due ${after}" cx="${px(x)}" cy="${px(y)}" r="${px(5 * scale)}"/>`;

const drawLane = (placed: Layout, prefix: string, judgement: Judgement, x: number): InSpan => {
  const { top: start, bottom, form } = placed;
  const [half, scale] = form === 'wide' ? [6, 1] : [4, 0.7];
  const [shape, tone] = verdictShape[judgement.verdict] ?? verdictShape.unsettled ?? ['question', 'unsettled'];
  const { guarantee, cause, certain } = judgement;
  const when = stepAt(placed, certain, ({ verdicts }) => verdicts, guarantee);
  const others = elsewhere(placed, judgement, when ?? bottom);
  const done = cause === certain ? when : stepAt(placed, cause, ({ causes }) => causes, guarantee);
  return (span) => {
    const within = (y: number): boolean => y >= span.top && y < span.bottom;
    const mark = (y: number): string => (within(y) ? sign(prefix, shape, tone, x, y, scale) : '');
    const small = others
      .filter(({ y }) => within(y))
      .map(({ y, verdict }) => {
        const [shape, tone] = verdict === 'breaks' ? (['cross', 'broken'] as const) : (['about', 'accepted'] as const);
        return sign(prefix, shape, tone, x, y, scale === 1 ? 0.65 : 0.45);
      })
      .join('');
    const part = (cls: string, from: number, to: number, wide = half, fill = ''): string =>
      bar(cls, x, from, to, wide, span, fill);
    switch (judgement.verdict) {
      case 'breaks':
      case 'accepted': {
        const y = when ?? bottom;
        const from = done ?? y;
        const after = judgement.verdict === 'breaks' ? 'no' : 'sub';
        // Done, and not yet certain: the lane is no longer whole.
        const between =
          from < y
            ? part(`lane-due ${after}`, from, y, half / 2) + (within(from) ? dueMark(x, from, after, scale) : '')
            : '';
        return (
          part('lane-ok', start, from) +
          between +
          part(`lane-${after}`, y, bottom, half, ` fill="url(#${prefix}-${after})"`) +
          small +
          mark(y)
        );
      }
      case 'happens':
        return (
          part('lane-open', start, when ?? bottom) + part('lane-ok', when ?? bottom, bottom) + mark(when ?? bottom)
        );
      case 'never':
      case 'unsettled':
        return part('lane-open', start, bottom) + mark(bottom);
      case 'holds':
        return part('lane-ok', start, bottom) + mark(bottom);
    }
  };
};

/** The slanted names of the lanes. */
export const drawLaneNames = ({ lanes, form, top }: Layout): string =>
  lanes.map(({ x, name }) => slantedText(form, name, x, top, form === 'narrow' ? ' slim' : '')).join('');

/** Draws the lanes within a span, one a judgement; where each of them broke is looked up once. */
export const lanesOf = (placed: Layout, prefix: string): InSpan => {
  const { run, lanes } = placed;
  const drawn = run.judgements.map((judgement, index) => drawLane(placed, prefix, judgement, lanes[index]?.x ?? 0));
  return (span) => drawn.map((draw) => draw(span)).join('');
};
