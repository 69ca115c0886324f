/** Small diagrams without words on the arrows. */
import type { PlayerId, Run } from '../../engine/types.ts';
import { isShut, markOf, toldGates } from './folding.ts';
import { gateMark } from './glyphs.ts';
import { outcomeWords } from './outcomes.ts';
import type { Row } from './row.ts';
import { rowsOf } from './rows.ts';
import { runSummary } from './sequence.ts';
import { isAttacker, nameParts } from './sides.ts';
import { standaloneStyle } from './style.ts';
import { at, clip, escapeText } from './text.ts';
import { guaranteeWords } from './words.ts';

export type MiniOptions = {
  readonly prefix: string;
  /** Rows of the run that are left out before the first one drawn. */
  readonly from?: number;
  /** Only rows of these steps, counted from 0. */
  readonly steps?: readonly number[];
  /** Height in rows, so that two pictures side by side are of one size. */
  readonly rowsMin?: number;
  /** At most so many rows; the rest is said in words. */
  readonly rowsMax?: number;
  /** Names of broken guarantees beside their rows. */
  readonly named?: boolean;
  readonly standalone?: boolean;
  /** What it shows, in words. Absent: what the run says in one sentence. */
  readonly title?: string;
};

const rowHeight = 19;
const nameLine = 14;

/** What came of a row’s checks, in the words of the gravest of them; `null` where all that came passed. */
export const toldOutcome = (row: Row): string | null => {
  const told = toldGates(row).filter(({ outcome }) => outcome.is !== 'off');
  const thrown = told.find(({ outcome }) => outcome.is === 'thrown away');
  if (thrown !== undefined) return isShut(row) ? 'refused' : 'some of it refused';
  const [first] = told;
  return first === undefined ? null : outcomeWords(first.outcome);
};

/** Whether two rows of two pictures say the same. */
export const looksAlike = (one: Row, other: Row | undefined): boolean =>
  other !== undefined &&
  one.step === other.step &&
  one.label === other.label &&
  one.from === other.from &&
  one.to === other.to &&
  toldOutcome(one) === toldOutcome(other) &&
  one.verdicts.length === other.verdicts.length;

/** A row without its words: an arrow at the height `y`, or a spot. */
export const drawArrow = (row: Row, x: ReadonlyMap<PlayerId, number>, y: number): string => {
  const [from, to] = [x.get(row.from) ?? 0, x.get(row.to) ?? 0];
  const toward = to >= from ? 1 : -1;
  const parts: string[] = [];
  if (row.shape === 'here' || from === to) parts.push(`<circle class="spot" cx="${at(to)}" cy="${at(y)}" r="4.5"/>`);
  else if (row.lost) {
    const middle = (from + to) / 2;
    parts.push(
      `<path class="ln" d="M${at(from)} ${at(y)}H${at(middle)}"/><path class="ln" d="M${at(middle - 4)} ${at(y - 4)}l8 8M${at(middle + 4)} ${at(y - 4)}l-8 8"/>`,
    );
  } else {
    const mark = row.gates.some(({ player }) => player === row.to) ? markOf(row) : null;
    const end = to - toward * (mark === 'shut' || mark === 'kept' ? 13 : 2);
    const line = (height: number): string => `M${at(from + toward * 2)} ${at(height)}H${at(end - toward * 7)}`;
    const lines = row.sealed ? line(y - 2) + line(y + 2) : line(y);
    const head = `M${at(end)} ${at(y)}l${at(-toward * 8)} -4.5v9Z`;
    // A head of its own is not dashed with its line.
    const isSolid = row.kind === 'honest' || row.kind === 'attacker';
    parts.push(
      isSolid
        ? `<path class="ln" d="${lines}${head}"/>`
        : `<path class="ln" d="${lines}"/><path class="head" d="${head}"/>`,
    );
    if (mark !== null && mark !== 'open' && mark !== 'off') parts.push(gateMark(mark, to - toward * 9, y, 7, toward));
  }
  for (const { player } of row.learned.slice(0, 1))
    if (x.has(player)) parts.push(`<circle class="dot" cx="${at(x.get(player) ?? 0)}" cy="${at(y)}" r="4.6"/>`);
  return row.kind === 'honest' ? parts.join('') : `<g class="k-${row.kind}">${parts.join('')}</g>`;
};

/** A step that breaks something, though that is certain only later. */
const causeWords = 'does it';

const marks = (row: Row, x: number, y: number, named: boolean): string => {
  const broken = row.verdicts.filter(({ verdict }) => verdict === 'breaks');
  const isCause = row.causes.some(({ verdict }) => verdict === 'breaks');
  if (broken.length === 0 && isCause)
    return `<text class="brk" x="${at(x)}" y="${at(y + 4.5)}">●${named ? ` ${causeWords}` : ''}</text> `;
  if (broken.length === 0) {
    const words = named ? toldOutcome(row) : null;
    // To refuse what an attacker brings is what the check is for; what honest people bring may be missed.
    const isGood = (row.kind === 'attacker' || row.kind === 'forged') && markOf(row) === 'shut';
    return words === null
      ? ''
      : `<text class="${isGood ? 'okk' : 'gtm'}" x="${at(x)}" y="${at(y + 4.5)}">${escapeText(clip(isGood ? `✓ ${words}` : words, 200, 13))}</text> `;
  }
  const names = broken.map(({ guarantee }) => guaranteeWords(guarantee));
  const signs = isCause ? '● ✕' : '✕';
  const words = named
    ? `${signs} ${clip(names[0] ?? '', 140, 13)}${names.length > 1 ? ` +${names.length - 1}` : ''}`
    : signs;
  return `<text class="brk" x="${at(x)}" y="${at(y + 4.5)}">${escapeText(words)}</text> `;
};

/** The SVG of a small diagram, 360 wide (560 with names). */
export const miniSvg = (
  run: Run,
  {
    prefix,
    from = 0,
    steps,
    rowsMin = 0,
    rowsMax = Number.POSITIVE_INFINITY,
    named = false,
    standalone = false,
    title = runSummary(run),
  }: MiniOptions,
): string => {
  const whole = rowsOf(run).rows;
  const all = whole.slice(from).filter(({ step }) => steps === undefined || steps.includes(step));
  const used = new Set(whole.flatMap((row) => [row.from, row.to, ...row.learned.map(({ player }) => player)]));
  const players = run.players.filter(({ id }) => used.has(id));
  const width = named ? 560 : 360;
  const [left, right] = [38, width - (named ? 214 : 44)];
  const x = new Map(
    players.map(({ id }, index) => [
      id,
      players.length < 2 ? (left + right) / 2 : left + ((right - left) * index) / (players.length - 1),
    ]),
  );
  const isLoneServer = run.players.filter(({ kind }) => kind === 'homeserver').length === 1;
  const names = players.map((player) =>
    player.kind === 'homeserver' && isLoneServer ? ['server'] : nameParts(run, player),
  );
  const top = 40 + (Math.max(1, ...names.map(({ length }) => length)) - 1) * nameLine;
  const rows = all.slice(0, rowsMax);
  const shown = Math.max(rows.length + (all.length > rows.length ? 1 : 0), rowsMin);
  const height = top + shown * rowHeight + 14;
  const y = (index: number): number => top + index * rowHeight + rowHeight / 2;
  const pitch = players.length < 2 ? 200 : (right - left) / (players.length - 1);
  const heads = players.map((player, nth) => {
    const name = names[nth] ?? [];
    const tone = isAttacker(player) ? ' atk' : '';
    const words = name.map(
      (line, below) =>
        `<text class="mh${tone}" x="${at(x.get(player.id) ?? 0)}" y="${at(top - 20 - (name.length - 1 - below) * nameLine)}">${escapeText(clip(line, pitch + 4, 13))}</text> `,
    );
    return `${words.join('')}<path class="life${tone}" d="M${at(x.get(player.id) ?? 0)} ${at(top - 12)}V${at(height - 8)}"/>`;
  });
  const more =
    all.length > rows.length
      ? `<text class="rest" x="${at((left + right) / 2)}" y="${at(y(rows.length) + 5)}">and ${all.length - rows.length} more</text>`
      : '';
  return [
    `<svg class="fig mini" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${at(height)}" role="img" aria-labelledby="${prefix}-t">`,
    `<title id="${prefix}-t">${escapeText(title)}</title>${standalone ? standaloneStyle() : ''}`,
    heads.join(' '),
    ...rows.map((row, index) => drawArrow(row, x, y(index)) + marks(row, right + 18, y(index), named)),
    more,
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
};
