/** What is offered can be done: nothing that free play, an attacker or an accident is offered is refused before it is tried. */
import { describe, expect, it } from 'vitest';
import { readArenas } from '../cli/arenas.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { openChoices } from '../engine/open-choices.ts';
import { begin } from '../engine/prologue.ts';
import { step } from '../engine/step.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Scenario } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { stageWith } from './port.ts';

const worldsMax = 200;

/** Acts that are offered in the first worlds of a search, breadth first, and cannot be tried, with the reason. */
const refusedIn = (scenario: Scenario): readonly string[] => {
  const stage = stageWith(scenario, { suite: makeSymbolicSuite('1'), free: true });
  const refused = new Set<string>();
  const seen = new Set<string>();
  const worlds: World[] = [begin(stage)];
  for (let nth = 0; nth < worlds.length; nth += 1) {
    const world = worlds[nth] as World;
    const open = openChoices(stage, world);
    for (const choice of open) {
      if (choice.do === 'act' && choice.taken.from !== 'story') {
        const reason = stage.verbs.whyNot(stage, world, choice.act);
        if (reason !== null) refused.add(`${choice.sentence}: ${reason}`);
      }
      if (worlds.length >= worldsMax) continue;
      const next = step(stage, world, choice.id, open).world;
      const key = JSON.stringify(next);
      if (!seen.has(key)) worlds.push(next);
      seen.add(key);
    }
  }
  return [...refused];
};

describe('what is offered', () => {
  it.each([...readArenas()])('is never refused before it is tried: %s', (_id, { scenario }) => {
    expect(refusedIn(scenario)).toEqual([]);
  });

  it('is no second device of one name where two run one server', () => {
    const plain = aliceAndDevices({ devices: ['phone'] });
    const liar = (name: string) => ({
      name,
      plays: 'lying-server',
      of: 'example.org',
      budget: { moves: 1 },
      colludes: [],
    });
    const scenario = {
      ...plain,
      cast: { ...plain.cast, attackers: [liar('mallory'), liar('eve')] },
      explore: { acts: [], faults: {}, until: { depth: 30, worlds: worldsMax } },
    };
    expect(refusedIn(scenario)).toEqual([]);
  });

  it('is nothing of a device that reaches no server or is logged out, but what it can do all the same', () => {
    const plain = aliceAndDevices({ devices: ['phone', 'laptop'] });
    const acts = ['sync', 'refuse', 'log out'].map((verb) => ({
      act: { who: 'alice.phone', verb, args: {} },
      times: 1,
    }));
    const verify = { act: { who: 'alice.laptop', verb: 'verify', args: { verify: 'phone' } }, times: 1 };
    const until = { depth: 30, worlds: worldsMax };
    const scenario = { ...plain, explore: { acts: [...acts, verify], faults: { offline: 1 }, until } };
    const stage = stageWith(scenario, { suite: makeSymbolicSuite('1'), free: true });
    const playedIn = (world: World) =>
      openChoices(stage, world).flatMap((one) => (one.do === 'act' && one.taken.from === 'play' ? [one.act.verb] : []));
    const here = begin(stage);
    expect(playedIn(here)).toEqual(['sync', 'refuse', 'log out', 'verify']);
    expect(playedIn(step(stage, here, 'offline:alice~phone').world)).toEqual(['refuse']);
    expect(playedIn(step(stage, here, 'play:2').world)).toEqual([]);
    expect(refusedIn(scenario)).toEqual([]);
  });
});
