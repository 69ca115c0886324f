/** What is still to come in a world, and who is waited for before anything is judged of the end. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { runStory } from '../runs/run.ts';
import { told } from '../runs/story-testing.ts';
import { stageWith } from '../verbs/port.ts';
import { begin } from './prologue.ts';
import { isQuiet, saidOfUnrest, unrestIn } from './quiet.ts';
import { step } from './step.ts';
import { aliceAndDevices } from './testing.ts';
import type { Act, StoryLine } from './types.ts';
import type { World } from './world.ts';

const suite = makeSymbolicSuite('1');
const line = (who: string, verb: string, args: Act['args'] = {}): StoryLine => [{ who, verb, args }];
const devices = ['phone', 'laptop'];
/** The world after those lines, each acted as the story has it and nothing beside it. */
const worldAfter = (...story: readonly StoryLine[]) => {
  const stage = stageWith(aliceAndDevices({ devices, story }), { suite });
  const world = story.reduce((now) => step(stage, now, 'act').world, begin(stage));
  return { stage, world };
};
const unrestAfter = (...story: readonly StoryLine[]) => {
  const { stage, world } = worldAfter(...story);
  return unrestIn(stage, world);
};

describe('a world', () => {
  it('is quiet where nothing is left to happen by itself', () => {
    const { stage, world } = worldAfter();
    expect([unrestIn(stage, world), isQuiet(stage, world)]).toEqual([null, true]);
  });

  it('waits for the story, for whoever has news, and for alarms', () => {
    const stage = stageWith(aliceAndDevices({ devices, story: [line('alice.phone', 'restart')] }), { suite });
    expect(unrestIn(stage, begin(stage))).toEqual({ unrest: 'story' });
    expect(unrestAfter(line('alice.laptop', 'reset backup'))).toEqual({ unrest: 'sync', player: 'alice.phone' });
    const { stage: calm, world } = worldAfter();
    const alarms: World['alarms'] = [
      { player: 'alice.phone', dueMs: 9, incoming: { from: 'chart', event: { type: 'bundle.again' } } },
    ];
    expect(unrestIn(calm, { ...world, alarms })).toEqual({ unrest: 'alarm', player: 'alice.phone' });
  });

  it('waits for a device that is offline, whether or not there is news for it', () => {
    const away = { unrest: 'offline', player: 'alice.phone' };
    expect(unrestAfter(line('alice.phone', 'go offline'))).toEqual(away);
    expect(unrestAfter(line('alice.phone', 'go offline'), line('alice.laptop', 'reset backup'))).toEqual(away);
    expect(unrestAfter(line('alice.phone', 'go offline'), line('alice.phone', 'come online'))).toBeNull();
  });

  it('does not wait for a device that is gone for good: removed, logged out, or never there', () => {
    const removed = [line('alice.phone', 'go offline'), line('alice', 'remove', { remove: 'alice.phone' })];
    const { stage, world } = worldAfter(...removed, line('alice.laptop', 'sync'));
    expect([world.offline, unrestIn(stage, world)]).toEqual([['alice.phone'], null]);
    const { stage: calm, world: here } = worldAfter();
    expect(unrestIn(calm, { ...here, offline: ['alice.phone'], loggedOut: ['alice.phone'] })).toBeNull();
    const { 'alice.phone': _gone, ...others } = here.devices;
    expect(unrestIn(calm, { ...here, offline: ['alice.phone'], devices: others })).toBeNull();
    expect(unrestIn(calm, { ...here, offline: ['constructor', '__proto__'] })).toBeNull();
  });

  it('does not wait for what an attacker runs, nor for faults that have not struck', () => {
    const robbed = aliceAndDevices({
      devices,
      attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
    });
    const stage = stageWith(robbed, { suite });
    expect(unrestIn(stage, { ...begin(stage), offline: ['alice.laptop'] })).toBeNull();
    const fails = line('example.org', 'fail', { fail: 'keys-query', for: 'alice.phone' });
    expect(unrestAfter(fails)).toBeNull();
  });

  it('says what it waits for', () => {
    const of = { from: 'a.example', to: 'b.example' };
    const player = 'alice.phone';
    expect(
      [
        { unrest: 'story' } as const,
        { unrest: 'alarm', player } as const,
        { unrest: 'sync', player } as const,
        { unrest: 'delivery', ...of } as const,
        { unrest: 'held up', ...of } as const,
        { unrest: 'offline', player } as const,
      ].map(saidOfUnrest),
    ).toEqual([
      'the story is not told to its end',
      'something is due for alice.phone',
      'there is news for alice.phone',
      'something waits at a.example for b.example',
      'something is held up at a.example for b.example',
      'alice.phone is offline',
    ]);
  });
});

describe('what servers have for each other', () => {
  const cast = [
    'servers: [a.example, b.example]',
    'users:',
    '  alice: { server: a.example, devices: [phone] }',
    '  bob: { server: b.example, devices: [desk] }',
    'rooms: { den: { history: shared, members: [alice, bob] } }',
  ];
  const whyOf = (...story: readonly string[]) =>
    told(cast, story).judgements.find(({ guarantee }) => guarantee === 'history-liveness');

  it('is waited for, also while the line between them is down', () => {
    const says = 'alice: { send: hello, in: den }';
    expect(whyOf(says, 'alice.phone: sync', 'bob.desk: sync')).toMatchObject({
      verdict: 'unsettled',
      why: 'the run ends before all is quiet: something waits at a.example for b.example',
    });
    const holds = 'a.example: { hold transactions to: b.example }';
    expect(whyOf(holds, says, 'everyone: settle')).toMatchObject({
      verdict: 'unsettled',
      why: 'the run ends before all is quiet: something is held up at a.example for b.example',
    });
    const releases = 'a.example: { release transactions to: b.example }';
    expect(whyOf(holds, says, 'everyone: settle', releases, 'everyone: settle')?.verdict).toBe('holds');
  });
});

describe('a story that ends while somebody is offline', () => {
  const away = line('alice.phone', 'go offline');
  const verdictOf = (guarantee: string, ...story: readonly StoryLine[]) => {
    const { judgements } = runStory(aliceAndDevices({ devices, story: [...story] }), { suite: 'symbolic' });
    const found = judgements.find((one) => one.guarantee === guarantee);
    return [found?.verdict, found?.why];
  };

  it('leaves open what must come about in the end, and says for whom it waits', () => {
    expect(verdictOf('secret-convergence', away, line('alice.laptop', 'reset backup'))).toEqual([
      'unsettled',
      'the run ends before all is quiet: alice.phone is offline',
    ]);
  });

  it('is judged once it is back, and where it was removed meanwhile', () => {
    const resets = line('alice.laptop', 'reset backup');
    const settles = line('everyone', 'settle');
    expect(verdictOf('secret-convergence', away, resets, line('alice.phone', 'come online'), settles)[0]).toBe('holds');
    expect(
      verdictOf('secret-convergence', away, resets, line('alice', 'remove', { remove: 'alice.phone' }), settles)[0],
    ).not.toBe('unsettled');
  });
});

describe('a device that logs out', () => {
  it('is woken no more', () => {
    const stage = stageWith(aliceAndDevices({ devices, story: [line('alice.phone', 'log out')] }), { suite });
    const incoming = { from: 'chart', event: { type: 'bundle.again' } } as const;
    const alarms: World['alarms'] = ['alice.phone', 'alice.laptop'].map((player) => ({ player, dueMs: 9, incoming }));
    const { world } = step(stage, { ...begin(stage), alarms }, 'act');
    expect(world.alarms.map(({ player }) => player)).toEqual(['alice.laptop']);
  });
});
