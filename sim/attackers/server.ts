/**
 * What a dishonest homeserver can do to its users. The reducer stays honest: these change what it holds behind its back, for
 * everybody alike. What it tells one device alone is in `equivocation.ts`.
 */

import { BACKUP_ALGORITHM } from '../../machines/algorithms.ts';
import { withSignature } from '../../machines/core/own-keys.ts';
import { type JsonObject, objectAt } from '../../machines/json.ts';
import type { KeyPair } from '../../machines/suite.ts';
import { addressOf } from '../engine/acting.ts';
import type { Sealed } from '../engine/attacker.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, noting, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { makeBackupKey, takeDevice } from './account.ts';
import { crossSigningKey, deviceOf, forged, serverOf } from './forging.ts';
import { attackerOf } from './knowledge.ts';
import { entriesOf } from './overhear.ts';
import { type Signer, signedAuthData, swappedPair } from './signing.ts';

/** A device that no person ever logged in, run by the server's operator. */
export const addDevice = (stage: Stage, world: World, name: PlayerId, user: string, as: string): Progress => {
  const { at, server } = serverOf(world, name);
  const added = tamper.addDevice(server, user, as.toUpperCase());
  const noted = noting(
    quiet(withServer(world, at, added.server)),
    forged(name, at, null, `adds a device ${as} to ${user}`, null, { user_id: user, device_id: as.toUpperCase() }),
  );
  return after(noted, (now) => takeDevice(stage, now, name, as, user, added.accessToken));
};

/** Puts a signature on the device that it runs for a user which is filed as their self-signing key's, and is by nobody. */
export const signFalsely = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const player = deviceOf(world, name);
  const me = player === undefined ? undefined : world.devices[player]?.store.me;
  const claimed = tamper.crossSigningKey(server, user, 'self_signing');
  const keys = me?.user === user ? tamper.deviceKeys(server, user, me.device) : null;
  if (me === undefined || claimed === null || keys === null) return quiet(world);
  const pair = stage.suite.signingKey(`${name}/false signature/${user}`);
  const signed = withSignature(stage.envOf(name), keys, user, `ed25519:${claimed}`, pair.secret);
  return noting(
    quiet(withServer(world, at, tamper.setDeviceKeys(server, user, me.device, signed))),
    forged(name, at, null, `puts a false signature of ${user} on ${me.device}`, keys, signed),
  );
};

/** A cross-signing identity whose private keys the attacker has, and its own devices of that user signed with it. */
export const forgedIdentity = (stage: Stage, world: World, name: PlayerId, user: string) => {
  const { server } = serverOf(world, name);
  const env = stage.envOf(name);
  const pair = (usage: string): KeyPair => swappedPair(stage, name, user, usage);
  const master = pair('master');
  const selfSigning = pair('self_signing');
  const signed = (usage: string, of: KeyPair): JsonObject =>
    withSignature(env, crossSigningKey(user, usage, of), user, `ed25519:${master.public}`, master.secret);
  const devices = Object.values(attackerOf(world, name).runs).flatMap((player) => {
    const me = world.devices[player]?.store.me;
    const keys = me?.user === user ? tamper.deviceKeys(server, user, me.device) : null;
    return me === undefined || keys === null
      ? []
      : [[me.device, withSignature(env, keys, user, `ed25519:${selfSigning.public}`, selfSigning.secret)] as const];
  });
  return {
    identity: {
      master: signed('master', master),
      selfSigning: signed('self_signing', selfSigning),
      userSigning: signed('user_signing', pair('user_signing')),
    },
    devices,
  };
};

/** Replaces a user's cross-signing identity by one whose private keys the attacker has, and signs its own devices with it. */
export const swapIdentity = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const { identity, devices } = forgedIdentity(stage, world, name, user);
  const swapped = devices.reduce(
    (now, [device, keys]) => tamper.setDeviceKeys(now, user, device, keys),
    tamper.setIdentity(server, user, identity),
  );
  return noting(
    quiet(withServer(world, at, swapped)),
    forged(name, at, null, `replaces the cross-signing identity of ${user}`, null, identity.master),
  );
};

/** A backup version of the attacker's own key in the account of a user. */
export const plantBackup = (
  stage: Stage,
  world: World,
  name: PlayerId,
  user: string,
  signer: Signer | null,
): Progress => {
  const made = makeBackupKey(stage, world, name);
  return after(made.progress, (now) => {
    const { at, server } = serverOf(now, name);
    const auth_data = signedAuthData(stage, now, name, user, made.pair.public, signer);
    const version = { algorithm: BACKUP_ALGORITHM, auth_data };
    return noting(
      quiet(withServer(now, at, tamper.addBackupVersion(server, user, version))),
      forged(name, at, null, `puts a backup version of its own into the account of ${user}`, null, version),
    );
  });
};

/** Puts the backup version that a user deleted last back into their account, without the keys that were in it. */
export const bringBackBackup = (world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const back = tamper.bringBackBackup(server, user);
  return back === server
    ? quiet(world)
    : noting(
        quiet(withServer(world, at, back)),
        forged(name, at, null, `brings back the backup that ${user} deleted`, null, null),
      );
};

/** Throws away what whoever writes to a device for the first time would be given. */
export const exhaustOneTimeKeys = (
  stage: Stage,
  world: World,
  name: PlayerId,
  of: PlayerId,
  keepsFallback: boolean,
): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(stage, world, of);
  const what = `throws away the one-time keys of ${of}${keepsFallback ? '' : ' and the fallback key'}`;
  return noting(
    quiet(withServer(world, at, tamper.withoutOneTimeKeys(server, user, device, keepsFallback))),
    forged(name, at, null, what, null, null),
  );
};

/** Forgets that it gave the newest backup version of a user its number. */
export const giveNumberAgain = (world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const uncounted = tamper.uncountingBackup(server, user);
  if (uncounted === server) return quiet(world);
  return noting(
    quiet(withServer(world, at, uncounted)),
    forged(name, at, null, `is to give ${user} the number of the newest backup version again`, null, null),
  );
};

/** The entries of everybody's current backup, as the server holds them. */
export const backupEntries = (world: World, name: PlayerId): readonly Sealed[] => {
  const { server } = serverOf(world, name);
  return Object.keys(server.users)
    .sort()
    .flatMap((user) => entriesOf(objectAt(tamper.backupEntries(server, user), 'rooms')));
};
