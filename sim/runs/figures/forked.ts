/** Two runs as one picture in three parts: the end of what they have in common, and what decides on either way from there. */
import type { PlayerId, Run } from '../../engine/types.ts';
import { markOf } from './folding.ts';
import { drawArrow, toldOutcome } from './mini.ts';
import type { Row } from './row.ts';
import { isDecisive } from './setup.ts';
import { isAttacker, nameParts } from './sides.ts';
import { clip, escapeText, px, wrap } from './text.ts';
import { counted, guaranteeWords } from './words.ts';

/** An end: its run, the rows of its picture after the stem, and what it is called. */
export type Branch = { readonly run: Run; readonly rows: readonly Row[]; readonly name: string };
/** SVGs. The heads and lifelines stand in that of the stem; the ends refer to them. */
export type Forked = { readonly stem: string; readonly ends: readonly [string, string] };

/** Its text is no smaller than 10 px where a window of 320 px draws it. */
const width = 320;
/** Far enough from the edges for the name of a server. */
const [left, right] = [34, 286];
const nameLine = 14;
const line = 16;
/** So many rows of what is common, and of each end. */
const [stemMost, endMost] = [2, 4];

/** Rows one after the other, and how many that are not drawn stand before and after them. */
type Stretch = { readonly before: number; readonly row: Row };
type Shown = { readonly rows: readonly Stretch[]; readonly after: number };

const shownOf = (rows: readonly Row[], places: readonly number[]): Shown => ({
  rows: places.flatMap((place, nth) => {
    const row = rows[place];
    return row === undefined ? [] : [{ before: place - (places[nth - 1] ?? -1) - 1, row }];
  }),
  after: rows.length - 1 - (places.at(-1) ?? -1),
});

/** The first, which is otherwise; then what breaks; then what else decides; then the next ones, as far as there is room. */
const decidingIn = (rows: readonly Row[]): Shown => {
  const rank = (row: Row, place: number): number => {
    if (place === 0) return 0;
    if (row.verdicts.length > 0) return 1;
    return row.causes.length + row.learned.length > 0 ? 2 : isDecisive(row) ? 3 : 4;
  };
  const places = rows
    .map((row, place) => ({ place, rank: rank(row, place) }))
    .toSorted((one, other) => one.rank - other.rank || one.place - other.place)
    .slice(0, endMost)
    .map(({ place }) => place)
    .toSorted((one, other) => one - other);
  return shownOf(rows, places);
};

const lastOf = (rows: readonly Row[]): Shown => {
  const from = Math.max(0, rows.length - stemMost);
  return shownOf(
    rows,
    rows.slice(from).map((_, nth) => from + nth),
  );
};

type Columns = {
  readonly x: ReadonlyMap<PlayerId, number>;
  readonly top: number;
  readonly heads: (height: number) => string;
};

/** Lifelines of all who take part in what is shown. */
const columnsFor = (runs: readonly Run[], rows: readonly Row[]): Columns => {
  const used = new Set(rows.flatMap((row) => [row.from, row.to, ...row.learned.map(({ player }) => player)]));
  const [run, other] = runs.toSorted((one, two) => two.players.length - one.players.length);
  const own = (run?.players ?? []).filter(({ id }) => used.has(id));
  const players = [
    ...own,
    ...(other?.players ?? []).filter(({ id }) => used.has(id) && !own.some((one) => one.id === id)),
  ];
  const pitch = players.length < 2 ? 200 : (right - left) / (players.length - 1);
  const centers = players.map((_, nth) => Math.round(players.length < 2 ? width / 2 : left + pitch * nth));
  const isLoneServer = run?.players.filter(({ kind }) => kind === 'homeserver').length === 1;
  const names = players.map((player) =>
    run === undefined || (player.kind === 'homeserver' && isLoneServer) ? ['server'] : nameParts(run, player),
  );
  const top = 12 + Math.max(1, ...names.map(({ length }) => length)) * nameLine;
  const side = (isTheirs: boolean, height: number): string => {
    const own = players.flatMap((player, nth) => (isAttacker(player) === isTheirs ? [nth] : []));
    if (own.length === 0) return '';
    const words = own.flatMap((nth) => {
      const name = names[nth] ?? [];
      return name.map(
        (part, below) =>
          `<text class="mh${isTheirs ? ' atk' : ''}" x="${centers[nth]}" y="${top - 10 - (name.length - 1 - below) * nameLine}">${escapeText(clip(part, Math.min(pitch + 4, 2 * left), 13))}</text> `,
      );
    });
    return `${words.join('')}<path class="life${isTheirs ? ' atk' : ''}" d="${own.map((nth) => `M${centers[nth]} ${top - 4}V${height}`).join('')}"/>`;
  };
  return {
    x: new Map(players.map(({ id }, nth) => [id, centers[nth] ?? 0])),
    top,
    heads: (height) => side(false, height) + side(true, height),
  };
};

/** What there is to say beneath an arrow: what breaks, what the attacker learns, what a check did. */
const notesOf = (row: Row): readonly { readonly cls: string; readonly words: string }[] => {
  const named = (all: readonly { readonly guarantee: string; readonly verdict: string }[]): readonly string[] =>
    all.flatMap(({ guarantee, verdict }) => (verdict === 'breaks' ? [guaranteeWords(guarantee)] : []));
  const [broken, due] = [named(row.verdicts), named(row.causes)];
  const outcome = broken.length > 0 ? null : toldOutcome(row);
  // To refuse what an attacker brings is what the check is for; what honest people bring may be missed.
  const isGood = (row.kind === 'attacker' || row.kind === 'forged') && markOf(row) === 'shut';
  return [
    ...(outcome === null ? [] : [{ cls: isGood ? 'okk' : 'gtm', words: isGood ? `✓ ${outcome}` : outcome }]),
    ...row.learned.slice(0, 1).map(({ what }) => ({ cls: 'lt', words: `+ ${what}` })),
    ...(due.length === 0 ? [] : [{ cls: 'brk', words: `● leads to: ${due.join(', ')}` }]),
    ...(broken.length === 0 ? [] : [{ cls: 'brk', words: `✕ ${broken.join(', ')}` }]),
  ].flatMap(({ cls, words }) => wrap(words, width - 8, 13).map((part) => ({ cls, words: part })));
};

type Drawn = { readonly inner: string; readonly height: number };

const drawn = ({ rows, after }: Shown, { x, top }: Columns, isEnd: boolean): Drawn => {
  let y = top + 2;
  const texts: string[] = [];
  const say = (words: string, cls = ''): void => {
    texts.push(`<text${cls === '' ? '' : ` class="${cls}"`} x="2" y="${px(y + 12)}">${escapeText(words)}</text> `);
    y += line;
  };
  const skip = (count: number, where: string): void => {
    if (count === 0) return;
    say(`⋮ ${counted(count, 'message')}${where}`, 'gtm');
    y += 4;
  };
  let step = -1;
  const arrows = rows.map(({ before, row }) => {
    skip(before, isEnd ? '' : ' before');
    const number = row.step === step ? '' : `${row.step + 1} `;
    step = row.step;
    for (const words of wrap(`${number}${row.label}`, width - 8, 13.5)) say(words);
    const arrow = drawArrow(row, x, y + 8);
    y += 18;
    for (const { cls, words } of notesOf(row)) say(words, cls);
    y += 5;
    return arrow;
  });
  skip(after, ' more');
  if (rows.length === 0) say(isEnd ? 'Nothing more happens.' : 'They part at once.', 'gtm');
  return { inner: `${arrows.join('')}<g class="l">${texts.join('')}</g>`, height: y + 2 };
};

/**
 * The picture of a fork: the last rows of what both runs have in common, and of each end the first row and those that decide. `prefix`
 * begins the one id in it. What is left out is told in words.
 */
export const forkedSvgs = (stem: readonly Row[], ends: readonly [Branch, Branch], prefix: string): Forked => {
  const common = lastOf(stem);
  const [one, other] = [decidingIn(ends[0].rows), decidingIn(ends[1].rows)];
  const all = [common, one, other].flatMap(({ rows }) => rows.map(({ row }) => row));
  const columns = columnsFor(
    ends.map(({ run }) => run),
    all,
  );
  const parts = [drawn(common, columns, false), drawn(one, columns, true), drawn(other, columns, true)] as const;
  const heads = columns.heads(Math.max(...parts.map(({ height }) => height)));
  const svg = (name: string, ground: string, { inner, height }: Drawn): string =>
    `<svg class="fig mini" viewBox="0 0 ${width} ${px(height)}" role="group" aria-label="${escapeText(name)}">${ground}${inner}</svg>`;
  const use = `<use href="#${prefix}"/>`;
  return {
    stem: svg('What both runs have in common', `<g id="${prefix}">${heads}</g>`, parts[0]),
    ends: [svg(ends[0].name, use, parts[1]), svg(ends[1].name, use, parts[2])],
  };
};
