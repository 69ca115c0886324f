/**
 * What a dishonest homeserver can do to its users. The reducer stays honest: these change what it holds behind its back,
 * or lay a veil over what it answers one device.
 */

import { withSignature } from '../../machines/core/own-keys.ts';
import { type Json, type JsonObject, objectAt } from '../../machines/json.ts';
import { BACKUP_ALGORITHM, paths } from '../../machines/paths.ts';
import type { KeyPair } from '../../machines/suite.ts';
import * as tamper from '../homeserver/tamper.ts';
import type { Stage } from '../stage.ts';
import type { Moment, PlayerId } from '../types.ts';
import { after, noting, type Progress, quiet, type World, withServer } from '../world.ts';
import { makeBackupKey, takeDevice } from './account.ts';
import { attackerOf } from './knowledge.ts';

type Forged = Extract<Moment, { kind: 'forged' }>;
const forged = (
  player: PlayerId,
  server: PlayerId,
  victim: PlayerId | null,
  what: string,
  before: Json,
  afterwards: Json,
): Forged => ({
  kind: 'forged',
  player,
  server,
  victim,
  what,
  before,
  after: afterwards,
});

const serverOf = (world: World, name: PlayerId) => {
  const at = attackerOf(world, name).server;
  const server = world.servers[at];
  if (server === undefined) throw new Error(`${name} plays a server that is not there: ${at}`);
  return { at, server };
};

const addressOf = (world: World, player: PlayerId): { readonly user: string; readonly device: string } => {
  const me = world.devices[player]?.store.me;
  if (me === undefined) throw new Error(`${player} is no device`);
  return { user: me.user, device: me.device };
};

/** Puts a to-device event into a device's queue. */
const enqueue = (world: World, name: PlayerId, to: PlayerId, event: JsonObject, what: string): Progress => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, to);
  return noting(
    quiet(withServer(world, at, tamper.enqueue(server, user, device, event))),
    forged(name, at, to, what, null, event),
  );
};

/** A cleartext event that shows the public device keys of `as`, as if that proved anything. */
export const inject = (
  world: World,
  name: PlayerId,
  to: PlayerId,
  as: PlayerId,
  type: string,
  content: JsonObject,
): Progress => {
  const sender = addressOf(world, as);
  const { server } = serverOf(world, name);
  const keys = tamper.deviceKeys(server, sender.user, sender.device);
  const event = {
    type,
    sender: sender.user,
    content: { ...content, ...(keys === null ? {} : { sender_device_keys: keys }) },
  };
  return enqueue(world, name, to, event, `injects ${type} in the clear, naming ${as}`);
};

/** Sends again what it has seen go to that device: the latest event of that (outer) type. */
export const replayTo = (world: World, name: PlayerId, to: PlayerId, type: string): Progress => {
  const { user, device } = addressOf(world, to);
  const seen = attackerOf(world, name).recorded[`${user} ${device}`] ?? [];
  const wanted = seen.filter((event) => event.type === type || event.type === 'm.room.encrypted').at(-1);
  return wanted === undefined ? quiet(world) : enqueue(world, name, to, wanted, 'replays an earlier message');
};

const queueOf = (world: World, name: PlayerId, to: PlayerId) => {
  const { at, server } = serverOf(world, name);
  const { user, device } = addressOf(world, to);
  return { at, server, user, device, queue: tamper.queue(server, user, device) };
};

/** What waits for a device is changed as a whole. */
const rewriteQueue = (
  world: World,
  name: PlayerId,
  to: PlayerId,
  what: string,
  change: (queue: readonly JsonObject[]) => readonly JsonObject[],
): Progress => {
  const { at, server, user, device, queue } = queueOf(world, name, to);
  const changed = change(queue);
  return noting(
    quiet(withServer(world, at, tamper.setQueue(server, user, device, changed))),
    forged(name, at, to, what, queue, changed),
  );
};

export const reorder = (world: World, name: PlayerId, to: PlayerId): Progress =>
  rewriteQueue(world, name, to, 'reverses the order of what waits', (queue) => [...queue].reverse());
export const dropAll = (world: World, name: PlayerId, to: PlayerId): Progress =>
  rewriteQueue(world, name, to, 'drops what waits', () => []);
export const rewriteSender = (world: World, name: PlayerId, to: PlayerId, sender: string): Progress =>
  rewriteQueue(world, name, to, `names ${sender} as the sender of what waits`, (queue) =>
    queue.map((event) => ({ ...event, sender })),
  );

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

/** Replaces a user's cross-signing identity by one whose private keys the attacker has, and signs its own devices with it. */
export const swapIdentity = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const { at, server } = serverOf(world, name);
  const { suite } = stage;
  const pair = (usage: string): KeyPair => suite.signingKey(`${name}/swapped/${user}/${usage}`);
  const master = pair('master');
  const selfSigning = pair('self_signing');
  const env = stage.envOf(name);
  const key = (usage: string, of: KeyPair): JsonObject => ({
    user_id: user,
    usage: [usage],
    keys: { [`ed25519:${of.public}`]: of.public },
  });
  const byMaster = (object: JsonObject) => withSignature(env, object, user, `ed25519:${master.public}`, master.secret);
  const identity = {
    master: byMaster(key('master', master)),
    selfSigning: byMaster(key('self_signing', selfSigning)),
    userSigning: byMaster(key('user_signing', pair('user_signing'))),
  };
  let swapped = tamper.setIdentity(server, user, identity);
  for (const player of Object.values(attackerOf(world, name).runs)) {
    const me = world.devices[player]?.store.me;
    const keys = me?.user === user ? tamper.deviceKeys(swapped, user, me.device) : null;
    if (me !== undefined && keys !== null)
      swapped = tamper.setDeviceKeys(
        swapped,
        user,
        me.device,
        withSignature(env, keys, user, `ed25519:${selfSigning.public}`, selfSigning.secret),
      );
  }
  return noting(
    quiet(withServer(world, at, swapped)),
    forged(name, at, null, `replaces the cross-signing identity of ${user}`, null, identity.master),
  );
};

/** From now on this device is shown the backup version before the current one. */
export const hideBackup = (world: World, name: PlayerId, from: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const { user } = addressOf(world, from);
  const older = tamper.previousBackup(server, user);
  const body: JsonObject = older ?? { errcode: 'M_NOT_FOUND', error: 'No current backup version' };
  const veil = { player: from, method: 'GET', path: paths.backupVersions, status: older === null ? 404 : 200, body };
  return noting(
    quiet({ ...world, veils: [...world.veils.filter((one) => one.player !== from), veil] }),
    forged(name, at, from, 'hides the newest backup version', null, body),
  );
};

export const showBackup = (world: World, name: PlayerId, to: PlayerId): Progress =>
  noting(
    quiet({ ...world, veils: world.veils.filter((one) => one.player !== to) }),
    forged(name, serverOf(world, name).at, to, 'shows the newest backup version again', null, null),
  );

/** A backup version of the attacker's own key in the account of a user. */
export const plantBackup = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const made = makeBackupKey(stage, world, name);
  return after(made.progress, (now) => {
    const { at, server } = serverOf(now, name);
    const version = { algorithm: BACKUP_ALGORITHM, auth_data: { public_key: made.pair.public, signatures: {} } };
    return noting(
      quiet(withServer(now, at, tamper.addBackupVersion(server, user, version))),
      forged(name, at, null, `puts a backup version of its own into the account of ${user}`, null, version),
    );
  });
};

/** The entries of a user's current backup, as the server holds them. */
export const backupEntries = (world: World, name: PlayerId, user: string): JsonObject =>
  objectAt(tamper.backupEntries(serverOf(world, name).server, user), 'rooms');
