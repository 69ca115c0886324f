/**
 * One device: opens envelopes into facts, hands them to its charts, keeps the store.
 *
 * `hear` is a pure function of the device and one event. What leaves the device comes back as a list, in order; answers
 * to its requests are events to be heard in their turn.
 */
import { type Chart, type ChartState, hearChart, startChart } from '../chart.ts';
import type { AnyEffect, Out } from '../effects.ts';
import type { Asker, CoreTask, Incoming } from '../events.ts';
import { isObject, type Json, type JsonObject, objectAt, own, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { Store } from '../store.ts';
import type { Ms, UserId } from '../types.ts';
import { backupDescribed } from './backup.ts';
import { type CoreStep, type Device, type Env, moment, news, replyTo, request } from './env.ts';
import { nobody } from './facts.ts';
import { inbox, laterInInbox } from './inbox.ts';
import { queried } from './key-query.ts';
import { claimed, retry, retryLater, sent } from './outbox.ts';
import { FALLBACK_USED } from './own-keys.ts';
import { newsOf, patched, settled } from './patches.ts';
import { ask } from './requests.ts';
import { membersRead, messagesRead, roomSynced, roomsOf } from './rooms.ts';

export type Heard = { readonly device: Device; readonly outs: readonly Out[] };

/** A device as it is right after login: its own keys, nothing known of anybody. */
export const newDevice = (env: Env, me: Store['me'], counts: Store['counts'] = {}): Device => {
  const store: Store = {
    me,
    account: env.suite.newAccount(`${env.owner}/account`),
    olm: {},
    users: {},
    secrets: {},
    backup: null,
    roomKeys: {},
    withheld: {},
    rooms: {},
    outbound: {},
    unread: [],
    readIndexes: {},
    outbox: [],
    awaitsSync: false,
    nextBatch: null,
    counts,
  };
  return { store, charts: startCharts(env, {}) };
};

/** Charts of the device as a whole; those of a room begin with the first event about it. */
const startCharts = (env: Env, persisted: Readonly<Record<string, JsonObject>>): Device['charts'] =>
  Object.fromEntries(
    env.charts
      .filter(({ perRoom }) => !perRoom)
      .map((chart) => [chart.id, startChart(chart, env.input, persisted[chart.id]).state]),
  );

/** `key-bundle !den:example.org`: where the instance of a chart that each room has its own of is kept. */
const keptAs = ({ chart, room }: Asker): string => (room === null ? chart : `${chart} ${room}`);
/** The same, read. Chart ids have no space. */
const askerOf = (name: string): Asker => {
  const space = name.indexOf(' ');
  return space < 0 ? { chart: name, room: null } : { chart: name.slice(0, space), room: name.slice(space + 1) };
};

/** The client is closed and opened again: the store and what charts declare as persisted are all that is left. */
export const restart = (env: Env, device: Device): Device => {
  const again: Record<string, ChartState> = {};
  for (const [name, state] of Object.entries(device.charts)) {
    const asker = askerOf(name);
    const chart = env.charts.find(({ id }) => id === asker.chart);
    if (chart !== undefined) again[name] = startChart(chart, inputFor(env, asker), chart.persists(state.context)).state;
  }
  return { store: device.store, charts: again };
};

const inputFor = ({ input }: Env, { room }: Asker): Env['input'] => (room === null ? input : { ...input, room });

/** What a `GET sync` of this device asks with. */
export const syncRequest = ({ store: { nextBatch } }: Device): Extract<Out, { out: 'request' }> =>
  request('GET', paths.sync, { task: 'synced' }, nextBatch === null ? {} : { query: { since: nextBatch } });

/** One event heard, to the last effect it causes within the device. */
export const hear = (env: Env, device: Device, incoming: Incoming): Heard => {
  if (incoming.from !== 'task') return hearCharts(env, device, incoming);
  const core = hearTask(env, device.store, incoming.task);
  return { device: core.store === device.store ? device : { ...device, store: core.store }, outs: core.outs };
};

type ForCharts = Exclude<Incoming, { from: 'task' }>;

const hearCharts = (env: Env, device: Device, incoming: ForCharts): Heard => {
  let store = device.store;
  let charts = device.charts;
  const { event } = incoming;
  const outs: Out[] = [];
  if (incoming.from === 'user') {
    const { type, ...detail } = incoming.event;
    outs.push(moment({ kind: 'acted', what: type.slice('user.'.length), detail: detail as JsonObject }));
  }
  for (const { asker, chart } of listeners(env, charts, incoming)) {
    const name = keptAs(asker);
    const before = charts[name] ?? startChart(chart, inputFor(env, asker)).state;
    if (before === charts[name] && !chart.reacts(before.value, event.type)) continue;
    const step = hearChart(chart, before, event);
    const about = asker.room === null ? {} : { room: asker.room };
    if (step.said.length > 0 || step.effects.length > 0 || step.state !== before)
      outs.push(moment({ kind: 'heard', chart: chart.id, ...about, event }));
    for (const said of step.said) outs.push(moment({ kind: 'clause', chart: chart.id, ...about, ...said }));
    if (step.state.value !== before.value)
      outs.push(moment({ kind: 'state', chart: chart.id, from: before.value, to: step.state.value }));
    if (step.state !== charts[name]) charts = { ...charts, [name]: step.state };
    for (const effect of step.effects) {
      const done = perform(env, store, asker, effect);
      store = done.store;
      outs.push(...done.outs);
    }
  }
  const isSame = store === device.store && charts === device.charts;
  return { device: isSame ? device : { store, charts }, outs };
};

type Listener = { readonly asker: Asker; readonly chart: Chart };

/**
 * Which charts hear an event. An answer goes to whoever asked, and to nobody else; what is about no room is heard by the instances of
 * all rooms.
 */
const listeners = (env: Env, charts: Device['charts'], incoming: ForCharts): readonly Listener[] => {
  const { event } = incoming;
  if (incoming.from === 'answer' || incoming.from === 'self') {
    const chart = env.charts.find(({ id }) => id === incoming.to.chart);
    return chart === undefined || !chart.hears.has(event.type) ? [] : [{ asker: incoming.to, chart }];
  }
  const room = roomOf(event);
  return env.charts.flatMap((chart): readonly Listener[] => {
    if (!chart.hears.has(event.type)) return [];
    if (!chart.perRoom)
      return charts[chart.id] === undefined ? [] : [{ asker: { chart: chart.id, room: null }, chart }];
    const rooms = room === undefined ? roomsWith(chart, charts) : [room];
    return rooms.map((one) => ({ asker: { chart: chart.id, room: one }, chart }));
  });
};

/** The room an event is about: every event has it in one place. */
const roomOf = (event: ForCharts['event']): string | undefined => ('room' in event ? event.room : undefined);

/** Rooms that have an instance of that chart. */
const roomsWith = ({ id }: Chart, charts: Device['charts']): readonly string[] =>
  Object.keys(charts)
    .map(askerOf)
    .flatMap(({ chart, room }) => (chart === id && room !== null ? [room] : []))
    .sort();

/** Carries out one effect of a chart; who it was is stamped on all that will come back. */
const perform = (env: Env, store: Store, asker: Asker, effect: AnyEffect): CoreStep => {
  switch (effect.type) {
    case 'request': {
      const { method, path, query, body } = effect;
      const reply = replyTo(asker, effect);
      const request = {
        method,
        path,
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body }),
      };
      return { store, outs: [{ out: 'request', ...request, waiting: reply === null ? null : { chart: reply } }] };
    }
    case 'store': {
      const patch = settled(env, effect.patch);
      return { store: patched(store, patch), outs: [moment({ kind: 'stored', patch }), ...newsOf(store, patch)] };
    }
    case 'show':
      return { store, outs: [moment({ kind: 'shown', notice: effect.notice })] };
    case 'tell':
      return { store, outs: [{ out: 'hear', incoming: { from: 'chart', event: effect.event } }] };
    case 'tell self':
      return { store, outs: [{ out: 'hear', incoming: { from: 'self', to: asker, event: effect.event } }] };
    case 'person answers':
      return { store, outs: [{ out: 'hear', incoming: { from: 'user', event: effect.act } }] };
    case 'wake': {
      const { afterMs, event } = effect;
      return { store, outs: [{ out: 'wake', afterMs, incoming: { from: 'self', to: asker, event } }] };
    }
    case 'await sync':
      return { store: store.awaitsSync ? store : { ...store, awaitsSync: true }, outs: [] };
    case 'core':
      return ask(env, store, asker, effect.request);
  }
};

// --- what the core hears itself --------------------------------------------------------------------

const hearTask = (env: Env, store: Store, task: CoreTask): CoreStep => {
  switch (task.task) {
    case 'synced':
      return synced(env, store, task);
    case 'inbox':
      return inbox(env, store, task);
    case 'taken in':
      return {
        store: task.nextBatch === null ? store : { ...store, nextBatch: task.nextBatch },
        outs: [news({ type: 'sync.done', atMs: task.atMs })],
      };
    case 'room':
      return roomSynced(env, store, task);
    case 'messages':
      return messagesRead(env, store, task.room, task.pages, task);
    case 'members':
      return membersRead(store, task.room, task, task.then);
    case 'queried':
      return queried(env, store, task, task.then);
    case 'claimed':
      return claimed(env, store, task.message, task);
    case 'sent':
      return sent(store, task.message, task.status);
    case 'retry':
      return retry(env, store, task.messages);
    case 'backup version':
      return backupDescribed(env, store, task, task.then);
  }
};

const listAt = (object: unknown, part: string): readonly Json[] => {
  const events = objectAt(object, part).events;
  return Array.isArray(events) ? events : [];
};

/**
 * Client-server API, "Syncing": lists first, then counts, then to-device events and rooms one by one, each to quiet; then what has not left
 * is tried again. That all is taken in comes last: who asks with the next token has the server forget what it sent, so a client that stops
 * before asks with the old one.
 */
const synced = (env: Env, store: Store, { status, body, atMs }: Extract<CoreTask, { task: 'synced' }>): CoreStep => {
  if (status !== 200) return { store, outs: [] };
  const changes = objectAt(body, 'device_lists').changed;
  const changed: readonly UserId[] = Array.isArray(changes) ? changes.filter((user) => typeof user === 'string') : [];
  const counts = objectAt(body, 'device_one_time_keys_count');
  const onServer = typeof counts.signed_curve25519 === 'number' ? counts.signed_curve25519 : 0;
  const unused = isObject(body) ? body.device_unused_fallback_key_types : undefined;
  const isFallbackUsed = Array.isArray(unused) && !unused.includes('signed_curve25519');
  const { [FALLBACK_USED]: _, ...others } = store.counts;
  const users = {
    ...store.users,
    ...Object.fromEntries(changed.map((user) => [user, { ...(own(store.users, user) ?? nobody), outdated: true }])),
  };
  return {
    store: {
      ...store,
      users,
      awaitsSync: false,
      counts: { ...others, 'one-time keys on server': onServer, ...(isFallbackUsed ? { [FALLBACK_USED]: 1 } : {}) },
    },
    outs: [
      ...(changed.length > 0 ? [news({ type: 'sync.device lists', users: changed })] : []),
      ...(onServer < env.oneTimeKeysMin / 2 || isFallbackUsed ? [news({ type: 'sync.key counts', onServer })] : []),
      ...listAt(body, 'account_data').map((one) =>
        news({ type: 'sync.account data', name: stringAt(one, 'type') ?? '', content: objectAt(one, 'content') }),
      ),
      ...listAt(body, 'to_device').map((raw) => laterInInbox(raw, atMs)),
      ...roomsOf(body, atMs),
      ...retryLater(store),
      takenIn(stringAt(body, 'next_batch') ?? null, atMs),
    ],
  };
};

const takenIn = (nextBatch: string | null, atMs: Ms): Out => ({
  out: 'later',
  incoming: { from: 'task', task: { task: 'taken in', nextBatch, atMs } },
});
