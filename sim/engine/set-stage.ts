/** How a stage is set: who runs which charts, by which settings. */
import { chartsFor } from '../../machines/charts.ts';
import type { Device, Env } from '../../machines/core/env.ts';
import { playing } from '../../machines/profiles.ts';
import type { Suite } from '../../machines/suite.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { phoneOf } from './attacker.ts';
import { faulted } from './faulted.ts';
import { type Kernel, plainKernel } from './kernel.ts';
import { deviceId, named, userId } from './names.ts';
import { deviceNameIn, ownerIn } from './player.ts';
import { homeOf } from './rooms.ts';
import { type Role, roleOf, type Stage, type Verbs } from './stage.ts';
import type { CastSettings, PlayerId, Scenario, Turn } from './types.ts';
import { isChanged, ownerOf, updated, updatedBy, updatesIn } from './updated.ts';

/** One-time keys each device keeps published. Clients keep 50; a handful tells the same stories in a tenth of the time. */
const oneTimeKeysMin = 2;

/** `allHonest`: before a story begins attackers with an account of their own use it as honest people do. */
export type StageOptions = {
  readonly roles: readonly Role[];
  readonly verbs: Verbs;
  readonly turns?: readonly Turn[];
  readonly seed?: string;
  readonly suite?: Suite;
  readonly kernel?: Kernel;
  readonly allHonest?: boolean;
  readonly free?: boolean;
};

/** The usual stage is made by `sim/verbs/port.ts`. */
export const setStage = (story: Scenario, options: StageOptions): Stage => {
  const { verbs, roles } = options;
  const turns = options.turns ?? [];
  const scenario = faulted(verbs, story, turns);
  const seed = options.seed ?? '1';
  const suite = options.suite ?? makeRealSuite(seed);
  const written = playingAll(scenario.settings);
  const settings = turned(written, turns);
  const honest = new Set([
    ...scenario.cast.users.flatMap((user) => user.devices.map((device) => `${user.name}.${device.name}`)),
    ...scenario.cast.attackers
      .filter((one) => roleOf({ roles }, one).account === 'ordinary')
      .map(({ name }) => phoneOf(name)),
  ]);
  const envs = new Map<PlayerId, Env>();
  const envOf = (player: PlayerId): Env => {
    const known = envs.get(player);
    if (known !== undefined) return known;
    const made = makeEnv(
      suite,
      player,
      options.allHonest === true || honest.has(player) || isLaterDevice(scenario, player),
      named(settings.byDevice, player) ?? settings.everyone,
      scenario,
    );
    envs.set(player, made);
    return made;
  };
  const updates = updatesIn(verbs, scenario);
  const released = new Map<string, DeviceSettings>();
  const settingsAfter = (player: PlayerId, places: readonly number[]): DeviceSettings => {
    if (places.length === 0) return named(settings.byDevice, player) ?? settings.everyone;
    const key = `${player} ${places.join(' ')}`;
    const known = released.get(key);
    if (known !== undefined) return known;
    const before = named(written.byDevice, player) ?? written.everyone;
    const made = turnedFor(player, updatedBy(verbs, before, updates, places), turns);
    released.set(key, made);
    return made;
  };
  const changedEnvs = new Map<string, Env>();
  const envFor = (player: PlayerId, device: Device): Env => {
    if (!isChanged(device)) return envOf(player);
    const before = named(written.byDevice, player) ?? written.everyone;
    const own = updated(verbs, before, updates, device);
    const owner = ownerOf(player, device.store.counts);
    const key = JSON.stringify([player, owner, own]);
    const known = changedEnvs.get(key);
    if (known !== undefined) return known;
    const after = turnedFor(player, own, turns);
    const made = { ...makeEnv(suite, player, envOf(player).charts.length > 0, after, scenario), owner };
    changedEnvs.set(key, made);
    return made;
  };
  return {
    scenario,
    turns,
    seed,
    suite,
    verbs,
    settings,
    roles,
    free: options.free ?? false,
    kernel: options.kernel ?? plainKernel,
    envOf,
    envFor,
    settingsAfter,
  };
};

/** A device that its own user logs in during the story is as honest as those of the cast. */
const isLaterDevice = (scenario: Scenario, player: PlayerId): boolean =>
  scenario.cast.users.some(({ name }) => name === ownerIn(player) && deviceNameIn(player) !== null);

const makeEnv = (
  suite: Suite,
  player: PlayerId,
  honest: boolean,
  settings: DeviceSettings,
  scenario: Scenario,
): Env => {
  const owner = ownerIn(player);
  const name = deviceNameIn(player) ?? '';
  const server = homeOf(scenario.cast, owner);
  return {
    suite,
    owner: player,
    charts: honest ? chartsFor(settings) : [],
    oneTimeKeysMin,
    input: {
      user: userId(owner, server),
      device: deviceId(name),
      identifiers: settings.identifiers,
      readings: settings.readings,
      options: settings.options,
      implements: settings.implements,
    },
  };
};

/** The settings of a scenario with `turns` applied, for everyone and for each device that has settings of its own. */
export const turned = (settings: CastSettings, turns: readonly Turn[]): CastSettings => {
  const forOne = turns.flatMap((one) => (one.turn === 'off' && one.for !== undefined ? [one.for] : []));
  const own = [...new Set([...Object.keys(settings.byDevice), ...forOne])];
  const applied = (before: DeviceSettings, who: PlayerId | null): DeviceSettings =>
    turns.filter((one) => one.turn !== 'off' || one.for === undefined || one.for === who).reduce(turn, before);
  return {
    everyone: applied(settings.everyone, null),
    byDevice: Object.fromEntries(
      own.map((who) => [who, applied(named(settings.byDevice, who) ?? settings.everyone, who)]),
    ),
  };
};

/** With what it comes to that devices play like a client in use. What is turned afterwards is turned of that. */
const playingAll = ({ everyone, byDevice }: CastSettings): CastSettings => ({
  everyone: playing(everyone),
  byDevice: Object.fromEntries(Object.entries(byDevice).map(([player, own]) => [player, playing(own)])),
});

/** The settings of one device with turns applied. */
const turnedFor = (player: PlayerId, own: DeviceSettings, turns: readonly Turn[]): DeviceSettings =>
  turned({ everyone: own, byDevice: { [player]: own } }, turns).byDevice[player] ?? own;

const turn = (settings: DeviceSettings, one: Turn): DeviceSettings => {
  switch (one.turn) {
    case 'off':
      return { ...settings, off: [...new Set([...settings.off, one.clause])].sort() };
    case 'reading':
      return { ...settings, readings: { ...settings.readings, [one.question]: one.reading } };
    case 'revision':
      // A device that implements none of a proposal stays that way: the turn is about the text, not about who adopts it.
      return settings.implements[one.proposal] === 'none'
        ? settings
        : { ...settings, implements: { ...settings.implements, [one.proposal]: one.revision } };
    case 'option':
      return playing({ ...settings, options: { ...settings.options, [one.option]: one.value } });
    // What goes wrong is no setting of a device.
    case 'spared':
    case 'struck':
    case 'dealt':
      return settings;
  }
};
