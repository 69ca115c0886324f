import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Scenario, Turn } from '../engine/types.ts';
import { replay } from '../runs/run.ts';
import { parseScenario } from '../scenario/parse.ts';
import { scriptOf, unscripted } from './relax-script.ts';
import { seek } from './shortest-break.ts';

const load = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const declined = load('room-keys/who-declined-holds-the-keys-of-the-room');
const read = (reading: 'A' | 'B'): readonly Turn[] => [{ turn: 'reading', question: 'q25', reading }];
const sought = (scenario: Scenario, reading: 'A' | 'B', worldsMax: number) =>
  seek(scenario, {
    turns: read(reading),
    guarantees: ['forward-exclusion'],
    suite: makeSymbolicSuite('1'),
    bounds: { worldsMax },
  });

describe('a story without its script', () => {
  it('lets everything that is done in it be done in any order, and nobody is made to sync', () => {
    const { story, explore } = unscripted(declined, 'any order');
    expect(story).toEqual([]);
    expect(explore?.acts.map(({ act, times }) => [act.verb, times])).toEqual([
      ['send', 1],
      ['invite', 1],
      ['decline', 1],
      ['send', 1],
    ]);
  });

  it('keeps the order where only the syncs are to be free', () => {
    const { story, explore } = unscripted(declined, 'its order');
    expect(story.flat().map(({ verb }) => verb)).toEqual(['send', 'invite', 'decline', 'send']);
    expect(explore?.acts).toEqual([]);
  });

  it('gives attackers nothing to do that they do not do there', () => {
    const thief = load('secret-push/a-pushed-key-needs-more-than-itself');
    expect(unscripted(thief, 'any order').cast.attackers.map(({ budget }) => budget)).toEqual([{ moves: 0 }]);
  });

  it('is known by its id', () => {
    for (const freedom of ['any order', 'its order'] as const)
      expect(scriptOf(unscripted(declined, freedom).id)).toEqual({ story: declined.id, freedom });
    expect(scriptOf(declined.id)).toBeNull();
  });
});

describe('the shortest way to a break', () => {
  it('is found where there is one, and replays with real bytes', () => {
    const [found, ...more] = sought(declined, 'A', 2000);
    expect(more).toEqual([]);
    const [first] = found?.breaks ?? [];
    if (found === undefined || first?.trace == null) throw new Error('nothing was found');
    const { steps, judgements } = replay(found.scenario, first.trace);
    expect(steps.map(({ choice }) => choice.sentence)).toEqual([
      'bob sends before in den',
      'alice.phone syncs',
      'alice invites charlie to den',
      'charlie declines den',
      'bob.phone syncs',
      'bob sends after in den',
    ]);
    expect(judgements.find(({ guarantee }) => guarantee === 'forward-exclusion')?.verdict).toBe('breaks');
  });

  it('is looked for in the order of the story where any order is too much to see all of', () => {
    const [free, inOrder] = sought(declined, 'B', 1500);
    expect(free).toMatchObject({ freedom: 'any order', breaks: [], worlds: 1500, limit: 'worlds' });
    expect(inOrder).toMatchObject({ freedom: 'its order', limit: null });
    // By this reading nobody is spared but who could not have heard yet.
    expect(inOrder?.breaks.map(({ verdict, acceptedBy }) => [verdict, acceptedBy])).toEqual([
      ['accepted', 'spec-rotate-once-seen'],
    ]);
  });

  it('ends where the break is seen, before all has come to rest', () => {
    const failing = load('backup-preference/a-failure-is-not-an-absence');
    const [found] = seek(failing, { turns: [], guarantees: ['preference-fidelity'], suite: makeSymbolicSuite('1') });
    const [first] = found?.breaks ?? [];
    if (found === undefined || first?.trace == null) throw new Error('nothing was found');
    const { judgements } = replay(found.scenario, first.trace);
    const judged = judgements.find(({ guarantee }) => guarantee === 'preference-fidelity');
    expect(judged).toMatchObject({ verdict: first.verdict, at: first.at });
  });

  it('leaves a device alone that is not there yet', () => {
    const late = load('secret-push/an-honest-new-backup-is-left-unused');
    const options = { turns: [], guarantees: ['data-durability'] as const, suite: makeSymbolicSuite('1') };
    expect(seek(late, { ...options, bounds: { worldsMax: 60 } })).toHaveLength(2);
  });
});
