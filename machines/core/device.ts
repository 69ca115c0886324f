/**
 * One device: opens envelopes into facts, hands them to its charts, keeps the store.
 *
 * `hear` is a pure function of the device and one event. What leaves the device comes back as a list, in order; answers
 * to its requests are events to be heard in their turn.
 */
import { hearChart, startChart } from '../chart.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { CoreRequest, DeviceEvent, Effect, Out, Store, StorePatch, UserId } from '../types.ts';
import { makeBackup, makeRoomKey, openBackup, sealRoomKeys } from './backup.ts';
import { claimed, flush, send, sent } from './courier.ts';
import type { CoreStep, Device, Env } from './env.ts';
import { backupFacts, nobody, secretPublic, siblings, userOf } from './facts.ts';
import { queried } from './merge.ts';
import { open } from './open.ts';
import { makeIdentity, signDevice, uploadKeys } from './own-keys.ts';

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
    outbox: [],
    nextBatch: null,
    counts: {},
  };
  return { store, charts: startCharts(env, {}) };
};

const startCharts = (env: Env, persisted: Readonly<Record<string, JsonObject>>): Device['charts'] =>
  Object.fromEntries(env.charts.map((chart) => [chart.id, startChart(chart, env.input, persisted[chart.id]).state]));

/** The client is closed and opened again: the store and what charts declare as persisted are all that is left. */
export const restart = (env: Env, device: Device): Device => ({
  store: device.store,
  charts: startCharts(
    env,
    Object.fromEntries(env.charts.map((chart) => [chart.id, chart.persists(device.charts[chart.id]?.context ?? {})])),
  ),
});

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
  for (const chart of env.charts) {
    const before = charts[chart.id];
    if (before === undefined || !chart.hears.has(event.type)) continue;
    const step = hearChart(chart, before, event);
    if (step.said.length > 0 || step.effects.length > 0 || step.state !== before)
      outs.push({ out: 'moment', moment: { kind: 'heard', chart: chart.id, event } });
    for (const said of step.said) outs.push({ out: 'moment', moment: { kind: 'clause', chart: chart.id, ...said } });
    if (step.state.value !== before.value)
      outs.push({
        out: 'moment',
        moment: { kind: 'state', chart: chart.id, from: before.value, to: step.state.value },
      });
    if (step.state !== before) charts = { ...charts, [chart.id]: step.state };
    for (const effect of step.effects) {
      const done = perform(env, store, effect);
      store = done.store;
      outs.push(...done.outs);
    }
  }
  return { device: { store, charts }, outs };
};

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
  }
};

const ask = (env: Env, store: Store, request: CoreRequest): CoreStep => {
  switch (request.ask) {
    case 'upload keys':
      return uploadKeys(env, store, store.counts['one-time keys on server'] ?? 0);
    case 'identity':
      return makeIdentity(env, store, request.answerAs);
    case 'sign device':
      return signDevice(env, store, request.device, request.keys, request.answerAs);
    case 'make backup':
      return makeBackup(env, store, request.answerAs);
    case 'seal room keys':
      return sealRoomKeys(env, store, request.backup, request.answerAs);
    case 'open backup':
      return openBackup(env, store, request.rooms);
    case 'make room key':
      return makeRoomKey(env, store, request.room, request.answerAs);
    case 'siblings':
      return {
        store,
        outs: [
          {
            out: 'hear',
            event: {
              type: request.answerAs,
              siblings: siblings(env.suite, store),
              held: Object.keys(store.secrets).sort(),
              with: request.with,
            },
          },
        ],
      };
    case 'held secret': {
      const held = store.secrets[request.name];
      const answer = { type: request.answerAs, name: request.name, with: request.with };
      return {
        store,
        outs: [{ out: 'hear', event: held === undefined ? answer : { ...answer, secret: held.secret } }],
      };
    }
    case 'drop inbox':
      return { store, outs: [{ out: 'drop later', type: 'core.inbox' }] };
    case 'send':
      return send(env, store, request);
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
      return inbox(env, store, event.raw as Json);
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
  outs.push(...retried.outs);
  for (const raw of events) outs.push({ out: 'later', event: { type: 'core.inbox', raw } });
  outs.push({ out: 'later', event: { type: 'core.inbox', raw: null } });
  return { store: retried.store, outs };
};

/** One to-device event; `null` stands behind the last one. */
const inbox = (env: Env, store: Store, raw: Json): CoreStep => {
  if (raw === null) return { store, outs: [{ out: 'hear', event: { type: 'sync.done' } }] };
  return isObject(raw) ? arrived(env, store, raw) : { store, outs: [] };
};

const arrived = (env: Env, store: Store, raw: JsonObject): CoreStep => {
  const opened = open(env, store, raw);
  if ('discarded' in opened)
    return {
      store: opened.store,
      outs: [{ out: 'moment', moment: { kind: 'discarded', event: raw, why: opened.discarded } }],
    };
  const known = env.charts.some((chart) => chart.hears.has(opened.event.type));
  const event: DeviceEvent = known ? opened.event : { type: 'inbox.unknown type', unknown: opened.event.type };
  return {
    store: opened.store,
    outs: [
      { out: 'moment', moment: { kind: 'delivery', event: raw, opened: opened.inside, facts: opened.facts } },
      { out: 'hear', event },
    ],
  };
};
