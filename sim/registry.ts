/**
 * Every sentence of the ledger with where it is and what it is worth: the part of a chart it became, the place it has instead,
 * or why it has none, and the verdicts that scenarios expect to change without it. Data in, table out: nothing is run.
 */
import { ledgerClauses } from '../machines/ledger.ts';
import { elsewhere, type ImplementedClause, implementedClauses } from '../machines/parts.ts';
import type { LedgerClause } from '../machines/registration.ts';
import type { ClauseId } from '../machines/types.ts';
import type { Expectation, Scenario, Turn, Verdict, Without } from './types.ts';

export { ledgerClauses } from '../machines/ledger.ts';
export type { LedgerClause } from '../machines/registration.ts';

export type Place =
  | { readonly is: 'chart'; readonly charts: readonly string[] }
  | { readonly is: 'elsewhere'; readonly why: string };

/** One verdict that is expected to change when a dial is turned. `without` is the key of the scenario's entry. */
export type Change = {
  readonly scenario: string;
  readonly without: string;
  readonly guarantee: string;
  readonly from: Verdict;
  readonly to: Verdict;
};

export type Registered = {
  readonly clause: LedgerClause;
  /** `null`: a sentence nobody has given a place, which is a mistake of whoever added it. */
  readonly place: Place | null;
  readonly changes: readonly Change[];
};

const chartsOf = (parts: readonly ImplementedClause[]): ReadonlyMap<ClauseId, readonly string[]> => {
  const charts = new Map<ClauseId, readonly string[]>();
  for (const { clause, chart } of parts) charts.set(clause, [...(charts.get(clause) ?? []), chart]);
  return charts;
};
const implementing = chartsOf(implementedClauses);

/** Where a sentence is. `null` where neither a chart nor a list of reasons has it. */
export const placeOf = ({ id }: Pick<LedgerClause, 'id'>): Place | null => {
  const charts = implementing.get(id);
  if (charts !== undefined) return { is: 'chart', charts };
  const why = elsewhere[id];
  return why === undefined ? null : { is: 'elsewhere', why };
};

/** What a scenario expects of a guarantee; what it does not speak of is taken to hold. */
const verdictIn = (expected: readonly Expectation[], guarantee: string): Verdict =>
  expected.find((one) => one.guarantee === guarantee)?.verdict ?? 'holds';

/** The verdicts that an entry of `without` changes. */
export const changesOf = ({ id, expect }: Scenario, { key, expect: other }: Without): readonly Change[] =>
  other.flatMap(({ guarantee, verdict }) => {
    const from = verdictIn(expect, guarantee);
    return from === verdict ? [] : [{ scenario: id, without: key, guarantee, from, to: verdict }];
  });

/** The one clause that an entry switches off, for everyone or for one device; `null` where it turns more, or something else. */
const onlyOff = (turns: readonly Turn[]): ClauseId | null => {
  const [first, second] = turns;
  return first?.turn === 'off' && second === undefined ? first.clause : null;
};

/**
 * Joins the ledger with the charts and the library.
 *
 * @param scenarios the library, or a part of it
 * @returns one row for each sentence, in the order of the ledger. `changes` are those of entries that switch this clause off and
 *   nothing else. Never throws.
 */
export const registry = (scenarios: readonly Scenario[]): readonly Registered[] => {
  const changes = new Map<ClauseId, readonly Change[]>();
  for (const scenario of scenarios)
    for (const entry of scenario.without) {
      const clause = onlyOff(entry.turns);
      if (clause !== null) changes.set(clause, [...(changes.get(clause) ?? []), ...changesOf(scenario, entry)]);
    }
  return ledgerClauses.map((clause) => ({
    clause,
    place: placeOf(clause),
    changes: changes.get(clause.id) ?? [],
  }));
};

/** `chart key-backup`, `elsewhere: the homeserver …`, or `not yet`. */
export const placeWords = (place: Place | null): string => {
  if (place === null) return 'not yet';
  return place.is === 'chart' ? `chart ${place.charts.join(', ')}` : `${place.is}: ${place.why}`;
};
