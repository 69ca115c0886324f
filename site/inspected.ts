/** The steps of a run, told by player: all of each for the file beside the page, and what matters of it for the inspector. */
import type { ClauseId, PlayerId, Run, Step } from '../sim/engine/types.ts';
import { fallenIn } from '../sim/runs/figures/breaks.ts';
import { isShut, markOf } from '../sim/runs/figures/folding.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { type Part, partsOf } from './step-view.ts';

/** Clauses in a row of which the same became. */
export type Said = {
  readonly said: 'clauses';
  readonly tone: NonNullable<Part['clause']>['tone'];
  readonly words: string;
  readonly clauses: readonly ClauseId[];
};
/** Things in a row of which one short sentence each says all: requests that carry nothing new, states, what is kept. */
export type Brief = { readonly said: 'briefly'; readonly kind: Part['kind']; readonly words: readonly string[] };
/** A part of a step that has more to it than a sentence. */
export type Told = { readonly said: 'part'; readonly part: Part } | Said | Brief;
/** What one player did or met in a step, until somebody else came in. */
export type Turnout = { readonly player: PlayerId; readonly told: readonly Told[] };

const toldOf = (part: Part): Told => {
  if (part.clause !== undefined)
    return { said: 'clauses', tone: part.clause.tone, words: part.detail, clauses: [part.clause.id] };
  switch (part.kind) {
    case 'state':
      return { said: 'briefly', kind: part.kind, words: [`${part.title.replaceAll('-', ' ')}: ${part.detail}`] };
    case 'stored':
      return { said: 'briefly', kind: part.kind, words: [part.title] };
    case 'request':
      return part.quiet ? { said: 'briefly', kind: part.kind, words: [part.title] } : { said: 'part', part };
    default:
      return { said: 'part', part };
  }
};

const add = (list: Told[], next: Told): void => {
  const last = list.at(-1);
  if (last?.said === 'clauses' && next.said === 'clauses' && last.words === next.words && last.tone === next.tone)
    list[list.length - 1] = { ...last, clauses: [...new Set([...last.clauses, ...next.clauses])] };
  else if (last?.said === 'briefly' && next.said === 'briefly' && last.kind === next.kind)
    list[list.length - 1] = { ...last, words: [...last.words, ...next.words] };
  else list.push(next);
};

/** A step with all that was in it, in order. */
export const turnoutsOf = (run: Run, step: Step): readonly Turnout[] => {
  const all: { readonly player: PlayerId; readonly told: Told[] }[] = [];
  for (const part of partsOf(run, step)) {
    if (all.at(-1)?.player !== part.who) all.push({ player: part.who, told: [] });
    add(all.at(-1)?.told ?? [], toldOf(part));
  }
  return all;
};

/** What matters of a turnout, and how many clauses had nothing to say but that they passed or were done. */
export type Inspected = Turnout & { readonly passed: number };

/** What says nothing that a person would look for: it is in the picture, or asked for with all of the step. */
const matters = (told: Told): boolean => (told.said === 'clauses' ? told.tone !== 'ok' : told.said === 'part');

const passedIn = (told: readonly Told[]): number =>
  new Set(told.flatMap((one) => (one.said === 'clauses' && one.tone === 'ok' ? one.clauses : []))).size;

/** A step as the inspector has it. */
export const inspected = (run: Run, step: Step): readonly Inspected[] =>
  turnoutsOf(run, step)
    .map(({ player, told }) => ({ player, told: told.filter(matters), passed: passedIn(told) }))
    .filter(({ told, passed }) => told.length > 0 || passed > 0);

/** The step (index) that a run turns on: where a guarantee first breaks, else where something is first thrown away, else the first. */
export const decisiveStep = (run: Run): number => {
  const breaks = fallenIn(run)
    .filter(({ verdict }) => verdict === 'breaks')
    .map(({ certain }) => certain);
  if (breaks.length > 0) return Math.min(...breaks);
  const { rows } = rowsOf(run);
  return (rows.find(isShut) ?? rows.find((row) => markOf(row) === 'undone'))?.step ?? 0;
};
