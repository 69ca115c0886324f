/** The steps of a run as the inspector has them: who did what, and what clauses let pass in one breath. */
import type { ClauseId, PlayerId, Run, Step } from '../sim/engine/types.ts';
import { fallenIn } from '../sim/runs/figures/breaks.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { type Part, partsOf } from './step-view.ts';

/** Clauses in a row that said the same of one thing. */
export type Said = {
  readonly said: 'clauses';
  readonly tone: 'ok' | 'bad' | 'off';
  readonly words: string;
  readonly clauses: readonly ClauseId[];
};
/** A part of a step, or clauses of which nothing but their names is to be told. */
export type Told = { readonly said: 'part'; readonly part: Part } | Said;
/** What one player did or met in a step, until somebody else came in. */
export type Turnout = { readonly player: PlayerId; readonly told: readonly Told[] };

const toldOf = (part: Part): Told =>
  part.clause === undefined
    ? { said: 'part', part }
    : { said: 'clauses', tone: part.clause.tone, words: part.detail, clauses: [part.clause.id] };

const isSame = (one: Told | undefined, other: Told): one is Said =>
  one?.said === 'clauses' && other.said === 'clauses' && one.words === other.words && one.tone === other.tone;

/** A list with one more, which joins the last where they say the same. */
const joined = (list: readonly Told[], next: Told): readonly Told[] => {
  const last = list.at(-1);
  if (!isSame(last, next) || next.said !== 'clauses') return [...list, next];
  const clauses = [...new Set([...last.clauses, ...next.clauses])];
  return [...list.slice(0, -1), { ...last, clauses }];
};

/** A step told by player, in order. */
export const turnoutsOf = (run: Run, step: Step): readonly Turnout[] => {
  const all: Turnout[] = [];
  for (const part of partsOf(run, step)) {
    const last = all.at(-1);
    const told = toldOf(part);
    if (last?.player === part.who) all[all.length - 1] = { ...last, told: joined(last.told, told) };
    else all.push({ player: part.who, told: [told] });
  }
  return all;
};

/** The step (index) that a run turns on: where a guarantee first breaks, else where something is first thrown away, else the first. */
export const decisiveStep = (run: Run): number => {
  const breaks = fallenIn(run)
    .filter(({ verdict }) => verdict === 'breaks')
    .map(({ certain }) => certain);
  if (breaks.length > 0) return Math.min(...breaks);
  return rowsOf(run).rows.find(({ gates }) => gates.some(({ says, off }) => says === 'refuses' && !off))?.step ?? 0;
};
