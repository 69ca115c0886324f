/** The fewest of some clauses with which none of the guarantees in question breaks in a story: sets of them are run, smaller ones first. */
import type { ClauseId, Scenario, Turn } from '../../../sim/engine/types.ts';
import { isBroken } from '../../badges.ts';
import { clausesMost, setsOf, withoutOthers } from '../../play/sets.ts';
import type { Desk } from '../desk.ts';
import { judged } from '../played.ts';

/** `clauses`: at most `clausesMost`, all of them off but for the set that is tried. */
export type LeastAsked = { readonly scenario: Scenario; readonly clauses: readonly ClauseId[] };
export type LeastProgress = { readonly tried: number; readonly of: number };
export type LeastAnswered = {
  /** Every set of that size with which none of them breaks; none where not even all of them keep it. */
  readonly sets: readonly (readonly ClauseId[])[];
  /** How many sets were run: all that are smaller, and all of that size. */
  readonly tried: number;
};

const keeps = async (scenario: Scenario, turns: readonly Turn[]): Promise<boolean> => {
  const made = await judged(scenario, turns);
  return made.is === 'judged' && !made.judgements.some(isBroken);
};

export const least = async (
  { scenario, clauses }: LeastAsked,
  { report, isWanted }: Desk<LeastProgress>,
): Promise<LeastAnswered> => {
  const all = setsOf(clauses.slice(0, clausesMost));
  const sets: (readonly ClauseId[])[] = [];
  let tried = 0;
  for (const on of all) {
    const [found] = sets;
    if ((found !== undefined && on.length > found.length) || !(await isWanted())) break;
    if (await keeps(scenario, withoutOthers(clauses, on))) sets.push(on);
    tried += 1;
    report({ tried, of: all.length });
  }
  return { sets, tried };
};
