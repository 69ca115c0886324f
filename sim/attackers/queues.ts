/** What somebody at a server can do to the to-device events that wait there, and may wait a while longer. */
import type { JsonObject } from '../../machines/json.ts';
import type { Recorded } from '../engine/attacker.ts';
import type { PlayerId } from '../engine/types.ts';
import { noting, type Progress, quiet, type World, withAttacker, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { addressOf, forged, serverOf } from './forging.ts';
import { addressed, attackerOf } from './knowledge.ts';

/** Puts a to-device event into a device's queue. */
const enqueue = (world: World, name: PlayerId, to: PlayerId, event: JsonObject, what: string): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, to);
  return noting(
    quiet(withServer(world, at, tamper.enqueue(server, user, device, event))),
    forged(name, at, to, what, null, event),
  );
};

/** A cleartext event that shows the public device keys of `as`, as if that proved anything. */
export const inject = (
  world: World,
  name: PlayerId,
  to: PlayerId,
  as: PlayerId,
  type: string,
  content: JsonObject,
): Progress => {
  const sender = addressOf(world, as);
  const { server } = serverOf(world, name);
  const keys = tamper.deviceKeys(server, sender.user, sender.device);
  const event = {
    type,
    sender: sender.user,
    content: { ...content, ...(keys === null ? {} : { sender_device_keys: keys }) },
  };
  return enqueue(world, name, to, event, `injects ${type} in the clear, naming ${as}`);
};

/** Sends again what it has seen go to that device: the latest event of that (outer) type. */
export const replayTo = (world: World, name: PlayerId, to: PlayerId, type: string): Progress => {
  const { user, device } = addressOf(world, to);
  const seen = attackerOf(world, name).recorded[`${user} ${device}`] ?? [];
  const wanted = seen.filter((event) => event.type === type || event.type === 'm.room.encrypted').at(-1);
  return wanted === undefined ? quiet(world) : enqueue(world, name, to, wanted, 'replays an earlier message');
};

const queueOf = (world: World, name: PlayerId, to: PlayerId) => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, to);
  return { at, server, user, device, queue: tamper.queue(server, user, device) };
};

/** What waits for a device is changed as a whole. */
const rewriteQueue = (
  world: World,
  name: PlayerId,
  to: PlayerId,
  what: string,
  change: (queue: readonly JsonObject[]) => readonly JsonObject[],
): Progress => {
  const { at, server, user, device, queue } = queueOf(world, name, to);
  const changed = change(queue);
  if (queue.length + changed.length === 0) return quiet(world);
  return noting(
    quiet(withServer(world, at, tamper.setQueue(server, user, device, changed))),
    forged(name, at, to, what, queue, changed),
  );
};

export const reorder = (world: World, name: PlayerId, to: PlayerId): Progress =>
  queueOf(world, name, to).queue.length < 2
    ? quiet(world)
    : rewriteQueue(world, name, to, 'reverses the order of what waits', (queue) => [...queue].reverse());
export const dropAll = (world: World, name: PlayerId, to: PlayerId): Progress =>
  rewriteQueue(world, name, to, 'drops what waits', () => []);
export const rewriteSender = (world: World, name: PlayerId, to: PlayerId, sender: string): Progress =>
  rewriteQueue(world, name, to, `names ${sender} as the sender of what waits`, (queue) =>
    queue.map((event) => ({ ...event, sender })),
  );

/** What waits for one device goes to another instead. */
export const handOn = (world: World, name: PlayerId, of: PlayerId, to: PlayerId): Progress => {
  const mail = queueOf(world, name, of).queue;
  if (mail.length === 0) return quiet(world);
  const taken = rewriteQueue(world, name, of, `takes what waits for ${of}`, () => []);
  const { world: now, moments } = rewriteQueue(taken.world, name, to, `hands on what was for ${of}`, (queue) => [
    ...queue,
    ...mail,
  ]);
  return { world: now, moments: [...taken.moments, ...moments] };
};

/** What an attacker holds back from a device, oldest first. */
export const withheldFrom = (world: World, name: PlayerId, from: PlayerId): readonly Recorded[] => {
  const { user, device } = addressOf(world, from);
  return attackerOf(world, name).withheld[addressed(user, device)] ?? [];
};

/** Takes what waits for a device aside, to let it through when it likes. What is sent afterwards goes by. */
export const holdBack = (world: World, name: PlayerId, from: PlayerId): Progress => {
  const { user, device, queue } = queueOf(world, name, from);
  const attacker = attackerOf(world, name);
  const address = addressed(user, device);
  const withheld = { ...attacker.withheld, [address]: [...(attacker.withheld[address] ?? []), ...queue] };
  if (queue.length === 0) return quiet(world);
  const emptied = rewriteQueue(world, name, from, 'holds back what waits', () => []);
  return { ...emptied, world: withAttacker(emptied.world, { ...attacker, withheld }) };
};

/** Lets through what it held back, behind whatever waits by now. */
export const release = (world: World, name: PlayerId, to: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, to);
  const attacker = attackerOf(world, name);
  const { [addressed(user, device)]: late = [], ...withheld } = attacker.withheld;
  if (late.length === 0) return quiet(world);
  const filled = late.reduce<typeof server>((now, event) => tamper.enqueue(now, user, device, event), server);
  return noting(
    quiet(withAttacker(withServer(world, at, filled), { ...attacker, withheld })),
    forged(name, at, to, 'lets through what it held back', null, late),
  );
};
