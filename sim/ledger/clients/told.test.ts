/** What is told of clients: everything that may be, and not a word of what waits for somebody's maintainers. */
import { expect, test } from 'vitest';
import type { DifferenceKind, Measured, MeasuredRow, MeasuredSeat } from './measured.ts';
import { toldOf } from './told.ts';

const row = (is: MeasuredRow['is']): MeasuredRow => {
  const holds = { verdict: 'holds', at: null } as const;
  const of = { guarantee: 'secret-authenticity', model: holds } as const;
  if (is === 'not measured') return { ...of, is, because: 'it is inside' };
  return { ...of, is, real: is === 'differ' ? { verdict: 'breaks', at: 'alice.phone' } : holds };
};
const played = (line: string, ...rows: readonly MeasuredRow['is'][]): MeasuredSeat => ({
  is: 'played',
  rows: rows.map(row),
  explained: [],
  line,
});
const kind = (name: string, disclosure: DifferenceKind['disclosure'], seats: readonly string[]): DifferenceKind => ({
  kind: name,
  of: 'library',
  clauses: [],
  evidence: `evidence of ${name}`,
  disclosure,
  seats,
});
const measured: Measured = {
  client: { name: 'a client', version: '1' },
  day: '2026-11-30',
  seed: '1',
  names: 'production',
  scenarios: {
    'push/one': {
      'alice.phone': played('line 1', 'agree', 'differ'),
      'alice.laptop': { is: 'not played', reasons: ['it cannot'] },
    },
    'push/two': { 'alice.phone': played('a secret line', 'differ', 'agree') },
    'push/three': { 'alice.phone': played('a line of nobody', 'differ') },
    'room/one': { 'bob.phone': played('line 4', 'not measured', 'agree') },
  },
};
const kinds = [
  kind('what is known', 'public', ['push/one alice.phone']),
  kind('what may hurt', 'pending', ['push/two alice.phone']),
];

test('counts are of what was measured, by folder and as a whole, and reasons of what was not', () => {
  const told = toldOf(measured, kinds);
  expect(told.counts).toEqual({ scenarios: 2, played: 2, seats: 2, agree: 2, differ: 1, notMeasured: 1 });
  expect(told.folders.map(({ folder, differ }) => [folder, differ])).toEqual([
    ['push', 1],
    ['room', 0],
  ]);
  expect(told.unmeasured).toEqual([{ reason: 'it is inside', count: 1 }]);
  expect(told.unplayed).toEqual([{ reason: 'it cannot', count: 1 }]);
});

test('a difference is told under its kind, with the rows that differ and the line that has it again', () => {
  const [only] = toldOf(measured, kinds).kinds;
  expect(only).toMatchObject({ id: 'a-client-what-is-known', partings: [{ scenario: 'push/one', line: 'line 1' }] });
  expect(only?.partings[0]?.rows.map(({ is }) => is)).toEqual(['differ']);
});

test('what is pending is counted, and nothing else of it is there; so is what nobody has put under a kind', () => {
  const told = toldOf(measured, kinds);
  expect(told.keptBack).toBe(2);
  for (const word of ['what may hurt', 'push/two', 'a secret line', 'push/three', 'a line of nobody'])
    expect(JSON.stringify(told)).not.toContain(word);
  const open = toldOf(
    measured,
    kinds.map((one) => ({ ...one, disclosure: 'public' as const })),
  );
  expect(JSON.stringify(open)).toContain('a secret line');
});
