/** Where an attacker may make a move: whom it may reach, and which rooms its server has. What is offered there, each verb says. */

import type { Attacker } from '../engine/attacker.ts';
import { budgetOf } from '../engine/attacking.ts';
import { userId } from '../engine/names.ts';
import { ownerIn } from '../engine/player.ts';
import { type Moves, type Place, roleOf, type Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { type Membership, membershipAt, roomIds, stateAt } from '../homeserver/rooms/tamper.ts';
import { deviceKeys } from '../homeserver/tamper.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { addressOf, handOf } from './forging.ts';
import { circleIn, runsServer } from './knowledge.ts';

/** The world as one attacker has it before it, and its server. */
export type Spot = {
  readonly stage: Stage;
  readonly world: World;
  readonly attacker: Attacker;
  readonly server: Homeserver;
};
/** A user it reaches, by the name of the cast. */
export type AtUser = Spot & { readonly user: string };
/** A device it reaches. */
export type AtDevice = Spot & { readonly device: PlayerId };
/** Another device that it reaches of the same user. */
export type AtSibling = AtDevice & { readonly sibling: PlayerId };
export type InRoom = Spot & { readonly room: string };
/** An honest user, whether or not they are in the room: by the name of the cast, and in full. */
export type OfPerson = InRoom & { readonly name: string; readonly id: string };
/** The spot of each kind of place. */
export type Spots = {
  anywhere: Spot;
  user: AtUser;
  device: AtDevice;
  sibling: AtSibling;
  room: InRoom;
  person: OfPerson;
};

/**
 * What a verb offers in free play, by where: the arguments of its acts, in a fixed order. Only what would change something. Some moves
 * open many ways of which few are new; those are offered where the budget names the verb (`isNamed`).
 */
export type Offers = { readonly [P in Place]?: (spot: Spots[P]) => readonly Act['args'][] };

/** What is offered in one spot. */
export const offeredIn = <P extends Place>(offers: Offers, place: P, spot: Spots[P]): readonly Act['args'][] =>
  offers[place]?.(spot) ?? [];

/** Whether the budget names that kind of move. */
export const isNamed = ({ world, attacker }: Spot, verb: string): boolean =>
  budgetOf(world, attacker.name)[verb] !== undefined;

/** Whether that is among the moves of its role. */
export const hasMove = ({ stage, attacker }: Spot, verb: string): boolean => has(roleOf(stage, attacker).moves, verb);
const has = (moves: Moves, verb: string): boolean =>
  moves.some((move) => move === verb || (typeof move === 'object' && 'each' in move && has(move.moves, verb)));

/** The devices of honest people on this server whom the attacker may reach: its victim's, or everybody's. */
export const targets = ({ stage, world, attacker }: Spot): readonly PlayerId[] => {
  const victim = attacker.of === null ? undefined : ownerIn(attacker.of);
  const isWide = roleOf(stage, attacker).reaches === 'its server';
  const users = stage.scenario.cast.users.filter(
    ({ name, server }) => name === victim || (isWide && server === attacker.server),
  );
  const mine = Object.values(attacker.runs);
  return playersIn(world).filter(
    (player) => users.some(({ name }) => player.startsWith(`${name}.`)) && !mine.includes(player),
  );
};
/** Whose those are. */
export const victims = (spot: Spot): readonly string[] => [...new Set(targets(spot).map(ownerIn))];
export const siblings = (spot: AtDevice): readonly PlayerId[] =>
  targets(spot).filter((other) => other !== spot.device && ownerIn(other) === ownerIn(spot.device));

/** All devices there are, by name. */
export const playersIn = (world: World): readonly PlayerId[] => Object.keys(world.devices).sort();
export const devicesOf = (world: World, user: string): readonly PlayerId[] =>
  playersIn(world).filter((player) => world.devices[player]?.store.me.user === user);

// --- in rooms --------------------------------------------------------------------------------------

export const rooms = ({ server }: Spot): readonly string[] => roomIds(server);
export const people = ({ stage }: Spot) =>
  stage.scenario.cast.users.map(({ name, server }) => ({ name, id: userId(name, server) }));

export const isIn = ({ server, room }: InRoom, user: string): Membership => membershipAt(server, room, user) ?? 'leave';

/** Its own, in the room: nobody of no device is anywhere. */
export const ownMembership = (spot: InRoom): Membership => {
  const me = handOf(spot.world, spot.attacker.name)?.me;
  return me === undefined ? 'leave' : isIn(spot, me.user);
};

/** A device of whoever asked a user in. */
export const inviterOf = ({ world, server, room }: InRoom, user: string): PlayerId | undefined => {
  const event = stateAt(server, room, 'm.room.member', user);
  return event === null || event.sender === user ? undefined : devicesOf(world, event.sender)[0];
};

/** Devices of the server's honest users who are in the room. */
export const listeners = (spot: InRoom): readonly PlayerId[] =>
  targets(spot).filter((player) => isIn(spot, addressOf(spot.world, player).user) === 'join');

/** Whether it has a device, and a server that takes letters of that: its own as long as it is listed there, or an accomplice's. */
export const canWrite = ({ stage, world, attacker, server }: Spot): boolean => {
  const me = handOf(world, attacker.name)?.me;
  return (
    me !== undefined &&
    (deviceKeys(server, me.user, me.device) !== null ||
      circleIn(stage, world, attacker.name).some((one) => runsServer(stage, one)))
  );
};
