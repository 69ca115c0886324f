/** What the folder tells of itself: its chart, the specification's clauses, and sentences that have their place elsewhere. */
import { describe, expect, it } from 'vitest';
import { elsewhere } from '../elsewhere.ts';
import { ledgerClauses } from '../ledger.ts';
import { implementedClauses } from '../parts.ts';
import { notIn } from '../revisions.ts';
import { envelope } from './registration.ts';

const inCharts = new Set(implementedClauses.map(({ clause }) => clause));
const idsOf = (text: string): readonly string[] =>
  ledgerClauses.filter(({ proposal }) => proposal === text).map(({ id }) => id);

describe('the specification’s clauses', () => {
  const asked = idsOf('SPEC');

  it('are shown with the charts that they stand in', () => {
    const charts = new Set(implementedClauses.flatMap(({ clause, chart }) => (asked.includes(clause) ? [chart] : [])));
    const spec = envelope.proposals.find(({ id }) => id === 'SPEC');
    expect(new Set(spec?.charts)).toEqual(charts);
    expect(charts.size).toBeGreaterThan(3);
  });

  it('stand whatever a device implements', () => {
    for (const texts of [{}, { MSC4147: 'merged' }, { SPEC: 'none' }]) {
      const { absent, foreign } = notIn(texts);
      expect([...absent, ...foreign].filter((id) => asked.includes(id))).toEqual([]);
    }
  });
});

describe('envelopes', () => {
  it('are checked by every device, whatever it implements', () => {
    const [only, ...others] = envelope.charts;
    expect([only?.name, only?.runs({ implements: {} }), others]).toEqual(['envelope', true, []]);
  });

  it('have a place for each sentence of their text: in a chart, or said to be elsewhere, and not both', () => {
    const missing = idsOf('MSC4147').filter((id) => !inCharts.has(id));
    const outside = idsOf('MSC4147').filter((id) => Object.hasOwn(elsewhere, id));
    expect(outside).toEqual(missing);
    for (const id of outside) expect(elsewhere[id]).toMatch(/^an? \w+/);
  });
});
