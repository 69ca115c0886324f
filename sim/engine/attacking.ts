/** The turn of attackers in the loop: how they begin, what they are offered, what they overhear of a step, and what a move costs them. */
import type { Attacker } from './attacker.ts';
import { circleOf } from './circle.ts';
import { roleOf, type Stage } from './stage.ts';
import type { Act, CastAttacker, Moment, PlayerId } from './types.ts';
import { inTurn, type Progress, type World } from './world.ts';

/** Before the story each has what lies open before it. */
export const beginAttackers = (stage: Stage, world: World): World =>
  Object.values(world.attackers).reduce((now, one) => roleOf(stage, one).begin(stage, now, one), world);

/** Without a budget an attacker makes no moves by itself. */
export const budgetOf = (world: World, name: PlayerId): Readonly<Record<string, number>> => world.budgets[name] ?? {};

/** What an attacker may do next: as far as its budget goes, in all and of each kind of move. */
export const offers = (stage: Stage, world: World, attacker: Attacker): readonly Act[] => {
  const { moves = 0, ...ofKind } = budgetOf(world, attacker.name);
  if (moves <= 0) return [];
  const all = stage.verbs.offers(stage, world, attacker, roleOf(stage, attacker).moves);
  return all.filter(({ verb }) => (ofKind[verb] ?? Number.POSITIVE_INFINITY) > 0);
};

/** The world after one move of that kind. */
export const spending = (world: World, { who, verb }: Act): World => {
  const budget = budgetOf(world, who);
  const { moves = 0, [verb]: ofKind } = budget;
  const left = { ...budget, moves: moves - 1, ...(ofKind === undefined ? {} : { [verb]: ofKind - 1 }) };
  return { ...world, budgets: { ...world.budgets, [who]: left } };
};

/** What attackers overhear of a step that has just happened, and what follows from it. `by`: who acted in it. */
export const overhear = (stage: Stage, progress: Progress, by: PlayerId): Progress => {
  const { cast } = stage.scenario;
  const { attackers } = cast;
  if (attackers.length === 0) return progress;
  const hears = (world: World, one: CastAttacker, heard: 'own step' | Moment): Progress =>
    roleOf(stage, one).overhear(stage, world, one.name, heard);
  // Whoever acted may have taken keys into use, or changed them: their own, and those of whoever shares with them and has not moved.
  // What devices hold and show counts before what goes over the wire.
  const circle = attackers.some(({ name }) => name === by) ? circleOf(cast, by) : [];
  const moved = circle.flatMap((one) => attackers.filter(({ name }) => name === one));
  const held = inTurn(progress, moved, (world, one) => hears(world, one, 'own step'));
  const requests = progress.moments.filter(({ kind }) => kind === 'request');
  const others = progress.moments.filter(({ kind }) => kind !== 'request');
  const shown = attackers.flatMap((one) => others.map((moment) => [one, moment] as const));
  const asked = requests.flatMap((moment) => attackers.map((one) => [one, moment] as const));
  return inTurn(held, [...shown, ...asked], (world, [one, moment]) => hears(world, one, moment));
};
