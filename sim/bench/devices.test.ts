import { describe, expect, it } from 'vitest';
import type { Suite } from '../../machines/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { beforehand } from '../engine/prologue.ts';
import { runStory, type SuiteMaker, suiteFor } from '../runs/run.ts';
import { stageWith } from '../verbs/port.ts';
import { manyDevices, type Place } from './devices-story.ts';

type Counts = { verified: number; asked: number };

/** The same suite, counting what it is asked. */
const counting = (suite: Suite, counts: Counts): Suite => {
  const count = <T>([name, part]: readonly [string, T]): readonly [string, T] => {
    if (typeof part !== 'function') return [name, part];
    const counted = (...given: readonly unknown[]): unknown => {
      counts.asked += 1;
      if (name === 'verify') counts.verified += 1;
      return part(...given);
    };
    return [name, counted as T];
  };
  return Object.fromEntries(Object.entries(suite).map(count)) as Suite;
};

/** What a run with that many devices of one user takes, from their first logins on: questions to the suite, and requests. */
const costOf = (devices: number, place: Place): Counts & { readonly requests: number } => {
  const counts = { verified: 0, asked: 0 };
  const suite: SuiteMaker = (seed) => counting(makeSymbolicSuite(seed), counts);
  const scenario = manyDevices(devices, place);
  const { steps } = runStory(scenario, { suite });
  const before = beforehand(stageWith(scenario, { suite: suiteFor('1', suite) }));
  const requests = [before, ...steps].flatMap(({ moments }) => moments.filter(({ kind }) => kind === 'request'));
  return { ...counts, requests: requests.length };
};

describe('many devices of one user', () => {
  it.each(['account', 'room'] as const)(
    'twice as many ask the suite about twice as much, and the server at most four times as often (%s)',
    (place) => {
      const [few, many] = [costOf(10, place), costOf(20, place)];
      expect(few.verified).toBeGreaterThan(0);
      // Twice as many log in, each hears of each, and keys that did not change are looked at once: of a cube there would be eight.
      expect(many.requests / few.requests).toBeLessThanOrEqual(4);
      expect(many.asked / few.asked).toBeLessThan(3);
      expect(many.verified / few.verified).toBeLessThan(3);
    },
  );
});
