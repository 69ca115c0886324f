/** What is true before a story begins: people have accounts, devices are logged in, cross-signed and backed up. */

import { type ChartState, startChart } from '../../machines/chart.ts';
import type { Device } from '../../machines/core/env.ts';
import type { BareAct } from '../../machines/events.ts';
import { memoBeside } from '../../machines/memo.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { Suite } from '../../machines/suite.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { emptyHomeserver, registerUser } from '../homeserver/index.ts';
import { userOf } from './acting.ts';
import { type Attacker, newAttacker } from './attacker.ts';
import { beginAttackers } from './attacking.ts';
import { tellDevice, wakeDevice } from './loop.ts';
import { userId } from './names.ts';
import { logIn, passwordOf, settled as settling, verifies } from './people.ts';
import { ownerIn } from './player.ts';
import { homeOf, roomIdOf } from './rooms.ts';
import { setStage } from './set-stage.ts';
import { roleOf, type Stage } from './stage.ts';
import type { Cast, CastAttacker, CastDevice, CastRoom, CastUser, PlayerId, Step } from './types.ts';
import { after, inTurn, type Progress, quiet, type World, withServer } from './world.ts';

/** The story cannot begin: somebody has not done before it what everybody does. A chart of ours is at fault, or whoever sits in a device's place. */
export class NotBegun extends Error {}

/** Clients that do everything right come to rest. */
const settled = (stage: Stage, before: Progress): Progress => {
  const { endless, ...progress } = settling(stage, before);
  if (endless !== null)
    throw new NotBegun(
      `${endless.join(' and ')} do not come to rest before the story: do two charts answer each other?`,
    );
  return progress;
};

/** Attackers that have an account of their own are set up as honest people are. */
const people = ({ scenario: { cast }, ...stage }: Stage): readonly CastUser[] => [
  ...cast.users,
  ...cast.attackers
    .filter((one) => roleOf(stage, one).account !== 'none')
    .map(({ name }) => ({ name, server: homeOf(cast, name), devices: [{ name: 'phone', crossSigned: true }] })),
];

// They are the same whatever settings are turned and whoever looks on: an eighth of a run.
const prologues = memoBeside<Suite, Progress>(1024);

/** The world in which the story begins, with each device's charts as its settings have them. */
export const begin = (stage: Stage): World => {
  const { cast } = stage.scenario;
  const attackers = Object.fromEntries(cast.attackers.map((one) => [one.name, attacker(stage, one)]));
  const ready = beginAttackers(stage, { ...prologueOf(stage).world, attackers });
  return {
    ...ready,
    budgets: Object.fromEntries(cast.attackers.map(({ name, budget }) => [name, budget])),
    faults: stage.free ? { ...stage.scenario.faults, ...stage.scenario.explore?.faults } : stage.scenario.faults,
    devices: Object.fromEntries(
      Object.entries(ready.devices).map(([player, device]) => [player, recharted(stage, player, device)]),
    ),
  };
};

/** What happened before the story, as evidence for guarantees: who made which secret, who holds what. */
export const beforehand = (stage: Stage): Step => ({ choice: beforeAll, moments: prologueOf(stage).moments });
const beforeAll = { id: 'before', who: 'everyone', sentence: 'before the story', kind: 'before' } as const;

/** The devices that are there before the story, as they were left. */
export const devicesBefore = (stage: Stage): World['devices'] => prologueOf(stage).world.devices;

const prologueOf = (stage: Stage): Progress => {
  const { cast } = stage.scenario;
  const goesBy = JSON.stringify([cast.servers, cast.backup, people(stage), cast.rooms ?? []]);
  return prologues(stage.suite, goesBy, () => playPrologue(plainStage(stage)));
};

/** People log in their devices, sign and back up one after another, come to know each other, and meet in rooms. */
const playPrologue = (stage: Stage): Progress => {
  const { cast } = stage.scenario;
  const ready = people(stage).reduce(
    (before, user) => settled(stage, setUp(stage, registered(before, user), user, cast.backup)),
    quiet(emptyWorld(cast)),
  );
  return (cast.rooms ?? []).reduce((before, room) => furnished(stage, before, room), meet(stage, ready));
};

/** The same device with the charts its settings ask for: what a chart was before it stays. */
const recharted = (stage: Stage, player: PlayerId, device: Device): Device => {
  const { charts: running, input } = stage.envOf(player);
  const before = Map.groupBy(Object.keys(device.charts), (name) => name.split(' ', 1)[0]);
  const charts: Record<string, ChartState> = {};
  for (const chart of running) {
    const names = before.get(chart.id) ?? [];
    if (names.length === 0 && !chart.perRoom) charts[chart.id] = startChart(chart, input).state;
    for (const name of names) {
      const { value, context } = device.charts[name] as ChartState;
      const room = name.split(' ')[1];
      charts[name] = { value, context: { ...context, me: room === undefined ? input : { ...input, room } } };
    }
  }
  return { ...device, charts };
};

/** The prologue is played by clients that do everything right: settings turn what comes after. */
const plainStage = (stage: Stage): Stage => {
  const everyone = {
    off: [],
    readings: {},
    options: {},
    implements: textsOf(stage.scenario.cast),
    identifiers: 'stable' as const,
  };
  return setStage(
    {
      ...stage.scenario,
      cast: { ...stage.scenario.cast, users: people(stage), attackers: [] },
      settings: { everyone, byDevice: {} },
      story: [],
      explore: null,
    },
    {
      seed: stage.seed,
      suite: stage.suite,
      verbs: stage.verbs,
      roles: stage.roles,
      allHonest: true,
      ...(stage.kernel.isThroughout === true ? { kernel: stage.kernel } : {}),
    },
  );
};

/** Each device looks up whom its user knows: everybody, unless the cast says whom. */
const meet = (stage: Stage, before: Progress): Progress => {
  const everybody = people(stage);
  const knownTo = (player: PlayerId): readonly string[] => {
    const owner = ownerIn(player);
    const knows = everybody.find(({ name }) => name === owner)?.knows;
    return everybody
      .filter(({ name }) => knows === undefined || name === owner || knows.includes(name))
      .map(({ name, server }) => userId(name, server));
  };
  const met = inTurn(before, Object.keys(before.world.devices), (now, player) =>
    wakeDevice(stage, now, player, { from: 'core', event: { type: 'sync.device lists', users: knownTo(player) } }),
  );
  return settled(stage, met);
};

/** The first member makes the room and asks the others in one by one; each joins. All by their first devices' own charts. */
const furnished = (stage: Stage, begin: Progress, room: CastRoom): Progress => {
  const { cast } = stage.scenario;
  const { members, name, history, joinRule } = room;
  const allow = (cast.rooms ?? []).find((one) => one.name === room.allow);
  const joins = {
    ...(joinRule === undefined ? {} : { joinRule }),
    ...(allow === undefined ? {} : { allow: roomIdOf(cast, allow) }),
  };
  const [maker, ...others] = members;
  const roomId = roomIdOf(cast, room);
  const handOf = (who: string | undefined): PlayerId =>
    `${who}.${people(stage).find((one) => one.name === who)?.devices[0]?.name}`;
  const tells = (before: Progress, player: PlayerId, event: BareAct): Progress =>
    settled(
      stage,
      after(before, (now) => tellDevice(stage, now, player, event)),
    );
  const made = tells(begin, handOf(maker), { type: 'user.create room', room: roomId, name, history, ...joins });
  return others.reduce((before, who) => {
    const asked = tells(before, handOf(maker), { type: 'user.invite', room: roomId, user: userOf(stage, who) });
    const joined = tells(asked, handOf(who), { type: 'user.join', room: roomId });
    const { user } = joined.world.devices[handOf(who)]?.store.me ?? { user: who };
    const state = joined.world.servers[homeOf(cast, who)]?.rooms[roomId]?.state['m.room.member']?.[user];
    if (state?.content.membership !== 'join')
      throw new NotBegun(
        `${who} did not come into ${roomId} before the story: does no chart of ${maker} hear user.invite?`,
      );
    return joined;
  }, made);
};

/** The texts the prologue is played by, whatever the story sets. */
const textsOf = ({ rooms = [] }: Cast): DeviceSettings['implements'] => ({
  MSC1219: 'spec-v1.19',
  MSC1946: 'spec-v1.19',
  MSC4385: 'push-variant',
  MSC4147: 'spec-main',
  ...(rooms.length === 0 ? {} : { MSC4268: 'merged' }),
});

const emptyWorld = ({ servers }: Cast): World => ({
  now: 0,
  devices: {},
  offline: [],
  loggedOut: [],
  servers: Object.fromEntries(servers.map((name) => [name, emptyHomeserver(name)])),
  attackers: {}, // whoever is no more than an attacker comes when all this is done
  alarms: [],
  troubles: [],
  veils: [],
  line: 0,
  acted: [],
  played: [],
  budgets: {},
  faults: {},
});

/** With an account of that name. */
const registered = ({ world, moments }: Progress, { name, server }: CastUser): Progress => {
  const home = world.servers[server];
  if (home === undefined) throw new Error(`${name} lives on ${server}, which the cast does not have`);
  return { world: withServer(world, server, registerUser(home, name, passwordOf(name))), moments };
};

const attacker = (stage: Stage, one: CastAttacker): Attacker =>
  newAttacker({
    name: one.name,
    plays: one.plays,
    of: one.of,
    server: homeOf(stage.scenario.cast, one.name),
    runs: roleOf(stage, one).runs(one),
  });

/** A room that was there before. Servers name rooms in small letters: no room of a story inherits a key of it. */
const roomBefore = (server: string): RoomId => `!Earlier:${server}`;

/** Devices of a user with those in front that are signed: the first of all makes their identity, where any is signed, and their backup. */
export const signedFirst = (devices: readonly CastDevice[]): readonly CastDevice[] =>
  devices.toSorted((one, other) => Number(other.crossSigned) - Number(one.crossSigned));

const setUp = (stage: Stage, begin: Progress, user: CastUser, backup: boolean): Progress => {
  const [firstDevice, ...others] = signedFirst(user.devices);
  if (firstDevice === undefined) return begin;
  const first = `${user.name}.${firstDevice.name}`;
  const logIns = user.devices.map(
    ({ name }) =>
      (now: World) =>
        logIn(stage, now, user.name, user.server, name),
  );
  const setUps = [
    ...(firstDevice.crossSigned ? [{ type: 'user.set up cross-signing' } as const] : []),
    ...(backup ? [{ type: 'user.create backup' } as const] : []),
  ].map((event) => (now: World) => tellDevice(stage, now, first, event));
  const verifyings = others.flatMap(({ name, crossSigned }) => [
    (now: World) => settled(stage, quiet(now)),
    ...(crossSigned ? [(now: World) => verifies(stage, now, first, `${user.name}.${name}`, true)] : []),
  ]);
  // Something for the backup to hold. Where there are rooms, what is said there gives it that.
  const spoken = (stage.scenario.cast.rooms ?? []).length === 0 ? user.devices : [];
  const speakings = spoken.map(({ name }) => (now: World) => {
    const event = { type: 'user.start room key', room: roomBefore(user.server) } as const;
    return tellDevice(stage, now, `${user.name}.${name}`, event);
  });
  return inTurn(begin, [...logIns, ...setUps, ...verifyings, ...speakings], (now, then) => then(now));
};
