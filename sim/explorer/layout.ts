/** A world as a tuple of small numbers: one for each part that changes by itself, and back. */

import { isRogue } from '../choices.ts';
import type { Stage } from '../stage.ts';
import type { PlayerId } from '../types.ts';
import type { World } from '../world.ts';
import type { Interner } from './intern.ts';

/** What time and trouble hold, which steps read, apart from how far the play has come, which none does. */
type Clock = Pick<World, 'now' | 'offline' | 'alarms' | 'troubles' | 'veils'>;
type Progressed = Pick<World, 'line' | 'acted' | 'played' | 'budgets' | 'faults'>;

export type Layout = {
  readonly width: number;
  readonly split: (world: World, into: Int32Array) => void;
  readonly join: (tuple: Int32Array) => World;
  /** Index of a player's part; devices that came later share one. */
  readonly partOf: (player: PlayerId) => number;
  readonly serverOf: (name: PlayerId) => number;
  readonly attackers: readonly number[];
  readonly clock: number;
  readonly progress: number;
};

/** The parts of all worlds of a stage, in a fixed order: devices of the beginning, later ones, servers, attackers, clock, progress. */
export const makeLayout = (stage: Stage, begin: World, interner: Interner): Layout => {
  const devices = Object.keys(begin.devices).sort();
  const servers = Object.keys(begin.servers).sort();
  const attackers = Object.keys(begin.attackers).sort();
  const later = devices.length;
  const firstServer = later + 1;
  const firstAttacker = firstServer + servers.length;
  const clock = firstAttacker + attackers.length;
  const progress = clock + 1;

  const gone = interner.idOf(null);
  const split = (world: World, into: Int32Array): void => {
    devices.forEach((player, at) => {
      const device = world.devices[player];
      into[at] = device === undefined ? gone : interner.idOf(device);
    });
    const others = Object.entries(world.devices).filter(([player]) => begin.devices[player] === undefined);
    into[later] = interner.idOf(Object.fromEntries(others));
    servers.forEach((name, nth) => {
      into[firstServer + nth] = interner.idOf(world.servers[name]);
    });
    attackers.forEach((name, nth) => {
      into[firstAttacker + nth] = interner.idOf(world.attackers[name]);
    });
    const { now, offline, alarms, troubles, veils, line, acted, played, budgets, faults } = world;
    into[clock] = interner.idOf({ now, offline, alarms, troubles, veils } satisfies Clock);
    into[progress] = interner.idOf({ line, acted, played, budgets, faults } satisfies Progressed);
  };

  const at = <T>(tuple: Int32Array, index: number): T => interner.valueOf(tuple[index] ?? 0) as T;
  const join = (tuple: Int32Array): World => {
    const there = devices.flatMap((player, index) => {
      const device = at<World['devices'][string] | null>(tuple, index);
      return device === null ? [] : [[player, device] as const];
    });
    return {
      ...at<Clock>(tuple, clock),
      ...at<Progressed>(tuple, progress),
      devices: { ...Object.fromEntries(there), ...at<World['devices']>(tuple, later) },
      servers: Object.fromEntries(
        servers.map((name, nth) => [name, at<World['servers'][string]>(tuple, firstServer + nth)]),
      ),
      attackers: Object.fromEntries(
        attackers.map((name, nth) => [name, at<World['attackers'][string]>(tuple, firstAttacker + nth)]),
      ),
    };
  };

  const index = (names: readonly string[], from: number, name: string): number => {
    const nth = names.indexOf(name);
    if (nth < 0) throw new Error(`${name} has no place in the layout of ${stage.scenario.id}`);
    return from + nth;
  };
  return {
    width: progress + 1,
    split,
    join,
    partOf: (player) => (begin.devices[player] === undefined ? later : index(devices, 0, player)),
    serverOf: (name) => index(servers, firstServer, name),
    attackers: attackers.map((_, nth) => firstAttacker + nth),
    clock,
    progress,
  };
};

/** Devices an attacker runs, as parts. */
export const rogueParts = (layout: Layout, world: World): readonly number[] => [
  ...new Set(
    Object.keys(world.devices)
      .filter((player) => isRogue(world, player))
      .map(layout.partOf),
  ),
];
