/**
 * What an attacker may do by itself in free play: how many moves, and which.
 *
 * `{ moves: 2, only: [add device, swap identity] }` makes those and no others, `never` leaves some out, and `also` names moves that an
 * attacker makes only where it is told to, because they open many ways of which few are new (`sim/attackers/spots.ts`). A kind with a
 * number is made so often at most. Lists are short for numbers: what is left out has 0 of it, what comes in has as many as there are moves.
 */
import type { CastAttacker } from '../engine/types.ts';
import { budgetKinds, formsOf } from '../verbs/forms.ts';
import { asCount, asMapping, asNamesOf, knows, type Report } from './reader.ts';
import { quoted } from './showing.ts';
import type { Tree } from './yaml.ts';

type Budget = CastAttacker['budget'];

/** Lists of kinds of moves, each with what it means. */
export const moveLists = {
  only: 'The only moves it makes.',
  never: 'Moves it does not make.',
  also: 'Moves it makes only where it is told to, as often as it has moves.',
} as const;
type MoveList = keyof typeof moveLists;
const isList = (name: string): name is MoveList => Object.hasOwn(moveLists, name);

const movesOf = (plays: string): readonly string[] => budgetKinds(plays).filter((kind) => kind !== 'moves');
/** What it does without being told to; all else a budget has to name. */
const usualFor = (plays: string): readonly string[] =>
  formsOf(plays).flatMap(({ verb, isUsualMove }) => (isUsualMove ? [verb] : []));

const countMax = 1000;

/** Reads `budget:` of an attacker that plays `plays`. */
export const readBudget = (report: Report, plays: string, tree: Tree): Budget => {
  const kinds = movesOf(plays);
  const counts: Record<string, number> = {};
  const lists: Partial<Record<MoveList, readonly string[]>> = {};
  for (const { key, at, value } of asMapping(report, tree, 'moves, and which: { moves: 2, never: [drop] }')?.entries ??
    []) {
    if (isList(key)) {
      lists[key] = asNamesOf(report, value, 'a list of moves', 'a kind of move', kinds);
      continue;
    }
    if (!knows(report, at, key, 'a kind of move', ['moves', ...kinds, ...Object.keys(moveLists)])) continue;
    const count = asCount(report, value, countMax);
    if (count !== null) counts[key] = count;
  }
  if (Object.keys(lists).length > 0 && tree.is === 'mapping' && counts.moves === undefined)
    report(tree.at, 'a list of moves, and no number of them', 'moves: how many it makes');
  const { only, never = [], also = [] } = lists;
  for (const kind of never)
    if (only?.includes(kind) === true || also.includes(kind) || counts[kind] !== undefined)
      report(tree.at, `${quoted(kind)} is among the moves it makes, and among those it never makes`, 'one of the two');
  const { moves = 0 } = counts;
  const told = [...also, ...(only ?? []).filter((kind) => !usualFor(plays).includes(kind))];
  const left = only === undefined ? [] : usualFor(plays).filter((kind) => !only.includes(kind));
  return {
    ...Object.fromEntries([...left, ...never].map((kind) => [kind, 0])),
    ...Object.fromEntries(told.map((kind) => [kind, moves])),
    ...counts,
  };
};

/** A budget as it stands in a file that reads back as the same one. */
export const budgetText = (plays: string, budget: Budget): Readonly<Record<string, number | readonly string[]>> => {
  const out = Object.keys(budget).filter((kind) => kind !== 'moves' && budget[kind] === 0);
  const counts = Object.fromEntries(Object.entries(budget).filter(([kind]) => !out.includes(kind)));
  if (out.length === 0) return counts;
  const usual = usualFor(plays);
  const rest = usual.filter((kind) => budget[kind] === undefined);
  return rest.length < out.length && out.every((kind) => usual.includes(kind))
    ? { ...counts, only: rest }
    : { ...counts, never: out };
};
