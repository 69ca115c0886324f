/**
 * Stories as tests for `npm run mutants`, and for nothing else: each with its variants is one test, on terms, so that what covers
 * a line is known story by story. `scenarios.test.ts` asks more of them, with bytes.
 */
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeSymbolicSuite } from '../sim/crypto/symbolic/suite.ts';
import { runStories } from '../sim/run.ts';
import { checkClaims, expectedOf } from '../sim/scenario/claims.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import type { Run, Scenario, Without } from '../sim/types.ts';

const stories = globSync('scenarios/**/*.yaml')
  .sort()
  .flatMap((file): readonly Scenario[] => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    return parsed.ok && parsed.scenario.explore === null ? [parsed.scenario] : [];
  })
  // What ends soon comes first: a mutant is dead with the first test that fails.
  .sort((one, other) => costOf(one) - costOf(other));

function costOf({ story, without }: Scenario): number {
  return story.length * (1 + without.length);
}

const wrongWith = (scenario: Scenario, without: Without | null, { judgements }: Run): readonly string[] =>
  checkClaims(expectedOf(scenario, without), judgements).flatMap(({ expected, wrong }) =>
    wrong === null ? [] : [`${without?.key ?? 'as it is'}: ${expected.guarantee}: ${wrong}`],
  );

it.each(stories.map((scenario) => [scenario.id, scenario] as const))('%s', (_, scenario) => {
  // A suite of its own, so that no story begins in what another has played already.
  const { story, variants } = runStories(scenario, scenario.without, { suite: (seed) => makeSymbolicSuite(seed) });
  const wrong = variants.flatMap((run, nth) => wrongWith(scenario, scenario.without[nth] ?? null, run));
  expect([...wrongWith(scenario, null, story), ...wrong]).toEqual([]);
});
