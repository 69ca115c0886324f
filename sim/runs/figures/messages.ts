/** One row of a sequence diagram: an arrow, a tube or a mark, with its words, checks and states. */

import { markOf } from './folding.ts';
import { gateMark, glyph } from './glyphs.ts';
import { capsuleText, capsuleWidth, type Layout, type Placed } from './layout.ts';
import type { Capsule, Row } from './row.ts';
import { capsuleWords, rowWords } from './rows.ts';
import { isAttacker } from './sides.ts';
import { at, clip, escapeText, widthOf, wrap } from './text.ts';

const text = (cls: string, x: number, y: number, words: string): string =>
  `<text class="${cls}" x="${at(x)}" y="${at(y)}">${escapeText(words)}</text> `;

/** The arrow of a message from `from` to `to`, stopped at `stop` where a check is shut. */
const arrow = ({ row, y }: Placed, from: number, to: number, slim: boolean): string => {
  const toward = to > from ? 1 : -1;
  const start = from + toward * (slim ? 5 : 8);
  const end = to - toward * (isHeld(row) ? (slim ? 16 : 31) : slim ? 5 : 8);
  const size = slim ? 8 : 11;
  const y2 = row.late ? y + 7 : y;
  const y1 = row.late ? y - 7 : y;
  const parts: string[] = [];
  if (row.lost) {
    const middle = from + (to - from) * 0.45;
    parts.push(
      `<path class="ln" d="M${at(start)} ${at(y)}H${at(middle - toward * 10)}"/><path class="ghost" d="M${at(middle + toward * 10)} ${at(y)}H${at(end)}"/>`,
      glyph('cross', 'dropped', middle, y, slim ? 0.8 : 1),
    );
    return parts.join('');
  }
  const line = `M${at(start)} ${at(y1)}L${at(end - toward * (size - 2))} ${at(y2)}`;
  parts.push(
    row.sealed ? `<path class="tube" d="${line}"/><path class="bore" d="${line}"/>` : `<path class="ln" d="${line}"/>`,
  );
  const spread = slim ? 4.5 : 6.5;
  parts.push(
    row.kind === 'leak'
      ? `<path class="open-head" d="M${at(end - toward * size)} ${at(y2 - spread)}L${at(end)} ${at(y2)}L${at(end - toward * size)} ${at(y2 + spread)}"/>`
      : `<path class="head" d="M${at(end)} ${at(y2)}l${at(-toward * size)} ${at(-spread)}v${at(spread * 2)}Z"/>`,
  );
  if ((row.kind === 'attacker' || row.kind === 'forged') && !row.asked) {
    const d = slim ? 5 : 6.5;
    parts.push(
      `<path class="dia" d="M${at(start)} ${at(y1 - d)}l${at(d)} ${at(d)}l${at(-d)} ${at(d)}l${at(-d)} ${at(-d)}Z"/>`,
    );
  }
  const length = Math.abs(to - from);
  const inset = slim ? 20 : 30;
  // A check on what is sent stands where the lock would be.
  const guarded = row.gates.length > 0 && !row.gates.some(({ player }) => player === row.to);
  if (row.sealed && length > inset * 2)
    parts.push(glyph('lock', row.kind, from + toward * inset * (guarded ? 1.7 : 1), y1, slim ? 0.8 : 1));
  if (row.opened && length > inset * 3.4)
    parts.push(
      glyph('unlock', 'opened', to - toward * (row.gates.length > 0 ? inset * 1.7 : inset), y2, slim ? 0.8 : 1),
    );
  if (row.kind === 'forged' && !row.sealed && length > inset * 2)
    parts.push(glyph('alarm', 'forged', from + toward * inset * 1.1, y1, slim ? 0.8 : 1));
  return parts.join('');
};

/** Whether the arrow ends before whom it goes to: what it brings is thrown away there, or put by for later. */
const isHeld = (row: Row): boolean => {
  const mark = markOf(row);
  return (mark === 'shut' || mark === 'kept') && row.gates.some(({ player }) => player === row.to);
};

/** The check at a player's end of the arrow. */
const gate = ({ row, y }: Placed, from: number, to: number, slim: boolean): string => {
  const mark = markOf(row);
  if (mark === null || from === to) return '';
  const atReceiver = row.gates.some(({ player }) => player === row.to);
  const toward = to > from ? 1 : -1;
  const x = atReceiver ? to - toward * (slim ? 14 : 24) : from + toward * (slim ? 14 : 24);
  return gateMark(mark, x, y, slim ? 9 : 14, toward);
};

const capsules = ({ run, x, nameOf }: Layout, { row, y }: Placed): string => {
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
      const left = other >= center;
      const from = left ? center - 11 - width : center + 11;
      const bad = row.verdicts.some(({ verdict }) => verdict === 'breaks');
      return `<g class="st${bad ? ' bad' : ''}${attackers.has(capsule.player) ? ' atk' : ''}"><title>${escapeText(capsuleWords(capsule, nameOf))}</title> <rect x="${at(from)}" y="${at(y - 10 + nth * 23)}" width="${at(width)}" height="20" rx="10"/><text class="mid" x="${at(from + width / 2)}" y="${at(y + 4 + nth * 23)}">${escapeText(capsuleText(capsule))}</text></g> `;
    })
    .join('');
};

const eyes = ({ x, form }: Layout, { row, y }: Placed): string =>
  [...new Set(row.learned.map(({ player }) => player))]
    .map((player) => (x.has(player) ? glyph('eye', 'learned', x.get(player) ?? 0, y, form === 'wide' ? 1 : 0.85) : ''))
    .join('');

const learnedBeside = ({ x }: Layout, { row, y }: Placed): string => {
  const isHere = row.shape === 'here';
  const lines = row.learned.flatMap(({ player, what }) =>
    wrap(`+ ${what}`, 108, 12.5, 2).map((words) => ({ player, words })),
  );
  return lines
    .map(({ player, words }, nth) =>
      text(
        'lt',
        (x.get(player) ?? 0) + (isHere ? 16 : 18),
        isHere ? y + 38 + nth * 15 : y + 4.3 + (nth - (lines.length - 1) / 2) * 15,
        words,
      ),
    )
    .join('');
};

const wideWords = (placed: Layout, one: Placed, from: number, to: number): string => {
  const { row, y, label, checks } = one;
  const isHere = row.shape === 'here';
  const middle = isHere ? from + 16 : (from + to) / 2;
  const anchor = isHere ? '' : ' mid';
  const base = isHere ? y + 4.5 : y - 12;
  const room = isHere ? 200 : Math.abs(to - from) - 24;
  const toward = to > from ? 1 : -1;
  const words = label
    .map((line, nth) => text(`t${anchor}`, middle, base - (label.length - 1 - nth) * 16, line))
    .join('');
  const wire =
    row.wire === '' && row.refused === null
      ? ''
      : text(`w${anchor}`, middle, y + 21, clip(row.refused ?? row.wire, room, 11.5, 'mono'));
  const checked = checks
    .map(({ off, line }, nth) => {
      // Kept between the numbers and the lanes: a long sentence begins further left.
      const half = widthOf(line, 12) / 2;
      const x = isHere ? middle : Math.max(30 + half, Math.min(placed.lanesFrom - 8 - half, to - toward * (10 + half)));
      return text(`gt${off ? ' off' : ''}${isHere ? '' : ' mid'}`, x, y + 37 + nth * 16, line);
    })
    .join('');
  return words + wire + checked + learnedBeside(placed, one);
};

const narrowWords = ({ lanesFrom }: Layout, { row, y, label, checks }: Placed): string => {
  const words = label.map((line, nth) => text('t', 34, y - 13 - (label.length - 1 - nth) * 16, line)).join('');
  const notes = [
    ...checks.map(({ off, line }) => ({ cls: `gt${off ? ' off' : ''}`, words: line })),
    ...row.learned.map(({ what }) => ({ cls: 'lt', words: `+ ${what}` })),
  ];
  return (
    words +
    notes.map((note, nth) => text(note.cls, 34, y + 20 + nth * 16, clip(note.words, lanesFrom - 44, 12))).join('')
  );
};

/** A row as a link to its step. Its name begins with all its visible words. */
export const drawRow = (placed: Layout, one: Placed, base: string): string => {
  const { row, y, top, height, isFirst, label } = one;
  const slim = placed.form === 'narrow';
  const [from, to] = [placed.x.get(row.from) ?? 0, placed.x.get(row.to) ?? 0];
  const number = row.step + 1;
  const visible = [
    ...(isFirst ? [String(number)] : []),
    ...label,
    ...(slim ? [] : [row.refused ?? row.wire]),
    ...one.checks.map(({ line }) => line),
    ...row.learned.map(({ what }) => `+ ${what}`),
    ...(slim ? [] : row.capsules.map(capsuleText)),
  ]
    .filter((part) => part !== '')
    .join(' ');
  const reach = placed.lanesFrom - 8;
  return [
    `<a class="step k-${row.kind} s${number}${slim ? ' slim' : ''}" href="${escapeText(base)}#s${number}" aria-label="${escapeText(`${visible}; step ${number}, ${rowWords(row, placed.nameOf)}`)}">`,
    `<rect class="hit" x="2" y="${at(top)}" width="${at(reach)}" height="${at(height)}" rx="6"/>`,
    isFirst && row.step > 0 ? `<path class="part" d="M8 ${at(top)}H${at(reach)}"/>` : '',
    isFirst ? text('num', slim ? 16 : 24, slim ? y - 13 - (label.length - 1) * 16 : y + 4.5, String(number)) : '',
    row.shape === 'here'
      ? `<circle class="spot" cx="${at(from)}" cy="${at(y)}" r="${slim ? 5 : 6.5}"/>`
      : arrow(one, from, to, slim),
    gate(one, from, to, slim),
    eyes(placed, one),
    slim ? narrowWords(placed, one) : wideWords(placed, one, from, to) + capsules(placed, one),
    '</a> ',
  ].join('');
};
