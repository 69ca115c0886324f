/** What one choice leads to, and what it uses up. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { stageWith } from '../verbs/port.ts';
import type { OpenChoice } from './choices.ts';
import { begin } from './prologue.ts';
import { step } from './step.ts';
import { counted, perform } from './taking.ts';
import { aliceAndDevices } from './testing.ts';
import type { Act, Scenario, StoryLine } from './types.ts';
import type { World } from './world.ts';

const suite = makeSymbolicSuite('1');
const act = (who: string, verb: string): Act => ({ who, verb, args: {} });
const plain = aliceAndDevices({ devices: ['phone', 'laptop'] });
const stageOf = (more: Partial<Scenario>, free = false) => stageWith({ ...plain, ...more }, { suite, free });
type Acting = Extract<OpenChoice, { do: 'act' }>;
const acting = (given: Act, taken: Acting['taken']): Acting => ({
  id: 'x',
  who: given.who,
  sentence: 's',
  kind: taken.from,
  do: 'act',
  act: given,
  taken,
});

describe('a line of a story', () => {
  const racing: StoryLine = [act('alice.phone', 'restart'), act('alice.laptop', 'restart')];
  const stage = stageOf({ story: [racing, racing] });
  const at = (world: World) => [world.line, world.acted];

  it('is used up when each of its acts is done, in whichever order', () => {
    const first = step(stage, begin(stage), 'act:1').world;
    expect(at(first)).toEqual([0, [1]]);
    const second = step(stage, first, 'act:0').world;
    expect(at(second)).toEqual([1, []]);
    expect(at(step(stage, second, 'act:0').world)).toEqual([1, [0]]);
  });

  it('uses up nothing where a device syncs or time passes', () => {
    const world = begin(stage);
    expect(
      counted(stage, world, { id: 'x', who: 'w', sentence: 's', kind: 'sync', do: 'sync', player: 'alice.phone' }),
    ).toBe(world);
    expect(counted(stage, world, { id: 'x', who: 'w', sentence: 's', kind: 'wake', do: 'wake', alarm: 0 })).toBe(world);
  });
});

describe('an act that cannot be', () => {
  const explore = {
    acts: [{ act: act('alice.phone', 'restart'), times: 1 }],
    faults: {},
    until: { depth: 1, worlds: 1 },
  };
  const stage = stageOf({ explore }, true);
  const gone: World = { ...begin(stage), loggedOut: ['alice.phone'] };
  const refusedFrom = (taken: Acting['taken']) =>
    perform(stage, gone, acting(act('alice.phone', 'restart'), taken)).moments.flatMap((moment) =>
      moment.kind === 'refused' ? [moment.reason] : [],
    );

  it('is refused where a story or its readers ask for it', () => {
    expect(refusedFrom({ from: 'story', nth: 0 })).toEqual(['alice.phone has been logged out']);
    expect(refusedFrom({ from: 'play', nth: 0 })).toEqual(['alice.phone has been logged out']);
  });

  it('is not weighed where attackers and accidents act: they are offered only what can be', () => {
    expect(refusedFrom({ from: 'attacker' })).toEqual([]);
    expect(refusedFrom({ from: 'fault', fault: 'restart' })).toEqual([]);
  });
});

describe('an accident', () => {
  const stage = stageOf({ faults: { offline: 2, restart: 1 } }, true);

  it('takes one of its own budget, and its end takes none', () => {
    const off = step(stage, begin(stage), 'offline:alice~phone').world;
    expect(off.faults).toStrictEqual({ offline: 1, restart: 1 });
    expect(step(stage, off, 'online:alice~phone').world.faults).toStrictEqual({ offline: 1, restart: 1 });
  });
});

describe('a choice that leads nowhere', () => {
  const stage = stageOf({});
  const world = begin(stage);

  it('is a bug that names the alarm which is not there', () => {
    const alarm: OpenChoice = { id: 'wake:3', who: 'alice.phone', sentence: 's', kind: 'wake', do: 'wake', alarm: 3 };
    expect(() => perform(stage, world, alarm)).toThrow('there is no alarm 3');
  });

  it('is a bug that names the verb of which nobody has said what it does', () => {
    for (const verb of ['juggle', 'constructor'])
      expect(() => perform(stage, world, acting(act('alice.phone', verb), { from: 'attacker' }))).toThrow(
        `nobody has said what "${verb}" does`,
      );
  });
});
