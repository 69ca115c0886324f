/** What is true before a story begins: people have accounts, devices are logged in, cross-signed and backed up. */
import { type ChartState, startChart } from '../machines/chart.ts';
import type { Device } from '../machines/core/env.ts';
import type { Suite } from '../machines/suite.ts';
import type { DeviceDials, DeviceEvent } from '../machines/types.ts';
import { userOf } from './acting.ts';
import { logIn, passwordOf, settled, verifies } from './acts.ts';
import { atTheBeginning } from './attackers/overhear.ts';
import { type Attacker, hasAccount, isOrdinary, newAttacker, phoneOf } from './attackers/types.ts';
import { emptyHomeserver, registerUser } from './homeserver/index.ts';
import { tellDevice } from './loop.ts';
import { userId } from './names.ts';
import { homeOf, roomIdOf } from './rooms.ts';
import { type Stage, setStage } from './stage.ts';
import type { Cast, CastAttacker, CastRoom, CastUser, PlayerId, Step } from './types.ts';
import { after, type Progress, quiet, type World } from './world.ts';

/** Attackers that have an account of their own are set up as honest people are. */
const people = (cast: Cast): readonly CastUser[] => [
  ...cast.users,
  ...cast.attackers
    .filter(hasAccount)
    .map(({ name }) => ({ name, server: homeOf(cast, name), devices: [{ name: 'phone', crossSigned: true }] })),
];

/** Prologues are the same whatever dials are turned, so that runs that differ by one dial share them. */
const prologues = new WeakMap<Suite, Map<string, Progress>>();

/** The world in which the story begins, with each device's charts as its dials have them. */
export const begin = (stage: Stage): World => {
  const ready = atTheBeginning(prologueOf(stage).world);
  return {
    ...ready,
    budgets: Object.fromEntries(stage.scenario.cast.attackers.map(({ name, budget }) => [name, budget])),
    faults: stage.free ? { ...stage.scenario.faults, ...stage.scenario.explore?.faults } : stage.scenario.faults,
    devices: Object.fromEntries(
      Object.entries(ready.devices).map(([player, device]) => [player, recharted(stage, player, device)]),
    ),
  };
};

/** What happened before the story, as evidence for guarantees: who made which secret, who holds what. */
export const beforehand = (stage: Stage): Step => ({
  choice: { id: 'before', who: 'everyone', sentence: 'before the story' },
  moments: prologueOf(stage).moments,
});

/** The devices that are there before the story, as they were left. */
export const devicesBefore = (stage: Stage): World['devices'] => prologueOf(stage).world.devices;

const prologueOf = (stage: Stage): Progress => {
  const bySuite = prologues.get(stage.suite) ?? new Map<string, Progress>();
  prologues.set(stage.suite, bySuite);
  const key = JSON.stringify(stage.scenario.cast);
  const ready = bySuite.get(key) ?? prologue(stage);
  bySuite.set(key, ready);
  return ready;
};

/** The same device with the charts its dials ask for: what a chart was before it stays. */
export const recharted = (stage: Stage, player: PlayerId, device: Device): Device => {
  const env = stage.envOf(player);
  const charts = env.charts.flatMap((chart): readonly (readonly [string, ChartState])[] => {
    const before = Object.entries(device.charts).filter(([name]) => name.split(' ', 1)[0] === chart.id);
    if (before.length === 0 && !chart.perRoom) return [[chart.id, startChart(chart, env.input).state]];
    return before.map(([name, { value, context }]) => {
      const room = name.split(' ')[1];
      return [name, { value, context: { ...context, me: room === undefined ? env.input : { ...env.input, room } } }];
    });
  });
  return { ...device, charts: Object.fromEntries(charts) };
};

const prologue = (stage: Stage): Progress => {
  const cast = stage.scenario.cast;
  // The prologue is played by clients that do everything right: dials turn what comes after.
  const everyone = { off: [], readings: {}, options: {}, implements: textsOf(cast), identifiers: 'stable' as const };
  const plainStage = setStage(
    { ...stage.scenario, dials: { everyone, byDevice: {} } },
    { seed: stage.seed, suite: stage.suite, allHonest: true },
  );
  const everybody = people(cast).map(({ name, server }) => userId(name, server));
  let progress = quiet(emptyWorld(cast));
  for (const user of people(cast)) progress = settled(plainStage, setUp(plainStage, progress, user, cast.backup));
  for (const player of Object.keys(progress.world.devices))
    progress = after(progress, (now) =>
      tellDevice(plainStage, now, player, { type: 'sync.device lists', users: everybody }),
    );
  progress = settled(plainStage, progress);
  for (const room of cast.rooms ?? []) progress = furnish(plainStage, progress, room);
  return progress;
};

/** The first member makes the room and asks the others in one by one; each joins. All by their first devices' own charts. */
const furnish = (stage: Stage, begin: Progress, room: CastRoom): Progress => {
  const { cast } = stage.scenario;
  const [maker, ...others] = room.members;
  const roomId = roomIdOf(cast, room);
  const handOf = (name: string | undefined): PlayerId =>
    `${name}.${people(cast).find((one) => one.name === name)?.devices[0]?.name}`;
  const tells = (before: Progress, player: PlayerId, event: DeviceEvent): Progress =>
    settled(
      stage,
      after(before, (now) => tellDevice(stage, now, player, event)),
    );
  let progress = tells(begin, handOf(maker), {
    type: 'user.create room',
    room: roomId,
    name: room.name,
    history: room.history,
  });
  for (const name of others) {
    progress = tells(progress, handOf(maker), { type: 'user.invite', room: roomId, user: userOf(stage, name) });
    progress = tells(progress, handOf(name), { type: 'user.join', room: roomId });
    const { user } = progress.world.devices[handOf(name)]?.store.me ?? { user: name };
    const state = progress.world.servers[homeOf(cast, name)]?.rooms[roomId]?.state['m.room.member']?.[user];
    if (state?.content.membership !== 'join')
      throw new Error(
        `${name} did not come into ${roomId} before the story: does no chart of ${maker} hear user.invite?`,
      );
  }
  return progress;
};

/** The texts the prologue is played by, whatever the story dials. */
const textsOf = ({ rooms = [] }: Cast): DeviceDials['implements'] => ({
  MSC1219: 'spec-v1.19',
  MSC1946: 'spec-v1.19',
  MSC4385: 'push-variant',
  MSC4147: 'spec-v1.19',
  ...(rooms.length === 0 ? {} : { MSC4268: 'merged' }),
});

const emptyWorld = (cast: Cast): World => {
  let servers: World['servers'] = Object.fromEntries(cast.servers.map((name) => [name, emptyHomeserver(name)]));
  for (const { name, server } of people(cast)) {
    const home = servers[server];
    if (home === undefined) throw new Error(`${name} lives on ${server}, which the cast does not have`);
    servers = { ...servers, [server]: registerUser(home, name, passwordOf(name)) };
  }
  const attackers = Object.fromEntries(cast.attackers.map((one) => [one.name, attacker(cast, one)]));
  return {
    now: 0,
    devices: {},
    offline: [],
    servers,
    attackers,
    alarms: [],
    troubles: [],
    veils: [],
    line: 0,
    acted: [],
    played: [],
    budgets: {},
    faults: {},
  };
};

const attacker = (cast: Cast, one: CastAttacker): Attacker =>
  newAttacker({
    name: one.name,
    plays: one.plays,
    of: one.of,
    server: homeOf(cast, one.name),
    runs:
      one.plays === 'stolen-device' && one.of !== null
        ? { stolen: one.of }
        : hasAccount(one) && !isOrdinary(one)
          ? { phone: phoneOf(one.name) }
          : {},
  });

const setUp = (stage: Stage, begin: Progress, user: CastUser, backup: boolean): Progress => {
  const [firstDevice, ...others] = user.devices;
  if (firstDevice === undefined) return begin;
  const first = `${user.name}.${firstDevice.name}`;
  let progress = begin;
  const then = (next: (world: World) => Progress) => {
    progress = after(progress, next);
  };
  for (const { name } of user.devices) then((now) => logIn(stage, now, user.name, user.server, name));
  if (firstDevice.crossSigned) then((now) => tellDevice(stage, now, first, { type: 'user.set up cross-signing' }));
  if (backup) then((now) => tellDevice(stage, now, first, { type: 'user.create backup' }));
  for (const { name, crossSigned } of others) {
    progress = settled(stage, progress);
    if (crossSigned) then((now) => verifies(stage, now, first, `${user.name}.${name}`, true));
  }
  // Something for the backup to hold. Where there are rooms, what is said there gives it that.
  for (const { name } of (stage.scenario.cast.rooms ?? []).length === 0 ? user.devices : [])
    then((now) =>
      tellDevice(stage, now, `${user.name}.${name}`, { type: 'user.start room key', room: `!den:${user.server}` }),
    );
  return progress;
};
