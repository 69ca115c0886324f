import { describe, expect, it } from 'vitest';
import { ledgerClauses as ledger } from './ledger.ts';
import { elsewhere, implementedClauses } from './parts.ts';

const byId = new Map(ledger.map((clause) => [clause.id, clause]));
const pushedSecrets = ledger.filter(({ proposal }) => proposal === 'MSC4385');

describe('the clauses in the charts', () => {
  it('are sentences of the ledger, of the kind the ledger says', () => {
    const wrong = implementedClauses
      .filter(({ clause, kind }) => byId.get(clause)?.kind !== kind)
      .map(({ clause, kind }) => `${clause} is ${byId.get(clause)?.kind}, not ${kind}`);
    expect(wrong).toEqual([]);
  });

  it('include every sentence of MSC4385, in whichever of its texts', () => {
    const known = new Set([...implementedClauses.map(({ clause }) => clause), ...Object.keys(elsewhere)]);
    expect(pushedSecrets.length).toBe(37);
    expect(pushedSecrets.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('include every sentence of MSC4268 and MSC4147', () => {
    const known = new Set([...implementedClauses.map(({ clause }) => clause), ...Object.keys(elsewhere)]);
    const bundles = ledger.filter(({ proposal }) => proposal === 'MSC4268' || proposal === 'MSC4147');
    expect(bundles.length).toBe(110);
    expect(bundles.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
    expect([...known].filter((id) => !byId.has(id))).toEqual([]);
  });

  it('include every sentence of MSC4287', () => {
    const known = new Set([...implementedClauses.map(({ clause }) => clause), ...Object.keys(elsewhere)]);
    const preference = ledger.filter(({ proposal }) => proposal === 'MSC4287');
    expect(preference.length).toBe(39);
    expect(preference.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('speak as their kind does: guards check, duties and what people see are done', () => {
    // What one chart does another may insist on when it arrives.
    const done = new Set(implementedClauses.flatMap(({ clause, does }) => (does ? [clause] : [])));
    for (const { clause, kind, checks, does } of implementedClauses) {
      if (kind === 'guard' || kind === 'format') expect([clause, checks || does]).toEqual([clause, true]);
      if (kind === 'duty' || kind === 'ui') expect([clause, done.has(clause)]).toEqual([clause, true]);
    }
  });
});
