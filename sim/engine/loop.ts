/**
 * A step runs to quiet: one device hears an event and everything that follows from it within the device and its requests.
 *
 * Events are heard in order of arrival. What leaves is carried out in the order it was returned; answers join the queue.
 * What a device asked to hear `later` comes once the queue is empty.
 */

import { restart } from '../../machines/core/device.ts';
import type { CoreStep, Device } from '../../machines/core/env.ts';
import { type DeviceMoment, type Out, unasked, type Waiting } from '../../machines/effects.ts';
import type { Answered, BareAct, CoreTask, Incoming } from '../../machines/events.ts';
import { stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Done } from './kernel.ts';
import { named } from './names.ts';
import { type Asked, type Called, call } from './network.ts';
import type { Stage } from './stage.ts';
import type { Moment, Ms, PlayerId } from './types.ts';
import { after, isRogue, loggingOut, noting, type Progress, quiet, type World, withDevice } from './world.ts';

/** More than this within one step is an endless loop, not a story: as long as no letter is taken up that came in it. */
const heardMax = 2000;
/** A device that goes on getting letters within one step writes to itself. */
const lettersMax = 100_000;

/** `player` is told what its person does, and hears it to quiet. */
export const tellDevice = (stage: Stage, world: World, player: PlayerId, act: BareAct): Progress =>
  wakeDevice(stage, world, player, { from: 'user', event: act });

/** A client that was closed comes up again as `device`, from its store alone; what is to be known of that is noted first. */
export const comesUp = (
  stage: Stage,
  world: World,
  player: PlayerId,
  device: Device,
  ...noted: readonly Moment[]
): Progress => {
  const again = withDevice(world, player, restart(stage.envFor(player, device), device));
  return after(noting(quiet(again), ...noted), (now) =>
    tellDevice(stage, now, player, { type: 'user.start', users: [device.store.me.user] }),
  );
};

/** What was to be heard by `player` is, to quiet: an alarm that fell due, an act. */
export const wakeDevice = (stage: Stage, world: World, player: PlayerId, incoming: Incoming): Progress =>
  toQuiet(stage, world, player, [{ out: 'hear', incoming }]);

/** A step of the core alone, as an attacker makes a device of his do, and what follows from it. */
export const driveDevice = (
  stage: Stage,
  world: World,
  player: PlayerId,
  drive: (world: World) => CoreStep,
): Progress => {
  const step = drive(world);
  const device = deviceOf(world, player);
  return toQuiet(stage, withDevice(world, player, { ...device, store: step.store }), player, step.outs);
};

const toQuiet = (stage: Stage, begin: World, player: PlayerId, outs: readonly Out[]): Progress => {
  let world = begin;
  let turn: readonly Out[] | null = outs;
  let later: readonly Incoming[] = [];
  let moments: Moment[] = [];
  let letters = 0;
  for (let turns = 0; turn !== null && turns < heardMax && letters < lettersMax; turns += 1) {
    const done: Done<Left> = stage.kernel.part(stage, world, takeTurn, { player, outs: turn });
    world = done.world;
    moments.push(...done.result.moments);
    if (done.result.hasStopped) {
      const device = deviceOf(world, player);
      moments = [...untaken(moments, player, device.store.nextBatch), { kind: 'restarted', player }];
      world = withDevice(world, player, restart(stage.envFor(player, device), device));
      later = [];
      turn = [
        { out: 'hear', incoming: { from: 'user', event: { type: 'user.start', users: [device.store.me.user] } } },
      ];
      continue;
    }
    later = [...(done.result.hasDropped ? later.filter(isNoMail) : later), ...done.result.later];
    const [next, ...rest] = later;
    if (next !== undefined && !isNoMail(next)) {
      letters += 1;
      turns = 0;
    }
    turn = next === undefined ? null : [{ out: 'hear', incoming: next }];
    later = rest;
  }
  if (turn !== null) throw restless(stage, player);
  return { world, moments };
};

/** A client that stopped goes on from `nextBatch`: what its last sync brought counts for nothing, unless it got that far. */
const untaken = (moments: readonly Moment[], player: PlayerId, nextBatch: string | null): readonly Moment[] => {
  const last = moments.findLastIndex(
    (one) => one.kind === 'request' && one.from === player && one.path === paths.sync && one.status === 200,
  );
  return moments.map((one, nth) =>
    nth === last && one.kind === 'request' && one.lost !== true && stringAt(one.response, 'next_batch') !== nextBatch
      ? { ...one, untaken: true }
      : one,
  );
};

/** What a turn leaves to be heard once all else is quiet, and whether mail that waited before it is lost, or the client stopped in it. */
type Left = {
  readonly later: readonly Incoming[];
  readonly hasDropped: boolean;
  readonly hasStopped: boolean;
  readonly moments: readonly Moment[];
};

/** Carries out what leaves a device, in order, and has it hear what comes of that until nothing does. */
const takeTurn = (
  stage: Stage,
  begin: World,
  { player, outs }: { readonly player: PlayerId; readonly outs: readonly Out[] },
): Done<Left> => {
  const queue: Incoming[] = [];
  let next: Incoming[] = [];
  let later: Incoming[] = [];
  let hasDropped = false;
  let hasStopped = false;
  const moments: Moment[] = [];
  let world = begin;
  let heard = 0;

  const carryOut = (out: Out): void => {
    // Whatever else it was about to do or to hear is gone with it: only what it stores is left.
    if (hasStopped) return;
    switch (out.out) {
      case 'hear':
        queue.push(out.incoming);
        return;
      case 'hear next':
        next.push(out.incoming);
        return;
      case 'later':
        later.push(out.incoming);
        return;
      case 'drop inbox':
        later = later.filter(isNoMail);
        hasDropped = true;
        return;
      case 'wake':
        if (world.loggedOut.includes(player)) return;
        world = {
          ...world,
          alarms: [...world.alarms, { player, dueMs: world.now + out.afterMs, incoming: out.incoming }],
        };
        return;
      case 'moment':
        moments.push(placed(world, player, out.moment));
        return;
      case 'request': {
        const { me } = deviceOf(world, player).store;
        const { out: _request, waiting, ...asked } = out;
        const called = asks(stage, world, player, me.server, { ...asked, accessToken: me.accessToken });
        world = called.world;
        moments.push(...called.moments);
        hasStopped = called.hasStopped === true;
        const { status = 0, body = null } = called.answer ?? {};
        if (waiting !== null) queue.push(answering(waiting, { status, body }, world.now));
        return;
      }
    }
  };

  for (const out of outs) carryOut(out);
  for (let incoming = queue.shift(); incoming !== undefined && !hasStopped; incoming = queue.shift()) {
    heard += 1;
    if (heard > heardMax) throw restless(stage, player);
    const device = deviceOf(world, player);
    const step = stage.kernel.hear(stage.envFor(player, device), device, stamped(world, incoming));
    if (step.device !== device) world = withDevice(world, player, step.device);
    next = [];
    for (const out of step.outs) carryOut(out);
    queue.unshift(...next);
  }
  return { world, result: { later, hasDropped, hasStopped, moments } };
};

/**
 * One request of a device. Once it has been told that its access token is unknown ("Soft logout" apart, that is a logout) it asks
 * no more, and hears of each further request that it was not made.
 */
const asks = (stage: Stage, world: World, player: PlayerId, server: PlayerId, asked: Asked): Called => {
  if (world.loggedOut.includes(player)) return { world, moments: [], answer: unasked };
  const called = call(stage, world, player, server, asked);
  const isUnknown =
    called.answer?.status === 401 &&
    stringAt(called.answer.body, 'errcode') === 'M_UNKNOWN_TOKEN' &&
    !isRogue(world, player);
  return isUnknown ? { ...called, world: loggingOut(called.world, player) } : called;
};

/** Charts read no clock: what a person does and what a sync brings say when it is. */
const stamped = (world: World, incoming: Incoming): Incoming =>
  incoming.from === 'user' ? { ...incoming, event: { ...incoming.event, atMs: world.now } } : incoming;

/** All but letters. */
const isNoMail = (incoming: Incoming): boolean => incoming.from !== 'task' || incoming.task.task !== 'inbox';

/** An answer as whoever waits for it hears it. */
const answering = (waiting: NonNullable<Waiting>, answered: Answered, now: Ms): Incoming => {
  if ('chart' in waiting) {
    const { to, as, with: more } = waiting.chart;
    const event = { type: as, answers: 'request', ...answered, ...(more === undefined ? {} : { with: more }) };
    return { from: 'answer', to, event };
  }
  const { core } = waiting;
  const task: CoreTask = core.task === 'synced' ? { ...core, ...answered, atMs: now } : { ...core, ...answered };
  return { from: 'task', task };
};

const restless = (stage: Stage, player: PlayerId): Error =>
  new Error(
    `${player} does not come to rest: charts ${stage
      .envOf(player)
      .charts.map(({ id }) => id)
      .join(', ')} still answer each other`,
  );

/** A device that is there. @throws where it is not: whoever acts and whom they name is looked for before an act is tried */
export const deviceOf = (world: World, player: PlayerId): Device => {
  const device = named(world.devices, player);
  if (device === undefined)
    throw new Error(`${player} is no device: an act that sim/verbs/refusing.ts should have refused?`);
  return device;
};

const placed = (world: World, player: PlayerId, moment: DeviceMoment): Moment =>
  moment.kind === 'delivery'
    ? { ...moment, from: deviceOf(world, player).store.me.server, to: player }
    : { ...moment, player };
