/** What is kept of answers changes how long a run takes and nothing else. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memo, memoBeside, withoutMemos } from '../../machines/memo.ts';
import { realSuite } from '../crypto/node/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { parseScenario } from '../scenario/parse.ts';
import { runStories, type SuiteMaker } from './run.ts';

const stories = globSync('scenarios/**/*.yaml')
  .sort()
  .flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    return parsed.ok && parsed.scenario.explore === null ? [parsed.scenario] : [];
  });
const suites: Readonly<Record<string, SuiteMaker>> = {
  bytes: realSuite,
  terms: (seed) => makeSymbolicSuite(seed),
};
/** One story of every dozen, each suite another. */
const some = stories.flatMap((story, nth) =>
  nth % 12 === 0 ? [[story.id, nth % 24 === 0 ? 'bytes' : 'terms', story] as const] : [],
);

describe('a run', () => {
  it.each(some)('is the same with nothing remembered: %s, with %s', (_id, suite, story) => {
    const run = () => JSON.stringify(runStories(story, story.without, { suite: suites[suite] }));
    const plain = withoutMemos(run);
    expect(run()).toBe(plain);
    expect(run()).toBe(plain);
  });
});

describe('a memo', () => {
  it('finds each answer once, and drops the one unused for longest', () => {
    const found: string[] = [];
    const known = memo<string>(2);
    const ask = (key: string) =>
      known(key, () => {
        found.push(key);
        return key.toUpperCase();
      });
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
    expect(found).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps what belongs to an object with that object', () => {
    const known = memoBeside<object, string>(4);
    const [one, other] = [{}, {}];
    expect([known(one, 'a', () => '1'), known(other, 'a', () => '2'), known(one, 'a', () => '3')]).toEqual([
      '1',
      '2',
      '1',
    ]);
  });

  it('is off as a whole where somebody asks for that, and is on again afterwards', () => {
    const known = memo<object, number>('while it lives');
    const key = {};
    known(key, () => 1);
    expect(withoutMemos(() => known(key, () => 2))).toBe(2);
    expect(() =>
      withoutMemos(() => {
        throw new Error('a fault');
      }),
    ).toThrow('a fault');
    expect(known(key, () => 3)).toBe(1);
  });
});
