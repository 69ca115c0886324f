/** What of a story of the library a player can forget or switch on: worked out from its runs when the pages are made. */
import { ledgerClauses } from '../../machines/ledger.ts';
import { implementedClauses } from '../../machines/parts.ts';
import type { ClauseId, Run, Scenario, Turn } from '../../sim/engine/types.ts';

const inCharts = new Set<ClauseId>(implementedClauses.map(({ clause }) => clause));

/** The clauses that spoke in a run and that a client can forget, in the order of the ledger. */
export const spokenIn = ({ steps }: Run): readonly ClauseId[] => {
  const spoken = new Set(
    steps.flatMap(({ moments }) => moments.flatMap((one) => (one.kind === 'clause' ? [one.clause] : []))),
  );
  return ledgerClauses.map(({ id }) => id).filter((id) => spoken.has(id) && inCharts.has(id));
};

/** At most so many can be switched on and off: all sets of them are run where somebody asks. */
const clausesMost = 6;
const isBroken = ({ judgements }: Run): boolean =>
  judgements.some(({ verdict }) => verdict === 'breaks' || verdict === 'never');

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
  if (!isAttacked || clauses.length < 2 || clauses.length > clausesMost || isBroken(base)) return null;
  return isBroken(turnedTo(clauses.map((clause) => ({ turn: 'off', clause })))) ? clauses : null;
};
