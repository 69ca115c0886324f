/** The guarantees on the time axis of the messages: solid while held, a cross where one breaks, hatched after. */
import type { Judgement } from '../../engine/types.ts';
import { glyph, verdictShape } from './glyphs.ts';
import { type Layout, laneSlant } from './layout.ts';
import type { Row } from './row.ts';
import { at, escapeText } from './text.ts';
import { guaranteeWords } from './words.ts';

/** The hatchings, which lanes refer to by id. */
export const lanePatterns = (prefix: string): string =>
  [
    ['no', 'hb', 'hl'],
    ['sub', 'wb', 'wl'],
  ]
    .map(
      ([name, ground, line]) =>
        `<pattern id="${prefix}-${name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="${ground}"/><path d="M0 0V6" class="${line}"/></pattern>`,
    )
    .reduce((before, pattern) => before + pattern, '<defs>')
    .concat('</defs>');

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

const bar = (cls: string, x: number, from: number, to: number, half: number, fill = ''): string =>
  to - from < 1
    ? ''
    : `<rect class="${cls}" x="${at(x - half)}" y="${at(from)}" width="${at(half * 2)}" height="${at(to - from)}" rx="${at(half)}"${fill}/>`;

/** The step that did it: a dot on the lane, where the cross comes only later. */
const dueMark = (x: number, y: number, after: 'no' | 'sub', scale: number): string =>
  `<circle class="due ${after}" cx="${at(x)}" cy="${at(y)}" r="${at(5 * scale)}"/>`;

const drawLane = (placed: Layout, prefix: string, judgement: Judgement, x: number): string => {
  const { top, bottom, form } = placed;
  const [half, scale] = form === 'wide' ? [6, 1] : [4, 0.7];
  const [shape, tone] = verdictShape[judgement.verdict] ?? verdictShape.unsettled ?? ['question', 'unsettled'];
  const { guarantee, cause, certain } = judgement;
  const when = stepAt(placed, certain, ({ verdicts }) => verdicts, guarantee);
  const done = cause === certain ? when : stepAt(placed, cause, ({ causes }) => causes, guarantee);
  const start = top - 4;
  const sign = (y: number): string => glyph(shape, tone, x, y, scale);
  switch (judgement.verdict) {
    case 'breaks':
    case 'accepted': {
      const y = when ?? bottom;
      const from = done ?? y;
      const after = judgement.verdict === 'breaks' ? 'no' : 'sub';
      // Done, and not yet certain: the lane is no longer whole.
      const between = from < y ? bar(`lane-due ${after}`, x, from, y, half / 2) + dueMark(x, from, after, scale) : '';
      return (
        bar('lane-ok', x, start, from, half) +
        between +
        bar(`lane-${after}`, x, y, bottom, half, ` fill="url(#${prefix}-${after})"`) +
        sign(y)
      );
    }
    case 'happens':
      return (
        bar('lane-open', x, start, when ?? bottom, half) +
        bar('lane-ok', x, when ?? bottom, bottom, half) +
        sign(when ?? bottom)
      );
    case 'never':
    case 'unsettled':
      return bar('lane-open', x, start, bottom, half) + sign(bottom);
    case 'holds':
      return bar('lane-ok', x, start, bottom, half) + sign(bottom);
  }
};

/** One lane a judgement, under its slanted name. */
export const drawLanes = (placed: Layout, prefix: string): string => {
  const { run, lanes, lanesFrom, top, bottom, form } = placed;
  if (run.judgements.length === 0) return '';
  const drawn = run.judgements.map((judgement, index) => {
    const x = lanes[index] ?? 0;
    const name = `<text class="gn${form === 'narrow' ? ' slim' : ''}" transform="translate(${at(x + 3)} ${at(top - 14)}) rotate(-${laneSlant[form]})">${escapeText(guaranteeWords(judgement.guarantee))}</text>`;
    return `${name} ${drawLane(placed, prefix, judgement, x)}`;
  });
  return `<g class="guar"><path class="sep" d="M${at(lanesFrom)} ${at(top - 20)}V${at(bottom)}"/>${drawn.join('\n')}</g>`;
};
