/** Where players and guarantees stand in a sequence diagram, from left to right. A picture has the width of its form, whatever it shows. */
import type { Player, PlayerId, Run } from '../../engine/types.ts';
import type { Capsule, Row } from './row.ts';
import { nameParts, playerWords } from './sides.ts';
import { widthOf, wrap } from './text.ts';
import { chartWords, guaranteeWords } from './words.ts';

/** `wide` has labels on the arrows; `narrow` (a phone) has them on lines of their own. */
export type Form = 'wide' | 'narrow';

/** How wide each form is, px. The sheet never draws one so small that its text is under 10 px. */
export const formWidth: Readonly<Record<Form, number>> = { wide: 900, narrow: 312 };
/** How steeply names of lanes, and of players that stand close, rise: in degrees. */
export const slant: Readonly<Record<Form, number>> = { wide: 58, narrow: 64 };

/** A player's head: a box of `half` px to each side with its name in lines; `slanted`: no box, as there is no room for one. */
export type Head = {
  readonly player: Player;
  readonly x: number;
  readonly half: number;
  readonly name: readonly string[];
  readonly slanted: boolean;
};
/** A guarantee's lane, and its slanted name in one or two lines. */
export type Lane = { readonly x: number; readonly name: readonly string[] };
export type Columns = {
  readonly width: number;
  readonly x: ReadonlyMap<PlayerId, number>;
  readonly heads: readonly Head[];
  readonly lanes: readonly Lane[];
  readonly lanesFrom: number;
  /** Height of the heads: the rows begin here. */
  readonly top: number;
};

/** Room for words beside a lifeline: what is learned, what happens at one player, what a check says. */
export const learnedMax = 108;
export const hereMax = 190;
export const checkMax = 280;
/** A label of a long arrow may widen the gap it spans up to here. */
const labelMax = 140;
/** Lifelines are never closer than this. */
const gapMin = 64;
/** Size of a name on a phone, and the space between its lines, px. */
export const slimSize = 11;
export const slimLine = 12;

/** `secrets: waiting → idle`. */
export const capsuleText = ({ chart, from, to }: Capsule): string => `${chartWords(chart)}: ${from} → ${to}`;
export const capsuleWidth = (capsule: Capsule): number => widthOf(capsuleText(capsule), 12) + 18;

/** Half the width a head box would like to have, px. */
const likedHalf = (run: Run, player: Player): number =>
  Math.min(
    104,
    Math.max(
      46,
      (widthOf(playerWords(run, player), 15) + 46) / 2,
      Math.min(66, (widthOf(player.detail, 11.5, 'mono') + 44) / 2),
    ),
  );

/** Between neighbours: what words between two lifelines would like to have. */
const likedGaps = (run: Run, rows: readonly Row[]): readonly number[] => {
  const order = new Map(run.players.map(({ id }, index) => [id, index]));
  const gaps = run.players
    .slice(1)
    .map((player, index) => Math.max(112, likedHalf(run, player) + likedHalf(run, run.players[index] ?? player) + 10));
  const need = (from: number, to: number, width: number): void => {
    let sum = 0;
    for (let gap = from; gap < to; gap += 1) sum += gaps[gap] ?? 0;
    const missing = width - sum;
    if (missing > 0) for (let gap = from; gap < to; gap += 1) gaps[gap] = (gaps[gap] ?? 0) + missing / (to - from);
  };
  const bySpan = rows.flatMap((row) => {
    const [a, b] = [order.get(row.from), order.get(row.to)];
    return a === undefined || b === undefined || a === b ? [] : [{ row, low: Math.min(a, b), high: Math.max(a, b) }];
  });
  for (const { row, low, high } of bySpan.toSorted((one, other) => one.high - one.low - (other.high - other.low)))
    need(
      low,
      high,
      Math.max(Math.min(widthOf(row.label, 13.5), labelMax), Math.min(widthOf(row.wire, 11.5, 'mono'), 168)) + 30,
    );
  for (const row of rows)
    for (const capsule of row.capsules) {
      const index = order.get(capsule.player);
      if (index === undefined || index === 0) continue;
      const other = row.from === capsule.player ? row.to : row.from;
      const left = other === capsule.player || (order.get(other) ?? 0) > index;
      need(left ? index - 1 : index, left ? index : index + 1, Math.min(capsuleWidth(capsule) + 22, 190));
    }
  return gaps;
};

/** Gaps that fill `room`: what is over goes to all alike; where there is too little each gives of what it has above the least. */
const fitted = (gaps: readonly number[], room: number, least: number): readonly number[] => {
  const sum = gaps.reduce((all, gap) => all + gap, 0);
  if (sum <= room) return gaps.map((gap) => gap + (room - sum) / gaps.length);
  const floor = Math.min(least, room / gaps.length);
  const spare = sum - floor * gaps.length;
  const share = spare <= 0 ? 0 : Math.max(0, room - floor * gaps.length) / spare;
  return gaps.map((gap) => floor + (gap - floor) * share);
};

/** A name in two lines of about the same length, where it has a space. */
const inTwo = (words: string): readonly string[] => {
  const spaces = [...words.matchAll(/ /g)].map(({ index }) => index);
  const middle = spaces.toSorted(
    (one, other) => Math.abs(one - words.length / 2) - Math.abs(other - words.length / 2),
  )[0];
  return middle === undefined ? [words] : [words.slice(0, middle), words.slice(middle + 1)];
};

const laneSize: Readonly<Record<Form, number>> = { wide: 13, narrow: 11 };

/** Names of the lanes; they stand in two lines where lanes are so few that each can be far enough from the next. */
const laneNames = (run: Run, form: Form): { readonly step: number; readonly names: readonly (readonly string[])[] } => {
  const isRoomy = run.judgements.length <= (form === 'wide' ? 4 : 2);
  return {
    step: form === 'wide' ? (isRoomy ? 40 : 30) : isRoomy ? 32 : 16,
    names: run.judgements.map(({ guarantee }) => {
      const words = guaranteeWords(guarantee);
      return isRoomy ? inTwo(words) : [words];
    }),
  };
};
const widest = (lines: readonly string[], size: number): number =>
  Math.max(0, ...lines.map((line) => widthOf(line, size)));

/** A player's name on a phone, where a column has room for a word. */
const slimName = (run: Run, player: Player): readonly string[] =>
  player.kind === 'homeserver' && run.players.filter(({ kind }) => kind === 'homeserver').length === 1
    ? ['server']
    : nameParts(run, player);

/** Heads at the `centers` of their lifelines, which end before `end`. */
const headsOf = (run: Run, form: Form, centers: readonly number[], end: number): readonly Head[] => {
  const room = centers.map((center, index) =>
    Math.min(
      index === 0 ? (center - 2) * 2 : center - (centers[index - 1] ?? 0),
      index === centers.length - 1 ? (end - center) * 2 : (centers[index + 1] ?? 0) - center,
    ),
  );
  const isTight =
    form === 'narrow' &&
    run.players.some((player, index) => widest(slimName(run, player), slimSize) > (room[index] ?? 0) - 2);
  const isApart = Math.min(...room) >= 30;
  return run.players.map((player, index) => {
    const own = { player, x: centers[index] ?? 0, slanted: isTight };
    if (isTight) {
      const words = slimName(run, player).join(' ');
      return { ...own, half: 8, name: isApart && words.length > 14 ? inTwo(words) : [words] };
    }
    if (form === 'narrow') return { ...own, half: 15, name: slimName(run, player) };
    const half = Math.min(likedHalf(run, player), (room[index] ?? 0) / 2 - 3);
    const words = playerWords(run, player);
    return { ...own, half, name: widthOf(words, 15) <= half * 2 - 38 ? [words] : wrap(words, half * 2 - 4, 12.5, 3) };
  });
};

/** How high the heads are, px. */
const headHeight = (form: Form, heads: readonly Head[], names: readonly (readonly string[])[]): number => {
  const rise = Math.sin((slant[form] * Math.PI) / 180);
  const lines = Math.max(1, ...heads.map(({ name }) => name.length));
  const boxes = form === 'wide' ? 96 : 56 + (lines - 1) * slimLine;
  const leaning = heads
    .filter(({ slanted }) => slanted)
    .map(({ name }) => widest(name, slimSize) * rise + 14 + name.length * 8);
  const lanes = names.map((name) => widest(name, laneSize[form]) * rise + 18 + (name.length - 1) * 8);
  return Math.ceil(Math.max(leaning.length > 0 ? 0 : boxes, ...leaning, ...lanes));
};

/** Lays out columns for `rows` of `run`. */
export const columnsOf = (run: Run, rows: readonly Row[], form: Form): Columns => {
  const width = formWidth[form];
  const { step, names } = laneNames(run, form);
  // Lane names lean to the right: the lanes stand so far from the edge that the last of them ends within.
  const lean = Math.cos((slant[form] * Math.PI) / 180);
  const beside = Math.max(
    12,
    ...names.map((name, index) => index * step + widest(name, laneSize[form]) * lean + (name.length - 1) * 12 + 10),
  );
  const lanesFrom = width - (names.length === 0 ? 4 : beside + (form === 'wide' ? 20 : 12));
  const last = run.players.at(-1);
  // What is learned stands right of whoever learns it: only the last two may need room for it beside the lanes.
  const learns = (player: Player | undefined): boolean =>
    rows.some(({ learned }) => learned.some((one) => one.player === player?.id));
  const after =
    form === 'narrow'
      ? 20
      : Math.max(
          learns(last) ? learnedMax + 26 : learns(run.players.at(-2)) ? 80 : 50,
          last === undefined ? 0 : likedHalf(run, last) + 6,
        );
  const ownCapsules = rows.flatMap(({ capsules }) =>
    capsules.filter(({ player }) => player === run.players[0]?.id).map((one) => capsuleWidth(one) + 12),
  );
  // States of the first player stand left of it, as far as there is room.
  const left = run.players.length > 5 ? 150 : 240;
  const first = form === 'narrow' ? 26 : 34 + Math.min(left, Math.max(56, ...ownCapsules));
  const room = lanesFrom - after - first;
  const gaps =
    form === 'wide'
      ? fitted(likedGaps(run, rows), room, gapMin)
      : run.players.slice(1).map(() => Math.min(90, room / (run.players.length - 1)));
  const centers = run.players.map((_, index) => first + gaps.slice(0, index).reduce((sum, gap) => sum + gap, 0));
  const heads = headsOf(run, form, centers, lanesFrom);
  return {
    width,
    x: new Map(run.players.map(({ id }, index) => [id, centers[index] ?? first])),
    heads,
    lanes: names.map((name, index) => ({ x: lanesFrom + (form === 'wide' ? 20 : 12) + index * step, name })),
    lanesFrom,
    top: headHeight(form, heads, names),
  };
};
