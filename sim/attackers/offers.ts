/** What an attacker may do next, from what it is, has and knows: acts as a story would spell them, in a fixed order. */
import { BACKUP_SECRET } from '../../machines/paths.ts';
import { hasNews } from '../homeserver/index.ts';
import { queue } from '../homeserver/tamper.ts';
import type { Stage } from '../stage.ts';
import type { Act, PlayerId } from '../types.ts';
import type { World } from '../world.ts';
import { deviceOf } from './forging.ts';
import type { Attacker } from './types.ts';

/** A secret name with no public half to be tested against. */
const untested = 'org.example.notes';

/** Without a budget an attacker makes no moves by itself. */
const budgetOf = (world: World, name: PlayerId): Readonly<Record<string, number>> => world.budgets[name] ?? {};
const mayDo = (world: World, name: PlayerId, verb: string): boolean =>
  (budgetOf(world, name)[verb] ?? Number.POSITIVE_INFINITY) > 0;

/** The world after one move of that kind. */
export const spending = (world: World, act: Act): World => {
  const { moves = 0, [act.verb]: ofKind } = budgetOf(world, act.who);
  const left = {
    ...budgetOf(world, act.who),
    moves: moves - 1,
    ...(ofKind === undefined ? {} : { [act.verb]: ofKind - 1 }),
  };
  return { ...world, budgets: { ...world.budgets, [act.who]: left } };
};

export const offers = (stage: Stage, world: World, attacker: Attacker): readonly Act[] => {
  if ((budgetOf(world, attacker.name).moves ?? 0) <= 0) return [];
  const table: Readonly<Record<string, (stage: Stage, world: World, attacker: Attacker) => readonly Act[]>> = {
    'stolen-token': withToken,
    'stolen-device': asDevice,
    'other-user': asDevice,
    'lying-server': asServer,
  };
  return (table[attacker.plays]?.(stage, world, attacker) ?? []).filter(({ verb }) =>
    mayDo(world, attacker.name, verb),
  );
};

const act = (attacker: Attacker, verb: string, args: Act['args'] = {}): Act => ({ who: attacker.name, verb, args });

/** The devices of honest people on this server whom the attacker may write to: its victim's, or everybody's. */
const targets = (stage: Stage, world: World, attacker: Attacker): readonly PlayerId[] => {
  const victim = attacker.of?.split('.')[0];
  const users = stage.scenario.cast.users.filter(
    ({ name, server }) =>
      name === victim ||
      (server === attacker.server && (attacker.plays === 'lying-server' || attacker.plays === 'other-user')),
  );
  const mine = Object.values(attacker.runs);
  return Object.keys(world.devices)
    .sort()
    .filter((player) => users.some(({ name }) => player.startsWith(`${name}.`)) && !mine.includes(player));
};

const withToken = (stage: Stage, world: World, attacker: Attacker): readonly Act[] =>
  deviceOf(world, attacker.name) === undefined
    ? [act(attacker, 'log in as', { 'log in as': 'tablet' })]
    : asDevice(stage, world, attacker);

/** Everything a client can be made to send: pushes, requests, answers, backups. */
const asDevice = (stage: Stage, world: World, attacker: Attacker): readonly Act[] => {
  const player = deviceOf(world, attacker.name);
  const store = player === undefined ? undefined : world.devices[player]?.store;
  const server = store === undefined ? undefined : world.servers[store.me.server];
  if (store === undefined || server === undefined) return [];
  const me = store.me;
  const ownBackup =
    attacker.plays === 'other-user' ? [] : [act(attacker, 'create backup'), act(attacker, 'delete backup')];
  const letters = targets(stage, world, attacker).flatMap((to) => [
    act(attacker, 'push secret', { 'push secret': BACKUP_SECRET, to }),
    act(attacker, 'push secret', { 'push secret': untested, to }),
    act(attacker, 'request secret', { 'request secret': BACKUP_SECRET, from: to }),
    ...attacker.requests
      .filter(({ by }) => by === to)
      .map(({ name }) => act(attacker, 'answer request', { 'answer request': name, to })),
  ]);
  return [
    ...ownBackup,
    ...letters,
    ...(hasNews(server, me.user, me.device, store.nextBatch) ? [act(attacker, 'sync')] : []),
  ];
};

/** Everything a homeserver can do to its users behind their backs, and to their devices through a ghost of its own. */
const asServer = (stage: Stage, world: World, attacker: Attacker): readonly Act[] => {
  const server = world.servers[attacker.server];
  if (server === undefined) return [];
  const devices = targets(stage, world, attacker);
  const users = [...new Set(devices.map((player) => player.split('.')[0] ?? ''))];
  const ghost = deviceOf(world, attacker.name);
  const toDevices = devices.flatMap((to) => {
    const me = world.devices[to]?.store.me;
    const waiting = me === undefined ? 0 : queue(server, me.user, me.device).length;
    const siblings = devices.filter((other) => other !== to && other.split('.')[0] === to.split('.')[0]);
    const seen = me === undefined ? 0 : (attacker.recorded[`${me.user} ${me.device}`]?.length ?? 0);
    const strangers = stage.scenario.cast.users.filter(({ name }) => name !== to.split('.')[0]).map(({ name }) => name);
    return [
      ...siblings.map((as) => act(attacker, 'inject', { inject: 'm.secret.push', to, as })),
      ...(seen > 0 ? [act(attacker, 'replay', { replay: 'm.room.encrypted', to })] : []),
      ...(waiting > 1 ? [act(attacker, 'reorder', { reorder: to })] : []),
      ...(waiting > 0
        ? [
            act(attacker, 'drop', { drop: to }),
            ...strangers.map((user) => act(attacker, 'rewrite sender', { 'rewrite sender': user, to })),
          ]
        : []),
      world.veils.some(({ player }) => player === to)
        ? act(attacker, 'show backup', { 'show backup': to })
        : act(attacker, 'hide backup', { 'hide backup': to }),
    ];
  });
  return [
    ...(ghost === undefined
      ? users.map((to) => act(attacker, 'add device', { 'add device': 'ghost', to }))
      : asDevice(stage, world, attacker).filter(({ verb }) => verb !== 'create backup' && verb !== 'delete backup')),
    ...users.map((user) => act(attacker, 'swap identity', { 'swap identity': user })),
    ...users.map((of) => act(attacker, 'create backup', { 'create backup': 'mine', of })),
    ...toDevices,
  ];
};
