/** Why an act cannot even be tried: a device that is not there or reaches nobody, a room that a server does not have, a secret nobody knows. */
import { knownSecret } from '../attackers/building.ts';
import { attackerOf } from '../attackers/knowledge.ts';
import { first } from '../engine/acting.ts';
import { deviceOf } from '../engine/loop.ts';
import { named, shortRoom } from '../engine/names.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { deviceInHand } from './telling.ts';
import type { Form } from './verb.ts';

export const whyAbsent = (world: World, player: PlayerId): string | null =>
  world.loggedOut.includes(player)
    ? `${player} has been logged out`
    : named(world.devices, player) === undefined
      ? `${player} is not logged in`
      : null;

/** Whoever has been removed reaches the others no more, and may not know yet. */
export const whyRemoved = (world: World, player: PlayerId): string | null => {
  const { server, user, device } = deviceOf(world, player).store.me;
  const account = named(world.servers[server]?.users ?? {}, user);
  return account !== undefined && named(account.devices, device) === undefined ? `${player} has been removed` : null;
};

/** Whoever reaches no server does nothing that takes one. */
export const whyAway = (stage: Stage, world: World, who: PlayerId): string | null => {
  const player = deviceInHand(stage, world, who);
  return player !== null && world.offline.includes(player) ? `${player} is offline` : null;
};

/** A server's operator can only lie about rooms that the server has. */
export const whyNoRoom: Form['cannot'] = (_stage, world, { who, args }) => {
  const { server } = attackerOf(world, who);
  const room = String(args.in);
  return named(world.servers[server]?.rooms ?? {}, room) === undefined
    ? `${server} has no room ${shortRoom(room)}`
    : null;
};

/** `value: known` hands on the real secret, by whoever knows it. */
export const whyUnknown =
  (secretOf: (act: Act) => string = first): Form['cannot'] =>
  (stage, world, act) => {
    if (act.args.value !== 'known') return null;
    const secret = secretOf(act);
    return knownSecret(stage, world, act.who, secret) === null ? `${act.who} does not know ${secret}` : null;
  };
