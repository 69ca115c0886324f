/**
 * A step runs to quiet: one device hears an event and everything that follows from it within the device and its requests.
 *
 * Events are heard in order of arrival. What leaves is carried out in the order it was returned; answers join the queue.
 * What a device asked to hear `later` comes once the queue is empty.
 */

import type { CoreStep } from '../machines/core/env.ts';
import type { DeviceEvent, DeviceMoment, Out } from '../machines/types.ts';
import { call } from './network.ts';
import type { Stage } from './stage.ts';
import type { Moment, PlayerId } from './types.ts';
import { type Progress, type World, withDevice } from './world.ts';

/** More than this within one step is an endless loop, not a story. */
const heardMax = 2000;

/** `events` are heard by `player`, to quiet. */
export const tellDevice = (stage: Stage, world: World, player: PlayerId, ...events: readonly DeviceEvent[]): Progress =>
  toQuiet(
    stage,
    world,
    player,
    events.map((event) => ({ out: 'hear', event })),
  );

/** A step of the core alone, as an attacker makes a device of his do, and what follows from it. */
export const driveDevice = (
  stage: Stage,
  world: World,
  player: PlayerId,
  drive: (world: World) => CoreStep,
): Progress => {
  const step = drive(world);
  const device = world.devices[player];
  if (device === undefined) throw new Error(`${player} is no device`);
  return toQuiet(stage, withDevice(world, player, { ...device, store: step.store }), player, step.outs);
};

const toQuiet = (stage: Stage, begin: World, player: PlayerId, outs: readonly Out[]): Progress => {
  const env = stage.envOf(player);
  const queue: DeviceEvent[] = [];
  let later: DeviceEvent[] = [];
  const moments: Moment[] = [];
  let world = begin;
  let heard = 0;

  const carryOut = (out: Out): void => {
    switch (out.out) {
      case 'hear':
        queue.push(out.event);
        return;
      case 'later':
        later.push(out.event);
        return;
      case 'drop later':
        later = later.filter(({ type }) => type !== out.type);
        return;
      case 'wake':
        world = { ...world, alarms: [...world.alarms, { player, dueMs: world.now + out.afterMs, event: out.event }] };
        return;
      case 'moment':
        moments.push(placed(world, player, out.moment));
        return;
      case 'request': {
        const device = deviceOf(world, player);
        const { out: _request, answerAs, ...asked } = out;
        const called = call(stage, world, player, device.store.me.server, {
          ...asked,
          accessToken: device.store.me.accessToken,
        });
        world = called.world;
        moments.push(...called.moments);
        if (answerAs !== null)
          queue.push({
            type: answerAs,
            status: called.answer?.status ?? 0,
            body: called.answer?.body ?? null,
            request: { method: asked.method, path: asked.path },
          });
        return;
      }
    }
  };

  for (const out of outs) carryOut(out);
  for (;;) {
    const event = queue.shift() ?? later.shift();
    if (event === undefined) return { world, moments };
    heard += 1;
    if (heard > heardMax)
      throw new Error(
        `${player} does not come to rest: charts ${env.charts.map(({ id }) => id).join(', ')} still answer each other with ${event.type}`,
      );
    const step = stage.kernel.hear(env, deviceOf(world, player), event);
    world = withDevice(world, player, step.device);
    for (const out of step.outs) carryOut(out);
  }
};

const deviceOf = (world: World, player: PlayerId) => {
  const device = world.devices[player];
  if (device === undefined)
    throw new Error(`${player} is no device: a story line that names a device before it was logged in?`);
  return device;
};

const placed = (world: World, player: PlayerId, moment: DeviceMoment): Moment =>
  moment.kind === 'delivery'
    ? { ...moment, from: deviceOf(world, player).store.me.server, to: player }
    : { ...moment, player };
