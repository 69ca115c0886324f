/** What was measured of clients, kept in one file over several runs. */
import { expect, test } from 'vitest';
import { type Measured, type MeasuredSeat, mergedWith } from './measured.ts';

const seat = (line: string): MeasuredSeat => ({ is: 'played', rows: [], explained: [], line });
const measured = (day: string, scenarios: Measured['scenarios'], version = '1'): Measured => ({
  client: { name: 'a client', version },
  day,
  seed: '1',
  names: 'production',
  scenarios,
});
const before = measured('2026-11-01', {
  'a/gone': { 'alice.phone': seat('before') },
  'a/one': { 'alice.phone': seat('before'), 'alice.laptop': seat('before'), 'alice.gone': seat('before') },
  'a/two': { 'alice.phone': seat('before') },
});
const seatsThere = (id: string) => (id === 'a/gone' ? [] : ['alice.phone', 'alice.laptop']);

test('what is measured again takes the place of what was, and all else stays, but for what is no longer there', () => {
  const now = measured('2026-11-30', {
    'a/one': { 'alice.phone': seat('now') },
    'a/new': { 'alice.phone': seat('now') },
  });
  const merged = mergedWith(before, now, seatsThere);
  expect(merged).toEqual({
    ok: true,
    measured: {
      ...measured('2026-11-30', {
        'a/new': { 'alice.phone': seat('now') },
        'a/one': { 'alice.phone': seat('now'), 'alice.laptop': seat('before') },
        'a/two': { 'alice.phone': seat('before') },
      }),
      since: '2026-11-01',
    },
  });
});

test('where nothing is left of another day, no other day is told', () => {
  const all = { 'alice.phone': seat('now'), 'alice.laptop': seat('now') };
  const merged = mergedWith(before, measured('2026-11-30', { 'a/one': all, 'a/two': all }), seatsThere);
  expect(merged.ok && merged.measured.since).toBe(undefined);
});

test('what was measured of another version stands beside nothing of this one', () => {
  const merged = mergedWith(before, measured('2026-11-30', {}, '2'), seatsThere);
  expect(merged).toEqual({
    ok: false,
    why: 'has what was measured of a client 1 with seed 1, and this is a client 2 with seed 1',
  });
});
