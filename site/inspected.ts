/** The steps of a run as the inspector has them: who did what, and what clauses let pass in one breath. */
import type { ClauseId, PlayerId, Run, Step } from '../sim/engine/types.ts';
import { fallenIn } from '../sim/runs/figures/breaks.ts';
import { isShut, markOf } from '../sim/runs/figures/folding.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { type Part, partsOf } from './step-view.ts';

/** Clauses of one chart in a row of which the same became. */
export type Said = {
  readonly said: 'clauses';
  readonly chart: string;
  readonly tone: NonNullable<Part['clause']>['tone'];
  readonly words: string;
  readonly clauses: readonly ClauseId[];
  /** The step (index) in which the very same clauses said the same before: they need not be named again. */
  readonly asIn: number | null;
};
/** A part of a step, or clauses of which nothing but their names is to be told. */
export type Told = { readonly said: 'part'; readonly part: Part } | Said;
/** What one player did or met in a step, until somebody else came in. */
export type Turnout = { readonly player: PlayerId; readonly told: readonly Told[] };

const toldOf = (part: Part): Told => {
  if (part.clause === undefined) return { said: 'part', part };
  const { id, chart, tone } = part.clause;
  return { said: 'clauses', chart, tone, words: part.detail, clauses: [id], asIn: null };
};

const isSame = (one: Told | undefined, other: Told): one is Said =>
  one?.said === 'clauses' &&
  other.said === 'clauses' &&
  one.chart === other.chart &&
  one.words === other.words &&
  one.tone === other.tone;

/** A list with one more, which joins the last where they say the same. */
const joined = (list: readonly Told[], next: Told): readonly Told[] => {
  const last = list.at(-1);
  if (!isSame(last, next) || next.said !== 'clauses') return [...list, next];
  const clauses = [...new Set([...last.clauses, ...next.clauses])];
  return [...list.slice(0, -1), { ...last, clauses }];
};

const turnoutsOf = (run: Run, step: Step): readonly Turnout[] => {
  const all: Turnout[] = [];
  for (const part of partsOf(run, step)) {
    const last = all.at(-1);
    const told = toldOf(part);
    if (last?.player === part.who) all[all.length - 1] = { ...last, told: joined(last.told, told) };
    else all.push({ player: part.who, told: [told] });
  }
  return all;
};

/** So many clauses are named once in a run, and after that only counted. */
const namesMax = 3;

/** Every step told by player, in order. */
export const inspected = (run: Run): readonly (readonly Turnout[])[] => {
  const before = new Map<string, number>();
  const shortened = (told: Told, step: number): Told => {
    if (told.said !== 'clauses' || told.tone !== 'ok' || told.clauses.length <= namesMax) return told;
    const key = [told.words, ...told.clauses].join();
    const asIn = before.get(key) ?? null;
    if (asIn === null) before.set(key, step);
    return { ...told, asIn: asIn === step ? null : asIn };
  };
  return run.steps.map((step, index) =>
    turnoutsOf(run, step).map(({ player, told }) => ({ player, told: told.map((one) => shortened(one, index)) })),
  );
};

/** The step (index) that a run turns on: where a guarantee first breaks, else where something is first thrown away, else the first. */
export const decisiveStep = (run: Run): number => {
  const breaks = fallenIn(run)
    .filter(({ verdict }) => verdict === 'breaks')
    .map(({ certain }) => certain);
  if (breaks.length > 0) return Math.min(...breaks);
  const { rows } = rowsOf(run);
  return (rows.find(isShut) ?? rows.find((row) => markOf(row) === 'undone'))?.step ?? 0;
};
