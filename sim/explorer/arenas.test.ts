/** How arenas are made, and what happens before anything is free in them. */
import { describe, expect, it } from 'vitest';
import { openChoices } from '../engine/choices.ts';
import { begin } from '../engine/prologue.ts';
import { setStage } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import { suiteFor } from '../runs/run.ts';
import { arenas, strengthOf } from './arenas.ts';
import { arena } from './arenas-build.ts';

const wanted = {
  id: 'a-test',
  title: 'A test',
  about: ['MSC4268'],
  devices: { alice: ['phone'], bob: ['phone', '-tablet'] },
  homes: { bob: 'b.example' },
  den: ['alice', 'mallory'],
  attacker: { plays: 'malicious-inviter', of: 'example.org', moves: 2, only: ['poison', 'bend media'] },
  acts: [['alice', 'invite', 'bob', { to: 'den' }]],
  guarantees: ['history-liveness'],
} as const;

describe('an arena', () => {
  it('is a cast, its rooms by their ids, and attackers that make no moves but those named', () => {
    const { scenario } = arena(wanted);
    expect(scenario.cast.servers).toEqual(['example.org', 'b.example']);
    expect(scenario.cast.users[1]?.devices.map(({ crossSigned }) => crossSigned)).toEqual([true, false]);
    expect(scenario.explore?.acts[0]?.act.args).toEqual({ invite: 'bob', to: '!den:example.org' });
    expect(scenario.cast.attackers[0]?.budget).toMatchObject({ moves: 2, point: 0, 'add device': 0, 'bend media': 2 });
    expect(scenario.cast.attackers[0]?.budget).not.toHaveProperty('poison');
    expect(scenario.dials.everyone.implements.MSC4268).toBe('merged');
  });

  it('tells what comes first to its end, and all catch up where it says so, before anything else may happen', () => {
    const { scenario } = arena({
      ...wanted,
      first: [
        ['alice', 'send', 'before', { in: 'den' }],
        ['everyone', 'settle'],
      ],
    });
    const stage = setStage(scenario, { seed: '1', suite: suiteFor('1', 'symbolic'), free: true });
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

  it('has its place by what it takes: nobody, then faults, then from the weakest attacker to the strongest', () => {
    const strengths = arenas.map(({ scenario }) => strengthOf(scenario));
    expect(strengths).toEqual(strengths.toSorted((one, other) => one - other));
    expect(new Set(strengths).size).toBeGreaterThan(6);
    expect(new Set(arenas.map(({ scenario }) => scenario.id)).size).toBe(arenas.length);
  });
});
