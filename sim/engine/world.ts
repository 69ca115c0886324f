/** The world: everything that can differ between two moments of a run, as one immutable JSON value. */

import type { Device } from '../../machines/core/env.ts';
import type { Incoming } from '../../machines/events.ts';
import { type Json, without } from '../../machines/json.ts';
import type { Ms } from '../../machines/types.ts';
import type { Homeserver } from '../homeserver/types.ts';
import type { Attacker } from './attacker.ts';
import type { Moment, PlayerId } from './types.ts';

/** A request that will not go well: armed by a fault or a story line, spent when it strikes. */
export type Trouble = {
  readonly player: PlayerId;
  /** The endpoint it strikes, as `sim/engine/endpoints.ts` names it, e.g. `sendToDevice`; `/`: whatever is asked next. */
  readonly endpoint: string;
  /**
   * `fail`: the server answers 503 and does nothing. `lose`: it is done, and the answer never arrives. `repeat`: it is done twice.
   * `gone`: it never arrives, and whoever sent it believes it did. `stop`: it is done, and the client stops before it hears the answer.
   */
  readonly how: 'fail' | 'lose' | 'repeat' | 'gone' | 'stop';
  /** How many such requests still go well before it strikes. Absent: none. */
  readonly past?: number;
  /** Another server, where `player` is one: trouble between the two. Then the endpoint is of the server-server API. */
  readonly to?: PlayerId;
  /** Only a transaction that brings this: the type of a room event or of an EDU. */
  readonly about?: string;
};

/** Trouble with whatever a device asks, at the nth of its requests from now on; `request` counts from 1. */
export const atRequest = (player: PlayerId, how: Trouble['how'], request: number): Trouble => ({
  player,
  endpoint: '/',
  how,
  ...(request === 1 ? {} : { past: request - 1 }),
});

/**
 * One place of an answer that is not what the server would have said. `at`: member names from the outside in; in a list a name
 * stands for the first element whose `type` it is, or whose `type` and `state_key` with a space between. `put` is what stands
 * there instead, `add` one more element of the list there; with neither what is there is left out, of a list all such elements.
 * Where the way there does not lead, nothing is changed.
 */
export type Edit = { readonly at: readonly string[]; readonly put?: Json; readonly add?: Json };

/** What a dishonest server answers instead of the truth, to one device on one path: something else, or the truth with edits. */
export type Veil = {
  readonly player: PlayerId;
  readonly method: string;
  readonly path: string;
  /** What it is about, so that a further lie of that kind takes its place. */
  readonly about: string;
  /** The way in a request's body to what has to be there, or the request is about something else. Absent: it is about all. */
  readonly asked?: readonly string[];
} & (Lie | { readonly edits: readonly Edit[] });
/**
 * `parts`: what is asked for under the path, one segment each, is answered with that member of what stands in `body` under `of`, and so on
 * from there; or with `none`, where there is nothing of that name. Absent: it is about that path alone.
 */
type Lie = {
  readonly status: number;
  readonly body: Json;
  readonly parts?: readonly { readonly of: string; readonly none: Pick<Lie, 'status' | 'body'> }[];
};

export type World = {
  readonly now: Ms;
  /** Honest devices and those that attackers run. */
  readonly devices: Readonly<Record<PlayerId, Device>>;
  readonly offline: readonly PlayerId[];
  /** Devices that were told their access token is unknown: they ask no more ("Soft logout" has them keep their store). */
  readonly loggedOut: readonly PlayerId[];
  readonly servers: Readonly<Record<PlayerId, Homeserver>>;
  readonly attackers: Readonly<Record<PlayerId, Attacker>>;
  readonly alarms: readonly { readonly player: PlayerId; readonly dueMs: Ms; readonly incoming: Incoming }[];
  readonly troubles: readonly Trouble[];
  readonly veils: readonly Veil[];
  /** The story line to be acted next, and which of its acts are done. */
  readonly line: number;
  readonly acted: readonly number[];
  /** How often each act of free play was taken. */
  readonly played: readonly number[];
  /** Moves an attacker has left: `moves` in all, and of one kind by its verb. */
  readonly budgets: Readonly<Record<PlayerId, Readonly<Record<string, number>>>>;
  /** Budgets left, by fault. */
  readonly faults: Readonly<Record<string, number>>;
  /** Copies of what devices keep: `<player> <name of the copy>`. Absent: nobody has made one. */
  readonly copies?: Readonly<Record<string, Device>>;
  /** How many devices of a name are gone, and their stores with them: the next one of that name draws other chances. Absent: none. */
  readonly former?: Readonly<Record<PlayerId, number>>;
};

/** Devices that attackers run sync when their attacker says so. */
export const isRogue = (world: World, player: PlayerId): boolean =>
  Object.values(world.attackers).some(({ runs }) => Object.values(runs).includes(player));

/** Nothing wakes a device any more. */
export const withoutAlarms = (world: World, player: PlayerId): World => ({
  ...world,
  alarms: world.alarms.filter((one) => one.player !== player),
});

/** The world in which a device knows that it is logged out. */
export const loggingOut = (world: World, player: PlayerId): World => ({
  ...withoutAlarms(world, player),
  loggedOut: [...world.loggedOut.filter((one) => one !== player), player],
});

/** A world and what happened on the way to it. */
export type Progress = { readonly world: World; readonly moments: readonly Moment[] };

export const quiet = (world: World): Progress => ({ world, moments: [] });

/** `then` after what has happened so far. */
export const after = (before: Progress, then: (world: World) => Progress): Progress => {
  const next = then(before.world);
  return { world: next.world, moments: [...before.moments, ...next.moments] };
};

/** One after another, each with one of `items`. Of what happened one list is kept, and not a new one each time: settling has thousands. */
export const inTurn = <T>(
  before: Progress,
  items: readonly T[],
  then: (world: World, item: T) => Progress,
): Progress => {
  const moments = [...before.moments];
  let { world } = before;
  for (const item of items) {
    const next = then(world, item);
    world = next.world;
    for (const moment of next.moments) moments.push(moment);
  }
  return { world, moments };
};

export const noting = (progress: Progress, ...moments: readonly Moment[]): Progress => ({
  world: progress.world,
  moments: [...progress.moments, ...moments],
});

export const withDevice = (world: World, player: PlayerId, device: Device): World => ({
  ...world,
  devices: { ...world.devices, [player]: device },
});

/** A device is gone with all that it stored. */
export const withoutDevice = (world: World, player: PlayerId): World => {
  const former = { ...world.former, [player]: (world.former?.[player] ?? 0) + 1 };
  return { ...withoutAlarms(world, player), devices: without(world.devices, player), former };
};

/** A device that somebody has just logged in; one of that name that was logged out before is that no longer. */
export const withNewDevice = (world: World, player: PlayerId, device: Device): World =>
  withDevice({ ...world, loggedOut: world.loggedOut.filter((one) => one !== player) }, player, device);

export const withServer = (world: World, name: PlayerId, server: Homeserver): World => ({
  ...world,
  servers: { ...world.servers, [name]: server },
});
export const withAttacker = (world: World, attacker: Attacker): World => ({
  ...world,
  attackers: { ...world.attackers, [attacker.name]: attacker },
});
