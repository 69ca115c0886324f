import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openChoices } from '../engine/open-choices.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import type { Stage } from '../engine/stage.ts';
import { step } from '../engine/step.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Scenario, StoryLine, Turn } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { stageWith } from '../verbs/port.ts';
import { replay, runStory, wander } from './run.ts';

const line = (who: string, verb: string, args = {}): StoryLine => [{ who, verb, args }];
const plain = aliceAndDevices({
  devices: ['phone', 'laptop'],
  story: [line('alice.laptop', 'reset backup'), line('everyone', 'settle')],
});
const troubled: Scenario = {
  ...plain,
  faults: { restart: 1, 'lost answer': 1, 'repeated request': 1, 'failed request': 1, offline: 1 },
};

/** A cast with an attacker that moves by itself, walked at random. */
const besieged = (plays: string, of: string): Stage => {
  const scenario = aliceAndDevices({
    devices: ['phone', 'laptop'],
    attackers: [{ name: 'mallory', plays, of }],
    story: plain.story,
  });
  const attackers = scenario.cast.attackers.map((one) => ({ ...one, budget: { moves: 6 } }));
  return stageWith({ ...scenario, cast: { ...scenario.cast, attackers } }, { free: true });
};

const walk = (stage: Stage, rolls: readonly number[]): World => {
  let world = begin(stage);
  for (const roll of rolls) {
    const open = openChoices(stage, world);
    if (open.length === 0) break;
    world = step(stage, world, open[roll % open.length]?.id ?? '').world;
  }
  return world;
};

describe('a run', () => {
  it('is the same again from its trace, byte for byte', () => {
    const run = runStory(plain);
    expect(JSON.stringify(replay(plain, run.trace))).toBe(JSON.stringify(run));
  });

  it('is the same again when chance and faults had a hand in it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), (seed) => {
        const run = wander(troubled, { seed, stepsMax: 25 });
        expect(replay(troubled, run.trace).steps).toEqual(run.steps);
      }),
      { numRuns: 8 },
    );
  });

  it('is the same again where a story leads up to free play, and goes on in it', () => {
    const sync = { act: { who: 'alice.phone', verb: 'sync', args: {} }, times: 3 };
    const until = { depth: 30, worlds: 100 };
    const scenario: Scenario = { ...troubled, explore: { storyFirst: true, acts: [sync], faults: {}, until } };
    for (const seed of ['1', '2', '3', '4']) {
      const run = wander(scenario, { seed, stepsMax: 25, suite: 'symbolic' });
      expect(replay(scenario, run.trace, 'symbolic').steps).toEqual(run.steps);
      expect(run.steps.some(({ choice }) => choice.kind === 'play')).toBe(true);
    }
  });

  it('differs in every secret when the seed differs, and in nothing else that people see', () => {
    const [one, other] = [runStory(plain), runStory(plain, { seed: '2' })];
    expect(one.steps.map(({ choice }) => choice)).toEqual(other.steps.map(({ choice }) => choice));
    const secrets = (run: typeof one) =>
      run.steps.flatMap(({ moments }) =>
        moments.flatMap((moment) =>
          moment.kind === 'stored' && moment.patch.patch === 'secret' ? [moment.patch.held.secret] : [],
        ),
      );
    expect(secrets(one).length).toBeGreaterThan(0);
    expect(secrets(one).filter((secret) => secrets(other).includes(secret))).toEqual([]);
  });

  it('refuses a choice that is not offered, and says what is', () => {
    expect(() => replay(plain, { ...runStory(plain).trace, choices: ['act', 'sync:nobody'] })).toThrow(
      /no choice "sync:nobody" here \(there are: act/,
    );
  });

  it('does not judge what must come about in the end before all is quiet', () => {
    const unfinished = runStory({ ...plain, story: plain.story.slice(0, 1) });
    const verdicts = Object.fromEntries(unfinished.judgements.map(({ guarantee, verdict }) => [guarantee, verdict]));
    expect(verdicts).toMatchObject({ 'secret-convergence': 'unsettled', 'secret-authenticity': 'holds' });
  });
});

describe('a world', () => {
  it('is plain JSON, and no step changes the one it came from', () => {
    const stage = stageWith(plain);
    const world = begin(stage);
    const before = JSON.stringify(world);
    const next = step(stage, world, 'act').world;
    expect(JSON.stringify(world)).toBe(before);
    expect(JSON.parse(JSON.stringify(next))).toEqual(next);
  });

  it('goes on the same from its JSON: nothing hides outside it', () => {
    const stage = stageWith(plain);
    const world = step(stage, begin(stage), 'act').world;
    const thawed = JSON.parse(JSON.stringify(world)) as World;
    expect(step(stage, thawed, 'sync:alice~phone')).toEqual(step(stage, world, 'sync:alice~phone'));
  });

  it.each([
    ['stolen-token', 'alice'],
    ['stolen-device', 'alice.laptop'],
    ['lying-server', 'example.org'],
    ['other-user', ''],
  ])('comes to no harm from whatever order a %s attacker chooses', (plays, of) => {
    const stage = besieged(plays, of);
    fc.assert(
      fc.property(fc.array(fc.nat(997), { maxLength: 14 }), (rolls) => {
        const world = walk(stage, rolls);
        const ids = openChoices(stage, world).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9:_~-]+$/);
      }),
      { numRuns: 12 },
    );
  });

  it('switches a clause off for one device and leaves it in force for the others', () => {
    const offAt = (player: string, turns: readonly Turn[]): readonly string[] => {
      const { everyone, byDevice } = stageWith(plain, { turns }).settings;
      return (byDevice[player] ?? everyone).off;
    };
    const one: Turn = { turn: 'off', clause: '4385-push-encrypted', for: 'alice.laptop' };
    const all: Turn = { turn: 'off', clause: '4385-push-same-user' };
    expect([offAt('alice.phone', [one]), offAt('alice.laptop', [one])]).toEqual([[], ['4385-push-encrypted']]);
    for (const turns of [
      [one, all],
      [all, one],
    ])
      expect([offAt('alice.phone', turns), offAt('alice.laptop', turns)]).toEqual([
        ['4385-push-same-user'],
        ['4385-push-encrypted', '4385-push-same-user'],
      ]);
    const spoke = (turns: readonly Turn[]) =>
      runStory(plain, { turns, suite: 'symbolic' }).steps.flatMap(({ moments }) =>
        moments.flatMap((moment) => (moment.kind === 'clause' && moment.off ? [moment.player] : [])),
      );
    expect(new Set(spoke([one]))).toEqual(new Set(['alice.laptop']));
    expect(spoke([{ ...one, for: 'alice.phone' }])).toEqual([]);
  });

  it('begins the same whatever setting is turned, so that two runs part only where the setting matters', () => {
    const one = stageWith(plain);
    const other = stageWith(plain, { suite: one.suite, turns: [{ turn: 'off', clause: '4385-push-encrypted' }] });
    expect(begin(other)).toEqual(begin(one));
    expect(beforehand(other)).toEqual(beforehand(one));
  });
});
