import { describe, expect, it } from 'vitest';
import { elsewhere } from './elsewhere.ts';
import { ledgerClauses as ledger } from './ledger.ts';
import { implementedClauses } from './parts.ts';

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

describe('the name of a clause', () => {
  const names = ledger.map(({ name }) => name);

  it('is its own, and no other clause has it', () => {
    expect(names.filter((name, nth) => names.indexOf(name) !== nth)).toEqual([]);
  });

  it('is short, begins with a capital letter, and is a sentence of its own without a full stop', () => {
    expect(names.filter((name) => !/^[A-Z].{10,59}$/.test(name) || name.endsWith('.') || !name.includes(' '))).toEqual(
      [],
    );
  });

  it('is in words: no id, no event type, no field, nothing in code', () => {
    const isCode = /`|_|\bm\.|MSC|\b[a-z]+-[a-z]+-[a-z]+|\d{3}|\b[a-z]+[A-Z]/;
    expect(names.filter((name) => isCode.test(name))).toEqual([]);
  });

  it('says of what asks nothing of anybody no more than it does: a MAY is a permission, an admission no duty', () => {
    const orders = /^(Only|Check|Always|Never|Do not|Ignore|Throw|Keep|Put|Send|Ask|Tell|Write|Remember)\b/;
    const asksNothing = ledger.filter(
      ({ kind, level }) => level === 'MAY' || ['admission', 'open', 'aside'].includes(kind),
    );
    expect(asksNothing.filter(({ name }) => orders.test(name)).map(({ id }) => id)).toEqual([]);
  });
});

describe('what a guard means that does not pass', () => {
  const checking = new Set(implementedClauses.flatMap(({ clause, checks }) => (checks ? [clause] : [])));

  it('is said of every clause that is asked in some chart, and of no other', () => {
    expect(
      ledger
        .filter(({ refusing }) => refusing !== undefined)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([...checking].toSorted());
  });

  it.each([
    ['4385-push-cross-signed-only', 'thrown away'],
    ['4268-inviter-match', 'kept for later'],
    ['4268-only-cross-signed-devices', 'not done'],
    ['4268-absent-flag-false', 'read as'],
    ['4287-signin-obey', 'chose'],
    ['4147-owner-via-cross-signing', 'not on this ground'],
  ])('is what the chart does: %s, %s', (id, refusing) => {
    expect(byId.get(id)?.refusing).toBe(refusing);
  });
});
