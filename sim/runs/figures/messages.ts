/** One row of a sequence diagram: an arrow, a tube or a mark, with its words, checks and states. */

import { capsuleText, capsuleWidth, learnedMax } from './columns.ts';
import { markOf } from './folding.ts';
import { gateMark, sign } from './glyphs.ts';
import type { Layout, Placed } from './layout.ts';
import type { Capsule, Row } from './row.ts';
import { rowWords } from './row-words.ts';
import { isAttacker } from './sides.ts';
import { clip, escapeText, px, widthOf, wrap } from './text.ts';

const text = (cls: string, x: number, y: number, words: string, whole = words): string =>
  `<text${cls === '' ? '' : ` class="${cls}"`} x="${px(x)}" y="${px(y)}">${whole === words ? '' : `<title>${escapeText(whole)}</title>`}${escapeText(words)}</text> `;

/** The arrow of a message from `from` to `to`, stopped where a check is shut: line, head and, if the attacker sends it, tail in one path. */
const arrow = ({ row, y, isPlain }: Placed, from: number, to: number, slim: boolean, prefix: string): string => {
  const toward = to > from ? 1 : -1;
  const start = from + toward * (slim ? 5 : 8);
  const end = to - toward * (isHeld(row) ? (slim ? 16 : 31) : slim ? 5 : 8);
  const size = slim ? 7 : 10;
  const [y1, y2] = row.late ? [y - 6, y + 6] : [y, y];
  const scale = slim ? 0.8 : 1;
  if (row.lost) {
    const middle = from + (to - from) * 0.45;
    return `<path class="ln" d="M${px(start)} ${px(y)}H${px(middle - toward * 10)}"/><path class="ghost" d="M${px(middle + toward * 10)} ${px(y)}H${px(end)}"/>${sign(prefix, 'cross', 'dropped', middle, y, scale)}`;
  }
  const neck = px(end - toward * (size - 1));
  const line = (off: number): string =>
    `M${px(start)} ${px(y1 + off)}${y1 === y2 ? `H${neck}` : `L${neck} ${px(y2 + off)}`}`;
  const spread = slim ? 4 : 6;
  const head =
    row.kind === 'leak'
      ? `M${px(end - toward * size)} ${px(y2 - spread)}L${px(end)} ${px(y2)}l${-toward * size} ${spread}`
      : `M${px(end)} ${px(y2)}l${-toward * size}-${spread}v${spread * 2}Z`;
  const tail =
    (row.kind === 'attacker' || row.kind === 'forged') && !row.asked
      ? `M${px(start)} ${px(y1 - spread)}l${spread} ${spread}l-${spread} ${spread}l-${spread}-${spread}Z`
      : '';
  const length = Math.abs(to - from);
  const inset = slim ? 20 : 30;
  // A check on what is sent stands where the lock would be.
  const guarded = row.gates.length > 0 && !row.gates.some(({ player }) => player === row.to);
  const signs = [
    row.sealed && !slim && !isPlain && length > inset * 2
      ? sign(prefix, 'lock', row.kind, from + toward * inset * (guarded ? 1.7 : 1), y1)
      : '',
    row.opened && !isPlain && length > inset * (slim ? 2 : 3.4)
      ? sign(prefix, 'unlock', 'opened', to - toward * inset * (row.gates.length > 0 ? 1.7 : 1), y2, scale)
      : '',
    row.kind === 'forged' && !row.sealed && length > inset * 2
      ? sign(prefix, 'alarm', 'forged', from + toward * inset * 1.1, y1, scale)
      : '',
  ];
  const lines = row.sealed ? line(-3) + line(3) : line(0);
  // A line that is broken must not break the outline of its head.
  const drawn =
    row.kind === 'forged'
      ? `<path d="${lines}"/><path class="head" d="${head}${tail}"/>`
      : `<path d="${lines}${head}${tail}"/>`;
  return drawn + signs.join('');
};

/** Whether the arrow ends before whom it goes to: what it brings is thrown away there, or put by for later. */
const isHeld = (row: Row): boolean => {
  const mark = markOf(row);
  return (mark === 'shut' || mark === 'kept') && row.gates.some(({ player }) => player === row.to);
};

/** How far below the arrow the first line of notes stands: under what the message is called on the wire, where that is told. */
const notesBelow = ({ row, isPlain }: Placed): number => (isPlain || row.wire === '' ? 22 : 35);

/** The check at a player's end of the arrow. */
const gate = ({ row, y }: Placed, from: number, to: number, slim: boolean): string => {
  const mark = markOf(row);
  if (mark === null || from === to) return '';
  const atReceiver = row.gates.some(({ player }) => player === row.to);
  const toward = to > from ? 1 : -1;
  const x = atReceiver ? to - toward * (slim ? 14 : 24) : from + toward * (slim ? 14 : 24);
  return gateMark(mark, x, y, slim ? 8 : 14, toward);
};

const capsules = ({ run, x }: Layout, { row, y }: Placed): string => {
  if (row.capsules.length === 0) return '';
  const attackers = new Set(run.players.filter(isAttacker).map(({ id }) => id));
  const stacked = new Map<string, number>();
  return row.capsules
    .map((capsule: Capsule) => {
      const center = x.get(capsule.player);
      if (center === undefined) return '';
      const nth = stacked.get(capsule.player) ?? 0;
      stacked.set(capsule.player, nth + 1);
      const other = x.get(row.from === capsule.player ? row.to : row.from) ?? center;
      const width = capsuleWidth(capsule);
      const from = Math.max(34, other >= center ? center - 11 - width : center + 11);
      const bad = row.verdicts.some(({ verdict }) => verdict === 'breaks');
      return `<g class="st${bad ? ' bad' : ''}${attackers.has(capsule.player) ? ' atk' : ''}"><rect x="${px(from)}" y="${px(y - 10 + nth * 23)}" width="${px(width)}" />${text('', from + width / 2, y + 4 + nth * 23, capsuleText(capsule))}</g>`;
    })
    .join('');
};

const eyes = ({ x, form }: Layout, { row, y }: Placed, prefix: string): string =>
  [...new Set(row.learned.map(({ player }) => player))]
    .map((player) =>
      x.has(player) ? sign(prefix, 'eye', 'learned', x.get(player) ?? 0, y, form === 'wide' ? 1 : 0.8) : '',
    )
    .join('');

const learnedBeside = ({ x }: Layout, one: Placed): string => {
  const { row, y, checks } = one;
  const isHere = row.shape === 'here';
  const lines = row.learned.flatMap(({ player, what }) =>
    wrap(`+ ${what}`, learnedMax, 12.5).map((words) => ({ player, words })),
  );
  return lines
    .map(({ player, words }, nth) =>
      text(
        'lt',
        (x.get(player) ?? 0) + (isHere ? 16 : 18),
        isHere ? y + notesBelow(one) + 2 + (checks.length + nth) * 15 : y + 4.3 + (nth - (lines.length - 1) / 2) * 15,
        words,
      ),
    )
    .join('');
};

const wideWords = (placed: Layout, one: Placed, from: number, to: number): string => {
  const { row, y, label, checks } = one;
  const isHere = row.shape === 'here';
  const middle = isHere ? from + 16 : (from + to) / 2;
  const base = isHere ? y + 4.5 : y - 10;
  const words = label
    .map((line, nth) => text(isHere ? 'l' : '', middle, base - (label.length - 1 - nth) * 16, line))
    .join('');
  // It may reach over the next lifelines on both sides, but not out of the picture.
  const wire = one.isPlain ? '' : (row.refused ?? row.wire);
  const half = widthOf(wire, 11.5, 'mono') / 2;
  const at = isHere ? middle : Math.max(30 + half, Math.min(placed.lanesFrom - 8 - half, middle));
  const room = placed.lanesFrom - 8 - (isHere ? middle : 30);
  const below = wire === '' ? '' : text(isHere ? 'w l' : 'w', at, y + 19, clip(wire, room, 11.5, 'mono'), wire);
  // Kept between the numbers and the lanes: a long sentence begins further left.
  const reach = Math.max(0, ...checks.map(({ line }) => widthOf(line, 12)));
  const left = isHere
    ? middle
    : Math.max(30, Math.min(placed.lanesFrom - 8 - reach, to > from ? to - 10 - reach : to + 10));
  const checked = checks
    .map(({ off, line }, nth) => text(`gt${off ? ' off' : ''}`, left, y + notesBelow(one) + nth * 16, line))
    .join('');
  return words + below + checked + learnedBeside(placed, one);
};

const narrowWords = ({ lanesFrom }: Layout, { row, y, label, checks }: Placed): string =>
  [
    ...label.map((line, nth) => text('', 26, y - 11 - (label.length - 1 - nth) * 16, line)),
    ...[
      ...checks.map(({ off, line }) => ({ cls: `gt${off ? ' off' : ''}`, words: line })),
      ...row.learned.flatMap(({ what }) =>
        wrap(`+ ${what}`, lanesFrom - 34, 12.5).map((words) => ({ cls: 'lt', words })),
      ),
    ].map(({ cls, words }, nth) => text(cls, 26, y + 18 + nth * 16, words)),
  ].join('');

/** Where the number of a step stands: its middle, and its base line. */
const numberAt = (form: Layout['form'], { y, label }: Placed): { readonly x: number; readonly base: number } =>
  form === 'narrow' ? { x: 12, base: y - 11 - (label.length - 1) * 16 } : { x: 18, base: y + 4.5 };

/** A row as a link to its step. Its name is all its visible words; what is told by lines and colours stands in its description. */
export const drawRow = (placed: Layout, one: Placed, { base, prefix }: { base: string; prefix: string }): string => {
  const { row, y, top, height, isFirst } = one;
  const slim = placed.form === 'narrow';
  const [from, to] = [placed.x.get(row.from) ?? 0, placed.x.get(row.to) ?? 0];
  const number = row.step + 1;
  const at = numberAt(placed.form, one);
  const tied = one.isBeside ? `, in no order with step ${row.step}` : '';
  return [
    `<a${row.kind === 'honest' ? '' : ` class="k-${row.kind}"`} href="${escapeText(base)}#s${number}">`,
    one.isPlain
      ? ''
      : `<desc>${escapeText(rowWords(slim ? row : { ...row, capsules: [] }, placed.nameOf) + tied)}</desc>`,
    `<rect y="${px(top)}" height="${px(height)}"/>`,
    isFirst ? text('num', at.x, at.base, String(number)) : '',
    row.shape === 'here'
      ? `<circle class="spot" cx="${px(from)}" cy="${px(y)}" r="${slim ? 5 : 6}"/>`
      : arrow(one, from, to, slim, prefix),
    one.isPlain ? '' : gate(one, from, to, slim),
    eyes(placed, one, prefix),
    slim ? narrowWords(placed, one) : wideWords(placed, one, from, to) + capsules(placed, one),
    '</a> ',
  ].join('');
};

/** The lines between steps, above each of `rows` that begins one: all in one path. */
export const drawPartings = ({ lanesFrom }: Layout, rows: readonly Placed[]): string => {
  const first = rows.filter(({ isFirst, isBeside, row }) => isFirst && !isBeside && row.step > 0);
  return first.length === 0
    ? ''
    : `<path class="part" d="${first.map(({ top }) => `M6 ${px(top)}H${px(lanesFrom - 8)}`).join('')}"/>`;
};

/**
 * Ties between the numbers of steps that share a row: nobody could tell which came first. They stand one under the other all the same,
 * in both forms: nearly always one server answers both, so that at one height their arrows would lie on each other and read as one that
 * goes on from the nearer device to the farther one.
 */
export const drawTies = ({ form }: Layout, rows: readonly Placed[]): string => {
  // Of each step its first row; of a step that is tied to the one before that stands right above.
  let before: Placed | undefined;
  const ties: string[] = [];
  for (const one of rows) {
    if (!one.isFirst) continue;
    if (one.isBeside && before?.row.step === one.row.step - 1) {
      const { x, base } = numberAt(form, one);
      const ends = `${px(numberAt(form, before).base + 4)}V${px(base - 13)}`;
      ties.push(`M${px(x - 2)} ${ends}M${px(x + 2)} ${ends}`);
    }
    before = one;
  }
  return ties.length === 0 ? '' : `<path class="tie" d="${ties.join('')}"/>`;
};
