/**
 * Every sentence of the ledger with where it is and what it is worth: the part of a chart it became, the place it has instead,
 * or why it has none, and the verdicts that scenarios expect to change without it. Data in, table out: nothing is run.
 */

import { elsewhere, missedByNobody } from '../../machines/elsewhere.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { ledgerClauses } from '../../machines/ledger.ts';
import { type ImplementedClause, implementedClauses } from '../../machines/parts.ts';
import type { LedgerClause } from '../../machines/registration.ts';
import type { ClauseId } from '../../machines/types.ts';
import { ownerIn } from '../engine/player.ts';
import type { Expectation, Scenario, Turn, Verdict, Without } from '../engine/types.ts';

export { ledgerClauses } from '../../machines/ledger.ts';
export type { LedgerClause } from '../../machines/registration.ts';

export type Place =
  | { readonly is: 'chart'; readonly charts: readonly string[] }
  | { readonly is: 'elsewhere'; readonly why: string };

/**
 * One verdict that is expected to change when a setting is turned. `without` is the key of the scenario's entry; `beside` are clauses that
 * the scenario's own settings have off, for everyone or for a device (absent: none): sentences that would stand in for this one, often.
 */
export type Change = {
  readonly scenario: string;
  readonly without: string;
  readonly guarantee: GuaranteeId;
  readonly from: Verdict;
  readonly to: Verdict;
  readonly beside?: readonly ClauseId[];
};

export type Registered = {
  readonly clause: LedgerClause;
  /** `null`: a sentence nobody has given a place, which is a mistake of whoever added it. */
  readonly place: Place | null;
  readonly changes: readonly Change[];
  /** Why no verdict depends on it, where its folder says so. */
  readonly missedByNobody: string | null;
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
const verdictIn = (expected: readonly Expectation[], guarantee: GuaranteeId): Verdict =>
  expected.find((one) => one.guarantee === guarantee)?.verdict ?? 'holds';

/** Clauses that a scenario's settings have off from the beginning; what a sloppy attacker's client skips is its own affair. */
const offIn = ({ cast, settings }: Scenario): readonly ClauseId[] => {
  const users = new Set(cast.users.map(({ name }) => name));
  const ofUsers = Object.entries(settings.byDevice).filter(([player]) => users.has(ownerIn(player)));
  return [...new Set([settings.everyone, ...ofUsers.map(([, own]) => own)].flatMap(({ off }) => off))].sort();
};

/** The verdicts that an entry of `without` changes. */
export const changesOf = (scenario: Scenario, { key, expect: other }: Without): readonly Change[] => {
  const off = offIn(scenario);
  const beside = off.length === 0 ? {} : { beside: off };
  return other.flatMap(({ guarantee, verdict }) => {
    const from = verdictIn(scenario.expect, guarantee);
    return from === verdict ? [] : [{ scenario: scenario.id, without: key, guarantee, from, to: verdict, ...beside }];
  });
};

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
    missedByNobody: missedByNobody[clause.id] ?? null,
  }));
};

/** Whether a sentence is missed, but nowhere unless others are off as well. */
export const isMissedBesideOthersOnly = ({ changes }: Pick<Registered, 'changes'>): boolean =>
  changes.length > 0 && changes.every(({ beside }) => beside !== undefined);

/** `chart key-backup`, `elsewhere: the homeserver …`, or `not yet`. */
export const placeWords = (place: Place | null): string => {
  if (place === null) return 'not yet';
  return place.is === 'chart' ? `chart ${place.charts.join(', ')}` : `${place.is}: ${place.why}`;
};
