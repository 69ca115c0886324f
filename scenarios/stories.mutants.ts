/**
 * Stories as tests for `npm run mutants`, and for nothing else: each with its variants is one test, on terms, so that what covers
 * a line is known story by story. `scenarios.test.ts` asks more of them, with bytes.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeSymbolicSuite } from '../sim/crypto/symbolic/suite.ts';
import type { Run, Scenario, Without } from '../sim/engine/types.ts';
import { runStories } from '../sim/runs/run.ts';
import { checkClaims, expectedOf } from '../sim/scenario/claims.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

// What is soon told comes first: a mutant is dead with the first test that fails. Files are read as late as can be, because every
// mutant lists all these tests anew.
const files = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] })
  .map((file) => ({ file, size: statSync(file).size }))
  .sort((one, other) => one.size - other.size || (one.file < other.file ? -1 : 1))
  .map(({ file }) => file);

const wrongWith = (scenario: Scenario, without: Without | null, { judgements }: Run): readonly string[] =>
  checkClaims(expectedOf(scenario, without), judgements).flatMap(({ expected, wrong }) =>
    wrong === null ? [] : [`${without?.key ?? 'as it is'}: ${expected.guarantee}: ${wrong}`],
  );

it.each(files)('%s', (file) => {
  const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
  if (!parsed.ok) throw new Error(`${file} does not parse: run it to see why`);
  const { scenario } = parsed;
  if (scenario.explore !== null) return; // free play takes long, and is no run of its own
  // A suite of its own, so that no story begins in what another has played already.
  const { story, variants } = runStories(scenario, scenario.without, { suite: (seed) => makeSymbolicSuite(seed) });
  const wrong = variants.flatMap((run, nth) => wrongWith(scenario, scenario.without[nth] ?? null, run));
  expect([...wrongWith(scenario, null, story), ...wrong]).toEqual([]);
});
