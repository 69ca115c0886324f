/**
 * What a dishonest homeserver tells one device alone, while the others hear the truth: veils over what that device is answered.
 * The state of the server stays as it is. Whatever device lists are lied about, their users are told to look again.
 */
import type { Json, JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, noting, type Progress, quiet, type Veil, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { addressOf, deviceOf, forged, serverOf } from './forging.ts';
import { addDevice, forgedIdentity } from './server.ts';

/** What a lie is about: one lie about each at a time. */
export const about = {
  backupVersion: 'the backup version',
  backupEntries: 'the backup entries',
  hidden: (device: PlayerId): string => `whether there is ${device}`,
  identity: (user: string): string => `the identity of ${user}`,
  oneTimeKeys: (device: PlayerId): string => `the one-time keys of ${device}`,
  accountData: (type: string): string => `account data ${type}`,
  member: (room: string, user: string): string => `whether ${user} is in ${room}`,
  history: (room: string): string => `the history of ${room}`,
} as const;

/** A further lie about the same thing takes the place of the first. In the order of devices and of what they are about. */
export const laid = (world: World, veil: Veil): World => ({
  ...world,
  veils: [...world.veils.filter((one) => key(one) !== key(veil)), veil].sort((one, other) =>
    key(one) < key(other) ? -1 : 1,
  ),
});
const key = (veil: Veil): string => `${veil.player} ${veil.about} ${veil.path}`;
const lifted = (world: World, from: PlayerId, what: string | null): World => ({
  ...world,
  veils: world.veils.filter((one) => one.player !== from || (what !== null && one.about !== what)),
});

/** Whether a lie about that is being told to a device. */
export const isVeiled = (world: World, player: PlayerId, what: string): boolean =>
  world.veils.some((one) => one.player === player && one.about === what);

/** The devices of a victim's user are told that a device list has changed, so that they ask again. */
const announced = (world: World, name: PlayerId, victim: PlayerId, changed: string): World => {
  const { at, server } = serverOf(world, name);
  return withServer(world, at, tamper.announce(server, addressOf(world, victim).user, changed));
};

// --- backups ---------------------------------------------------------------------------------------

/** From now on this device is shown the backup version before the current one. */
export const hideBackup = (world: World, name: PlayerId, from: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const { user } = addressOf(world, from);
  const older = tamper.previousBackup(server, user);
  const body: JsonObject = older ?? { errcode: 'M_NOT_FOUND', error: 'No current backup version' };
  const status = older === null ? 404 : 200;
  return noting(
    quiet(
      laid(world, {
        player: from,
        about: about.backupVersion,
        method: 'GET',
        path: paths.backupVersions,
        status,
        body,
      }),
    ),
    forged(name, at, from, 'hides the newest backup version', null, body),
  );
};

export const showBackup = (world: World, name: PlayerId, to: PlayerId): Progress =>
  isVeiled(world, to, about.backupVersion)
    ? noting(
        quiet(lifted(world, to, about.backupVersion)),
        forged(name, serverOf(world, name).at, to, 'shows the newest backup version again', null, null),
      )
    : quiet(world);

/** From now on this device is shown no entries of the backup, or those that are there now and none that come. */
export const showEntries = (world: World, name: PlayerId, to: PlayerId, which: 'none' | 'old'): Progress => {
  const { at, server } = serverOf(world, name);
  const truth = tamper.backupEntries(server, addressOf(world, to).user);
  const body: JsonObject = which === 'none' ? { rooms: {} } : truth;
  const what = which === 'none' ? 'withholds the entries of the backup' : 'goes on showing the backup as it is now';
  return noting(
    quiet(
      laid(world, { player: to, about: about.backupEntries, method: 'GET', path: paths.backupKeys, status: 200, body }),
    ),
    forged(name, at, to, what, truth, body),
  );
};

// --- device lists, identities, one-time keys -------------------------------------------------------

/** From now on one device's key queries do not list another device. */
export const hideDevice = (world: World, name: PlayerId, hides: PlayerId, from: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, hides);
  const veil: Veil = {
    player: from,
    about: about.hidden(hides),
    method: 'POST',
    path: paths.keysQuery,
    edits: [{ at: ['device_keys', user, device] }],
  };
  return noting(
    quiet(announced(laid(world, veil), name, from, user)),
    forged(name, at, from, `leaves ${hides} out of the device list`, tamper.deviceKeys(server, user, device), null),
  );
};

export const showDevice = (world: World, name: PlayerId, shows: PlayerId, to: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, shows);
  if (!isVeiled(world, to, about.hidden(shows))) return quiet(world);
  return noting(
    quiet(announced(lifted(world, to, about.hidden(shows)), name, to, user)),
    forged(name, at, to, `lists ${shows} again`, null, tamper.deviceKeys(server, user, device)),
  );
};

/** A device of its own in a user's list, and only in the list that `only` is shown. */
export const addDeviceFor = (
  stage: Stage,
  world: World,
  name: PlayerId,
  user: string,
  as: string,
  only: PlayerId,
): Progress => {
  const added = addDevice(stage, world, name, user, as);
  const ghost = deviceOf(added.world, name);
  if (ghost === undefined) return added;
  return Object.entries(added.world.devices)
    .filter(([player, { store }]) => player !== only && player !== ghost && store.me.user === user)
    .map(([player]) => player)
    .sort()
    .reduce((before, player) => after(before, (now) => hideDevice(now, name, ghost, player)), added);
};

/** From now on one device's key queries show a user's identity as one of the attacker's, which has signed its devices. */
export const swapIdentityFor = (
  stage: Stage,
  world: World,
  name: PlayerId,
  user: string,
  victim: PlayerId,
): Progress => {
  const { at, server } = serverOf(world, name);
  const { identity, devices } = forgedIdentity(stage, world, name, user);
  const own = addressOf(world, victim).user === user;
  const veil: Veil = {
    player: victim,
    about: about.identity(user),
    method: 'POST',
    path: paths.keysQuery,
    edits: [
      { at: ['master_keys', user], put: identity.master },
      { at: ['self_signing_keys', user], put: identity.selfSigning },
      ...(own ? [{ at: ['user_signing_keys', user], put: identity.userSigning }] : []),
      ...devices.map(([device, keys]) => ({ at: ['device_keys', user, device], put: keys })),
    ],
  };
  return noting(
    quiet(announced(laid(world, veil), name, victim, user)),
    forged(
      name,
      at,
      victim,
      `shows another cross-signing identity of ${user}`,
      tamper.masterKey(server, user),
      identity.master,
    ),
  );
};

/**
 * From now on a device that claims a one-time key of another is given a wrong one: `own`, a key of the attacker's device, signed
 * by that; or `copy`, the one that the next to claim would be given, and is given too.
 */
export const swapOneTimeKey = (
  world: World,
  name: PlayerId,
  of: PlayerId,
  victim: PlayerId,
  by: 'own' | 'copy',
): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, of);
  const truth = tamper.nextOneTimeKey(server, user, device);
  const ghost = deviceOf(world, name);
  const own = ghost === undefined ? undefined : addressOf(world, ghost);
  const key = by === 'copy' ? truth : own === undefined ? null : tamper.nextOneTimeKey(server, own.user, own.device);
  if (key === null) return quiet(world);
  const veil: Veil = {
    player: victim,
    about: about.oneTimeKeys(of),
    method: 'POST',
    path: paths.keysClaim,
    edits: [{ at: ['one_time_keys', user, device], put: key }],
  };
  return noting(
    quiet(laid(world, veil)),
    forged(name, at, victim, `gives out ${by === 'own' ? 'a key of its own' : 'one key twice'} for ${of}`, truth, key),
  );
};

// --- account data ----------------------------------------------------------------------------------

/**
 * From now on a device is shown that content of its user's (a full id) account data of a type, or that there is none: also one
 * that is not logged in yet.
 */
export const showAccountData = (
  world: World,
  name: PlayerId,
  to: PlayerId,
  user: string,
  type: string,
  content: JsonObject | null,
): Progress => {
  const { at, server } = serverOf(world, name);
  const path = paths.accountData(user, type);
  const missing: Json = { errcode: 'M_NOT_FOUND', error: 'Account data not found' };
  const asked: Veil = {
    player: to,
    about: about.accountData(type),
    method: 'GET',
    path,
    ...(content === null ? { status: 404, body: missing } : { status: 200, body: content }),
  };
  const told: Veil = {
    player: to,
    about: about.accountData(type),
    method: 'GET',
    path: paths.sync,
    edits: [
      content === null
        ? { at: ['account_data', 'events', type] }
        : { at: ['account_data', 'events', type, 'content'], put: content },
    ],
  };
  return noting(
    quiet(laid(laid(world, asked), told)),
    forged(
      name,
      at,
      to,
      `shows other account data of type ${type}`,
      tamper.accountData(server, user, type),
      content,
      type,
    ),
  );
};

/** No lie is told to that device any more; about device lists it is told to ask again. */
export const tellTheTruth = (world: World, name: PlayerId, to: PlayerId): Progress => {
  const told = world.veils.filter(({ player }) => player === to);
  if (told.length === 0) return quiet(world);
  const honest = lifted(world, to, null);
  const lists = told.some(({ path }) => path === paths.keysQuery);
  return noting(quiet(lists ? announced(honest, name, to, addressOf(world, to).user) : honest), {
    ...forged(name, serverOf(world, name).at, to, 'tells the truth again', null, null),
    isTruthAgain: true,
  });
};
