/** What most verbs come to: a person tells a device of theirs something. */
import type { BareAct } from '../../machines/events.ts';
import { attackersActs } from '../attackers/acts.ts';
import { arg, first, type Perform, refused } from '../engine/acting.ts';
import { tellDevice } from '../engine/loop.ts';
import { named } from '../engine/names.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import { quiet, type World } from '../engine/world.ts';

/** The device a person acts with: the first of theirs that is there, in the order of the cast, then those logged in later. */
export const deviceInHand = (stage: Stage, world: World, who: PlayerId): PlayerId | null => {
  const isThere = (player: PlayerId) => named(world.devices, player) !== undefined && !world.loggedOut.includes(player);
  if (named(world.devices, who) !== undefined) return who;
  const devices = stage.scenario.cast.users.find(({ name }) => name === who)?.devices ?? [];
  const cast = devices.map(({ name }) => `${who}.${name}`).find(isThere);
  const later = () =>
    Object.keys(world.devices)
      .sort()
      .find((player) => player.startsWith(`${who}.`) && isThere(player));
  return cast ?? later() ?? null;
};

/** Does something with the device at hand; whoever has none is refused. */
export const withHand =
  (does: (stage: Stage, world: World, act: Act, player: PlayerId) => ReturnType<Perform>): Perform =>
  (stage, world, act) => {
    const player = deviceInHand(stage, world, act.who);
    return player === null
      ? refused(quiet(world), act, `${act.who} has no device at hand`)
      : does(stage, world, act, player);
  };

/** Tells whoever acts, or the device in that person's hand. */
export const tells = (event: BareAct | ((stage: Stage, act: Act, player: PlayerId) => BareAct)): Perform =>
  withHand((stage, world, act, player) =>
    tellDevice(stage, world, player, typeof event === 'function' ? event(stage, act, player) : event),
  );

/** What an attacker does by a verb. @throws where attackers know nothing of it */
export const attackers = (verb: string): Perform => {
  const does = named(attackersActs, verb);
  if (does === undefined)
    throw new Error(`no attacker knows what "${verb}" does: is it missing in sim/attackers/acts.ts?`);
  return does;
};

/** What others do by a verb that attackers do in a way of their own. */
export const shared =
  (verb: string, others: Perform): Perform =>
  (stage, world, act) =>
    (named(world.attackers, act.who) === undefined ? others : attackers(verb))(stage, world, act);

export { arg, first };
