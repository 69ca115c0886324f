/** What is offered next, and in which order. */
import { describe, expect, it } from 'vitest';
import type { Incoming } from '../../machines/events.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { stageWith, verbPort } from '../verbs/port.ts';
import { honestPlayers, settlingChoice, takesPart } from './choices.ts';
import { choices, openChoices } from './open-choices.ts';
import { begin } from './prologue.ts';
import { isQuiet, restlessAfter, roundsMax } from './quiet.ts';
import { step } from './step.ts';
import { aliceAndDevices } from './testing.ts';
import type { Explore, Scenario, StoryLine } from './types.ts';
import type { World } from './world.ts';

const suite = makeSymbolicSuite('1');
const line = (who: string, verb: string, args = {}): StoryLine => [{ who, verb, args }];
const plain = aliceAndDevices({ devices: ['phone', 'laptop'] });
const resets = line('alice.laptop', 'reset backup');
const stageOf = (more: Partial<Scenario>, free = false) => stageWith({ ...plain, ...more }, { suite, free });
const idsIn = (stage: ReturnType<typeof stageOf>, world: World) => choices(stage, world).map(({ id }) => id);
const woken: Incoming = { from: 'chart', event: { type: 'bundle.again' } };
const play = (more: Partial<Explore> = {}): Explore => ({
  acts: [{ act: { who: 'alice.phone', verb: 'check backup', args: {} }, times: 2 }],
  faults: {},
  until: { depth: 9, worlds: 9 },
  ...more,
});

describe('a story', () => {
  it('offers its next line, and of several acts those that are not done, as the file counts them', () => {
    const racing: StoryLine = [...line('alice.phone', 'sync'), ...line('alice.laptop', 'sync'), ...resets];
    const stage = stageOf({ story: [line('alice.phone', 'restart'), racing, resets] });
    const first = begin(stage);
    expect(idsIn(stage, first)).toEqual(['act']);
    const second = step(stage, first, 'act').world;
    expect([second.line, idsIn(stage, second).filter((id) => id.startsWith('act'))]).toEqual([
      1,
      ['act:0', 'act:1', 'act:2'],
    ]);
    const third = step(stage, second, 'act:1').world;
    expect([third.line, third.acted, idsIn(stage, third).filter((id) => id.startsWith('act'))]).toEqual([
      1,
      [1],
      ['act:0', 'act:2'],
    ]);
    const last = step(stage, step(stage, third, 'act:2').world, 'act:0').world;
    expect([last.line, last.acted, idsIn(stage, last).filter((id) => id.startsWith('act'))]).toEqual([2, [], ['act']]);
  });

  it('is not over before its last line', () => {
    const stage = stageOf({ story: [line('alice.phone', 'restart')] });
    const world = begin(stage);
    expect([isQuiet(stage, world), isQuiet(stage, step(stage, world, 'act').world)]).toEqual([false, true]);
  });
});

describe('a device', () => {
  const stage = stageOf({ story: [resets] });
  const news = step(stage, begin(stage), 'act').world;

  it('syncs where there is news for it, and nobody else does', () => {
    expect(idsIn(stage, begin(stage))).toEqual(['act']);
    expect(idsIn(stage, news)).toEqual(['sync:alice~phone']);
    expect([isQuiet(stage, news), settlingChoice(stage, news)?.id]).toEqual([false, 'sync:alice~phone']);
  });

  it('does not while it is offline, nor once it is logged out, nor where it is not there', () => {
    for (const world of [
      { ...news, offline: ['alice.phone'] },
      { ...news, loggedOut: ['alice.phone'] },
    ])
      expect([takesPart(world, 'alice.phone'), idsIn(stage, world)]).toEqual([false, []]);
    expect(['alice.tablet', 'constructor', '__proto__'].map((player) => takesPart(news, player))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('takes part where something waits to be sent again, though nothing is new', () => {
    const calm = begin(stage);
    const phone = calm.devices['alice.phone'] as NonNullable<World['devices'][string]>;
    const outbox = [{ path: '/x', body: {} }] as unknown as typeof phone.store.outbox;
    const waiting = {
      ...calm,
      devices: { ...calm.devices, 'alice.phone': { ...phone, store: { ...phone.store, outbox } } },
    };
    expect([takesPart(calm, 'alice.phone'), takesPart(waiting, 'alice.phone')]).toEqual([false, true]);
  });

  it('that an attacker runs syncs when its attacker says so', () => {
    const scenario = aliceAndDevices({
      devices: ['phone', 'laptop'],
      attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
      story: [line('alice.phone', 'reset backup')],
    });
    const robbed = stageWith(scenario, { suite });
    const world = step(robbed, begin(robbed), 'act').world;
    expect([honestPlayers(world), takesPart(world, 'alice.laptop'), idsIn(robbed, world)]).toEqual([
      ['alice.phone'],
      true,
      [],
    ]);
  });
});

describe('an alarm', () => {
  const stage = stageOf({});
  const alarmed: World = {
    ...begin(stage),
    now: 50,
    alarms: [
      { player: 'alice.phone', dueMs: 300, incoming: woken },
      { player: 'alice.laptop', dueMs: 200, incoming: woken },
      { player: 'alice.phone', dueMs: 200, incoming: woken },
    ],
  };

  it('is offered when no other is due before it: all that are due first, by their place', () => {
    expect(idsIn(stage, alarmed)).toEqual(['wake:1', 'wake:2']);
    expect(choices(stage, alarmed)[0]).toEqual({
      id: 'wake:1',
      who: 'alice.laptop',
      sentence: 'time passes for alice.laptop',
      kind: 'wake',
    });
    expect(isQuiet(stage, alarmed)).toBe(false);
  });

  it('moves the time to when it is due, and takes itself away alone', () => {
    const { world } = step(stage, alarmed, 'wake:2');
    expect([world.now, world.alarms.map(({ dueMs }) => dueMs)]).toEqual([200, [300, 200]]);
  });

  it('that is long due turns no clock back', () => {
    expect(step(stage, { ...alarmed, now: 1000 }, 'wake:1').world.now).toBe(1000);
  });
});

describe('free play', () => {
  it('comes once the story is told, each act as often as it may be, with those that are there', () => {
    const acts = [
      { act: { who: 'alice.phone', verb: 'check backup', args: {} }, times: 2 },
      { act: { who: 'alice.tablet', verb: 'sync', args: {} }, times: 1 },
      { act: { who: 'alice.phone', verb: 'verify', args: { verify: 'tablet' } }, times: 1 },
      { act: { who: 'alice', verb: 'log in as', args: { 'log in as': 'tablet' } }, times: 1 },
    ];
    const stage = stageOf({ story: [line('alice.phone', 'restart')], explore: play({ acts }) }, true);
    const before = begin(stage);
    const played = (world: World) => idsIn(stage, world).filter((id) => id.startsWith('play'));
    const told = step(stage, before, 'act').world;
    expect([played(before), played(told)]).toEqual([[], ['play:0', 'play:3']]);
    const once = step(stage, told, 'play:0').world;
    const twice = step(stage, once, 'play:0').world;
    expect([once.played, played(once), played(twice)]).toEqual([[1, 0, 0, 0], ['play:0', 'play:3'], ['play:3']]);
    expect(played(step(stage, told, 'play:3').world)).toEqual(['play:0', 'play:1', 'play:2']);
    expect(idsIn(stageOf({ explore: play() }), before)).toEqual([]);
  });

  it('has nothing beside a story that only leads up to it', () => {
    const story = [resets, line('alice.phone', 'restart')];
    const [beside, first] = [play(), play({ storyFirst: true })].map((explore) => {
      const stage = stageOf({ story, explore }, true);
      return idsIn(stage, step(stage, begin(stage), 'act').world);
    });
    expect([beside, first]).toEqual([['act', 'sync:alice~phone'], ['act']]);
  });

  it('deals accidents by their budgets: those of the file at any time, its own once the story is told', () => {
    const stage = stageOf(
      {
        story: [line('alice.phone', 'restart')],
        faults: { offline: 1 },
        explore: play({ acts: [], faults: { restart: 1 } }),
      },
      true,
    );
    const before = begin(stage);
    expect(idsIn(stage, before)).toEqual(['act', 'offline:alice~laptop', 'offline:alice~phone']);
    const told = step(stage, before, 'act').world;
    expect(idsIn(stage, told)).toEqual([
      'restart:alice~laptop',
      'restart:alice~phone',
      'offline:alice~laptop',
      'offline:alice~phone',
    ]);
    const off = step(stage, told, 'offline:alice~phone').world;
    expect([off.faults, idsIn(stage, off)]).toEqual([
      { offline: 0, restart: 1 },
      ['restart:alice~laptop', 'online:alice~phone'],
    ]);
    expect(idsIn(stage, step(stage, off, 'online:alice~phone').world)).toEqual([
      'restart:alice~laptop',
      'restart:alice~phone',
    ]);
  });

  it('loses and refuses what waits between servers, by the budget of each', () => {
    const cast: Scenario['cast'] = {
      ...plain.cast,
      servers: ['a.example', 'b.example'],
      users: [
        { name: 'alice', server: 'a.example', devices: [{ name: 'phone', crossSigned: true }] },
        { name: 'bob', server: 'b.example', devices: [{ name: 'desk', crossSigned: true }] },
      ],
      rooms: [{ name: 'den', history: 'joined', members: ['alice', 'bob'] }],
    };
    const story = [line('alice', 'send', { send: 'hello', in: '!den:a.example' })];
    const between = (faults: Scenario['faults'], own: Scenario['faults'] = {}) => {
      const stage = stageOf({ cast, story, faults, explore: play({ acts: [], faults: own }) }, true);
      const idsOf = (world: World) => idsIn(stage, world).filter((id) => id.includes('transaction'));
      const before = begin(stage);
      return { stage, idsOf, before, said: step(stage, before, 'act').world };
    };
    const lost = 'lost_transaction:a~example:b~example';
    const refused = 'refused_transaction:a~example:b~example';
    const { stage, idsOf, before, said: sent } = between({ 'lost transaction': 1, 'refused transaction': 1 });
    expect([idsOf(before), idsOf(sent)]).toEqual([[], [lost, refused]]);
    expect(idsOf(step(stage, sent, lost).world)).toEqual([refused]);
    const told = between({}, { 'refused transaction': 1 });
    expect(told.idsOf(told.said)).toEqual([refused]);
    const none = between({});
    expect(none.idsOf(none.said)).toEqual([]);
  });

  it('loses only syncs that would bring something', () => {
    const stage = stageOf({ story: [], explore: play({ acts: [], faults: { 'lost answer': 1 } }) }, true);
    const world = begin(stage);
    expect(idsIn(stage, world)).toEqual([]);
    const news = stageOf({ story: [resets], explore: play({ acts: [], faults: { 'lost answer': 1 } }) }, true);
    expect(idsIn(news, step(news, begin(news), 'act').world)).toContain('lost_answer:alice~phone');
  });

  it('has attackers move as long as their budget lasts, and stories alone have none', () => {
    const scenario = aliceAndDevices({
      devices: ['phone'],
      attackers: [{ name: 'mallory', plays: 'stolen-token', of: 'alice' }],
    });
    const attackers = scenario.cast.attackers.map((one) => ({ ...one, budget: { moves: 1 } }));
    const rich = { ...scenario, cast: { ...scenario.cast, attackers } };
    const stage = stageWith(rich, { suite, free: true });
    const moves = (world: World) => openChoices(stage, world).filter(({ who }) => who === 'mallory');
    const [first] = moves(begin(stage));
    expect(first?.id).toBe('mallory:log_in_as:tablet');
    const after = step(stage, begin(stage), first?.id ?? '').world;
    expect([after.budgets.mallory, moves(after)]).toEqual([{ moves: 0 }, []]);
    const alone = stageWith(rich, { suite });
    expect(idsIn(alone, begin(alone))).toEqual([]);
  });
});

describe('a step', () => {
  it('that is not offered says what is', () => {
    const stage = stageOf({ story: [resets] });
    expect(() => step(stage, begin(stage), 'sync:nobody')).toThrow('no choice "sync:nobody" here (there are: act)');
    expect(() => step(stageOf({}), begin(stage), 'act')).toThrow('(there are: none)');
  });

  it('is what was chosen, by whom, and what came of it', () => {
    const stage = stageOf({ story: [resets] });
    const { step: taken } = step(stage, begin(stage), 'act');
    expect(taken.choice).toEqual({
      id: 'act',
      who: 'alice.laptop',
      sentence: 'alice.laptop resets backup',
      kind: 'story',
      nth: 0,
    });
    expect(taken.moments.some(({ kind }) => kind === 'stored')).toBe(true);
  });
});

describe('an act', () => {
  it.each([
    ['push secret', { 'push secret': 'm.x', to: 'alice.phone' }, 'mallory pushes secret m.x to alice.phone'],
    ['deny', {}, 'mallory denies'],
    ['say', {}, 'mallory says'],
    ['join', { join: '!den:example.org' }, 'mallory joins den'],
    ['start room key', { 'start room key': '!den:example.org' }, 'mallory starts room key !den:example.org'],
    ['kick', { kick: 'bob', from: '!den:example.org' }, 'mallory kicks bob from den'],
  ])('reads as a sentence: %s', (verb, args, sentence) => {
    expect(verbPort.said({ who: 'mallory', verb, args })).toBe(sentence);
  });
});

describe('rest', () => {
  it('has so many rounds of everybody and of every way between servers', () => {
    const { devices, servers } = begin(stageOf({}));
    expect(restlessAfter({ ...begin(stageOf({})), devices, servers })).toBe(roundsMax * 3);
    const home = servers['example.org'] as NonNullable<World['servers'][string]>;
    expect(restlessAfter({ ...begin(stageOf({})), devices, servers: { a: home, b: home, c: home } })).toBe(
      roundsMax * 9,
    );
  });
});
