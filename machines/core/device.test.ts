import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Chart } from '../chart.ts';
import type { AnyEffect } from '../effects.ts';
import type { AnyEvent, CoreTask, Incoming, ToDevice } from '../events.ts';
import { hear, newDevice, restart, syncRequest } from './device.ts';
import type { Device, Env } from './env.ts';
import { answersIn, heardBy, incomingIn, listener, momentsIn, noting, person, runToQuiet } from './testing.ts';

const suite = makeSymbolicSuite('device');
const room = '!den:x';
const at = (...charts: readonly Chart[]): { readonly env: Env; readonly device: Device } => {
  const { env, store } = person(suite, '@alice:x', 'PHONE', charts);
  return { env, device: newDevice(env, store.me) };
};
const typesOf = (device: Device, chart: string) => heardBy(device, chart)?.map(({ type }) => type);
const told = (event: AnyEvent & { readonly room?: string }): Incoming => ({ from: 'chart', event });
const task = (of: CoreTask): Incoming => ({ from: 'task', task: of });
const wire = (type: string, about?: string): Incoming => {
  const facts = {
    encrypted: false,
    claimedSender: '@bob:x',
    ownUser: false,
    sender: null,
    secretPublic: null,
    publishedPublic: null,
  } as const;
  const event: ToDevice = { type: `to-device ${type}`, sender: '@bob:x', content: {}, facts, atMs: 0 };
  return { from: 'wire', event: about === undefined ? event : { ...event, room: about } };
};
/** A chart that does these things when told so. */
const doing = (...effects: readonly AnyEffect[]): Chart => listener('doer', { 'test.go': () => effects });

describe('a new device', () => {
  it('knows itself and nobody else, with all charts but those of rooms at their beginning', () => {
    const { device } = at(noting('flow', 'a'), listener('per-room', { a: () => [] }, true));
    expect(device.charts).toEqual({ flow: { value: 'listening', context: { room: null, heard: [], lasting: [] } } });
    expect(device.store).toMatchObject({
      me: { user: '@alice:x', device: 'PHONE' },
      users: {},
      outbox: [],
      nextBatch: null,
    });
    const other = person(suite, '@alice:x', 'LAPTOP').store;
    expect(device.store.account.curve25519.public).not.toBe(other.account.curve25519.public);
  });

  it('syncs from the beginning, and then from where it stood', () => {
    const { device } = at();
    expect(syncRequest(device)).toEqual({
      out: 'request',
      method: 'GET',
      path: '/_matrix/client/v3/sync',
      waiting: { core: { task: 'synced' } },
    });
    const later = { ...device, store: { ...device.store, nextBatch: 's1' } };
    expect(syncRequest(later).query).toEqual({ since: 's1' });
  });
});

describe('an event', () => {
  it('is heard by the charts that know its type, in their order, and leaves what they said of it', () => {
    const { env, device } = at(
      noting('one', 'told.verified'),
      noting('two', 'other'),
      noting('three', 'told.verified'),
    );
    const step = hear(env, device, told({ type: 'told.verified' }));
    expect(momentsIn(step.outs, 'heard')).toEqual([
      { kind: 'heard', chart: 'one', event: { type: 'told.verified' } },
      { kind: 'heard', chart: 'three', event: { type: 'told.verified' } },
    ]);
    expect(typesOf(step.device, 'two')).toEqual([]);
    expect(momentsIn(step.outs, 'acted')).toEqual([]);
  });

  it('changes nothing where no chart knows it, or its state does not react', () => {
    const { env, device } = at(noting('flow', 'told.verified'));
    const unheard = hear(env, device, told({ type: 'told.other' }));
    expect([unheard.device.charts, unheard.outs]).toEqual([device.charts, []]);
    const deaf = hear(env, device, told({ type: 'test.moves' }));
    expect(momentsIn(deaf.outs, 'state')).toEqual([{ kind: 'state', chart: 'flow', from: 'listening', to: 'deaf' }]);
    expect(momentsIn(deaf.outs, 'heard')).toHaveLength(1);
    const still = hear(env, deaf.device, told({ type: 'told.verified' }));
    expect([still.device.charts, still.outs]).toEqual([deaf.device.charts, []]);
  });

  it('leaves that it was heard where something came of it: effects, what clauses said, or another state', () => {
    const momentsOf = (effects: readonly AnyEffect[], kind: 'plain' | 'duty') => {
      const chart = listener('flow', { 'told.verified': () => effects }, false, { kind, isNoting: false });
      const { env, device } = at(chart);
      const step = hear(env, device, told({ type: 'told.verified' }));
      expect(step.device.charts).toEqual(device.charts);
      return step.outs.flatMap((out) => (out.out === 'moment' ? [out.moment] : []));
    };
    const heard = { kind: 'heard', chart: 'flow', event: { type: 'told.verified' } };
    const notice = { about: 'a', text: 't' };
    const done = { kind: 'clause', chart: 'flow', clause: 'told.verified', role: 'duty', says: 'done', off: false };
    expect(momentsOf([], 'plain')).toEqual([]);
    expect(momentsOf([{ type: 'show', notice }], 'plain')).toEqual([heard, { kind: 'shown', notice }]);
    expect(momentsOf([], 'duty')).toEqual([heard, done]);
  });

  it('is not heard by a chart that the device has no state of', () => {
    const { env, device } = at(noting('flow', 'told.verified'));
    expect(hear(env, { ...device, charts: {} }, told({ type: 'told.verified' }))).toEqual({
      device: { ...device, charts: {} },
      outs: [],
    });
  });

  it('that is an act of the user leaves what it was, heard or not', () => {
    const { env, device } = at();
    const act: Incoming = { from: 'user', event: { type: 'user.kick', room, user: '@bob:x', atMs: 3 } };
    expect(hear(env, device, act).outs).toEqual([
      { out: 'moment', moment: { kind: 'acted', what: 'kick', detail: { room, user: '@bob:x', atMs: 3 } } },
    ]);
  });

  it('that answers, or that a chart tells itself, is heard by that chart alone and in its room', () => {
    const perRoom = (id: string) => listener(id, { 'test.answered': () => [] }, true);
    const { env, device } = at(noting('one', 'test.answered'), noting('two', 'test.answered'), perRoom('rooms'));
    for (const from of ['answer', 'self'] as const) {
      const one = hear(env, device, { from, to: { chart: 'two', room: null }, event: { type: 'test.answered' } });
      expect([typesOf(one.device, 'one'), typesOf(one.device, 'two')]).toEqual([[], ['test.answered']]);
      const two = hear(env, device, { from, to: { chart: 'rooms', room }, event: { type: 'test.answered' } });
      expect(Object.keys(two.device.charts)).toEqual(['one', 'two', `rooms ${room}`]);
      expect(typesOf(two.device, `rooms ${room}`)).toEqual(['test.answered']);
      for (const to of [
        { chart: 'gone', room: null },
        { chart: 'constructor', room: null },
      ])
        expect(hear(env, device, { from, to, event: { type: 'test.answered' } }).outs).toEqual([]);
      expect(hear(env, device, { from, to: { chart: 'one', room: null }, event: { type: 'other' } }).outs).toEqual([]);
    }
  });
});

describe('charts of rooms', () => {
  const types = ['told.room keys', 'told.verified', 'to-device m.room_key'];
  const perRoom = listener('keys', Object.fromEntries(types.map((type) => [type, () => []])), true);
  const { env, device } = at(perRoom);
  const names = (one: Device) => Object.keys(one.charts);

  it('begin with the first event about a room, and hear those of their own', () => {
    const one = hear(env, device, told({ type: 'told.room keys', room })).device;
    const two = hear(env, one, wire('m.room_key', '!attic:x')).device;
    expect(names(two)).toEqual([`keys ${room}`, 'keys !attic:x']);
    expect([typesOf(two, `keys ${room}`), typesOf(two, 'keys !attic:x')]).toEqual([
      ['told.room keys'],
      ['to-device m.room_key'],
    ]);
    expect(two.charts[`keys ${room}`]?.context.room).toBe(room);
  });

  it('all hear what is about no room, those that are there, in order', () => {
    const nobody = hear(env, device, told({ type: 'told.verified' }));
    expect([names(nobody.device), nobody.outs]).toEqual([[], []]);
    const both = [room, '!attic:x'].reduce(
      (one, of) => hear(env, one, told({ type: 'told.room keys', room: of })).device,
      device,
    );
    const step = hear(env, both, told({ type: 'told.verified' }));
    for (const of of [room, '!attic:x'])
      expect(typesOf(step.device, `keys ${of}`)).toEqual(['told.room keys', 'told.verified']);
    const listening = listener(
      'keys',
      { 'told.room keys': () => [], 'told.verified': () => [{ type: 'show', notice: { about: 'a', text: 't' } }] },
      true,
    );
    const again = at(listening, noting('keys-too', 'told.verified'));
    const there = [room, '!attic:x'].reduce(
      (one, of) => hear(again.env, one, told({ type: 'told.room keys', room: of })).device,
      again.device,
    );
    expect(momentsIn(hear(again.env, there, told({ type: 'told.verified' })).outs, 'shown')).toHaveLength(2);
  });

  it('begin with nothing that they do not hear, and with an event of their own though it comes to nothing', () => {
    expect(names(hear(env, device, told({ type: 'told.other', room })).device)).toEqual([]);
    const one = hear(env, device, told({ type: 'test.wakes', room }));
    expect([names(one.device), momentsIn(one.outs, 'heard')]).toEqual([[`keys ${room}`], []]);
    const two = at(perRoom, listener('others', { 'told.verified': () => [], 'told.rotate': () => [] }, true));
    const begun = hear(two.env, two.device, told({ type: 'told.room keys', room })).device;
    expect(names(hear(two.env, begun, told({ type: 'told.verified' })).device)).toEqual([`keys ${room}`]);
  });

  it('hear what is about no room in the order of their rooms, though a chart of the whole device is there', () => {
    const stamping = listener(
      'keys',
      {
        'told.room keys': () => [],
        'told.verified': () => [{ type: 'tell self', event: { type: 'test.own' } as never }],
      },
      true,
    );
    const whole = listener('keys-of-all', { 'told.rotate': () => [] });
    const { env: own, device: before } = at(whole, stamping);
    const there = ['!b:x', '!a:x', '!c:x'].reduce(
      (one, of) => hear(own, one, told({ type: 'told.room keys', room: of })).device,
      before,
    );
    const { outs } = hear(own, there, told({ type: 'told.verified' }));
    expect(incomingIn(outs).map((one) => (one.from === 'self' ? one.to.room : null))).toEqual(['!a:x', '!b:x', '!c:x']);
  });

  it('may be of rooms of any name', () => {
    for (const name of ['constructor', '__proto__', 'a b', '']) {
      const one = hear(env, device, told({ type: 'told.room keys', room: name })).device;
      expect(names(one)).toEqual([`keys ${name}`]);
      const all = hear(env, one, told({ type: 'told.verified' })).device;
      expect(typesOf(all, `keys ${name}`)).toEqual(['told.room keys', 'told.verified']);
      expect(restart(env, all).charts[`keys ${name}`]?.context).toMatchObject({ room: name, heard: [] });
    }
  });

  it('go on after their first event where an answer finds them', () => {
    const asks = listener(
      'keys',
      {
        'told.room keys': () => [
          { type: 'core', request: { ask: 'siblings', answerAs: 'test.siblings', with: undefined } },
        ],
        'test.siblings': () => [],
      },
      true,
    );
    const { env: own, device: before } = at(asks);
    const { device: after } = runToQuiet(
      own,
      before,
      told({ type: 'told.room keys', room: '!b:x' }),
      told({ type: 'told.room keys', room: '!a:x' }),
    );
    for (const of of ['!a:x', '!b:x'])
      expect(typesOf(after, `keys ${of}`)).toEqual(['told.room keys', 'test.siblings']);
  });
});

describe('what an effect comes to', () => {
  const outsOf = (...effects: readonly AnyEffect[]) => {
    const { env, device } = at(doing(...effects));
    const step = hear(env, device, told({ type: 'test.go' }));
    expect(step.outs[0]).toMatchObject({ moment: { kind: 'heard' } });
    return { ...step, outs: step.outs.slice(1) };
  };
  const to = { chart: 'doer', room: null };

  it('is a request as it stands, and who asked waits for it', () => {
    const request = { type: 'request', method: 'PUT', path: '/p', query: { a: 'b' }, body: null } as const;
    expect(outsOf({ ...request, answerAs: 'test.done', with: 5 }).outs).toEqual([
      {
        out: 'request',
        method: 'PUT',
        path: '/p',
        query: { a: 'b' },
        body: null,
        waiting: { chart: { to, as: 'test.done', with: 5 } },
      },
    ]);
    expect(outsOf({ type: 'request', method: 'GET', path: '/p', answerAs: null }).outs).toStrictEqual([
      { out: 'request', method: 'GET', path: '/p', waiting: null },
    ]);
  });

  it('is a change of the store, which is told as it was made', () => {
    const { secret, public: shown } = suite.backupKey('b');
    const held = { secret, public: null, origin: { how: 'entered' } } as const;
    const { device, outs } = outsOf({ type: 'store', patch: { patch: 'secret', name: 'm.megolm_backup.v1', held } });
    const filed = { ...held, public: shown };
    expect(device.store.secrets).toEqual({ 'm.megolm_backup.v1': filed });
    expect(momentsIn(outs, 'stored')).toEqual([
      { kind: 'stored', patch: { patch: 'secret', name: 'm.megolm_backup.v1', held: filed } },
    ]);
  });

  it('is something shown, told to all, to itself, said by its person, or heard after a while', () => {
    const notice = { about: 'a', text: 't' };
    const event = { type: 'test.later' };
    expect(
      outsOf(
        { type: 'show', notice },
        { type: 'tell', event: { type: 'told.verified' } },
        { type: 'tell self', event: event as never },
        { type: 'person answers', act: { type: 'user.accepts' } },
        { type: 'wake', afterMs: 9, event: event as never },
      ).outs,
    ).toEqual([
      { out: 'moment', moment: { kind: 'shown', notice } },
      { out: 'hear', incoming: { from: 'chart', event: { type: 'told.verified' } } },
      { out: 'hear', incoming: { from: 'self', to, event } },
      { out: 'hear', incoming: { from: 'user', event: { type: 'user.accepts' } } },
      { out: 'wake', afterMs: 9, incoming: { from: 'self', to, event } },
    ]);
  });

  it('is carried out in the order of the effects, each on what the one before has left', () => {
    const held = { secret: 's', public: null, origin: { how: 'entered' } } as const;
    const { outs } = outsOf(
      { type: 'core', request: { ask: 'held secret', name: 'n', answerAs: 'test.one', with: undefined } },
      { type: 'store', patch: { patch: 'secret', name: 'n', held } },
      { type: 'core', request: { ask: 'held secret', name: 'n', answerAs: 'test.two', with: undefined } },
    );
    expect(answersIn(outs).map(({ type, secret }) => [type, secret])).toEqual([
      ['test.one', null],
      ['test.two', 's'],
    ]);
    const kept = outsOf({ type: 'store', patch: { patch: 'secret', name: 'n', held } });
    expect(kept.device.store.secrets.n?.secret).toBe('s');
  });

  it('of an instance of a room is stamped with that room', () => {
    const chart = listener(
      'doer',
      { 'told.rotate': () => [{ type: 'tell self', event: { type: 'test.own' } as never }] },
      true,
    );
    const { env, device } = at(chart);
    const step = hear(env, device, told({ type: 'told.rotate', room }));
    expect(incomingIn(step.outs)).toEqual([{ from: 'self', to: { chart: 'doer', room }, event: { type: 'test.own' } }]);
  });
});

describe('a client that is closed and opened again', () => {
  it('keeps its store and what charts declare to last, for each room too', () => {
    const { env, device } = at(noting('flow', 'told.verified'), listener('keys', { 'told.room keys': () => [] }, true));
    const heard = runToQuiet(
      env,
      device,
      told({ type: 'told.verified' }),
      told({ type: 'told.room keys', room }),
    ).device;
    const moved = hear(env, heard, told({ type: 'test.moves' })).device;
    expect(moved.charts.flow?.value).toBe('deaf');
    const again = restart(env, moved);
    expect(again.store).toBe(moved.store);
    expect(again.charts).toEqual({
      flow: { value: 'listening', context: { room: null, heard: [], lasting: ['told.verified'] } },
      [`keys ${room}`]: { value: 'listening', context: { room, heard: [], lasting: ['told.room keys'] } },
    });
  });

  it('drops the charts that it runs no longer', () => {
    const { device } = at(noting('flow', 'a'), noting('gone', 'a'));
    expect(Object.keys(restart(at(noting('flow', 'a')).env, device).charts)).toEqual(['flow']);
  });
});

describe('what comes by wire', () => {
  const innerNames = [
    'user.delete backup',
    'told.identity',
    'keys.queried',
    'envelope.incoming',
    'sync.done',
    'constructor',
  ];

  it('never is an inner event, whatever its type', () => {
    const types = [...innerNames, 'inbox.unknown type'];
    const { env, device } = at(
      noting('all', ...types),
      listener('rooms', Object.fromEntries(types.map((type) => [type, () => []])), true),
    );
    for (const name of innerNames) {
      const raw = {
        type: name,
        sender: '@bob:x',
        content: { room_id: room, backup: 'all', users: [], type: name, from: 'user' },
      };
      const { device: after, outs } = runToQuiet(env, device, task({ task: 'inbox', raw, atMs: 0, isLookedUp: false }));
      expect(heardBy(after, 'all')).toEqual([{ type: 'inbox.unknown type', unknown: name }]);
      expect(Object.keys(after.charts)).toEqual(['all']);
      expect(momentsIn(outs, 'acted')).toEqual([]);
    }
  });
});
