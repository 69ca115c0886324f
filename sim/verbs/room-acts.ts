/** What people do in rooms, what passes time, and what honest servers do with media and with each other. */

import type { BareAct } from '../../machines/events.ts';
import type { Json } from '../../machines/json.ts';
import { arg, first, type Perform, refused, userOf } from '../engine/acting.ts';
import { durationMs } from '../engine/duration.ts';
import { delivers } from '../engine/federating.ts';
import { tellDevice } from '../engine/loop.ts';
import { deviceId, named } from '../engine/names.ts';
import { syncs } from '../engine/people.ts';
import { deviceNameIn, ownerIn } from '../engine/player.ts';
import { roomIdFor } from '../engine/rooms.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import { alarmsDue, type Due, wakes } from '../engine/waking.ts';
import { after, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import { expireMedia } from '../homeserver/media.ts';

/** The device a person acts with: the first of theirs that is there, in the order of the cast, then those logged in later. */
export const deviceInHand = (stage: Stage, world: World, who: PlayerId): PlayerId | null => {
  const isThere = (player: PlayerId) => named(world.devices, player) !== undefined && !world.loggedOut.includes(player);
  if (named(world.devices, who) !== undefined) return who;
  const devices = stage.scenario.cast.users.find(({ name }) => name === who)?.devices ?? [];
  const cast = devices.map(({ name }) => `${who}.${name}`).find(isThere);
  const later = () =>
    Object.keys(world.devices)
      .sort()
      .find((player) => player.startsWith(`${who}.`) && isThere(player));
  return cast ?? later() ?? null;
};

/** Tells whoever acts, or the device in that person's hand; somebody without a device is refused before. */
export const tells =
  (event: (stage: Stage, act: Act, player: PlayerId) => BareAct): Perform =>
  (stage, world, act) => {
    const player = deviceInHand(stage, world, act.who);
    return player === null
      ? refused(quiet(world), act, `${act.who} has no device at hand`)
      : tellDevice(stage, world, player, event(stage, act, player));
  };

const inRoom = (
  verb: string,
  type: `user.${'join' | 'leave' | 'decline' | 'knock' | 'confirms invite' | 'declines invite' | 'scroll back'}`,
): Readonly<Record<string, Perform>> => ({
  [verb]: tells((_stage, act) => ({ type, room: first(act) })),
});
/** `where`: the word before the room. */
const withUser = (verb: 'invite' | 'kick' | 'ban' | 'unban', where: string): Readonly<Record<string, Perform>> => ({
  [verb]: tells((stage, act) => ({ type: `user.${verb}`, room: arg(act, where), user: userOf(stage, first(act)) })),
});

const createsRoom = tells((stage, act, player) => ({
  type: 'user.create room',
  room: roomIdFor(stage.scenario.cast, first(act), ownerIn(player)),
  name: first(act),
  history: arg(act, 'history') || 'shared',
  ...(arg(act, 'join rule') === '' ? {} : { joinRule: arg(act, 'join rule') }),
  ...(arg(act, 'allow') === '' ? {} : { allow: arg(act, 'allow') }),
}));

/** A file of room keys goes from one device to another by hand: what the one exports, the other imports. */
const importsRoomKeys: Perform = (stage, world, act) => {
  const player = deviceInHand(stage, world, act.who);
  const from = first(act);
  if (player === null || named(world.devices, from) === undefined)
    return refused(quiet(world), act, `${player === null ? act.who : from} is not logged in`);
  const exported = tellDevice(stage, world, from, { type: 'user.export room keys' });
  const keys = exported.moments.flatMap((moment): readonly Json[] =>
    moment.kind === 'shown' && moment.notice.about === 'room keys exported' && Array.isArray(moment.notice.keys)
      ? moment.notice.keys
      : [],
  );
  return after(exported, (now) => tellDevice(stage, now, player, { type: 'user.import room keys', keys }));
};

const forwardsRoomKeys = tells((_stage, act) => ({
  type: 'user.forward room keys',
  device: deviceId(deviceNameIn(first(act)) ?? first(act)),
}));

/** A sync that leaves out of every room all but its newest event; and members who said nothing, where the client loads them lazily. */
const syncsWithGap: Perform = (stage, world, act) => syncs(stage, world, act.who, { limit: 1 });

/** More often than this nobody is woken within one line. */
const wakesMax = 10_000;

/** Time passes: what falls due on the way is heard in order, each at its time. */
const waits: Perform = (stage, world, act) => {
  const until = world.now + (durationMs(first(act)) ?? 0);
  let progress: Progress = quiet(world);
  let woken = 0;
  for (let due = nextDue(progress.world, until); due !== null; due = nextDue(progress.world, until)) {
    const { player, nth } = due;
    woken += 1;
    if (woken > wakesMax)
      throw new Error(`${player} is woken ${wakesMax} times in one wait: does a chart ask to be woken after 0 ms?`);
    progress = after(progress, (now) => wakes(stage, now, nth));
  }
  return { ...progress, world: { ...progress.world, now: until } };
};
/** The alarm that is due first, and not after `until`. */
const nextDue = (world: World, until: number): Due | null => {
  const [first] = alarmsDue(world);
  return first !== undefined && first.dueMs <= until ? first : null;
};

const sends: Perform = (stage, world, act) => delivers(stage, world, { from: act.who, to: first(act) });

const expiresMedia: Perform = (_stage, world, act) => {
  const server = named(world.servers, act.who);
  return quiet(server === undefined ? world : withServer(world, act.who, expireMedia(server, world.now)));
};
const limitsUploads: Perform = (_stage, world, act) => {
  const server = named(world.servers, act.who);
  if (server === undefined) return refused(quiet(world), act, `there is no server ${act.who}`);
  const settings = { ...server.settings, uploadBytesMax: Number(act.args[act.verb]) };
  return quiet(withServer(world, act.who, { ...server, settings }));
};
const keepsMediaAt: Perform = (_stage, world, act) => {
  const server = named(world.servers, act.who);
  if (server === undefined) return refused(quiet(world), act, `there is no server ${act.who}`);
  const settings = { ...server.settings, mediaName: first(act) };
  return quiet(withServer(world, act.who, { ...server, settings }));
};

/** Verb → what it does. */
export const roomActs: Readonly<Record<string, Perform>> = {
  'create room': createsRoom,
  ...inRoom('join', 'user.join'),
  ...inRoom('leave', 'user.leave'),
  ...inRoom('decline', 'user.decline'),
  ...inRoom('knock', 'user.knock'),
  ...withUser('invite', 'to'),
  ...withUser('kick', 'from'),
  ...withUser('ban', 'from'),
  ...withUser('unban', 'from'),
  send: tells((_stage, act) => ({ type: 'user.send', room: arg(act, 'in'), text: first(act) })),
  'set history': tells((_stage, act) => ({
    type: 'user.set history',
    room: arg(act, 'in'),
    visibility: first(act),
  })),
  ...inRoom('confirm invite', 'user.confirms invite'),
  ...inRoom('take back invite', 'user.declines invite'),
  ...inRoom('scroll back', 'user.scroll back'),
  'export room keys': tells(() => ({ type: 'user.export room keys' })),
  'import room keys': importsRoomKeys,
  'forward room keys': forwardsRoomKeys,
  'sync with a gap': syncsWithGap,
  wait: waits,
  'deliver to': sends,
  'expire media': expiresMedia,
  'limit uploads': limitsUploads,
  'keep media at': keepsMediaAt,
};
