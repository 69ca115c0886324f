/** What offers are made of: acts, budgets, and whom an attacker may reach. */

import type { Attacker } from '../engine/attacker.ts';
import { budgetOf } from '../engine/attacking.ts';
import { ownerIn } from '../engine/player.ts';
import { roleOf, type Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';

export type Offers = (stage: Stage, world: World, attacker: Attacker) => readonly Act[];

/** Whether the budget names that kind of move. */
export const isNamed = (world: World, { name }: Attacker, verb: string): boolean =>
  budgetOf(world, name)[verb] !== undefined;

export const act = (attacker: Attacker, verb: string, args: Act['args'] = {}): Act => ({
  who: attacker.name,
  verb,
  args,
});

/** A move that is made only where the budget names its kind. */
export const named = (world: World, attacker: Attacker, verb: string, args: Act['args']): readonly Act[] =>
  isNamed(world, attacker, verb) ? [act(attacker, verb, args)] : [];

/** The devices of honest people on this server whom the attacker may reach: its victim's, or everybody's. */
export const targets = (stage: Stage, world: World, attacker: Attacker): readonly PlayerId[] => {
  const victim = attacker.of === null ? undefined : ownerIn(attacker.of);
  const isWide = roleOf(stage, attacker).reaches === 'its server';
  const users = stage.scenario.cast.users.filter(
    ({ name, server }) => name === victim || (isWide && server === attacker.server),
  );
  const mine = Object.values(attacker.runs);
  return Object.keys(world.devices)
    .sort()
    .filter((player) => users.some(({ name }) => player.startsWith(`${name}.`)) && !mine.includes(player));
};
