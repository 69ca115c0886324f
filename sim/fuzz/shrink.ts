/** Makes a scenario that fails as small as it can be made: whatever it fails without is left out. */
import type { DeviceSettings } from '../../machines/types.ts';
import { roomIdOf } from '../engine/rooms.ts';
import type { Cast, Scenario, StoryLine } from '../engine/types.ts';
import { defaultSettings, withSkips } from '../scenario/settings.ts';
import { fewest } from './part.ts';

type Fails = (smaller: Scenario) => boolean;
type Shrinker = (scenario: Scenario, fails: Fails) => Scenario;

/** `change` where the scenario still fails with it. */
const ifFails = (scenario: Scenario, fails: Fails, change: (scenario: Scenario) => Scenario): Scenario => {
  const smaller = change(scenario);
  return fails(smaller) ? smaller : scenario;
};

const lines: Shrinker = (scenario, fails) => ({
  ...scenario,
  story: fewest(scenario.story, (story) => story.length > 0 && fails({ ...scenario, story })),
});

const withLine = (scenario: Scenario, nth: number, line: StoryLine): Scenario => ({
  ...scenario,
  story: scenario.story.with(nth, line),
});

/** Acts that race, one by one. */
const races: Shrinker = (scenario, fails) =>
  scenario.story.reduce((now, line, nth) => {
    const fewer = fewest(line, (few) => few.length > 0 && fails(withLine(now, nth, few)));
    return withLine(now, nth, fewer);
  }, scenario);

const withCast = (scenario: Scenario, cast: Cast): Scenario => ({ ...scenario, cast });

const attackers: Shrinker = (scenario, fails) =>
  withCast(scenario, {
    ...scenario.cast,
    attackers: fewest(scenario.cast.attackers, (fewer) =>
      fails(withCast(scenario, { ...scenario.cast, attackers: fewer })),
    ),
  });

const rooms: Shrinker = (scenario, fails) => {
  const { rooms: all = [], ...bare } = scenario.cast;
  const having = (fewer: typeof all): Scenario =>
    withCast(scenario, fewer.length === 0 ? bare : { ...bare, rooms: fewer });
  const few = having(fewest(all, (fewer) => fails(having(fewer))));
  const kept = few.cast.rooms ?? [];
  // Members one by one; the first made the room, and its id goes by that.
  return kept.reduce((now, room, nth) => {
    const [maker, ...others] = room.members;
    if (maker === undefined) return now;
    const withMembers = (members: readonly string[]): Scenario =>
      withCast(now, {
        ...now.cast,
        rooms: (now.cast.rooms ?? []).with(nth, { ...room, members: [maker, ...members] }),
      });
    const members = fewest(others, (fewer) => fails(withMembers(fewer)));
    return roomIdOf(now.cast, room) === '' ? now : withMembers(members);
  }, few);
};

const users: Shrinker = (scenario, fails) => {
  const having = (all: Cast['users']): Scenario => withCast(scenario, { ...scenario.cast, users: all });
  const few = having(fewest(scenario.cast.users, (fewer) => fewer.length > 0 && fails(having(fewer))));
  return few.cast.users.reduce((now, user, nth) => {
    const withDevices = (devices: typeof user.devices): Scenario =>
      withCast(now, { ...now.cast, users: now.cast.users.with(nth, { ...user, devices }) });
    return withDevices(fewest(user.devices, (fewer) => fewer.length > 0 && fails(withDevices(fewer))));
  }, few);
};

const servers: Shrinker = (scenario, fails) => {
  const [first] = scenario.cast.servers;
  if (first === undefined) return scenario;
  const lonely = ifFails(scenario, fails, (now) =>
    withCast(now, { ...now.cast, servers: [first], users: now.cast.users.map((user) => ({ ...user, server: first })) }),
  );
  const having = (few: readonly string[]): Scenario => withCast(lonely, { ...lonely.cast, servers: few });
  return having(fewest(lonely.cast.servers, (few) => few.length > 0 && fails(having(few))));
};

const plainAttackers: Shrinker = (scenario, fails) =>
  ifFails(scenario, fails, (now) =>
    withCast(now, { ...now.cast, attackers: now.cast.attackers.map((one) => ({ ...one, budget: {}, colludes: [] })) }),
  );

const dials: Shrinker = (scenario, fails) => {
  const hasRooms =
    (scenario.cast.rooms ?? []).length > 0 || scenario.story.flat().some(({ verb }) => verb === 'create room');
  const base = defaultSettings(hasRooms);
  const own = ifFails(scenario, fails, (now) => ({
    ...now,
    dials: withSkips({ everyone: now.dials.everyone, byDevice: {} }, now.cast),
  }));
  const plain = ifFails(own, fails, (now) => ({
    ...now,
    dials: withSkips({ everyone: base, byDevice: {} }, now.cast),
  }));
  if (plain !== own) return plain;
  const turned = (now: Scenario, change: Partial<DeviceSettings>): Scenario => ({
    ...now,
    dials: { ...now.dials, everyone: { ...now.dials.everyone, ...change } },
  });
  const changes: readonly ((now: DeviceSettings) => Partial<DeviceSettings>)[] = [
    () => ({ off: [] }),
    () => ({ readings: {} }),
    () => ({ options: {} }),
    () => ({ implements: base.implements }),
    () => ({ identifiers: base.identifiers }),
  ];
  const less = changes.reduce(
    (now, change) => ifFails(now, fails, (before) => turned(before, change(before.dials.everyone))),
    own,
  );
  const off = fewest(less.dials.everyone.off, (fewer) => fails(turned(less, { off: fewer })));
  return turned(less, { off });
};

const extras: Shrinker = (scenario, fails) => {
  const changes: readonly ((now: Scenario) => Scenario)[] = [
    (now) => ({ ...now, without: [] }),
    (now) => ({ ...now, faults: {} }),
    (now) => ({ ...now, about: [], why: 'Nobody knows' }),
    (now) => withCast(now, { ...now.cast, backup: true }),
  ];
  return changes.reduce((now, change) => ifFails(now, fails, change), scenario);
};

/** Optional arguments of acts. */
const args: Shrinker = (scenario, fails) =>
  scenario.story.reduce((now, line, at) => {
    const [act, second] = line;
    if (act === undefined || second !== undefined) return now;
    const having = (entries: readonly (readonly [string, (typeof act.args)[string]])[]): Scenario =>
      withLine(now, at, [{ ...act, args: Object.fromEntries(entries) }]);
    const entries = Object.entries(act.args);
    return having(fewest(entries, (fewer) => fails(having(fewer))));
  }, scenario);

const shrinkers: readonly Shrinker[] = [
  lines,
  races,
  extras,
  attackers,
  dials,
  rooms,
  users,
  servers,
  plainAttackers,
  args,
];

/** One part of a scenario may be what keeps another: after this many rounds nothing more is left out in all likelihood. */
const roundsMax = 3;

/** The smallest that still fails, or the very same scenario. `fails` throws for none. */
export const shrunkScenario = (scenario: Scenario, fails: Fails): Scenario => {
  let now = scenario;
  for (let round = 0; round < roundsMax; round += 1) {
    const before = JSON.stringify(now);
    now = shrinkers.reduce((smaller, shrink) => shrink(smaller, fails), now);
    if (JSON.stringify(now) === before) break;
  }
  return now;
};
