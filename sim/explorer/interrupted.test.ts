/** Searches in which clients stop, and answers are lost, within steps: as without any memory, and told as stories that break alike. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Scenario } from '../engine/types.ts';
import { runStory } from '../runs/run.ts';
import { guaranteesIn } from '../scenario/claims.ts';
import { parseScenario } from '../scenario/parse.ts';
import { printScenario } from '../scenario/print.ts';
import { foundScenario } from './counterexample.ts';
import { explore } from './explore.ts';
import { exploredAs, plainlyIn } from './plain-testing.ts';

/** As far as the plain search is not slow: two of them are seen as a whole. */
const worldsMax = 500;
const terms = () => makeSymbolicSuite('1');
const playOf = (name: string): Scenario => {
  const path = `play/${name}`;
  const parsed = parseScenario(readFileSync(resolve('scenarios', `${path}.yaml`), 'utf8'), path);
  if (!parsed.ok) throw new Error(`${path} does not parse: ${parsed.errors[0]?.message}`);
  return parsed.scenario;
};
const plays = [
  'a-client-that-stops-has-told-nobody',
  'an-upload-without-an-answer-brings-no-history',
  'whoever-stops-in-an-invitation-loses-no-history',
];

describe('a search with faults within steps', () => {
  it.each(plays)('reaches every world, and finds every break, as without any memory: %s', (name) => {
    const scenario = playOf(name);
    const { id, title, expect: claims } = scenario;
    const arena = { id, title, scenario, turns: [], guarantees: guaranteesIn(claims) };
    const { asPlain } = exploredAs(arena, terms(), { isExact: true, bounds: { worldsMax } });
    expect(asPlain).toEqual(plainlyIn(arena, terms(), worldsMax));
  });

  it.each(plays.slice(0, 2))('is told as a story that says where it stops, and breaks in the same way: %s', (name) => {
    const scenario = playOf(name);
    const broken = explore(scenario, { suite: terms() }).found.find(({ verdict }) => verdict === 'breaks');
    if (broken === undefined) throw new Error(`${name} breaks nothing`);
    const told = printScenario(foundScenario(scenario, broken));
    const again = parseScenario(told, 'found');
    if (!again.ok) throw new Error(`what was found does not parse: ${again.errors[0]?.message}\n${told}`);
    const judged = runStory(again.scenario, { suite: 'symbolic' }).judgements.find(
      ({ guarantee }) => guarantee === broken.guarantee,
    );
    expect([judged?.verdict, judged?.at]).toEqual(['breaks', broken.at]);
  });
});
