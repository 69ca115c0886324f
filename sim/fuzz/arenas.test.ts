/** What is remembered of steps, and worlds taken for one, change nothing in small casts drawn by lot. `npm run plain -- --random 100` has more. */
import { describe, expect, test } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { heldToPlain } from '../explorer/plain-testing.ts';
import { randomArena } from './arenas.ts';

const terms = () => makeSymbolicSuite('1');
const drawn = Array.from({ length: 12 }, (_, nth) => randomArena('small', nth));

describe('a random cast', () => {
  test.each(drawn)('is searched as without any memory, and with as few worlds as can be told apart: $id', (one) => {
    const held = heldToPlain(one, terms, 120, true);
    if (held === 'larger') throw new Error('it is looked at in part');
    expect(held.differs).toEqual([]);
    expect(held.asOne).toBeLessThanOrEqual(held.worlds);
  });

  test('has attackers and faults in some', () => {
    expect(
      new Set(drawn.flatMap(({ scenario }) => scenario.cast.attackers.map(({ plays }) => plays))).size,
    ).toBeGreaterThan(3);
    expect(drawn.some(({ scenario }) => Object.keys(scenario.explore?.faults ?? {}).length > 0)).toBe(true);
  });
});
