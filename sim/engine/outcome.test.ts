/** When a story that nobody drives any more is one that never ends. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { stageWith } from '../verbs/port.ts';
import { outcomeOf } from './outcome.ts';
import { begin } from './prologue.ts';
import { restlessAfter } from './quiet.ts';
import { aliceAndDevices } from './testing.ts';
import type { ChoiceKind, Step } from './types.ts';

const stage = stageWith(aliceAndDevices({ devices: ['phone', 'laptop'] }), { suite: makeSymbolicSuite('1') });
const acts: Step = { choice: { id: 'acts', who: 'alice.phone', sentence: 's', kind: 'play' }, moments: [] };

describe('a story', () => {
  const world = begin(stage);
  const idle = (count: number): Step[] =>
    Array.from({ length: count }, (_, nth) => ({
      choice: {
        id: `sync:${nth % 2}`,
        who: nth % 2 === 0 ? 'alice.phone' : 'alice.laptop',
        sentence: 's',
        kind: 'sync',
      },
      moments: [],
    }));
  const outcome = (steps: readonly Step[]) =>
    outcomeOf(
      stage,
      steps.map((step) => ({ step, before: world })),
      world,
    );

  it('is endless when nobody acts for longer than any cast takes to rest, by the two who answer each other', () => {
    const most = restlessAfter(world);
    expect(outcome([acts, ...idle(most - 1)]).endless).toBeNull();
    expect(outcome([acts, ...idle(most)]).endless).toEqual({
      players: ['alice.phone', 'alice.laptop'],
      step: most,
    });
    const kinds: readonly ChoiceKind[] = ['story', 'play', 'attacker', 'fault', 'wake'];
    for (const kind of kinds) {
      const between: Step = { choice: { id: 'x', who: 'alice', sentence: 's', kind }, moments: [] };
      expect(outcome([...idle(most - 1), between, ...idle(most - 1)]).endless).toBeNull();
    }
    const sends: Step = { choice: { id: 'x', who: 'a', sentence: 's', kind: 'deliver' }, moments: [] };
    expect(outcome([...idle(most - 1), sends]).endless?.step).toBe(most - 1);
  });
});
