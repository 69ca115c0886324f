/** What may happen next, kind by kind, in a fixed order. */

import { hasNews } from '../homeserver/index.ts';
import { offers } from './attacking.ts';
import { type Delivery, deliveriesOf } from './federating.ts';
import { named } from './names.ts';
import type { Accident, Stage } from './stage.ts';
import type { Act, Choice, PlayerId } from './types.ts';
import { alarmsDue } from './waking.ts';
import { isRogue, type World } from './world.ts';

/** Whether a sync of this device would bring anything, or something waits to be sent again. */
export const takesPart = (world: World, player: PlayerId): boolean => {
  const device = named(world.devices, player);
  if (device === undefined || world.offline.includes(player) || world.loggedOut.includes(player)) return false;
  const { me, outbox, awaitsSync, nextBatch } = device.store;
  const server = world.servers[me.server];
  return server !== undefined && (outbox.length > 0 || awaitsSync || hasNews(server, me.user, me.device, nextBatch));
};

export const word = (text: string): string => text.replaceAll('.', '~').replaceAll(/[^A-Za-z0-9_~-]+/g, '_');

/** What an act is taken from: a story line, the acts of free play, an attacker's own head, or the budget of a fault. */
export type From =
  | { readonly from: 'story'; readonly nth: number }
  | { readonly from: 'play'; readonly nth: number }
  | { readonly from: 'attacker' }
  | { readonly from: 'fault'; readonly fault: string };

export type OpenChoice = Choice &
  (
    | { readonly do: 'act'; readonly act: Act; readonly taken: From }
    | { readonly do: 'sync'; readonly player: PlayerId }
    | ({ readonly do: 'deliver' } & Delivery)
    | { readonly do: 'wake'; readonly alarm: number }
    | Interrupted
  );

/** Another choice, `of`, in which the answer to a request of `player` never arrives, or after which that client stops and starts. */
export type Interrupted = {
  readonly do: 'interrupted';
  readonly of: OpenChoice;
  readonly fault: string;
  /** How a story says it beforehand: `stop after request`, with the number. */
  readonly verb: string;
  readonly how: 'lose' | 'stop';
  readonly player: PlayerId;
  /** Counted from 1. */
  readonly request: number;
};

const offered = ({ verbs }: Stage, id: string, act: Act, taken: From): OpenChoice => ({
  id,
  who: act.who,
  sentence: verbs.said(act),
  kind: taken.from,
  ...(taken.from === 'story' ? { nth: taken.nth } : {}),
  do: 'act',
  act,
  taken,
});

/** The story's next line: one act is `act`, one of several that may race is `act:1`, counted from 0 as the file has them. */
export const storyChoices = (stage: Stage, world: World): readonly OpenChoice[] => {
  const line = stage.scenario.story[world.line] ?? [];
  return line.flatMap((act, nth) =>
    world.acted.includes(nth)
      ? []
      : [offered(stage, line.length === 1 ? 'act' : `act:${nth}`, act, { from: 'story', nth })],
  );
};

/** Once the story is told, acts of free play in any order, each as often as it may be: `play:0`. */
const playChoices = (stage: Stage, world: World): readonly OpenChoice[] => {
  if (!stage.free || stage.scenario.explore === null || world.line < stage.scenario.story.length) return [];
  return stage.scenario.explore.acts.flatMap(({ act, times }, nth) =>
    (world.played[nth] ?? 0) < times && stage.verbs.whyNot(stage, world, act) === null
      ? [offered(stage, `play:${nth}`, act, { from: 'play', nth })]
      : [],
  );
};

/** What free play is dealt strikes once the story is told; what the file as a whole is dealt strikes at any time. */
export const isDealt = ({ scenario }: Stage, world: World, fault: string): boolean =>
  world.line >= scenario.story.length || fault in scenario.faults;

/** Those that strike within a step are that step's (`open-choices.ts`). */
const isOffered: Readonly<Record<Accident['strikes'], boolean>> = {
  device: true,
  news: true,
  transaction: true,
  answer: false,
  'between requests': false,
};

const faultChoices = (stage: Stage, world: World, players: readonly PlayerId[]): readonly OpenChoice[] => {
  const by = (verb: string, who: PlayerId, id: string, fault: string, args: Act['args'] = {}): OpenChoice =>
    offered(stage, id, { who, verb, args }, { from: 'fault', fault });
  const { accidents } = stage.verbs;
  return [
    ...accidents
      .filter(({ name, strikes }) => isOffered[strikes] && (world.faults[name] ?? 0) > 0 && isDealt(stage, world, name))
      .flatMap(({ name, verb, strikes }) =>
        strikes === 'transaction'
          ? deliveriesOf(stage, world).map(({ from, to }) =>
              by(verb, from, [name, from, to].map(word).join(':'), name, { to }),
            )
          : players
              .filter((who) => !world.offline.includes(who) && (strikes !== 'news' || takesPart(world, who)))
              .map((who) => by(verb, who, `${word(name)}:${word(who)}`, name)),
      ),
    ...accidents.flatMap(({ name, ends }) =>
      ends === undefined || world.faults[name] === undefined
        ? []
        : world.offline.map((who) => by(ends, who, `online:${word(who)}`, '')),
    ),
  ];
};

const attackerChoices = (stage: Stage, world: World): readonly OpenChoice[] =>
  stage.free
    ? Object.values(world.attackers).flatMap((attacker) =>
        offers(stage, world, attacker).map((act) =>
          offered(stage, [act.who, act.verb, ...Object.values(act.args).map(String)].map(word).join(':'), act, {
            from: 'attacker',
          }),
        ),
      )
    : [];

/** Devices that sync and act by themselves: those no attacker runs. */
export const honestPlayers = (world: World): readonly PlayerId[] =>
  Object.keys(world.devices)
    .sort()
    .filter((player) => !isRogue(world, player));

/** `takesPart`, remembered for each device by itself. */
export const wouldSync = (stage: Stage, world: World, player: PlayerId): boolean =>
  stage.kernel.view(stage, world, wouldTakePart, player);
const wouldTakePart = (_stage: Stage, world: World, player: PlayerId): boolean => takesPart(world, player);

const syncChoice = (player: PlayerId): OpenChoice => ({
  id: `sync:${word(player)}`,
  who: player,
  sentence: `${player} syncs`,
  kind: 'sync',
  do: 'sync',
  player,
});

const syncChoices = (stage: Stage, world: World): readonly OpenChoice[] =>
  honestPlayers(world)
    .filter((player) => wouldSync(stage, world, player))
    .map(syncChoice);

/** The first of what syncs and sends before everybody is up to date; `undefined` once all are. */
export const settlingChoice = (stage: Stage, world: World): OpenChoice | undefined => {
  const player = honestPlayers(world).find((one) => wouldSync(stage, world, one));
  return player === undefined ? deliveryChoices(stage, world)[0] : syncChoice(player);
};

const deliveryChoices = (stage: Stage, world: World): readonly OpenChoice[] =>
  deliveriesOf(stage, world).map(
    ({ from, to }): OpenChoice => ({
      id: `deliver:${word(from)}:${word(to)}`,
      who: from,
      sentence: `${from} sends to ${to}`,
      kind: 'deliver',
      do: 'deliver',
      from,
      to,
    }),
  );

const alarmChoices = (_stage: Stage, world: World): readonly OpenChoice[] =>
  alarmsDue(world).map(({ player, nth }) => ({
    id: `wake:${nth}`,
    who: player,
    sentence: `time passes for ${player}`,
    kind: 'wake',
    do: 'wake',
    alarm: nth,
  }));

type Group = (stage: Stage, world: World) => readonly OpenChoice[];

/** Where a story only leads up to free play, nothing happens beside it. */
const besideStory =
  (group: Group): Group =>
  (stage, world) =>
    stage.free && stage.scenario.explore?.storyFirst === true && world.line < stage.scenario.story.length
      ? []
      : group(stage, world);

/** The kinds of choices, in the order they are offered. Each looks at a few parts of the world only. */
export const choiceGroups: readonly Group[] = [
  storyChoices,
  playChoices,
  besideStory(syncChoices),
  besideStory(deliveryChoices),
  besideStory(attackerChoices),
  besideStory((stage, world) => faultChoices(stage, world, honestPlayers(world))),
  besideStory(alarmChoices),
];

/** What a step keeps of the choice that was taken. */
export const choiceOf = ({ id, who, sentence, kind, nth }: OpenChoice): Choice => ({
  id,
  who,
  sentence,
  kind,
  ...(nth === undefined ? {} : { nth }),
});
