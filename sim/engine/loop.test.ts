/** A step runs to quiet: what is heard in which order, and what becomes of what leaves a device. */
import { describe, expect, it } from 'vitest';
import { type Out, unasked } from '../../machines/effects.ts';
import type { Incoming } from '../../machines/events.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { stageWith } from '../verbs/port.ts';
import { plainKernel } from './kernel.ts';
import { driveDevice, tellDevice, wakeDevice } from './loop.ts';
import { begin } from './prologue.ts';
import type { Stage } from './stage.ts';
import { aliceAndDevices } from './testing.ts';
import type { Moment } from './types.ts';
import { type World, withAttacker } from './world.ts';

const phone = 'alice.phone';
const scenario = aliceAndDevices({
  devices: ['phone', 'laptop'],
  attackers: [{ name: 'mallory', plays: 'stolen-device', of: 'alice.laptop' }],
});
const suite = makeSymbolicSuite('1');
const world: World = begin(stageWith(scenario, { suite }));

const event = (type: string): Incoming => ({ from: 'chart', event: { type } });
const hear = (type: string): Out => ({ out: 'hear', incoming: event(type) });
const next = (type: string): Out => ({ out: 'hear next', incoming: event(type) });
const later = (type: string): Out => ({ out: 'later', incoming: event(type) });
const mail = (raw: string): Incoming => ({
  from: 'task',
  task: { task: 'inbox', raw, atMs: 0, isLookedUp: false },
});
const asker = { chart: 'c', room: null };
const asks = (path: string, as: string | null = 'answered'): Out => ({
  out: 'request',
  method: 'GET',
  path,
  waiting: as === null ? null : { chart: { to: asker, as, with: 'what it remembers' } },
});
/** What an event is called here: its type, or the task that it is, with the mail it brings. */
const nameOf = (incoming: Incoming): string => {
  if (incoming.from !== 'task') return incoming.event.type;
  const { task } = incoming;
  return task.task === 'inbox' ? `inbox ${String(task.raw)}` : task.task;
};
/** All of these are heard, one behind the other. */
const hearAll = (stage: Stage, before: World, ...types: readonly string[]) =>
  driveDevice(stage, before, phone, (now) => ({
    store: (now.devices[phone] as NonNullable<World['devices'][string]>).store,
    outs: types.map(hear),
  }));

/** A stage whose devices only do as they are told here: event → what leaves. All that is heard is written down. */
const scripted = (script: Readonly<Record<string, readonly Out[]>>) => {
  const heard: Incoming[] = [];
  const stage: Stage = stageWith(scenario, {
    suite,
    kernel: {
      ...plainKernel,
      hear: (_env, device, given) => {
        heard.push(given);
        return { device, outs: script[nameOf(given)] ?? [] };
      },
    },
  });
  const types = (): readonly string[] => heard.map(nameOf);
  return { stage, heard, types };
};
const statusOf = (one: Incoming | undefined): unknown =>
  one?.from === 'answer' && 'status' in one.event ? one.event.status : undefined;
const requests = (moments: readonly Moment[]) =>
  moments.flatMap((moment) => (moment.kind === 'request' ? [`${moment.path} ${moment.status}`] : []));

describe('a device', () => {
  it('hears events in the order of their arrival, and what they bring behind those', () => {
    const { stage, types } = scripted({ a: [hear('c'), hear('d')], b: [hear('e')], c: [hear('f')] });
    hearAll(stage, world, 'a', 'b');
    expect(types()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('hears what is for later once all else is quiet, one by one, each to quiet', () => {
    const { stage, types } = scripted({
      a: [later('x'), later('y'), hear('b')],
      b: [hear('c')],
      x: [hear('d'), later('z')],
    });
    wakeDevice(stage, world, phone, event('a'));
    expect(types()).toEqual(['a', 'b', 'c', 'x', 'd', 'y', 'z']);
  });

  it('hears next what is to be known before anybody goes on, in the order it was told', () => {
    const { stage, types } = scripted({ a: [hear('d'), next('x'), hear('e'), next('y')], x: [next('z'), hear('f')] });
    wakeDevice(stage, world, phone, event('a'));
    expect(types()).toEqual(['a', 'x', 'z', 'y', 'd', 'e', 'f']);
  });

  it('hears nothing of mail that was dropped, in the same turn or in one before, and all else', () => {
    const mailed = (raw: string): Out => ({ out: 'later', incoming: mail(raw) });
    const { stage, types } = scripted({
      a: [mailed('x'), later('y'), { out: 'drop inbox' }, mailed('z'), later('w')],
      y: [{ out: 'drop inbox' }],
    });
    wakeDevice(stage, world, phone, event('a'));
    expect(types()).toEqual(['a', 'y', 'w']);
  });

  it('asks its own server with its own token, and hears the answer behind what waits', () => {
    const { stage, heard, types } = scripted({ a: [asks('/_matrix/client/v3/account/whoami'), hear('b')] });
    const { moments } = wakeDevice(stage, world, phone, event('a'));
    expect(types()).toEqual(['a', 'answered', 'b']);
    expect(heard[1]).toEqual({
      from: 'answer',
      to: asker,
      event: {
        type: 'answered',
        answers: 'request',
        status: 200,
        body: { user_id: '@alice:example.org', device_id: 'PHONE', is_guest: false },
        with: 'what it remembers',
      },
    });
    expect(requests(moments)).toEqual(['/_matrix/client/v3/account/whoami 200']);
  });

  it('hears no answer that it did not want, and status 0 where none came', () => {
    const { stage, heard, types } = scripted({ a: [asks('/x', null), asks('/y')] });
    wakeDevice(stage, { ...world, offline: [phone] }, phone, event('a'));
    expect([types(), statusOf(heard[1])]).toEqual([['a', 'answered'], 0]);
  });

  it('is told when it is with what its person does, and with nothing else', () => {
    const { stage, heard } = scripted({});
    tellDevice(stage, { ...world, now: 5000 }, phone, { type: 'user.accepts' });
    wakeDevice(stage, { ...world, now: 5000 }, phone, event('bundle.again'));
    expect(heard).toEqual([{ from: 'user', event: { type: 'user.accepts', atMs: 5000 } }, event('bundle.again')]);
  });

  it('has its core told when a sync was, and of each other answer what it is about', () => {
    const core = (waiting: Extract<Out, { out: 'request' }>['waiting']): Out => ({
      out: 'request',
      method: 'GET',
      path: '/x',
      waiting,
    });
    const { stage, heard } = scripted({
      a: [core({ core: { task: 'synced' } }), core({ core: { task: 'sent', message: 'm1' } })],
    });
    wakeDevice(stage, { ...world, now: 7 }, phone, event('a'));
    expect(heard.slice(1)).toMatchObject([
      { from: 'task', task: { task: 'synced', atMs: 7, status: 404 } },
      { from: 'task', task: { task: 'sent', message: 'm1', status: 404 } },
    ]);
  });

  it('is woken so long after now, under its own name', () => {
    const { stage } = scripted({ a: [{ out: 'wake', afterMs: 70, incoming: event('b') }] });
    const { alarms } = wakeDevice(stage, { ...world, now: 1000 }, phone, event('a')).world;
    expect(alarms).toEqual([{ player: phone, dueMs: 1070, incoming: event('b') }]);
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
    expect(wakeDevice(stage, world, phone, event('a')).moments).toMatchObject([
      { kind: 'delivery', from: 'example.org', to: phone },
      { kind: 'discarded', player: phone },
    ]);
  });

  it('that does not come to rest is a bug that names its charts', () => {
    const { stage } = scripted({ a: [hear('a')], b: [later('b')] });
    expect(() => wakeDevice(stage, world, phone, event('a'))).toThrow(
      /alice\.phone does not come to rest: charts .*key-backup/,
    );
    expect(() => wakeDevice(stage, world, phone, event('b'))).toThrow(/does not come to rest/);
  });

  it('comes to rest however many letters one sync brings, and not where letters go on coming', () => {
    const letter: Out = { out: 'later', incoming: mail('x') };
    const many = scripted({ a: Array.from({ length: 2500 }, () => letter) });
    wakeDevice(many.stage, world, phone, event('a'));
    expect(many.heard).toHaveLength(2501);
    const endless = scripted({ a: [letter], 'inbox x': [letter] });
    expect(() => wakeDevice(endless.stage, world, phone, event('a'))).toThrow(/does not come to rest/);
    const answering = scripted({ a: [letter], 'inbox x': [later('b')], b: [later('b')] });
    expect(() => wakeDevice(answering.stage, world, phone, event('a'))).toThrow(/does not come to rest/);
  });

  it('that is not there is a bug', () => {
    const { stage } = scripted({});
    expect(() => wakeDevice(stage, world, 'alice.tablet', event('a'))).toThrow('alice.tablet is no device');
    expect(() => wakeDevice(stage, world, 'constructor', event('a'))).toThrow('constructor is no device');
  });

  it('driven by its core goes on from the store that was given', () => {
    const { stage, types } = scripted({});
    const store = { ...(world.devices[phone] as NonNullable<World['devices'][string]>).store, nextBatch: 'elsewhere' };
    const driven = driveDevice(stage, world, phone, () => ({ store, outs: [hear('a')] }));
    expect([driven.world.devices[phone]?.store.nextBatch, types()]).toEqual(['elsewhere', ['a']]);
  });
});

describe('a device that stops in a step', () => {
  const whoami = '/_matrix/client/v3/account/whoami';
  const stopping = (past: number): World => ({
    ...world,
    troubles: [{ player: phone, endpoint: '/', how: 'stop', ...(past === 0 ? {} : { past }) }],
  });

  it('hears and asks nothing more of all that it was about to, and starts again', () => {
    const { stage, types } = scripted({
      a: [hear('b'), asks(whoami, 'first'), asks(whoami, 'second'), later('x'), next('y')],
      b: [asks(whoami, 'third')],
    });
    const done = wakeDevice(stage, stopping(0), phone, event('a'));
    expect(types()).toEqual(['a', 'user.start']);
    expect(done.moments.map(({ kind }) => kind)).toEqual(['request', 'fault', 'restarted']);
    expect(done.moments[0]).toMatchObject({ status: 200, lost: true });
    expect(done.world.troubles).toEqual([]);
  });

  it('has done and heard all that was before', () => {
    const { stage, types } = scripted({ a: [asks(whoami, 'first')], first: [asks(whoami, 'second'), later('x')] });
    const done = wakeDevice(stage, stopping(1), phone, event('a'));
    expect([types(), requests(done.moments)]).toEqual([
      ['a', 'first', 'user.start'],
      [`${whoami} 200`, `${whoami} 200`],
    ]);
  });

  it('keeps what it stores and loses what its charts had open', () => {
    const plainly = stageWith(scenario, { suite });
    const resets = (from: World): World => tellDevice(plainly, from, phone, { type: 'user.reset backup' }).world;
    const [whole, cut] = [resets(world), resets(stopping(0))];
    const made = (now: World) => now.servers['example.org']?.users['@alice:example.org']?.backup.versions;
    const keyOf = (now: World) => now.devices[phone]?.store.secrets['m.megolm_backup.v1']?.secret;
    // The server has a new version; nobody but the client that stopped had its key.
    expect(Object.keys(made(cut) ?? {})).toEqual(Object.keys(made(whole) ?? {}));
    expect(keyOf(whole)).not.toBe(keyOf(world));
    expect([undefined, keyOf(world)]).toContain(keyOf(cut));
  });

  it('waits for as many requests as it is told, in one step or several', () => {
    const { stage, types } = scripted({ a: [asks(whoami)] });
    const first = wakeDevice(stage, stopping(1), phone, event('a'));
    expect(first.world.troubles).toEqual([{ player: phone, endpoint: '/', how: 'stop' }]);
    wakeDevice(stage, first.world, phone, event('a'));
    expect(types()).toEqual(['a', 'answered', 'a', 'user.start']);
  });
});

describe('a device whose access token is unknown', () => {
  const stolen: World = {
    ...world,
    servers: {
      'example.org': { ...(world.servers['example.org'] as NonNullable<World['servers'][string]>), tokens: {} },
    },
    alarms: [
      { player: phone, dueMs: 10, incoming: event('b') },
      { player: 'alice.laptop', dueMs: 20, incoming: event('c') },
    ],
  };
  const whoami = '/_matrix/client/v3/account/whoami';

  it('is told so once, and asks no more: not in this step, and not later', () => {
    const { stage, heard } = scripted({
      a: [asks(whoami), asks(whoami), { out: 'wake', afterMs: 1, incoming: event('z') }],
    });
    const done = wakeDevice(stage, stolen, phone, event('a'));
    expect(requests(done.moments)).toEqual([`${whoami} 401`]);
    expect(heard.slice(1).map(statusOf)).toEqual([401, 0]);
    expect(heard.at(-1)).toMatchObject({ event: unasked });
    expect(done.world.loggedOut).toEqual([phone]);
    expect(done.world.alarms.map(({ player }) => player)).toEqual(['alice.laptop']);
    expect(requests(wakeDevice(stage, done.world, phone, event('a')).moments)).toEqual([]);
  });

  it('may be told anything else and asks on', () => {
    const { stage } = scripted({ a: [asks('/_matrix/client/v3/no/such/path'), asks(whoami)] });
    expect(requests(wakeDevice(stage, world, phone, event('a')).moments)).toEqual([
      '/_matrix/client/v3/no/such/path 404',
      `${whoami} 200`,
    ]);
  });

  it('stays logged in where it is told to prove who it is: that is a 401 as well', () => {
    const deletes: Out = {
      out: 'request',
      method: 'POST',
      path: '/_matrix/client/v3/delete_devices',
      body: { devices: ['LAPTOP'] },
      waiting: null,
    };
    const { stage } = scripted({ a: [deletes, asks(whoami)] });
    const done = wakeDevice(stage, world, phone, event('a'));
    expect(requests(done.moments)).toEqual(['/_matrix/client/v3/delete_devices 401', `${whoami} 200`]);
    expect(done.world.loggedOut).toEqual([]);
  });

  it('goes on asking where an attacker runs it: that is the attacker’s to decide', () => {
    const mallory = world.attackers.mallory as NonNullable<World['attackers'][string]>;
    const rogue = withAttacker(stolen, { ...mallory, runs: { stolen: 'alice.laptop' } });
    const { stage } = scripted({ a: [asks(whoami), asks(whoami)] });
    const done = wakeDevice(stage, rogue, 'alice.laptop', event('a'));
    expect([requests(done.moments).length, done.world.loggedOut]).toEqual([2, []]);
  });
});
