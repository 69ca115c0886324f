/** The verbs that a worker loads for a story are all that it can have. */
import { describe, expect, it } from 'vitest';
import { load } from '../../sim/cli/library.ts';
import { arenaFiles, libraryFiles } from '../../sim/cli/places.ts';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import { guarantees } from '../../sim/guarantees/index.ts';
import { judgedStory } from '../../sim/runs/playing.ts';
import { verbPort } from '../../sim/verbs/port.ts';
import { usual, usualPort } from '../../sim/verbs/usual.ts';
import { mayLie, verbsCalled } from './verbs.ts';

const stories = [...libraryFiles(), ...arenaFiles()].map((path) => load(path).scenario);
const honest = stories.filter((scenario) => !mayLie(scenario));

describe('what a worker loads of verbs', () => {
  it('is those of attackers’ own too where an attacker acts', async () => {
    const lying = stories.filter(mayLie);
    expect(lying.length).toBeGreaterThan(100);
    for (const scenario of lying) expect(await verbsCalled(scenario)).toBe(verbPort);
  });

  it('is without them every verb of the story, in two of three', async () => {
    expect(honest.length).toBeGreaterThan(stories.length * 0.6);
    for (const scenario of honest) {
      expect(await verbsCalled(scenario)).toBe(usualPort);
      const acts = [...scenario.story.flat(), ...(scenario.explore?.acts ?? []).map(({ act }) => act)];
      expect([scenario.id, acts.filter(({ verb }) => usual.formsNamed(verb).length === 0)]).toEqual([scenario.id, []]);
    }
  });

  it('gives the same run without them, also with all settings turned that a file turns', () => {
    const suite = makeSymbolicSuite('1');
    const some = honest.filter((_, nth) => nth % 6 === 0);
    for (const scenario of some)
      for (const turns of [[], ...scenario.without.map(({ turns: each }) => each)]) {
        const [one, other] = [usualPort, verbPort].map((verbs) =>
          judgedStory(scenario, { turns, seed: '1', suite, verbs }, guarantees),
        );
        expect([scenario.id, JSON.stringify(one) === JSON.stringify(other)]).toEqual([scenario.id, true]);
      }
  });
});
