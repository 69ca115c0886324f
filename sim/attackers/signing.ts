/** What an attacker signs with keys it knows: its own devices, and the backups it makes. */
import { ownDeviceKeys, withSignature } from '../../machines/core/own-keys.ts';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { KeyPair } from '../../machines/suite.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { signingKeyOf } from './building.ts';
import { asks, crossSigningKey, handOf, lied, serverOf } from './forging.ts';
import { attackerOf, learn, runsServer } from './knowledge.ts';
import type { Spot } from './spots.ts';

/** With whose key a backup version is signed: that of the device the attacker acts as, or the user's own master key. */
export type Signer = 'device' | 'master';

/**
 * Cross-signs the device the attacker acts as with the user's own self-signing key, as any client does that has it
 * (`POST keys/signatures/upload`). A server that knows only the master key first puts a self-signing key of its own below it.
 * Nothing happens where no such key is known.
 */
export const signOwnDevice = (stage: Stage, world: World, name: PlayerId): Progress => {
  const hand = handOf(world, name);
  if (hand === undefined) return quiet(world);
  const { player, store, me } = hand;
  const known = signingKeyOf(stage, world, name, me.user, 'self_signing') ?? swappedKey(stage, world, name, me.user);
  const ready = known === null ? withOwnSelfSigning(stage, world, name, me.user) : quiet(world);
  const key = known ?? signingKeyOf(stage, ready.world, name, me.user, 'self_signing');
  if (key === null) return ready;
  const env = stage.envOf(player);
  const signed = withSignature(env, ownDeviceKeys(env, store), me.user, `ed25519:${key.public}`, key.secret);
  const body = { [me.user]: { [me.device]: signed } };
  return after(ready, (now) => asks(stage, now, player, 'POST', paths.signaturesUpload, { body }));
};

/** The self-signing key of an identity that this server has put in the place of a user's; `null` where it has not. */
const swappedKey = (stage: Stage, world: World, name: PlayerId, user: string): KeyPair | null => {
  if (!runsServer(stage, attackerOf(world, name))) return null;
  const pair = swappedPair(stage, name, user, 'self_signing');
  return tamper.crossSigningKey(serverOf(world, name).server, user, 'self_signing') === pair.public ? pair : null;
};

/** Whether somebody could sign a device of that user: with their self-signing key, or as their server with their master key. */
export const canSign = ({ stage, world, attacker }: Spot, user: string): boolean =>
  signingKeyOf(stage, world, attacker.name, user, 'self_signing') !== null ||
  (runsServer(stage, attacker) && signingKeyOf(stage, world, attacker.name, user, 'master') !== null);

/** A key of the identity that a server's operator puts in the place of a user's. */
export const swappedPair = (stage: Stage, name: PlayerId, user: string, usage: string): KeyPair =>
  stage.suite.signingKey(`${name}/swapped/${user}/${usage}`);

/** Only a server can replace a self-signing key without the user's password: clients are asked for it. */
const withOwnSelfSigning = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const master = signingKeyOf(stage, world, name, user, 'master');
  if (master === null || !runsServer(stage, attackerOf(world, name))) return quiet(world);
  const { server } = serverOf(world, name);
  const pair = stage.suite.signingKey(`${name}/self-signing/${user}`);
  const bare = crossSigningKey(user, 'self_signing', pair);
  const key = withSignature(stage.envOf(name), bare, user, `ed25519:${master.public}`, master.secret);
  const placed = withServer(world, server.name, tamper.setSelfSigning(server, user, key));
  const known = learn(stage, placed, name, 'm.cross_signing.self_signing', pair.secret, {
    by: 'made',
    from: [master.secret],
    text: 'made it, and signed it with the master key',
  });
  const what = `puts a self-signing key of its own below the master key of ${user}`;
  return after(known, (now) => lied(now, name, what, { after: key }));
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
  const signed = (id: string, secret: string) => withSignature(stage.envOf(name), bare, user, `ed25519:${id}`, secret);
  if (signer === 'master') {
    const master = signingKeyOf(stage, world, name, user, 'master');
    return master === null ? bare : signed(master.public, master.secret);
  }
  const store = handOf(world, name)?.store;
  return signer === null || store?.me.user !== user ? bare : signed(store.me.device, store.account.ed25519.secret);
};
