/**
 * One device: opens envelopes into facts, hands them to its charts, keeps the store.
 *
 * `hear` is a pure function of the device and one event. What leaves the device comes back as a list, in order; answers
 * to its requests are events to be heard in their turn.
 */
import { type Chart, type ChartState, hearChart, startChart } from '../chart.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { DeviceEvent, Effect, Out, Store, StorePatch, UserId } from '../types.ts';
import { ask } from './asks.ts';
import { claimed, flush, sent } from './courier.ts';
import type { CoreStep, Device, Env } from './env.ts';
import { backupFacts, nobody, secretPublic, userOf } from './facts.ts';
import { queried } from './merge.ts';
import { open } from './open.ts';
import { membersRead, messagesRead, roomSynced, roomsOf } from './rooms.ts';

export type Heard = { readonly device: Device; readonly outs: readonly Out[] };

/** A device as it is right after login: its own keys, nothing known of anybody. */
export const newDevice = (env: Env, me: Store['me']): Device => {
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
    nextBatch: null,
    counts: {},
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
const instanceName = (chart: Chart, room: string): string => `${chart.id} ${room}`;

/** The client is closed and opened again: the store and what charts declare as persisted are all that is left. */
export const restart = (env: Env, device: Device): Device => {
  const again: Record<string, ChartState> = {};
  for (const [name, state] of Object.entries(device.charts)) {
    const [id, room] = name.split(' ', 2);
    const chart = env.charts.find((one) => one.id === id);
    if (chart === undefined) continue;
    const input = room === undefined ? env.input : { ...env.input, room };
    again[name] = startChart(chart, input, chart.persists(state.context)).state;
  }
  return { store: device.store, charts: again };
};

/** What a `GET sync` of this device asks with. */
export const syncRequest = (device: Device): Extract<Out, { out: 'request' }> => ({
  out: 'request',
  method: 'GET',
  path: paths.sync,
  ...(device.store.nextBatch === null ? {} : { query: { since: device.store.nextBatch } }),
  answerAs: 'core.synced',
});

/** One event heard, to the last effect it causes within the device. */
export const hear = (env: Env, device: Device, event: DeviceEvent): Heard => {
  const core = event.type.startsWith('core.') ? hearCore(env, device.store, event) : null;
  if (core !== null) return { device: { ...device, store: core.store }, outs: core.outs };
  return hearCharts(env, device, withFacts(env, device.store, event));
};

/** Answers that describe a backup version get their facts here, whichever chart asked. */
const withFacts = (env: Env, store: Store, event: DeviceEvent): DeviceEvent => {
  const request = event.request;
  if (stringAt(request, 'path') !== paths.backupVersions || stringAt(request, 'method') !== 'GET') return event;
  return { ...event, facts: event.status === 200 ? backupFacts(env.suite, store, event.body) : null };
};

const hearCharts = (env: Env, device: Device, event: DeviceEvent): Heard => {
  let store = device.store;
  let charts = device.charts;
  const outs: Out[] = [];
  if (event.type.startsWith('user.')) {
    const { type, ...detail } = event;
    outs.push({
      out: 'moment',
      moment: { kind: 'acted', what: type.slice('user.'.length), detail: detail as JsonObject },
    });
  }
  for (const [name, chart] of listeners(env, charts, event)) {
    const before = charts[name] ?? startChart(chart, { ...env.input, room: name.split(' ')[1] ?? '' }).state;
    if (before === charts[name] && !chart.reacts(before.value, event.type)) continue;
    const step = hearChart(chart, before, event);
    if (step.said.length > 0 || step.effects.length > 0 || step.state !== before)
      outs.push({ out: 'moment', moment: { kind: 'heard', chart: chart.id, event } });
    for (const said of step.said) outs.push({ out: 'moment', moment: { kind: 'clause', chart: chart.id, ...said } });
    if (step.state.value !== before.value)
      outs.push({
        out: 'moment',
        moment: { kind: 'state', chart: chart.id, from: before.value, to: step.state.value },
      });
    if (step.state !== charts[name]) charts = { ...charts, [name]: step.state };
    for (const effect of step.effects) {
      const done = perform(env, store, effect);
      store = done.store;
      outs.push(...done.outs);
    }
  }
  return { device: { store, charts }, outs };
};

/** The room an event is about. */
const roomOf = (event: DeviceEvent): string | undefined =>
  stringAt(event, 'room') ?? stringAt(event.content, 'room_id') ?? stringAt(event.with, 'room');

const byType = new WeakMap<readonly Chart[], Map<string, readonly Chart[]>>();
/** The charts among these that hear events of that type. */
const hearing = (charts: readonly Chart[], type: string): readonly Chart[] => {
  const known = byType.get(charts) ?? new Map<string, readonly Chart[]>();
  byType.set(charts, known);
  const those = known.get(type) ?? charts.filter(({ hears }) => hears.has(type));
  known.set(type, those);
  return those;
};

type Listener = readonly [name: string, chart: Chart];

/** Which charts hear an event, by where they are kept. What is about no room is heard by the instances of all rooms. */
const listeners = (env: Env, charts: Device['charts'], event: DeviceEvent): readonly Listener[] => {
  const all: Listener[] = [];
  for (const chart of hearing(env.charts, event.type)) {
    if (!chart.perRoom) {
      if (charts[chart.id] !== undefined) all.push([chart.id, chart]);
      continue;
    }
    const room = roomOf(event);
    const names = room === undefined ? instancesOf(chart, charts) : [instanceName(chart, room)];
    for (const name of names) all.push([name, chart]);
  }
  return all;
};

const instancesOf = (chart: Chart, charts: Device['charts']): readonly string[] =>
  Object.keys(charts)
    .filter((name) => name.startsWith(`${chart.id} `))
    .sort();

/** Carries out one effect. */
const perform = (env: Env, store: Store, effect: Effect): CoreStep => {
  switch (effect.type) {
    case 'request': {
      const { type: _request, ...request } = effect;
      return { store, outs: [{ out: 'request', ...request }] };
    }
    case 'store': {
      const patch = settled(env, effect.patch);
      return { store: patched(store, patch), outs: [{ out: 'moment', moment: { kind: 'stored', patch } }] };
    }
    case 'show':
      return { store, outs: [{ out: 'moment', moment: { kind: 'shown', notice: effect.notice } }] };
    case 'tell':
      return { store, outs: [{ out: 'hear', event: effect.event }] };
    case 'wake':
      return { store, outs: [{ out: 'wake', afterMs: effect.afterMs, event: effect.event }] };
    case 'core':
      return ask(env, store, effect.request);
  }
};

/** A secret's public half is worked out under the name it is filed by: an answer to a request does not say its name. */
const settled = (env: Env, patch: StorePatch): StorePatch =>
  patch.patch === 'secret'
    ? { ...patch, held: { ...patch.held, public: secretPublic(env.suite, patch.name, patch.held.secret) } }
    : patch;

const patched = (store: Store, patch: StorePatch): Store => {
  switch (patch.patch) {
    case 'secret':
      return { ...store, secrets: { ...store.secrets, [patch.name]: patch.held } };
    case 'forget secret': {
      const { [patch.name]: _gone, ...secrets } = store.secrets;
      return { ...store, secrets };
    }
    case 'backup':
      return { ...store, backup: patch.backup };
    case 'backed up': {
      const roomKeys = { ...store.roomKeys };
      for (const id of patch.sessions)
        if (roomKeys[id] !== undefined) roomKeys[id] = { ...roomKeys[id], backedUpIn: patch.version };
      return { ...store, roomKeys };
    }
    case 'pin': {
      const before = userOf(store, patch.user);
      return {
        ...store,
        users: { ...store.users, [patch.user]: { ...before, identity: { ...before.identity, pinned: patch.master } } },
      };
    }
    case 'room keys':
      return { ...store, roomKeys: { ...store.roomKeys, ...patch.keys } };
    case 'withheld':
      return { ...store, withheld: { ...store.withheld, ...patch.entries } };
    case 'room key given': {
      const outbound = store.outbound[patch.room];
      if (outbound === undefined) return store;
      const given = { ...outbound.given };
      for (const { user, device } of patch.to) given[user] = [...(given[user] ?? []), device];
      return { ...store, outbound: { ...store.outbound, [patch.room]: { ...outbound, given } } };
    }
    case 'history shared':
    case 'backup preference':
      return store; // kept as evidence only: what was given away is gone, and what was decided the chart knows
  }
};

// --- what the core hears itself --------------------------------------------------------------------

const status = (event: DeviceEvent): number => (typeof event.status === 'number' ? event.status : 0);

const hearCore = (env: Env, store: Store, event: DeviceEvent): CoreStep => {
  const [kind, id] = event.type.split(' ', 2);
  switch (kind) {
    case 'core.synced':
      return synced(env, store, event);
    case 'core.inbox':
      return inbox(env, store, event);
    case 'core.room':
      return roomSynced(env, store, event);
    case 'core.messages':
      return messagesRead(env, store, event);
    case 'core.members':
      return membersRead(env, store, event);
    case 'core.queried':
      return status(event) === 200 ? queried(env, store, event.body) : { store, outs: [] };
    case 'core.claimed':
      return claimed(env, store, id ?? '', status(event), event.body);
    case 'core.sent':
      return sent(store, id ?? '', status(event));
    default:
      throw new Error(`the core does not know ${event.type}: is a chart's answerAs misspelt?`);
  }
};

/** Client-server API, "Syncing": lists first, then counts, then to-device events one by one, each to quiet. */
const synced = (env: Env, store: Store, event: DeviceEvent): CoreStep => {
  if (status(event) !== 200) return { store, outs: [] };
  const body = event.body;
  const changed = (objectAt(body, 'device_lists').changed as readonly UserId[] | undefined) ?? [];
  const counts = objectAt(body, 'device_one_time_keys_count');
  const onServer = typeof counts.signed_curve25519 === 'number' ? counts.signed_curve25519 : 0;
  const events = (objectAt(body, 'to_device').events as readonly Json[] | undefined) ?? [];
  const accountData = (objectAt(body, 'account_data').events as readonly Json[] | undefined) ?? [];
  const users = { ...store.users };
  for (const user of changed) users[user] = { ...(users[user] ?? nobody), outdated: true };
  const retried = flush(env, {
    ...store,
    users,
    nextBatch: stringAt(body, 'next_batch') ?? store.nextBatch,
    counts: { ...store.counts, 'one-time keys on server': onServer },
  });
  const outs: Out[] = [];
  if (changed.length > 0) outs.push({ out: 'hear', event: { type: 'sync.device lists', users: changed } });
  if (onServer < env.oneTimeKeysMin / 2) outs.push({ out: 'hear', event: { type: 'sync.key counts', onServer } });
  for (const one of accountData)
    outs.push({
      out: 'hear',
      event: { type: 'sync.account data', name: stringAt(one, 'type') ?? '', content: objectAt(one, 'content') },
    });
  outs.push(...retried.outs);
  const atMs = typeof event.atMs === 'number' ? event.atMs : 0;
  for (const raw of events) outs.push({ out: 'later', event: { type: 'core.inbox', raw, atMs } });
  outs.push({ out: 'later', event: { type: 'core.inbox', raw: null } }, ...roomsOf(body, atMs));
  return { store: retried.store, outs };
};

/** One to-device event; `null` stands behind the last one. */
const inbox = (env: Env, store: Store, { raw, atMs, isLookedUp }: DeviceEvent): CoreStep => {
  if (raw === null) return { store, outs: [{ out: 'hear', event: { type: 'sync.done' } }] };
  if (!isObject(raw)) return { store, outs: [] };
  const sender = stringAt(raw, 'sender');
  const when = typeof atMs === 'number' ? atMs : 0;
  // Somebody never heard of: who they are is looked up before what they write is held against it.
  const isStranger = sender !== undefined && store.users[sender] === undefined && stringAt(raw, 'type') === SEALED;
  if (!isStranger || isLookedUp === true || env.charts.length === 0) return arrived(env, store, raw, when);
  return {
    store,
    outs: [
      {
        out: 'request',
        method: 'POST',
        path: paths.keysQuery,
        body: { device_keys: { [sender]: [] } },
        answerAs: 'core.queried',
      },
      { out: 'hear', event: { type: 'core.inbox', raw, atMs: when, isLookedUp: true } },
    ],
  };
};
const SEALED = 'm.room.encrypted';

const arrived = (env: Env, store: Store, raw: JsonObject, atMs: number): CoreStep => {
  const opened = open(env, store, raw);
  if ('discarded' in opened)
    return {
      store: opened.store,
      outs: [{ out: 'moment', moment: { kind: 'discarded', event: raw, why: opened.discarded } }],
    };
  const isKnown = hearing(env.charts, opened.event.type).length > 0;
  const event: DeviceEvent = isKnown
    ? { ...opened.event, atMs }
    : { type: 'inbox.unknown type', unknown: opened.event.type };
  // What came through Olm shows whose it is: whether that is believed is for the envelope chart to say.
  const judged = isKnown && opened.facts.encrypted && hearing(env.charts, 'envelope.incoming').length > 0;
  return {
    store: opened.store,
    outs: [
      { out: 'moment', moment: { kind: 'delivery', event: raw, opened: opened.inside, facts: opened.facts } },
      { out: 'hear', event: judged ? { type: 'envelope.incoming', incoming: event, raw } : event },
    ],
  };
};
