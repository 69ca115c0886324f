/** What an arena is made of, and what happens before anything is free in it. */
import { describe, expect, it } from 'vitest';
import { readArenas } from '../cli/arenas.ts';
import { openChoices } from '../engine/open-choices.ts';
import { begin } from '../engine/prologue.ts';
import { step } from '../engine/step.ts';
import type { Scenario } from '../engine/types.ts';
import { suiteFor } from '../runs/run.ts';
import { parseScenario } from '../scenario/parse.ts';
import { stageWith } from '../verbs/port.ts';
import { arenasOf, strengthOf } from './arena.ts';

const scenarioOf = (name: string, more: string): Scenario => {
  const text = `
title: A test
about: [MSC4268]
why: So that it is tested.
cast:
  servers: [example.org, b.example]
  users:
    alice: { server: example.org, devices: [phone] }
    bob: { server: b.example, devices: [phone] }
  attackers:
    mallory: { plays: malicious-inviter, of: example.org, budget: { moves: 2, only: [poison] } }
  rooms:
    den: { history: shared, members: [alice, mallory] }
  backup: false
${more}
`;
  const parsed = parseScenario(text, `arenas/${name}`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};

const told = `
story:
  - alice: { send: before, in: den }
  - everyone: settle
explore:
  story first: true
  acts:
    - alice: { invite: bob, to: den }
  until: { depth: 10, worlds: 1000 }
expect:
  history-liveness: holds
without:
  "MSC4268: spec-v1.19": { history-liveness: holds }
  4268-inviter-match: { history-liveness: holds }
`;

describe('an arena', () => {
  it('tells what comes first to its end, and all catch up where it says so, before anything else may happen', () => {
    const stage = stageWith(scenarioOf('a-test', told), { seed: '1', suite: suiteFor('1', 'symbolic'), free: true });
    const start = begin(stage);
    expect(openChoices(stage, start).map(({ id }) => id)).toEqual(['act']);
    const said = step(stage, start, 'act').world;
    expect(openChoices(stage, said).map(({ sentence }) => sentence)).toEqual(['everyone settles']);
    const settled = step(stage, said, 'act');
    expect(settled.step.moments.some(({ kind }) => kind === 'request')).toBe(true);
    const open = openChoices(stage, settled.world).map(({ id }) => id);
    expect(open).toContain('play:0');
    expect(open.filter((id) => id.startsWith('sync:'))).toEqual([]);
  });

  it('is a file, and once more with each other text or reading that the file says something of', () => {
    const arenas = arenasOf([scenarioOf('a-test', told)]);
    expect([...arenas.keys()]).toEqual(['arenas/a-test', 'arenas/a-test (MSC4268: spec-v1.19)']);
    expect([...arenas.values()].map(({ turns }) => turns.length)).toEqual([0, 1]);
    expect([...arenas.values()].map(({ guarantees }) => guarantees)).toEqual([
      ['history-liveness'],
      ['history-liveness'],
    ]);
  });

  it('stands where it stood before among those of its strength, and after them where it is new', () => {
    const scenarios = ['a', 'b', 'c'].map((name) => scenarioOf(name, told));
    const known = ['arenas/c', 'arenas/a (MSC4268: spec-v1.19)', 'arenas/a'];
    expect([...arenasOf(scenarios, known).keys()]).toEqual([
      ...known,
      'arenas/b',
      'arenas/b (MSC4268: spec-v1.19)',
      'arenas/c (MSC4268: spec-v1.19)',
    ]);
  });

  it('has its place by what it takes: nobody, then faults, then from the weakest attacker to the strongest', () => {
    const arenas = [...readArenas().values()];
    const strengths = arenas.map(({ scenario }) => strengthOf(scenario));
    expect(strengths).toEqual(strengths.toSorted((one, other) => one - other));
    expect(new Set(strengths).size).toBeGreaterThan(6);
  });
});
