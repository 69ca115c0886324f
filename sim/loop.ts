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

/** What one turn leaves to be heard: now, and once all else is quiet. `dropped`: types no longer to be heard later. */
type Left = {
  readonly queue: readonly DeviceEvent[];
  readonly later: readonly DeviceEvent[];
  readonly dropped: readonly string[];
  readonly moments: readonly Moment[];
};

const toQuiet = (stage: Stage, begin: World, player: PlayerId, outs: readonly Out[]): Progress => {
  let turn = stage.kernel.part(begin, `${player} does`, outs, (now, given) => carriedOut(stage, now, player, given));
  let queue = turn.result.queue;
  let later = turn.result.later;
  const moments = [...turn.result.moments];
  for (let heard = 0; heard < heardMax; heard += 1) {
    const waiting = queue.length > 0 ? queue : later;
    const event = waiting[0];
    if (event === undefined) return { world: turn.world, moments };
    if (queue.length > 0) queue = queue.slice(1);
    else later = later.slice(1);
    turn = stage.kernel.part(turn.world, `${player} hears`, event, (now, given) => {
      const step = stage.kernel.hear(stage.envOf(player), deviceOf(now, player), given);
      return carriedOut(stage, withDevice(now, player, step.device), player, step.outs);
    });
    const { result } = turn;
    moments.push(...result.moments);
    queue = [...queue, ...result.queue];
    later = [...later.filter(({ type }) => !result.dropped.includes(type)), ...result.later];
  }
  throw new Error(
    `${player} does not come to rest: charts ${stage
      .envOf(player)
      .charts.map(({ id }) => id)
      .join(', ')} still answer each other`,
  );
};

/** Carries out what leaves a device, in order. Answers are left to be heard. */
const carriedOut = (
  stage: Stage,
  begin: World,
  player: PlayerId,
  outs: readonly Out[],
): { readonly world: World; readonly result: Left } => {
  const queue: DeviceEvent[] = [];
  let later: DeviceEvent[] = [];
  const dropped: string[] = [];
  const moments: Moment[] = [];
  let world = begin;
  for (const out of outs)
    switch (out.out) {
      case 'hear':
        queue.push(out.event);
        break;
      case 'later':
        later.push(out.event);
        break;
      case 'drop later':
        later = later.filter(({ type }) => type !== out.type);
        dropped.push(out.type);
        break;
      case 'wake':
        world = { ...world, alarms: [...world.alarms, { player, dueMs: world.now + out.afterMs, event: out.event }] };
        break;
      case 'moment':
        moments.push(placed(world, player, out.moment));
        break;
      case 'request': {
        const { me } = deviceOf(world, player).store;
        const { out: _request, answerAs, ...asked } = out;
        const called = call(stage, world, player, me.server, { ...asked, accessToken: me.accessToken });
        world = called.world;
        moments.push(...called.moments);
        if (answerAs !== null)
          queue.push({
            type: answerAs,
            status: called.answer?.status ?? 0,
            body: called.answer?.body ?? null,
            request: { method: asked.method, path: asked.path },
          });
        break;
      }
    }
  return { world, result: { queue, later, dropped, moments } };
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
