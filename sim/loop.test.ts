/** A step runs to quiet: what is heard in which order, and what becomes of what leaves a device. */
import { describe, expect, it } from 'vitest';
import type { Out } from '../machines/effects.ts';
import type { BareAct, Incoming } from '../machines/events.ts';
import { makeSymbolicSuite } from './crypto/symbolic/suite.ts';
import { plainKernel } from './kernel.ts';
import { driveDevice, tellDevice } from './loop.ts';
import { begin } from './prologue.ts';
import { type Stage, setStage } from './stage.ts';
import { aliceAndDevices } from './testing.ts';
import type { Moment } from './types.ts';
import { type World, withAttacker } from './world.ts';

const phone = 'alice.phone';
const scenario = aliceAndDevices({
  devices: ['phone', 'laptop'],
  attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
});
const suite = makeSymbolicSuite('1');
const world: World = begin(setStage(scenario, { suite }));

const storeOf = (player: string) => (world.devices[player] as NonNullable<World['devices'][string]>).store;

const act = (type: string): BareAct => ({ type }) as unknown as BareAct;
const self = { chart: 'c' };
const incoming = (type: string): Incoming => ({ from: 'self', to: self, event: { type } }) as unknown as Incoming;
const mail = (raw: string): Incoming => ({ from: 'task', task: { task: 'inbox', raw, atMs: 0, isLookedUp: true } });
const hear = (type: string): Out => ({ out: 'hear', incoming: incoming(type) });
const later = (type: string): Out => ({ out: 'later', incoming: incoming(type) });
const wake = (afterMs: number, type: string): Out => ({ out: 'wake', afterMs, incoming: incoming(type) });
const asks = (path: string, isAwaited = true): Out =>
  ({
    out: 'request',
    method: 'GET',
    path,
    waiting: isAwaited ? { chart: { to: self, as: 'answered' } } : null,
  }) as unknown as Out;

/** By what it is called: an event by its type, mail by what it is. */
const typeOf = (one: Incoming): string =>
  one.from === 'task' ? (one.task.task === 'inbox' ? String(one.task.raw) : one.task.task) : String(one.event.type);

/** A stage whose devices only do as they are told here: event → what leaves. All that is heard is written down. */
const scripted = (script: Readonly<Record<string, readonly Out[]>>) => {
  const heard: Incoming[] = [];
  const stage: Stage = setStage(scenario, {
    suite,
    kernel: {
      ...plainKernel,
      hear: (_env, device, given) => {
        heard.push(given);
        return { device, outs: script[typeOf(given)] ?? [] };
      },
    },
  });
  const types = (): readonly string[] => heard.map(typeOf);
  return { stage, heard, types };
};
const statusOf = (one: Incoming | undefined): unknown =>
  one !== undefined && one.from !== 'task' ? (one.event as { readonly status?: unknown }).status : undefined;
const requests = (moments: readonly Moment[]) =>
  moments.flatMap((moment) => (moment.kind === 'request' ? [`${moment.path} ${moment.status}`] : []));

describe('a device', () => {
  it('hears events in the order of their arrival, and what they bring behind those', () => {
    const { stage, types } = scripted({ a: [hear('c'), hear('d')], b: [hear('e')], c: [hear('f')] });
    driveDevice(stage, world, phone, () => ({ store: storeOf(phone), outs: [hear('a'), hear('b')] }));
    expect(types()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('hears what is for later once all else is quiet, one by one, each to quiet', () => {
    const { stage, types } = scripted({
      a: [later('x'), later('y'), hear('b')],
      b: [hear('c')],
      x: [hear('d'), later('z')],
    });
    tellDevice(stage, world, phone, act('a'));
    expect(types()).toEqual(['a', 'b', 'c', 'x', 'd', 'y', 'z']);
  });

  it('hears nothing of mail that was dropped: in the same turn, or in one before; all else it hears', () => {
    const letter = (raw: string): Out => ({ out: 'later', incoming: mail(raw) });
    const { stage, types } = scripted({
      a: [letter('lost'), later('x'), { out: 'drop inbox' }, letter('kept'), letter('lost too'), later('y')],
      kept: [{ out: 'drop inbox' }],
    });
    tellDevice(stage, world, phone, act('a'));
    expect(types()).toEqual(['a', 'x', 'kept', 'y']);
  });

  it('hears first what an answer comes to, before all that waits', () => {
    const first = (type: string): Out => ({ out: 'hear next', incoming: incoming(type) });
    const { stage, types } = scripted({ a: [hear('b'), first('c'), first('d')] });
    tellDevice(stage, world, phone, act('a'));
    expect(types()).toEqual(['a', 'c', 'd', 'b']);
  });

  it('asks its own server with its own token, and hears the answer behind what waits', () => {
    const { stage, heard, types } = scripted({ a: [asks('/_matrix/client/v3/account/whoami'), hear('b')] });
    const { moments } = tellDevice(stage, world, phone, act('a'));
    expect(types()).toEqual(['a', 'answered', 'b']);
    expect(heard[1]).toMatchObject({
      from: 'answer',
      to: self,
      event: {
        status: 200,
        body: { user_id: '@alice:example.org', device_id: 'PHONE' },
      },
    });
    expect(requests(moments)).toEqual(['/_matrix/client/v3/account/whoami 200']);
  });

  it('hears no answer that it did not want, and status 0 where none came', () => {
    const { stage, heard, types } = scripted({ a: [asks('/x', false), asks('/y')] });
    tellDevice(stage, { ...world, offline: [phone] }, phone, act('a'));
    expect([types(), statusOf(heard[1])]).toEqual([['a', 'answered'], 0]);
  });

  it('is told when it is with what its person does, and with nothing else', () => {
    const { stage, heard } = scripted({ a: [hear('b')] });
    tellDevice(stage, { ...world, now: 5000 }, phone, act('a'));
    expect(heard).toMatchObject([{ from: 'user', event: { type: 'a', atMs: 5000 } }, { from: 'self' }]);
    expect(heard[1]).toEqual(incoming('b'));
  });

  it('is woken so long after now, under its own name', () => {
    const { stage } = scripted({ a: [wake(70, 'b')] });
    const { alarms } = tellDevice(stage, { ...world, now: 1000 }, phone, act('a')).world;
    expect(alarms).toEqual([{ player: phone, dueMs: 1070, incoming: incoming('b') }]);
  });

  it('has its deliveries come from its server, and its other moments at itself', () => {
    const delivery = { kind: 'delivery', event: {}, opened: null, facts: {} } as unknown as Extract<
      Out,
      { out: 'moment' }
    >['moment'];
    const discarded = { kind: 'discarded', event: {}, why: 'w' } as const;
    const { stage } = scripted({
      a: [
        { out: 'moment', moment: delivery },
        { out: 'moment', moment: discarded },
      ],
    });
    expect(tellDevice(stage, world, phone, act('a')).moments).toMatchObject([
      { kind: 'delivery', from: 'example.org', to: phone },
      { kind: 'discarded', player: phone },
    ]);
  });

  it('that does not come to rest is a bug that names its charts', () => {
    const { stage } = scripted({ a: [hear('a')], b: [later('b')] });
    expect(() => tellDevice(stage, world, phone, act('a'))).toThrow(
      /alice\.phone does not come to rest: charts .*key-backup/,
    );
    expect(() => tellDevice(stage, world, phone, act('b'))).toThrow(/does not come to rest/);
  });

  it('that is not there is a bug', () => {
    const { stage } = scripted({});
    expect(() => tellDevice(stage, world, 'alice.tablet', act('a'))).toThrow('alice.tablet is no device');
    expect(() => tellDevice(stage, world, 'constructor', act('a'))).toThrow('constructor is no device');
  });

  it('driven by its core goes on from the store that was given', () => {
    const { stage, types } = scripted({});
    const store = { ...storeOf(phone), nextBatch: 'elsewhere' };
    const driven = driveDevice(stage, world, phone, () => ({ store, outs: [hear('a')] }));
    expect([driven.world.devices[phone]?.store.nextBatch, types()]).toEqual(['elsewhere', ['a']]);
  });
});

describe('a device whose access token is unknown', () => {
  const stolen: World = {
    ...world,
    servers: {
      'example.org': { ...(world.servers['example.org'] as NonNullable<World['servers'][string]>), tokens: {} },
    },
    alarms: [
      { player: phone, dueMs: 10, incoming: incoming('b') },
      { player: 'alice.laptop', dueMs: 20, incoming: incoming('c') },
    ],
  };
  const whoami = '/_matrix/client/v3/account/whoami';

  it('is told so once, and asks no more: not in this step, and not later', () => {
    const { stage, heard } = scripted({
      a: [asks(whoami), asks(whoami), wake(1, 'z')],
    });
    const done = tellDevice(stage, stolen, phone, act('a'));
    expect(requests(done.moments)).toEqual([`${whoami} 401`]);
    expect(heard.slice(1).map(statusOf)).toEqual([401, 0]);
    expect(done.world.loggedOut).toEqual([phone]);
    expect(done.world.alarms.map(({ player }) => player)).toEqual(['alice.laptop']);
    expect(requests(tellDevice(stage, done.world, phone, act('a')).moments)).toEqual([]);
  });

  it('may be told anything else and asks on', () => {
    const { stage } = scripted({ a: [asks('/_matrix/client/v3/no/such/path'), asks(whoami)] });
    expect(requests(tellDevice(stage, world, phone, act('a')).moments)).toEqual([
      '/_matrix/client/v3/no/such/path 404',
      `${whoami} 200`,
    ]);
  });

  it('goes on asking where an attacker runs it: that is the attacker’s to decide', () => {
    const mallory = world.attackers.mallory as NonNullable<World['attackers'][string]>;
    const rogue = withAttacker(stolen, { ...mallory, runs: { stolen: 'alice.laptop' } });
    const { stage } = scripted({ a: [asks(whoami), asks(whoami)] });
    const done = tellDevice(stage, rogue, 'alice.laptop', act('a'));
    expect([requests(done.moments).length, done.world.loggedOut]).toEqual([2, []]);
  });
});
