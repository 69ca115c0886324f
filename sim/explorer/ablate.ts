/** Every clause off in turn: which promise breaks, by which shortest way, and what the weakest attacker has to have for it. */

import { implementedClauses } from '../../machines/parts.ts';
import type { Suite } from '../../machines/suite.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Turn } from '../types.ts';
import { type Arena, arenas } from './arenas.ts';
import { type Exploration, explore } from './explore.ts';

/** One way in which a promise breaks once these clauses are off. */
export type Missed = {
  readonly guarantee: string;
  readonly arena: string;
  readonly attacker: string | null;
  readonly steps: number;
  readonly choices: readonly string[];
  readonly at: string | null;
};
export type Row = {
  /** Clauses that are off together: one, or a pair that mask each other. */
  readonly clauses: readonly ClauseId[];
  /** By guarantee: the first arena (weakest attacker) that breaks it, by a shortest way there. */
  readonly missed: readonly Missed[];
  /** Arenas whose worlds were not all seen. */
  readonly unsettled: readonly string[];
};

const off = (clauses: readonly ClauseId[]): readonly Turn[] => clauses.map((clause) => ({ turn: 'off', clause }));
const search = ({ scenario, guarantees }: Arena, suite: Suite, clauses: readonly ClauseId[]): Exploration =>
  explore(scenario, { suite, turns: off(clauses), guarantees });

/** Guarantees that break in an arena although every clause is in force: nothing can be learned about them there. */
export type Baseline = ReadonlyMap<string, ReadonlySet<string>>;
export const baseline = (suite: Suite): Baseline =>
  new Map(
    arenas.map((arena) => [
      arena.scenario.id,
      new Set(
        search(arena, suite, [])
          .found.filter(({ verdict }) => verdict !== 'holds')
          .map(({ guarantee }) => guarantee),
      ),
    ]),
  );

/** What breaks with these clauses off that does not with all of them in force. */
export const ablate = (suite: Suite, clauses: readonly ClauseId[], before: Baseline): Row => {
  const missed = new Map<string, Missed>();
  const unsettled: string[] = [];
  for (const arena of arenas) {
    const open = arena.guarantees.filter(
      (guarantee) => !missed.has(guarantee) && before.get(arena.scenario.id)?.has(guarantee) !== true,
    );
    if (open.length === 0) continue;
    const { found, limit } = search({ ...arena, guarantees: open }, suite, clauses);
    if (limit !== null) unsettled.push(arena.scenario.id);
    for (const { guarantee, verdict, trace, at } of found)
      if ((verdict === 'breaks' || verdict === 'accepted') && trace !== null)
        missed.set(guarantee, {
          guarantee,
          arena: arena.scenario.id,
          attacker: arena.scenario.cast.attackers[0]?.plays ?? null,
          steps: trace.choices.length,
          choices: trace.choices,
          at,
        });
  }
  return { clauses, missed: [...missed.values()], unsettled };
};

/** Clauses that can be switched off in a device, in the order of the charts. */
export const switchable: readonly ClauseId[] = [...new Set(implementedClauses.map(({ clause }) => clause))];
