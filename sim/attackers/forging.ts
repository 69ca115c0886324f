/** What every lie of a homeserver needs: whose server it is, whom it is told, and how it is put on record. */
import type { JsonObject } from '../../machines/json.ts';
import type { KeyPair } from '../../machines/suite.ts';
import { phoneOf } from '../engine/attacker.ts';
import { named } from '../engine/names.ts';
import { type Asked, type Called, call } from '../engine/network.ts';
import type { Stage } from '../engine/stage.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { noting, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { attackerOf } from './knowledge.ts';

type Forged = Extract<Moment, { kind: 'forged' }>;

/** A lie as it goes on record. `server`: the liar's from now on; left out: as it was. `to`: the device that alone is told; left out: all are. */
type Lie = Partial<Pick<Forged, 'before' | 'after' | 'accountData' | 'isTruthAgain'>> & {
  readonly server?: Homeserver;
  readonly to?: PlayerId;
};

/** What the operator of a server has done, on record. */
export const lied = (world: World, name: PlayerId, what: string, lie: Lie): Progress => {
  const { server, to = null, before = null, after = null, accountData, isTruthAgain } = lie;
  const { at } = serverOf(world, name);
  return noting(quiet(server === undefined ? world : withServer(world, at, server)), {
    kind: 'forged',
    player: name,
    server: at,
    victim: to,
    what,
    ...(accountData === undefined ? {} : { accountData }),
    before,
    after,
    ...(isTruthAgain === undefined ? {} : { isTruthAgain }),
  });
};

/** Puts a to-device event into a device's queue. */
export const enqueue = (world: World, name: PlayerId, to: PlayerId, event: JsonObject, what: string): Progress => {
  const { user, device } = addressOf(world, to);
  const server = tamper.enqueue(serverOf(world, name).server, user, device, event);
  return lied(world, name, what, { server, to, after: event });
};

/** A cleartext event that shows the public device keys of `as`, as if that proved anything. */
export const inject = (
  world: World,
  name: PlayerId,
  { to, as, type }: { readonly to: PlayerId; readonly as: PlayerId; readonly type: string },
  content: JsonObject,
): Progress => {
  const { user, device } = addressOf(world, as);
  const keys = tamper.deviceKeys(serverOf(world, name).server, user, device);
  const shown = keys === null ? {} : { sender_device_keys: keys };
  const event = { type, sender: user, content: { ...content, ...shown } };
  return enqueue(world, name, to, event, `injects ${type} in the clear, naming ${as}`);
};

/** The server an attacker sits at. */
export const serverOf = (world: World, name: PlayerId): { readonly at: PlayerId; readonly server: Homeserver } => {
  const at = attackerOf(world, name).server;
  const server = world.servers[at];
  if (server === undefined) throw new Error(`${name} plays a server that is not there: ${at}`);
  return { at, server };
};

const meOf = (world: World, player: PlayerId) => {
  const me = world.devices[player]?.store.me;
  if (me === undefined) throw new Error(`${player} is no device`);
  return me;
};

export const addressOf = (world: World, player: PlayerId): { readonly user: string; readonly device: string } => {
  const { user, device } = meOf(world, player);
  return { user, device };
};

/** The device an attacker acts as: the latest it runs, or else the one in its pocket. */
export const deviceOf = (world: World, name: PlayerId): PlayerId | undefined =>
  Object.values(attackerOf(world, name).runs).at(-1) ?? pocketed(world, name);

/** That device, and what it keeps; `undefined` where it has none. */
export const handOf = (world: World, name: PlayerId) => {
  const player = deviceOf(world, name);
  const device = player === undefined ? undefined : world.devices[player];
  return player === undefined || device === undefined
    ? undefined
    : { player, device, store: device.store, me: device.store.me };
};

/** The device of an attacker that is a person like others: it runs as everybody's does, and not as its attacker says. `undefined` where there is none. */
export const pocketed = (world: World, name: PlayerId): PlayerId | undefined => {
  const attacker = named(world.attackers, name);
  const phone = phoneOf(name);
  return attacker !== undefined && !Object.values(attacker.runs).includes(phone) && world.devices[phone] !== undefined
    ? phone
    : undefined;
};

/** A cross-signing key of a user, not signed by anybody yet. */
export const crossSigningKey = (user: string, usage: string, of: KeyPair): JsonObject => ({
  user_id: user,
  usage: [usage],
  keys: { [`ed25519:${of.public}`]: of.public },
});

/** Asks the homeserver in the name of a device that it acts as. @throws where that is no device */
export const asks = (
  stage: Stage,
  world: World,
  player: PlayerId,
  method: Asked['method'],
  path: string,
  more: Pick<Asked, 'body' | 'query'> = {},
): Called => {
  const { server, accessToken } = meOf(world, player);
  return call(stage, world, player, server, { accessToken, method, path, ...more });
};
