/** Which clauses of a story of the library a player can switch on: worked out from its runs when the pages are made. */
import type { ClauseId, Run, Scenario, Turn } from '../../sim/engine/types.ts';
import { isBroken } from '../badges.ts';
import { clausesMost, withoutOthers } from './sets.ts';

const isLost = ({ judgements }: Run): boolean => judgements.some(isBroken);

/**
 * The clauses that whoever defends a story switches on: those of its `without` that every client forgets; `null` where nobody attacks in
 * it, where there is nothing to choose between, or where it does not hang on them.
 *
 * @param base the run as written; `without` the run with settings turned
 */
export const defended = (
  { cast, without }: Scenario,
  base: Run,
  turnedTo: (turns: readonly Turn[]) => Run,
): readonly ClauseId[] | null => {
  const off = without.flatMap(({ turns }) =>
    turns.flatMap((turn) => (turn.turn === 'off' && turn.for === undefined ? [turn.clause] : [])),
  );
  const clauses = [...new Set(off)];
  const isAttacked = cast.attackers.some(({ skips }) => skips === undefined);
  if (!isAttacked || clauses.length < 2 || clauses.length > clausesMost || isLost(base)) return null;
  return isLost(turnedTo(withoutOthers(clauses, []))) ? clauses : null;
};
