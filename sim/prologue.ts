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

/**
 * Prologues are the same whatever dials are turned and whoever looks on, so that runs that differ by these share them; and casts
 * that differ in their rooms share what was before these.
 */
const prologues = new WeakMap<Suite, Map<string, Progress>>();

/** The world in which the story begins, with each device's charts as its dials have them. */
export const begin = (stage: Stage): World => {
  const { cast } = stage.scenario;
  const attackers = Object.fromEntries(cast.attackers.map((one) => [one.name, attacker(cast, one)]));
  const ready = atTheBeginning({ ...prologueOf(stage).world, attackers });
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
const beforeAll = { id: 'before', who: 'everyone', sentence: 'before the story' };

/** The devices that are there before the story, as they were left. */
export const devicesBefore = (stage: Stage): World['devices'] => prologueOf(stage).world.devices;

const prologueOf = (stage: Stage): Progress => {
  const { servers, backup, rooms } = stage.scenario.cast;
  const accounts = { servers, people: people(stage.scenario.cast), backup, texts: textsOf(stage.scenario.cast) };
  return once(stage, { accounts, rooms }, () =>
    prologue(stage, () => once(stage, { accounts }, () => settleIn(stage))),
  );
};

/** What `play` comes to, played once for a suite and what it goes by. */
const once = (stage: Stage, goesBy: object, play: () => Progress): Progress => {
  const bySuite = prologues.get(stage.suite) ?? new Map<string, Progress>();
  prologues.set(stage.suite, bySuite);
  const key = JSON.stringify(goesBy);
  const ready = bySuite.get(key) ?? play();
  bySuite.set(key, ready);
  return ready;
};

/** The same device with the charts its dials ask for: what a chart was before it stays. */
export const recharted = (stage: Stage, player: PlayerId, device: Device): Device => {
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

/** The prologue is played by clients that do everything right: dials turn what comes after. */
const plainStage = (stage: Stage): Stage => {
  const everyone = {
    off: [],
    readings: {},
    options: {},
    implements: textsOf(stage.scenario.cast),
    identifiers: 'stable' as const,
  };
  return setStage(
    { ...stage.scenario, dials: { everyone, byDevice: {} } },
    { seed: stage.seed, suite: stage.suite, allHonest: true },
  );
};

/** People log in their devices, sign and back up, and come to know each other. */
const settleIn = (stage: Stage): Progress => {
  const { cast } = stage.scenario;
  const plain = plainStage(stage);
  const everybody = people(cast).map(({ name, server }) => userId(name, server));
  let progress = quiet(emptyWorld(cast));
  for (const user of people(cast)) progress = settled(plain, setUp(plain, progress, user, cast.backup));
  for (const player of Object.keys(progress.world.devices))
    progress = after(progress, (now) =>
      tellDevice(plain, now, player, { type: 'sync.device lists', users: everybody }),
    );
  return settled(plain, progress);
};

const prologue = (stage: Stage, settledIn: () => Progress): Progress => {
  const plain = plainStage(stage);
  return (stage.scenario.cast.rooms ?? []).reduce((progress, room) => furnish(plain, progress, room), settledIn());
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
  return {
    now: 0,
    devices: {},
    offline: [],
    servers,
    attackers: {}, // whoever is no more than an attacker comes when all this is done
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
