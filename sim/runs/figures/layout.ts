/** Where everything stands in a sequence diagram. Text is measured by table, so that it is the same everywhere. */

import type { Player, PlayerId, Run } from '../../engine/types.ts';
import { toldOf } from '../../scenario/claims.ts';
import { isShut, toldGates } from './folding.ts';
import type { Capsule, Row, Rows } from './row.ts';
import { gateWords, rowsOf } from './rows.ts';
import { nameParts, namesIn, playerWords } from './sides.ts';
import { widthOf, wrap } from './text.ts';
import { chartWords, guaranteeWords } from './words.ts';

/** `wide` has labels on the arrows; `narrow` (a phone) has them on lines of their own. */
export type Form = 'wide' | 'narrow';

export type Placed = {
  readonly row: Row;
  readonly isFirst: boolean;
  readonly top: number;
  readonly height: number;
  /** Where the arrow is. */
  readonly y: number;
  readonly label: readonly string[];
  /** Checks worth naming, line by line: what they came to is not just that something passed. */
  readonly checks: readonly { readonly off: boolean; readonly line: string }[];
};

export type Layout = {
  readonly form: Form;
  readonly run: Run;
  readonly quiet: Rows['quiet'];
  readonly width: number;
  readonly height: number;
  readonly x: ReadonlyMap<PlayerId, number>;
  /** What players are called. */
  readonly nameOf: (player: PlayerId) => string;
  /** Lines of the longest name on a phone. */
  readonly slimLines: number;
  readonly rows: readonly Placed[];
  /** Lifelines begin here. */
  readonly top: number;
  readonly bottom: number;
  readonly lanes: readonly number[];
  readonly lanesFrom: number;
};

// Heads and brackets need this much; slanted lane names may need more.
const headroom: Readonly<Record<Form, number>> = { wide: 112, narrow: 108 };
const laneStep: Readonly<Record<Form, number>> = { wide: 27, narrow: 15 };
/** How steeply lane names rise, in degrees. */
export const laneSlant: Readonly<Record<Form, number>> = { wide: 58, narrow: 64 };
const labelMax = 140;

/** The checks of a row that a picture names, in lines of at most `width` px. */
const checksOf = (row: Row, width: number): Placed['checks'] =>
  toldGates(row).flatMap((gate) =>
    wrap(gateWords(gate), width, 12, 4).map((line) => ({ off: gate.outcome.is === 'off', line })),
  );

/** `secrets: waiting → idle`. */
export const capsuleText = ({ chart, from, to }: Capsule): string => `${chartWords(chart)}: ${from} → ${to}`;
export const capsuleWidth = (capsule: Capsule): number => widthOf(capsuleText(capsule), 12) + 18;

/** Half the width of a head box, px. */
export const headHalf = (run: Run, player: Player): number =>
  Math.min(
    104,
    Math.max(
      46,
      (widthOf(playerWords(run, player), 15) + 46) / 2,
      Math.min(66, (widthOf(player.detail, 11.5, 'mono') + 44) / 2),
    ),
  );

/** Between the lines of a name on a phone, px. */
export const slimLine = 12;
/** A player's name on a phone, where a column has room for a word. */
export const slimName = (run: Run, player: Player): readonly string[] =>
  player.kind === 'homeserver' ? ['server'] : nameParts(run, player);

/** Columns for the wide form: as narrow as the words between two lifelines allow. */
const wideColumns = (run: Run, rows: readonly Row[]): ReadonlyMap<PlayerId, number> => {
  const order = new Map(run.players.map(({ id }, index) => [id, index]));
  const gaps = run.players
    .slice(1)
    .map((player, index) => Math.max(112, headHalf(run, player) + headHalf(run, run.players[index] ?? player) + 10));
  const need = (from: number, to: number, width: number): void => {
    const span = gaps.slice(from, to);
    const missing = width - span.reduce((sum, gap) => sum + gap, 0);
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
      const { player } = capsule;
      const index = order.get(player);
      if (index === undefined || index === 0) continue;
      const other = row.from === player ? row.to : row.from;
      const left = other === player || (order.get(other) ?? 0) > index;
      need(left ? index - 1 : index, left ? index : index + 1, capsuleWidth(capsule) + 22);
    }
  const first = rows.flatMap((row) =>
    row.capsules.filter(({ player }) => order.get(player) === 0).map((capsule) => capsuleWidth(capsule) + 12),
  );
  let x = 46 + Math.max(62, ...first);
  return new Map(
    run.players.map(({ id }, index) => {
      if (index > 0) x += gaps[index - 1] ?? 0;
      return [id, x];
    }),
  );
};

/** A phone's width, px; the picture is wider only where there are many players. */
const phoneWidth = 350;

/** Columns for the narrow form, which leave `beside` px for the lanes and their slanted names. */
const narrowColumns = (run: Run, beside: number): ReadonlyMap<PlayerId, number> => {
  const step = (phoneWidth - 46 - beside) / Math.max(1, run.players.length - 1);
  return new Map(run.players.map(({ id }, index) => [id, 46 + index * Math.min(74, Math.max(42, step))]));
};

const learnedMax = 108;
const hereMax = 190;
const checkMax = 280;

const placeWide = (row: Row, x: ReadonlyMap<PlayerId, number>, isFirst: boolean, top: number): Placed => {
  const [from, to] = [x.get(row.from) ?? 0, x.get(row.to) ?? 0];
  const span = row.shape === 'here' ? hereMax : Math.abs(from - to);
  const label = wrap(row.label, Math.max(90, span - 30), 13.5, 3);
  const checks = checksOf(row, row.shape === 'here' ? hereMax : checkMax);
  const above = label.length * 16 + 11;
  const capsules = Math.max(0, ...run(row.capsules.map(({ player }) => player)));
  const learned = row.learned.reduce((sum, { what }) => sum + wrap(`+ ${what}`, learnedMax, 12.5, 2).length * 15, 0);
  const notes = checks.length * 16 + (row.shape === 'here' ? learned : 0);
  const below = Math.max((row.wire === '' ? 8 : 24) + notes, capsules * 23 - 8, learned / 2 + 4, 14);
  const y = top + (isFirst ? 7 : 3) + above;
  return { row, isFirst, top, y, height: y + below + 4 - top, label, checks };
};
/** How often each player occurs. */
const run = (players: readonly PlayerId[]): readonly number[] =>
  [...new Set(players)].map((player) => players.filter((one) => one === player).length);

const placeNarrow = (row: Row, width: number, isFirst: boolean, top: number): Placed => {
  const label = wrap(row.label, width, 13, 2);
  const checks = checksOf(row, width);
  const notes = checks.length + row.learned.length;
  const y = top + (isFirst ? 8 : 4) + label.length * 16 + 8;
  return { row, isFirst, top, y, height: y + 13 + notes * 16 - top, label, checks };
};

/** Lays out `run`. Rows whose players are not in `run.players` stand at the first one, so that nothing is left out. */
export const layout = (whole: Run, form: Form): Layout => {
  const given: Run = { ...whole, judgements: toldOf(whole) };
  const { rows: all, quiet } = rowsOf(given);
  const first = given.players[0]?.id ?? '';
  const known = new Set(given.players.map(({ id }) => id));
  const rows = all.map((row) => ({
    ...row,
    from: known.has(row.from) ? row.from : first,
    to: known.has(row.to) ? row.to : first,
  }));
  const laneName = ({ guarantee }: Run['judgements'][number]): number =>
    widthOf(guaranteeWords(guarantee), form === 'wide' ? 13 : 11);
  // Lane names lean to the right: the picture ends where the last of them does.
  const lean = Math.cos((laneSlant[form] * Math.PI) / 180);
  const beside = Math.max(
    0,
    ...given.judgements.map((one, index) => 38 + index * laneStep[form] + laneName(one) * lean + 8),
  );
  const x = form === 'wide' ? wideColumns(given, rows) : narrowColumns(given, beside);
  const last = Math.max(0, ...x.values());
  const learns = rows.some(({ learned }) => learned.length > 0);
  const lanesFrom = form === 'wide' ? last + (learns ? learnedMax + 26 : 70) : last + 26;
  const rise = Math.sin((laneSlant[form] * Math.PI) / 180);
  const slimLines = Math.max(1, ...given.players.map((player) => slimName(given, player).length));
  const heads = headroom[form] + (form === 'wide' ? 0 : (slimLines - 1) * slimLine);
  const top = Math.ceil(Math.max(heads, ...given.judgements.map((one) => laneName(one) * rise + 26)));
  let y = top + (form === 'wide' ? 8 : 4);
  const placed = rows.map((row, index) => {
    const isFirst = rows[index - 1]?.step !== row.step;
    const next = form === 'wide' ? placeWide(row, x, isFirst, y) : placeNarrow(row, lanesFrom - 44, isFirst, y);
    y += next.height;
    return next;
  });
  const bottom = y + 10;
  const lanes = given.judgements.map((_, index) => lanesFrom + (form === 'wide' ? 26 : 12) + index * laneStep[form]);
  const width = Math.max(
    lanesFrom + 10,
    ...given.judgements.map((one, index) => (lanes[index] ?? 0) + laneName(one) * lean + (form === 'wide' ? 14 : 8)),
  );
  return {
    form,
    run: given,
    quiet,
    width: Math.ceil(width),
    height: Math.ceil(bottom + 18),
    x,
    nameOf: namesIn(given),
    slimLines,
    rows: placed,
    top,
    bottom,
    lanes,
    lanesFrom,
  };
};

export { isShut };
