/** What somebody can do who acts as a device: with a stolen token, a stolen device, an account of their own, or one a server made up. */

import { BACKUP_ALGORITHM, BACKUP_SECRET } from '../../machines/algorithms.ts';
import { send } from '../../machines/core/courier.ts';
import { newDevice, syncRequest } from '../../machines/core/device.ts';
import { queryUsers } from '../../machines/core/key-query.ts';
import { open } from '../../machines/core/open.ts';
import { uploadKeys } from '../../machines/core/own-keys.ts';
import { wireTypeOf } from '../../machines/events.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { KeyPair } from '../../machines/suite.ts';
import type { Recipient } from '../../machines/types.ts';
import { driveDevice } from '../engine/loop.ts';
import { deviceId, userId } from '../engine/names.ts';
import { type Asked, type Called, call } from '../engine/network.ts';
import { ownerIn } from '../engine/player.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, noting, type Progress, quiet, type World, withAttacker, withDevice } from '../engine/world.ts';
import { knownSecret } from './building.ts';
import { deviceOf } from './forging.ts';
import { attackerOf, learn } from './knowledge.ts';
import { ownBackupKey } from './opening.ts';
import { isAsked, reads } from './overhear.ts';
import { type Signer, signedAuthData } from './signing.ts';

/** A device of `victim` at which the attacker found the access token. */
const tokenOf = (stage: Stage, world: World, of: string | null): string | null => {
  const player = of?.includes('.') === true ? of : firstDevice(stage, of);
  return player === undefined ? null : (world.devices[player]?.store.me.accessToken ?? null);
};
const firstDevice = (stage: Stage, user: string | null): PlayerId | undefined => {
  const cast = stage.scenario.cast.users.find(({ name }) => name === user);
  const device = cast?.devices[0];
  return cast === undefined || device === undefined ? undefined : `${cast.name}.${device.name}`;
};

export const userOfAttacker = (stage: Stage, world: World, name: PlayerId): string => {
  const { of, server } = attackerOf(world, name);
  const user = stage.scenario.cast.users.find((one) => of !== null && one.name === ownerIn(of));
  return user === undefined ? userId(name, server) : userId(user.name, user.server);
};

/** Logs in a device of one's own with a stolen token (`login/get_token`, then `m.login.token`) and publishes its keys. */
export const logInWithToken = (stage: Stage, world: World, name: PlayerId, as: string): Progress => {
  const attacker = attackerOf(world, name);
  const token = tokenOf(stage, world, attacker.of);
  const asked = call(stage, world, name, attacker.server, {
    accessToken: token,
    method: 'POST',
    path: paths.loginToken,
    body: {},
  });
  const loginToken = stringAt(asked.answer?.body, 'login_token');
  const logged = call(stage, asked.world, name, attacker.server, {
    accessToken: null,
    method: 'POST',
    path: paths.login,
    body: { type: 'm.login.token', token: loginToken ?? '', device_id: deviceId(as) },
  });
  const accessToken = stringAt(logged.answer?.body, 'access_token');
  const soFar = { world: logged.world, moments: [...asked.moments, ...logged.moments] };
  return accessToken === undefined
    ? soFar
    : after(soFar, (now) => takeDevice(stage, now, name, as, userOfAttacker(stage, world, name), accessToken));
};

/** Begins to run a device: keys made and published, the user's devices looked up. */
export const takeDevice = (
  stage: Stage,
  world: World,
  name: PlayerId,
  as: string,
  user: string,
  accessToken: string,
  id: string = deviceId(as),
): Progress => {
  const attacker = attackerOf(world, name);
  const player = `${name}.${as}`;
  const device = newDevice(stage.envOf(player), { user, device: id, server: attacker.server, accessToken });
  const placed = withDevice(
    withAttacker(world, { ...attacker, runs: { ...attacker.runs, [as]: player } }),
    player,
    device,
  );
  const published = driveDevice(stage, placed, player, (now) =>
    uploadKeys(stage.envOf(player), storeOf(now, player), 0),
  );
  return after(published, (now) => lookUp(stage, now, player, [user]));
};

const storeOf = (world: World, player: PlayerId) => {
  const device = world.devices[player];
  if (device === undefined) throw new Error(`${player} is no device`);
  return device.store;
};

/** A fresh key query, so that the attacker writes to the devices there are now. */
const lookUp = (stage: Stage, world: World, player: PlayerId, users: readonly string[]): Progress =>
  driveDevice(stage, world, player, (now) => ({
    store: storeOf(now, player),
    outs: [queryUsers(users, null)],
  }));

/** Sends a to-device message of any type and content, sealed with Olm or in the clear. `embed: false`: without its own keys. */
export const sendAs = (
  stage: Stage,
  world: World,
  player: PlayerId,
  to: readonly Recipient[],
  type: string,
  content: JsonObject,
  encrypt: boolean,
  embed?: false,
): Progress =>
  after(lookUp(stage, world, player, [...new Set(to.map(({ user }) => user))]), (now) =>
    driveDevice(stage, now, player, (then) =>
      send(
        stage.envOf(player),
        storeOf(then, player),
        { type, content, encrypt, to, ...(embed === undefined ? {} : { embed }) },
        null,
      ),
    ),
  );

/** Makes a backup key and a backup version of it, signed by nobody who counts unless it has such keys and uses them. */
export const createBackup = (stage: Stage, world: World, name: PlayerId, signer: Signer | null): Progress => {
  const player = deviceOf(world, name);
  if (player === undefined) return quiet(world);
  const made = makeBackupKey(stage, world, name);
  return after(made.progress, (now) => {
    const { user, accessToken } = storeOf(now, player).me;
    const auth_data = signedAuthData(stage, now, name, user, made.pair.public, signer);
    const created = call(stage, now, player, attackerOf(now, name).server, {
      accessToken,
      method: 'POST',
      path: paths.backupVersions,
      body: { algorithm: BACKUP_ALGORITHM, auth_data },
    });
    return { world: created.world, moments: created.moments };
  });
};

export const makeBackupKey = (
  stage: Stage,
  world: World,
  name: PlayerId,
): { readonly progress: Progress; readonly pair: KeyPair } => {
  const attacker = attackerOf(world, name);
  const pair = stage.suite.backupKey(`${name}/backup/${attacker.backups.length}`);
  const kept = withAttacker(world, { ...attacker, backups: [...attacker.backups, pair] });
  return {
    pair,
    progress: learn(stage, kept, name, ownBackupKey, pair.secret, {
      by: 'made',
      from: [],
      text: 'made it',
    }),
  };
};

/** The value a push or an answer carries: a backup key of the attacker's own, the real one if it is known, or an empty string. */
export const secretToPlant = (
  stage: Stage,
  world: World,
  name: PlayerId,
  secretName: string,
  value: string,
): { readonly progress: Progress; readonly secret: string } => {
  const attacker = attackerOf(world, name);
  if (value === 'empty') return { progress: quiet(world), secret: '' };
  const known = value === 'known' ? knownSecret(stage, world, name, secretName) : null;
  if (known !== null) return { progress: quiet(world), secret: known };
  if (secretName !== BACKUP_SECRET)
    return { progress: quiet(world), secret: stage.suite.signingKey(`${name}/secret/${secretName}`).secret };
  const last = attacker.backups.at(-1);
  if (last !== undefined) return { progress: quiet(world), secret: last.secret };
  const made = makeBackupKey(stage, world, name);
  return { progress: made.progress, secret: made.pair.secret };
};

/** Looks up the account's current backup version and goes on with it; without a version there is nothing to go on with. */
const withBackupVersion = (
  stage: Stage,
  world: World,
  name: PlayerId,
  then: (world: World, version: string, ask: (now: World, asked: Omit<Asked, 'accessToken'>) => Called) => Progress,
): Progress => {
  const player = deviceOf(world, name);
  if (player === undefined) return quiet(world);
  const { accessToken } = storeOf(world, player).me;
  const ask = (now: World, asked: Omit<Asked, 'accessToken'>): Called =>
    call(stage, now, player, attackerOf(now, name).server, { ...asked, accessToken });
  const described = ask(world, { method: 'GET', path: paths.backupVersions });
  const version = stringAt(described.answer?.body, 'version');
  return version === undefined ? described : after(described, (now) => then(now, version, ask));
};

/** Reads all entries of the current backup: what it has keys for opens as it overhears its own step, the rest it keeps. */
export const readBackup = (stage: Stage, world: World, name: PlayerId): Progress =>
  withBackupVersion(stage, world, name, (now, version, ask) =>
    ask(now, { method: 'GET', path: paths.backupKeys, query: { version } }),
  );

/** Deletes the user's current backup version. */
export const deleteBackup = (stage: Stage, world: World, name: PlayerId): Progress =>
  withBackupVersion(stage, world, name, (now, version, ask) =>
    ask(now, { method: 'DELETE', path: paths.backupVersion(version) }),
  );

/** Replaces the user's account data of a type. */
export const setAccountData = (
  stage: Stage,
  world: World,
  name: PlayerId,
  type: string,
  content: JsonObject,
): Progress => {
  const player = deviceOf(world, name);
  const me = player === undefined ? undefined : world.devices[player]?.store.me;
  if (player === undefined || me === undefined) return quiet(world);
  const path = paths.accountData(me.user, type);
  const written = call(stage, world, player, me.server, {
    accessToken: me.accessToken,
    method: 'PUT',
    path,
    body: content,
  });
  return { world: written.world, moments: written.moments };
};

/** Syncs the attacker's device and opens what was sent to it: secrets in it are learned. */
export const readMail = (stage: Stage, world: World, name: PlayerId): Progress => {
  const player = deviceOf(world, name);
  const device = player === undefined ? undefined : world.devices[player];
  if (player === undefined || device === undefined) return quiet(world);
  const { out: _out, waiting: _waiting, ...asked } = syncRequest(device);
  const synced = call(stage, world, player, device.store.me.server, {
    ...asked,
    accessToken: device.store.me.accessToken,
  });
  const body = synced.answer?.body;
  const nextBatch = stringAt(body, 'next_batch') ?? device.store.nextBatch;
  const events = (objectAt(body, 'to_device').events as readonly JsonObject[] | undefined) ?? [];
  let progress: Progress = {
    world: withDevice(synced.world, player, { ...device, store: { ...device.store, nextBatch } }),
    moments: synced.moments,
  };
  for (const raw of events.filter(isObject)) {
    const opened = open(stage.envOf(player), storeOf(progress.world, player), raw, progress.world.now);
    progress = { ...progress, world: withDevice(progress.world, player, { ...device, store: { ...opened.store } }) };
    if ('discarded' in opened) continue;
    progress = noting(progress, {
      kind: 'delivery',
      from: device.store.me.server,
      to: player,
      event: raw,
      opened: opened.inside,
      facts: opened.event.facts,
    });
    const { content } = opened.event;
    const type = wireTypeOf(opened.event);
    const how = { by: 'opened', from: [], through: [player], text: `it came to ${player} in ${type}` } as const;
    progress = after(progress, (now) => reads(stage, now, name, type, content, how));
    const asked = { type, sender: stringAt(raw, 'sender') ?? '', content };
    progress = { ...progress, world: isAsked(progress.world, name, asked) };
  }
  return progress;
};
