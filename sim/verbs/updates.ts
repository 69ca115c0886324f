/** A client that is updated in the middle of a story: it stops, and comes up as another release on the store there is. */
import { startChart } from '../../machines/chart.ts';
import { restart } from '../../machines/core/device.ts';
import type { Device, Env } from '../../machines/core/env.ts';
import { sameJson } from '../../machines/json.ts';
import { identifierForms } from '../../machines/names.ts';
import type { Perform } from '../engine/acting.ts';
import { deviceOf, tellDevice } from '../engine/loop.ts';
import { hadBy, updatesIn } from '../engine/updated.ts';
import { after, noting, quiet, withDevice } from '../engine/world.ts';
import { devices } from './actors.ts';
import { type Arg, clause, oneOf, reading, text } from './arguments.ts';
import { type Form, type Verb, verb } from './verb.ts';

/** Charts that the new release has and the old one had not begin as on a new device. */
const withNewCharts = ({ charts, input }: Env, device: Device): Device => {
  const added = charts
    .filter(({ id, perRoom }) => !perRoom && device.charts[id] === undefined)
    .map((chart) => [chart.id, startChart(chart, input).state] as const);
  return { ...device, charts: { ...device.charts, ...Object.fromEntries(added) } };
};

const isUpdated: Perform = (stage, world, act) => {
  const device = deviceOf(world, act.who);
  const place = updatesIn(stage.verbs, stage.scenario).findIndex(
    (one) => one.who === act.who && one.verb === act.verb && sameJson(one.args, act.args),
  );
  const counts = { ...device.store.counts, [`update ${hadBy(device).length}`]: place };
  const newer = { ...device, store: { ...device.store, counts } };
  const env = stage.envFor(act.who, newer);
  const back = noting(
    quiet(withDevice(world, act.who, withNewCharts(env, restart(env, newer)))),
    { kind: 'acted', player: act.who, what: 'restart with', detail: act.args },
    { kind: 'restarted', player: act.who, update: place },
  );
  return after(back, (now) => tellDevice(stage, now, act.who, { type: 'user.start', users: [newer.store.me.user] }));
};

const update = (name: string, says: string, takes: Arg, updates: NonNullable<Form['updates']>): Verb =>
  verb(name, {
    by: devices,
    text: says,
    takes,
    updates,
    does: isUpdated,
  });

export const updateTo = update(
  'update to',
  'The client is updated to another text of a proposal, or to none of it.',
  text,
  (settings, to) => {
    const [proposal = '', revision = ''] = to.split(' ');
    return { ...settings, implements: { ...settings.implements, [proposal]: revision } };
  },
);
export const startKeeping = update(
  'start keeping',
  'The client is updated: from now on it goes by a clause.',
  clause,
  (settings, to) => ({ ...settings, off: settings.off.filter((one) => one !== to) }),
);
export const stopKeeping = update(
  'stop keeping',
  'The client is updated: from now on it goes without a clause.',
  clause,
  (settings, to) => ({ ...settings, off: [...new Set([...settings.off, to])].sort() }),
);
export const startReading = update(
  'start reading',
  'The client is updated: from now on it reads a question that way.',
  reading,
  (settings, to) => {
    const [question = '', value] = to.split(' ');
    return { ...settings, readings: { ...settings.readings, [question]: value === 'B' ? 'B' : 'A' } };
  },
);
export const useNames = update(
  'use names',
  'The client is updated: from now on it uses these names on the wire.',
  oneOf(...identifierForms),
  (settings, to) => ({ ...settings, identifiers: identifierForms.find((one) => one === to) ?? settings.identifiers }),
);
