/**
 * Keys that do not belong together: what a dishonest homeserver lists of devices, when it takes a public key from one and what signs it
 * from another ("Device keys" and "One-time and fallback keys" of the client-server API). It has the private half of neither but of its own.
 */
import { withSignature } from '../../machines/core/own-keys.ts';
import { type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, noting, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import type { OneTimeKey } from '../homeserver/types.ts';
import { takeDevice } from './account.ts';
import { addressOf, deviceOf, forged, serverOf } from './forging.ts';

/** One-time keys as a device of that user and name would have signed them, if `secret` were its own. */
const signedAs = (
  stage: Stage,
  name: PlayerId,
  keys: readonly OneTimeKey[],
  { user, device }: { readonly user: string; readonly device: string },
  secret: string,
): readonly OneTimeKey[] =>
  keys.map(({ id, key }) => ({
    id,
    key: withSignature(stage.envOf(name), { key: stringAt(key, 'key') ?? '' }, user, `ed25519:${device}`, secret),
  }));

/**
 * The device that it runs is listed with the identity key of another, and has the next of its one-time keys to give out: whoever writes to
 * the one seals for the other.
 */
export const lendKey = (stage: Stage, world: World, name: PlayerId, from: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const player = deviceOf(world, name);
  const own = player === undefined ? undefined : world.devices[player]?.store;
  const lender = addressOf(world, from);
  const lent = objectAt(tamper.deviceKeys(server, lender.user, lender.device), 'keys')[`curve25519:${lender.device}`];
  const listed = own === undefined ? null : tamper.deviceKeys(server, own.me.user, own.me.device);
  const [oneTime, ...others] = tamper.oneTimeKeys(server, lender.user, lender.device);
  if (own === undefined || listed === null || typeof lent !== 'string' || oneTime === undefined) return quiet(world);
  const { user, device } = own.me;
  const { signatures: _old, ...bare } = listed;
  const paired = { ...bare, keys: { ...objectAt(bare, 'keys'), [`curve25519:${device}`]: lent } };
  const keys = withSignature(stage.envOf(name), paired, user, `ed25519:${device}`, own.account.ed25519.secret);
  const given = signedAs(stage, name, [oneTime], { user, device }, own.account.ed25519.secret);
  const kept = tamper.setOneTimeKeys(server, lender.user, lender.device, others);
  const told = tamper.setDeviceKeys(tamper.setOneTimeKeys(kept, user, device, given), user, device, keys);
  return noting(
    quiet(withServer(world, at, told)),
    forged(name, at, null, `lists ${player} with the identity key of ${from}`, listed, keys),
  );
};

/**
 * Lists another device with keys of the one that it runs, one-time keys too. `whole`: both of them, signed as they ought to be; `half`: the
 * identity key alone, beside the signing key and under the signatures of the device itself.
 */
export const swapKeys = (stage: Stage, world: World, name: PlayerId, of: PlayerId, lie: 'whole' | 'half'): Progress => {
  const { at, server } = serverOf(world, name);
  const player = deviceOf(world, name);
  const own = player === undefined ? undefined : world.devices[player]?.store;
  const { user, device } = addressOf(world, of);
  const truth = tamper.deviceKeys(server, user, device);
  if (own === undefined || truth === null) return quiet(world);
  const { curve25519, ed25519 } = own.account;
  const half: JsonObject = {
    ...truth,
    keys: { ...objectAt(truth, 'keys'), [`curve25519:${device}`]: curve25519.public },
  };
  const { signatures: _old, ...bare } = half;
  const both = { ...bare, keys: { ...objectAt(bare, 'keys'), [`ed25519:${device}`]: ed25519.public } };
  const keys =
    lie === 'half' ? half : withSignature(stage.envOf(name), both, user, `ed25519:${device}`, ed25519.secret);
  const oneTime = signedAs(
    stage,
    name,
    tamper.oneTimeKeys(server, own.me.user, own.me.device),
    { user, device },
    ed25519.secret,
  );
  const told = tamper.setDeviceKeys(tamper.setOneTimeKeys(server, user, device, oneTime), user, device, keys);
  return noting(
    quiet(withServer(world, at, told)),
    forged(name, at, null, `lists ${of} with ${lie === 'half' ? 'an identity key' : 'keys'} of ${player}`, truth, keys),
  );
};

/** A device that no person ever logged in, whose id is the public master key of its user; run by the server's operator. */
export const listMasterKey = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const device = tamper.crossSigningKey(server, user, 'master');
  if (device === null || tamper.hasDevice(server, user, device)) return quiet(world);
  const added = tamper.addDevice(server, user, device);
  const what = `adds a device to ${user} that is called as their master key`;
  const noted = noting(
    quiet(withServer(world, at, added.server)),
    forged(name, at, null, what, null, { user_id: user, device_id: device }),
  );
  return after(noted, (now) => takeDevice(stage, now, name, 'master', user, added.accessToken, device));
};

/** Files two room keys of a user's backup under each other's ids. Nothing happens where no room has two. */
export const swapEntries = (world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const swapped = tamper.swapBackupEntries(server, user);
  if (swapped === server) return quiet(world);
  const what = `files two room keys in the backup of ${user} under each other's ids`;
  const before = tamper.backupEntries(server, user);
  return noting(
    quiet(withServer(world, at, swapped)),
    forged(name, at, null, what, before, tamper.backupEntries(swapped, user)),
  );
};
