/** What an attacker signs with keys it knows: its own devices, and the backups it makes. */
import { ownDeviceKeys, withSignature } from '../../machines/core/own-keys.ts';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { KeyPair } from '../../machines/suite.ts';
import { call } from '../engine/network.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { noting, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { signingKeyOf } from './building.ts';
import { crossSigningKey, deviceOf, forged, serverOf } from './forging.ts';
import { attackerOf, learn, runsServer } from './knowledge.ts';

/** With whose key a backup version is signed: that of the device the attacker acts as, or the user's own master key. */
export type Signer = 'device' | 'master';

/**
 * Cross-signs the device the attacker acts as with the user's own self-signing key, as any client does that has it
 * (`POST keys/signatures/upload`). A server that knows only the master key first puts a self-signing key of its own below it.
 * Nothing happens where no such key is known.
 */
export const signOwnDevice = (stage: Stage, world: World, name: PlayerId): Progress => {
  const player = deviceOf(world, name);
  const store = player === undefined ? undefined : world.devices[player]?.store;
  if (player === undefined || store === undefined) return quiet(world);
  const { me } = store;
  const known = signingKeyOf(stage, world, name, me.user, 'self_signing') ?? swappedKey(stage, world, name, me.user);
  const ready = known === null ? withOwnSelfSigning(stage, world, name, me.user) : quiet(world);
  const key = known ?? signingKeyOf(stage, ready.world, name, me.user, 'self_signing');
  if (key === null) return ready;
  const env = stage.envOf(player);
  const signed = withSignature(env, ownDeviceKeys(env, store), me.user, `ed25519:${key.public}`, key.secret);
  const uploaded = call(stage, ready.world, player, me.server, {
    accessToken: me.accessToken,
    method: 'POST',
    path: paths.signaturesUpload,
    body: { [me.user]: { [me.device]: signed } },
  });
  return { world: uploaded.world, moments: [...ready.moments, ...uploaded.moments] };
};

/** The self-signing key of an identity that this server has put in the place of a user's; `null` where it has not. */
const swappedKey = (stage: Stage, world: World, name: PlayerId, user: string): KeyPair | null => {
  if (!runsServer(stage, attackerOf(world, name))) return null;
  const pair = swappedPair(stage, name, user, 'self_signing');
  return tamper.crossSigningKey(serverOf(world, name).server, user, 'self_signing') === pair.public ? pair : null;
};

/** A key of the identity that a server's operator puts in the place of a user's. */
export const swappedPair = (stage: Stage, name: PlayerId, user: string, usage: string): KeyPair =>
  stage.suite.signingKey(`${name}/swapped/${user}/${usage}`);

/** Only a server can replace a self-signing key without the user's password: clients are asked for it. */
const withOwnSelfSigning = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const master = signingKeyOf(stage, world, name, user, 'master');
  if (master === null || !runsServer(stage, attackerOf(world, name))) return quiet(world);
  const { at, server } = serverOf(world, name);
  const pair = stage.suite.signingKey(`${name}/self-signing/${user}`);
  const bare = crossSigningKey(user, 'self_signing', pair);
  const key = withSignature(stage.envOf(name), bare, user, `ed25519:${master.public}`, master.secret);
  const placed = withServer(world, at, tamper.setSelfSigning(server, user, key));
  const known = learn(stage, placed, name, 'm.cross_signing.self_signing', pair.secret, {
    by: 'made',
    from: [master.secret],
    text: 'made it, and signed it with the master key',
  });
  return noting(
    known,
    forged(name, at, null, `puts a self-signing key of its own below the master key of ${user}`, null, key),
  );
};

/** `auth_data` of a backup version, signed by whoever the attacker can sign as; by nobody who counts without a signer. */
export const signedAuthData = (
  stage: Stage,
  world: World,
  name: PlayerId,
  user: string,
  publicKey: string,
  signer: Signer | null,
): JsonObject => {
  const bare = { public_key: publicKey, signatures: {} };
  if (signer === 'master') {
    const master = signingKeyOf(stage, world, name, user, 'master');
    return master === null
      ? bare
      : withSignature(stage.envOf(name), bare, user, `ed25519:${master.public}`, master.secret);
  }
  const player = deviceOf(world, name);
  const store = player === undefined ? undefined : world.devices[player]?.store;
  return signer === null || store === undefined || store.me.user !== user
    ? bare
    : withSignature(stage.envOf(name), bare, user, `ed25519:${store.me.device}`, store.account.ed25519.secret);
};
