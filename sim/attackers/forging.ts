/** What every lie of a homeserver needs: whose server it is, whom it is told, and how it is put on record. */
import type { Json, JsonObject } from '../../machines/json.ts';
import type { KeyPair } from '../../machines/suite.ts';
import { phoneOf } from '../engine/attacker.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { attackerOf } from './knowledge.ts';

export type Forged = Extract<Moment, { kind: 'forged' }>;
export const forged = (
  player: PlayerId,
  server: PlayerId,
  victim: PlayerId | null,
  what: string,
  before: Json,
  afterwards: Json,
  accountData?: string,
): Forged => ({
  kind: 'forged',
  player,
  server,
  victim,
  what,
  ...(accountData === undefined ? {} : { accountData }),
  before,
  after: afterwards,
});

/** The server an attacker sits at. */
export const serverOf = (world: World, name: PlayerId): { readonly at: PlayerId; readonly server: Homeserver } => {
  const at = attackerOf(world, name).server;
  const server = world.servers[at];
  if (server === undefined) throw new Error(`${name} plays a server that is not there: ${at}`);
  return { at, server };
};

export const addressOf = (world: World, player: PlayerId): { readonly user: string; readonly device: string } => {
  const me = world.devices[player]?.store.me;
  if (me === undefined) throw new Error(`${player} is no device`);
  return { user: me.user, device: me.device };
};

/** The device an attacker acts as: the latest it runs, or else the one in its pocket. */
export const deviceOf = (world: World, name: PlayerId): PlayerId | undefined =>
  Object.values(attackerOf(world, name).runs).at(-1) ?? pocketed(world, name);

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
