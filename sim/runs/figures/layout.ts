/** Where everything stands in a sequence diagram. Text is measured by table, so that it is the same everywhere. */

import type { PlayerId, Run } from '../../engine/types.ts';
import { toldOf } from '../../scenario/claims.ts';
import { besideIn } from './beside.ts';
import { checkMax, columnsOf, type Form, type Head, hereMax, type Lane, learnedMax } from './columns.ts';
import { isShut, toldGates } from './folding.ts';
import type { Row, Rows } from './row.ts';
import { gateWords } from './row-words.ts';
import { rowsOf } from './rows.ts';
import { type Fold, foldsOf } from './setup.ts';
import { namesIn } from './sides.ts';
import { wrap } from './text.ts';

export type Placed = {
  readonly row: Row;
  /** It stands in a fold: drawn without its name on the wire and the checks that it passed. */
  readonly isPlain: boolean;
  readonly isFirst: boolean;
  /** The first of a step that shares its row with the step before: no line parts them, and a sign ties their numbers. */
  readonly isBeside: boolean;
  readonly top: number;
  readonly height: number;
  /** Where the arrow is. */
  readonly y: number;
  readonly label: readonly string[];
  /** Checks worth naming, line by line: what they came to is not just that something passed. */
  readonly checks: readonly { readonly off: boolean; readonly line: string }[];
};

/** Rows that stand together, from `top` to `bottom` on the axis. */
export type Stretch = { readonly rows: readonly Placed[]; readonly top: number; readonly bottom: number };
/** A stretch that stands open, or within a fold. */
export type Band = Stretch & { readonly fold: Fold | null };

export type Layout = {
  readonly form: Form;
  readonly run: Run;
  readonly quiet: Rows['quiet'];
  readonly width: number;
  readonly height: number;
  readonly x: ReadonlyMap<PlayerId, number>;
  /** What players are called. */
  readonly nameOf: (player: PlayerId) => string;
  /** Boxes of players, or on a phone with many of them just slanted names. */
  readonly heads: readonly Head[];
  readonly rows: readonly Placed[];
  /** The rows in stretches, in order. */
  readonly bands: readonly Band[];
  /** Lifelines begin here. */
  readonly top: number;
  readonly bottom: number;
  readonly lanes: readonly Lane[];
  readonly lanesFrom: number;
};

/** The checks of a row that a picture names, in lines of at most `width` px. */
const checksOf = (row: Row, width: number): Placed['checks'] =>
  toldGates(row).flatMap((gate) =>
    wrap(gateWords(gate), width, 12).map((line) => ({ off: gate.outcome.is === 'off', line })),
  );

/** How often each player occurs. */
const counts = (players: readonly PlayerId[]): readonly number[] =>
  [...new Set(players)].map((player) => players.filter((one) => one === player).length);

type Place = Pick<Placed, 'isFirst' | 'isBeside' | 'isPlain' | 'top'>;
/** Above the first row of a step there is more room, unless it shares the row of the step before. */
const isApart = ({ isFirst, isBeside }: Place): boolean => isFirst && !isBeside;

const placeWide = (row: Row, x: ReadonlyMap<PlayerId, number>, place: Place): Placed => {
  const { isPlain, top } = place;
  const [from, to] = [x.get(row.from) ?? 0, x.get(row.to) ?? 0];
  const isHere = row.shape === 'here';
  const span = isHere ? hereMax : Math.abs(from - to);
  const label = wrap(row.label, Math.max(140, span - 26), 13.5);
  const checks = checksOf(row, isHere ? hereMax : checkMax);
  const capsules = Math.max(0, ...counts(row.capsules.map(({ player }) => player)));
  const learned = row.learned.reduce((sum, { what }) => sum + wrap(`+ ${what}`, learnedMax, 12.5).length * 15, 0);
  const notes = checks.length * 16 + (isHere ? learned : 0);
  const beside = isHere ? 0 : learned / 2 + 4;
  const above = Math.max(label.length * 16 + 8, beside);
  const below = Math.max((row.wire === '' || isPlain ? 8 : 21) + notes, capsules * 23 - 8, beside, 14);
  const y = top + (isApart(place) ? 6 : 2) + above;
  return { ...place, row, y, height: y + below + 4 - top, label, checks };
};

const placeNarrow = (row: Row, width: number, place: Place): Placed => {
  const { top } = place;
  const label = wrap(row.label, width, 13);
  const checks = checksOf(row, width);
  const learned = row.learned.reduce((sum, { what }) => sum + wrap(`+ ${what}`, width, 12.5).length, 0);
  const y = top + (isApart(place) ? 6 : 3) + label.length * 16 + 7;
  return { ...place, row, y, height: y + 12 + (checks.length + learned) * 16 - top, label, checks };
};

/** How many rows the first parts of a stretch have, which are seen first, and how many those after them. */
const partRows = [6, 6, 6] as const;
const partRowsAfter = 24;

/**
 * A stretch in parts, each drawn by itself: cut only where a step begins, and never between steps that share a row, whose tie would be
 * cut.
 */
export const partsOf = ({ rows, top, bottom }: Stretch): readonly Stretch[] => {
  const starts: number[] = [0];
  for (const [index, { isFirst, isBeside }] of rows.entries())
    if (
      isFirst &&
      !isBeside &&
      index - (starts.at(-1) ?? 0) >= (partRows[starts.length - 1] ?? partRowsAfter) &&
      rows.length - index > 2
    )
      starts.push(index);
  return starts.map((from, nth) => {
    const to = starts[nth + 1] ?? rows.length;
    return {
      rows: rows.slice(from, to),
      top: from === 0 ? top : (rows[from]?.top ?? top),
      bottom: rows[to]?.top ?? bottom,
    };
  });
};

/** The rows in stretches: each fold is one, and what stands open between two. */
const bandsOf = (rows: readonly Placed[], folds: readonly Fold[], top: number, bottom: number): readonly Band[] => {
  const bounds = [...new Set([0, ...folds.flatMap(({ from, to }) => [from, to]), rows.length])];
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1] ?? rows.length;
    return {
      fold: folds.find((fold) => fold.from === from) ?? null,
      rows: rows.slice(from, to),
      top: from === 0 ? top : (rows[from]?.top ?? top),
      bottom: rows[to]?.top ?? bottom,
    };
  });
};

/** What a picture shows of a run, whatever its form. */
export type Matter = {
  readonly run: Run;
  readonly rows: readonly Row[];
  readonly quiet: Rows['quiet'];
  readonly folds: readonly Fold[];
  /** Steps that share a row with the one before. */
  readonly beside: ReadonlySet<number>;
};

/**
 * What of `whole` is drawn, in stretches when it is `folded`, else in one. Rows whose players are not in `whole.players` stand at the
 * first one, so that nothing is left out.
 */
export const matterOf = (whole: Run, { folded = false } = {}): Matter => {
  const run: Run = { ...whole, judgements: toldOf(whole) };
  const { rows: all, quiet } = rowsOf(run);
  const first = run.players[0]?.id ?? '';
  const known = new Set(run.players.map(({ id }) => id));
  const rows = all.map((row) =>
    known.has(row.from) && known.has(row.to)
      ? row
      : { ...row, from: known.has(row.from) ? row.from : first, to: known.has(row.to) ? row.to : first },
  );
  return { run, rows, quiet, folds: folded ? foldsOf(rows, run) : [], beside: besideIn(run, rows) };
};

/** Lays out what is drawn. */
export const layout = ({ run, rows, quiet, folds, beside }: Matter, form: Form): Layout => {
  const { width, x, heads, lanes, lanesFrom, top } = columnsOf(run, rows, form);
  const edges = new Set(folds.flatMap(({ from, to }) => [from, to]));
  const within = new Set(folds.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, nth) => from + nth)));
  let y = top;
  const placed = rows.map((row, index) => {
    const isNew = rows[index - 1]?.step !== row.step;
    const isEdge = edges.has(index);
    const place = {
      // A number that stands in a fold is not seen after it.
      isFirst: isNew || isEdge,
      isBeside: isNew && !isEdge && beside.has(row.step),
      isPlain: within.has(index),
      top: y,
    };
    const next = form === 'wide' ? placeWide(row, x, place) : placeNarrow(row, lanesFrom - 34, place);
    y += next.height;
    return next;
  });
  const bottom = y + 22;
  return {
    form,
    run,
    quiet,
    width,
    height: bottom,
    x,
    nameOf: namesIn(run),
    heads,
    rows: placed,
    bands: bandsOf(placed, folds, top, bottom),
    top,
    bottom: bottom - 12,
    lanes,
    lanesFrom,
  };
};

export { isShut };
