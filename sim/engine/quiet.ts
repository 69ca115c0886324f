/** What quiet is: one definition, for runs and for the explorer. What must come about in the end is judged in quiet worlds alone. */

import { deviceOf } from '../homeserver/state.ts';
import { honestPlayers, type OpenChoice, wouldSync } from './choices.ts';
import { type Delivery, deliveriesOf, heldUpOf } from './federating.ts';
import { named } from './names.ts';
import type { Stage } from './stage.ts';
import type { PlayerId } from './types.ts';
import type { World } from './world.ts';

/**
 * How many rounds, in each of which every device syncs and every server sends, bring any cast to rest. Messages that cross take two
 * or three; a chain through everybody takes as many as there are people. Whoever goes on after so many goes on for ever.
 */
export const roundsMax = 40;

/** How many steps such rounds are: devices that sync, servers that send to each other, and whoever acts among them. */
export const restlessAfter = ({ devices, servers }: World): number => {
  const count = Object.keys(servers).length;
  return roundsMax * (Object.keys(devices).length + count * (count - 1) + 1);
};

/** What is still to come in a world, whatever people and attackers decide. */
export type Unrest =
  /** The story is not told to its end. */
  | { readonly unrest: 'story' }
  /** An alarm was set and has not rung. */
  | { readonly unrest: 'alarm'; readonly player: PlayerId }
  /** A sync would bring it something, or it has something to send again. */
  | { readonly unrest: 'sync'; readonly player: PlayerId }
  /** Something waits at one server for another. */
  | ({ readonly unrest: 'delivery' } & Delivery)
  /** The same, while the line between them is down. */
  | ({ readonly unrest: 'held up' } & Delivery)
  /** It reaches no server now, and will again: its server still knows it. */
  | { readonly unrest: 'offline'; readonly player: PlayerId };

/** A device that will be back: offline, and neither logged out nor removed from its account meanwhile. */
const isAway = (world: World, player: PlayerId): boolean => {
  const me = named(world.devices, player)?.store.me;
  const server = me === undefined ? undefined : world.servers[me.server];
  return (
    me !== undefined &&
    server !== undefined &&
    world.offline.includes(player) &&
    !world.loggedOut.includes(player) &&
    deviceOf(server, me.user, me.device) !== undefined
  );
};

const looksAway = (_: Stage, world: World, player: PlayerId): boolean => isAway(world, player);

/** The story is to be told first; what is under way comes after it. */
export const unrestIn = (stage: Stage, world: World): Unrest | null =>
  stage.scenario.story[world.line] === undefined ? underWayIn(stage, world) : { unrest: 'story' };

/**
 * The first of what is still to come whatever the story says; `null` where all is quiet. Devices that an attacker runs sync, stay away and come back when
 * their attacker says so, and faults that have not struck may never strike: neither is waited for. Nor is who has left for good.
 */
export const underWayIn = (stage: Stage, world: World): Unrest | null => {
  const [alarm] = world.alarms;
  if (alarm !== undefined) return { unrest: 'alarm', player: alarm.player };
  const players = honestPlayers(world);
  const syncing = players.find((player) => wouldSync(stage, world, player));
  if (syncing !== undefined) return { unrest: 'sync', player: syncing };
  const [delivery] = deliveriesOf(stage, world);
  if (delivery !== undefined) return { unrest: 'delivery', ...delivery };
  const [held] = heldUpOf(stage, world);
  if (held !== undefined) return { unrest: 'held up', ...held };
  const away = players.find((player) => stage.kernel.view(stage, world, looksAway, player));
  return away === undefined ? null : { unrest: 'offline', player: away };
};

/** Whether nothing is left to happen but what people and attackers may still decide to do, and all who can come back are there. */
export const isQuiet = (stage: Stage, world: World): boolean => unrestIn(stage, world) === null;

/** Whether a choice is what a world comes to rest by: it happens whatever people and attackers decide, as long as everybody comes back. */
export const bringsRest = (choice: OpenChoice): boolean =>
  choice.do === 'act'
    ? choice.kind === 'story' || (choice.kind === 'fault' && choice.act.verb === 'come online')
    : choice.do !== 'interrupted';

/** `alice.phone is offline`. */
export const saidOfUnrest = (one: Unrest): string => {
  switch (one.unrest) {
    case 'story':
      return 'the story is not told to its end';
    case 'alarm':
      return `something is due for ${one.player}`;
    case 'sync':
      return `there is news for ${one.player}`;
    case 'delivery':
      return `something waits at ${one.from} for ${one.to}`;
    case 'held up':
      return `something is held up at ${one.from} for ${one.to}`;
    case 'offline':
      return `${one.player} is offline`;
  }
};
