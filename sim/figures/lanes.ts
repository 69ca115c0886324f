/** The guarantees on the time axis of the messages: solid while held, a cross where one breaks, hatched after. */
import type { Judgement } from '../types.ts';
import { glyph, verdictShape } from './glyphs.ts';
import { type Layout, laneSlant } from './layout.ts';
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

/** Where on the axis a judgement was decided; `null` when no step decided it. */
const decidedAt = ({ rows, bottom }: Layout, { step, guarantee }: Judgement): number | null => {
  if (step === null) return null;
  const marked =
    rows.find(({ row }) => row.verdicts.some((one) => one.guarantee === guarantee)) ??
    rows.findLast(({ row }) => row.step === step);
  // A step without a row lies between those around it.
  return marked?.y ?? rows.findLast(({ row }) => row.step < step)?.y ?? bottom;
};

const bar = (cls: string, x: number, from: number, to: number, half: number, fill = ''): string =>
  to - from < 1
    ? ''
    : `<rect class="${cls}" x="${at(x - half)}" y="${at(from)}" width="${at(half * 2)}" height="${at(to - from)}" rx="${at(half)}"${fill}/>`;

const drawLane = (placed: Layout, prefix: string, judgement: Judgement, x: number): string => {
  const { top, bottom, form } = placed;
  const [half, scale] = form === 'wide' ? [6, 1] : [4, 0.7];
  const [shape, tone] = verdictShape[judgement.verdict] ?? verdictShape.unsettled ?? ['question', 'unsettled'];
  const when = decidedAt(placed, judgement);
  const start = top - 4;
  const sign = (y: number): string => glyph(shape, tone, x, y, scale);
  switch (judgement.verdict) {
    case 'breaks':
    case 'accepted': {
      const y = when ?? bottom;
      const after = judgement.verdict === 'breaks' ? 'no' : 'sub';
      return (
        bar('lane-ok', x, start, y, half) +
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
