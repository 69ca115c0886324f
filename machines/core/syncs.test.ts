import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Chart } from '../chart.ts';
import type { CoreTask, Incoming } from '../events.ts';
import type { Json, JsonObject } from '../json.ts';
import { hear, newDevice } from './device.ts';
import type { Device, Env } from './env.ts';
import { userOf } from './facts.ts';
import { answersIn, heardBy, listingOf, newsIn, noting, person, requestsIn, runToQuiet, sure } from './testing.ts';

const suite = makeSymbolicSuite('syncs');
const room = '!den:x';
const at = (...charts: readonly Chart[]): { readonly env: Env; readonly device: Device } => {
  const { env, store } = person(suite, '@alice:x', 'PHONE', charts);
  return { env, device: newDevice(env, store.me) };
};
const typesOf = (device: Device, chart: string) => heardBy(device, chart)?.map(({ type }) => type);
const task = (of: CoreTask): Incoming => ({ from: 'task', task: of });

describe('a sync', () => {
  const types = [
    'sync.device lists',
    'sync.key counts',
    'sync.account data',
    'sync.room',
    'sync.done',
    'to-device m.a',
    'to-device m.b',
  ];
  const { env, device } = at(noting('flow', ...types));
  const sync = (body: Json, status = 200, before = device) => {
    const incoming = task({ task: 'synced', status, body, atMs: 6 });
    return { step: hear(env, before, incoming), ...runToQuiet(env, before, incoming) };
  };
  const plain = (type: string): JsonObject => ({ type, sender: '@bob:x', content: {} });

  it('brings lists first, then counts, account data, to-device events one by one, and rooms; then it is done', () => {
    const { device: after } = sync({
      next_batch: 's1',
      rooms: { join: { [room]: {} } },
      to_device: { events: [plain('m.a'), null, plain('m.b')] },
      account_data: { events: [{ type: 'm.x', content: { n: 1 } }, 'text'] },
      device_one_time_keys_count: { signed_curve25519: 2 },
      device_lists: { changed: ['@bob:x', 5] },
    });
    expect(heardBy(after, 'flow')).toMatchObject([
      { type: 'sync.device lists', users: ['@bob:x'] },
      { type: 'sync.key counts', onServer: 2 },
      { type: 'sync.account data', name: 'm.x', content: { n: 1 } },
      { type: 'sync.account data', name: '', content: {} },
      { type: 'to-device m.a', atMs: 6 },
      { type: 'to-device m.b' },
      { type: 'sync.room', room, atMs: 6 },
      { type: 'sync.done', atMs: 6 },
    ]);
    expect(after.store).toMatchObject({ nextBatch: 's1', users: { '@bob:x': { outdated: true, devices: {} } } });
    expect(after.store.counts['one-time keys on server']).toBe(2);
  });

  it('tells of one-time keys when fewer than half are left, and of lists when some have changed', () => {
    const said = (body: JsonObject) => typesOf(sync(body).device, 'flow');
    const left = (signed_curve25519: Json) => said({ device_one_time_keys_count: { signed_curve25519 } });
    expect([left(3), left(6)]).toEqual([['sync.done'], ['sync.done']]);
    for (const few of [2, 0, 'many', null]) expect(left(few)).toEqual(['sync.key counts', 'sync.done']);
    expect(said({ device_lists: { changed: [] }, device_one_time_keys_count: { signed_curve25519: 6 } })).toEqual([
      'sync.done',
    ]);
  });

  it('is asked for again until all that it brought is taken in: only then the next one goes on behind it', () => {
    const { step } = sync({ next_batch: 's1', to_device: { events: [plain('m.a')] } });
    expect(step.device.store.nextBatch).toBeNull();
    expect(step.outs.filter(({ out }) => out === 'later').at(-1)).toEqual({
      out: 'later',
      incoming: task({ task: 'taken in', nextBatch: 's1', atMs: 6 }),
    });
  });

  it('that fails changes nothing; one without sense ends at once, and stays where it stood', () => {
    for (const status of [0, 401, 502]) {
      const { step } = sync({ next_batch: 's1', to_device: { events: [plain('m.a')] } }, status);
      expect([step.device.store, step.outs]).toEqual([device.store, []]);
    }
    const synced = { ...device, store: { ...device.store, nextBatch: 's1' } };
    for (const body of [
      null,
      {},
      'text',
      { next_batch: 5, device_lists: { changed: 'all' }, to_device: { events: {} } },
    ]) {
      const { device: after } = sync(body, 200, synced);
      expect(after.store.nextBatch).toBe('s1');
      expect(typesOf(after, 'flow')).toEqual(['sync.key counts', 'sync.done']);
    }
  });

  it('keeps what is known of whose list has changed, and takes any name for one', () => {
    const bob = person(suite, '@bob:x', 'PHONE');
    const known = { ...userOf(device.store, '@bob:x'), outdated: false, devices: { PHONE: { keys: listingOf(bob) } } };
    const before = { ...device, store: { ...device.store, users: { '@bob:x': known } } };
    const { store } = sync({ device_lists: { changed: ['@bob:x', 'constructor', '__proto__'] } }, 200, before).device;
    expect(store.users['@bob:x']).toEqual({ ...known, outdated: true });
    expect(Object.keys(store.users)).toEqual(['@bob:x', 'constructor', '__proto__']);
    expect(userOf(store, '__proto__')).toMatchObject({ outdated: true, devices: {} });
  });

  it('tries again what has not left, once its rooms are heard', () => {
    const waiting = { id: 'm0', type: 'm.t', content: {}, encrypt: false, to: [{ user: '@bob:x', device: 'A' }] };
    const before = { ...device, store: { ...device.store, outbox: [waiting] } };
    const { step } = sync({ rooms: { leave: { [room]: {} } } }, 200, before);
    const [first, second] = step.outs.flatMap((out) => (out.out === 'later' ? [out.incoming] : []));
    expect(first).toMatchObject({ task: { task: 'room', room } });
    const retried = hear(env, step.device, sure(second));
    expect(requestsIn(retried.outs)).toMatchObject([
      { method: 'PUT', waiting: { core: { task: 'sent', message: 'm0' } } },
    ]);
    expect(retried.device.store.counts.transactions).toBe(1);
  });
});

describe('what comes back to the core', () => {
  const then = { to: { chart: 'flow', room: null }, as: 'test.back' };
  const { env, device } = at(noting('flow', 'test.back', 'sync.room', 'room.event', 'keys.claimed'));
  const ended = (of: CoreTask, before = device) => hear(env, before, task(of));
  const answered = { status: 200, body: {} };
  const waiting = { id: 'm0', type: 'm.t', content: {}, encrypt: true, to: [], reply: then };
  const sending = { ...device, store: { ...device.store, outbox: [waiting] } };

  it.each<[CoreTask, string]>([
    [{ task: 'queried', ...answered, then }, 'query users'],
    [{ task: 'members', ...answered, room, then }, 'members of'],
    [{ task: 'backup version', ...answered, then }, 'backup version'],
    [{ task: 'sent', ...answered, message: 'm0' }, 'send'],
  ])('%o goes on to whoever asked', (of, answers) => {
    expect(answersIn(ended(of, sending).outs)).toMatchObject([{ type: 'test.back', answers }]);
  });

  it('is a claim, a room, a page of messages, each taken as such', () => {
    expect(newsIn(ended({ task: 'claimed', ...answered, message: 'm0' }, sending).outs, 'keys.claimed')).toHaveLength(
      1,
    );
    const step = ended({ task: 'room', room, section: 'join', data: {}, atMs: 0 });
    expect(newsIn(step.outs, 'sync.room')).toHaveLength(1);
    expect(step.device.store.rooms).toHaveProperty([room]);
    const page = { chunk: [{ type: 'm.room.encrypted', event_id: '$1' }], end: 't' };
    const messages = ended({ task: 'messages', status: 200, body: page, room, pages: 3 });
    expect(newsIn(messages.outs, 'room.event')).toHaveLength(1);
    expect(requestsIn(messages.outs)).toMatchObject([{ waiting: { core: { pages: 4 } } }]);
    expect(sure(messages.device.store.unread[0]).room).toBe(room);
  });
});
