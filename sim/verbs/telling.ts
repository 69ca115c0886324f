/** What most verbs come to: a person tells a device of theirs something. */
import type { BareAct } from '../../machines/events.ts';
import { isObject, type JsonObject } from '../../machines/json.ts';
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

/** What others do by a verb that attackers do in a way of their own. */
export const shared =
  (attackers: Perform, others: Perform): Perform =>
  (stage, world, act) =>
    (named(world.attackers, act.who) === undefined ? others : attackers)(stage, world, act);

/** The content that an argument spells as JSON; `null` when it spells none. */
export const contentIn = (text: string): JsonObject | null => {
  if (text === '') return null;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error(`${text} is no content: was the scenario checked?`);
  return value;
};

/** An argument that is none of the words it may be. */
export const unchecked = (act: Act, name: string): Error =>
  new Error(`"${act.verb}" knows no ${name} "${arg(act, name)}": was the scenario checked?`);

export { arg, first };
