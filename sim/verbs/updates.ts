/** A client that is updated in the middle of a story: it stops, and comes up as another release on the store there is. */
import { startChart } from '../../machines/chart.ts';
import { restart } from '../../machines/core/device.ts';
import type { Device, Env } from '../../machines/core/env.ts';
import { sameJson } from '../../machines/json.ts';
import type { Perform } from '../engine/acting.ts';
import { tellDevice } from '../engine/loop.ts';
import { hadBy, updatesIn, updateVerbs } from '../engine/updated.ts';
import { after, noting, quiet, withDevice } from '../engine/world.ts';

/** Charts that the new release has and the old one had not begin as on a new device. */
const withNewCharts = ({ charts, input }: Env, device: Device): Device => {
  const added = charts
    .filter(({ id, perRoom }) => !perRoom && device.charts[id] === undefined)
    .map((chart) => [chart.id, startChart(chart, input).state] as const);
  return { ...device, charts: { ...device.charts, ...Object.fromEntries(added) } };
};

const updates: Perform = (stage, world, act) => {
  const device = world.devices[act.who];
  if (device === undefined) return quiet(world);
  const place = updatesIn(stage.scenario).findIndex(
    (one) => one.who === act.who && one.verb === act.verb && sameJson(one.args, act.args),
  );
  const counts = { ...device.store.counts, [`update ${hadBy(device).length}`]: place };
  const newer = { ...device, store: { ...device.store, counts } };
  const env = stage.envFor(act.who, newer);
  const back = noting(
    quiet(withDevice(world, act.who, withNewCharts(env, restart(env, newer)))),
    { kind: 'acted', player: act.who, what: 'restart with', detail: act.args },
    { kind: 'restarted', player: act.who },
  );
  return after(back, (now) => tellDevice(stage, now, act.who, { type: 'user.start', users: [newer.store.me.user] }));
};

/** Verb → what it does. */
export const updateActs: Readonly<Record<string, Perform>> = Object.fromEntries(
  updateVerbs.map((verb) => [verb, updates]),
);
