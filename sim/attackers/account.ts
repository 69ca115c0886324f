/** What somebody can do who acts as a device: with a stolen token, a stolen device, an account of their own, or one a server made up. */

import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { open } from '../../machines/core/decrypt.ts';
import { newDevice, syncRequest } from '../../machines/core/device.ts';
import { queryUsers } from '../../machines/core/key-query.ts';
import { send } from '../../machines/core/outbox.ts';
import { uploadKeys } from '../../machines/core/own-keys.ts';
import { wireTypeOf } from '../../machines/events.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Store } from '../../machines/store.ts';
import type { KeyPair } from '../../machines/suite.ts';
import type { Recipient } from '../../machines/types.ts';
import { driveDevice } from '../engine/loop.ts';
import { deviceId, userId } from '../engine/names.ts';
import { call } from '../engine/network.ts';
import { ownerIn } from '../engine/player.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, inTurn, noting, type Progress, quiet, type World, withAttacker, withDevice } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { knownSecret } from './building.ts';
import { asks, deviceOf, handOf, lied, serverOf } from './forging.ts';
import { attackerOf, learn } from './knowledge.ts';
import { ownBackupKey } from './opening.ts';
import { isAsked, reads } from './overhear.ts';

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

/** A device that no person ever logged in, which the operator of a server adds and runs. @param what it is, and whose, in words */
export const withGhost = (
  stage: Stage,
  world: World,
  name: PlayerId,
  { user, device }: { readonly user: string; readonly device: string },
  as: string,
  what: string,
): Progress => {
  const { server, accessToken } = tamper.addDevice(serverOf(world, name).server, user, device);
  const added = lied(world, name, `adds ${what}`, { server, after: { user_id: user, device_id: device } });
  return after(added, (now) => takeDevice(stage, now, name, as, user, accessToken, device));
};

const storeOf = (world: World, player: PlayerId): Store => {
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

/** A backup key of its own, made and known. */
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
export const withBackupVersion = (
  stage: Stage,
  world: World,
  name: PlayerId,
  then: (world: World, player: PlayerId, version: string) => Progress,
): Progress => {
  const player = deviceOf(world, name);
  if (player === undefined) return quiet(world);
  const described = asks(stage, world, player, 'GET', paths.backupVersions);
  const version = stringAt(described.answer?.body, 'version');
  return version === undefined ? described : after(described, (now) => then(now, player, version));
};

/** Syncs the attacker's device and opens what was sent to it: secrets in it are learned. */
export const readMail = (stage: Stage, world: World, name: PlayerId): Progress => {
  const hand = handOf(world, name);
  if (hand === undefined) return quiet(world);
  const { player, device, store, me } = hand;
  const { method, path, query } = syncRequest(device);
  const synced = asks(stage, world, player, method, path, query === undefined ? {} : { query });
  const body = synced.answer?.body;
  const nextBatch = stringAt(body, 'next_batch') ?? store.nextBatch;
  const withStore = (now: World, kept: Store): World => withDevice(now, player, { ...device, store: kept });
  const events = (objectAt(body, 'to_device').events as readonly JsonObject[] | undefined) ?? [];
  const begun = { ...synced, world: withStore(synced.world, { ...store, nextBatch }) };
  return inTurn(begun, events.filter(isObject), (before, raw) => {
    const opened = open(stage.envOf(player), storeOf(before, player), raw, before.now);
    const now = withStore(before, opened.store);
    if ('discarded' in opened) return quiet(now);
    const { content, facts } = opened.event;
    const type = wireTypeOf(opened.event);
    const delivery = {
      kind: 'delivery',
      from: me.server,
      to: player,
      event: raw,
      opened: opened.inside,
      facts,
    } as const;
    const how = { by: 'opened', from: [], through: [player], text: `it came to ${player} in ${type}` } as const;
    const read = after(noting(quiet(now), delivery), (then) => reads(stage, then, name, type, content, how));
    return { ...read, world: isAsked(read.world, name, { type, sender: stringAt(raw, 'sender') ?? '', content }) };
  });
};
