/** Everything that may happen next, in a fixed order. */

import { hasNews } from './homeserver/index.ts';
import type { Stage } from './stage.ts';
import type { Act, Choice, PlayerId } from './types.ts';
import type { World } from './world.ts';

/** Whether a sync of this device would bring anything, or something waits to be sent again. */
export const takesPart = (world: World, player: PlayerId): boolean => {
  const device = world.devices[player];
  if (device === undefined || world.offline.includes(player)) return false;
  const { me, outbox } = device.store;
  const server = world.servers[me.server];
  return server !== undefined && (outbox.length > 0 || hasNews(server, me.user, me.device));
};

/** Devices that attackers run sync when their attacker says so. */
export const isRogue = (world: World, player: PlayerId): boolean =>
  Object.values(world.attackers).some(({ runs }) => Object.values(runs).includes(player));

const word = (player: PlayerId): string => player.replaceAll('.', '~');

const said = (act: Act): string => {
  const { [act.verb]: main, ...more } = act.args;
  const rest = Object.entries(more).map(([name, value]) => `${name} ${String(value)}`);
  return [act.who, act.verb, ...(main === undefined ? [] : [String(main)]), ...rest].join(' ');
};

export type OpenChoice = Choice &
  (
    | { readonly do: 'act'; readonly act: Act; readonly nth: number }
    | { readonly do: 'sync'; readonly player: PlayerId }
    | { readonly do: 'wake'; readonly nth: number }
  );

/**
 * Acts of the story's next line, syncs that would bring something, alarms. A story line that is one act is `act`; one of
 * several that may race is `act:1`, counted from 0 as the file has them.
 */
export const openChoices = (stage: Stage, world: World): readonly OpenChoice[] => {
  const line = stage.scenario.story[world.line] ?? [];
  const acts = line.flatMap((act, nth): readonly OpenChoice[] =>
    world.acted.includes(nth)
      ? []
      : [{ id: line.length === 1 ? 'act' : `act:${nth}`, who: act.who, sentence: said(act), do: 'act', act, nth }],
  );
  const syncing = Object.keys(world.devices)
    .sort()
    .filter((player) => !isRogue(world, player) && takesPart(world, player))
    .map(
      (player): OpenChoice => ({
        id: `sync:${word(player)}`,
        who: player,
        sentence: `${player} syncs`,
        do: 'sync',
        player,
      }),
    );
  const due = Math.min(...world.alarms.map(({ dueMs }) => dueMs));
  const alarms = world.alarms.flatMap((alarm, nth): readonly OpenChoice[] =>
    alarm.dueMs === due
      ? [{ id: `wake:${nth}`, who: alarm.player, sentence: `time passes for ${alarm.player}`, do: 'wake', nth }]
      : [],
  );
  return [...acts, ...syncing, ...alarms];
};

export const choices = (stage: Stage, world: World): readonly Choice[] =>
  openChoices(stage, world).map(({ id, who, sentence }) => ({ id, who, sentence }));
