/**
 * Random walks through the worlds, none of them kept: each goes on until nothing may happen or the bound of depth. A walk
 * that breaks a guarantee is made shorter by leaving out what it can do without.
 */

import type { Break } from '../engine/breaks.ts';
import { dice } from '../engine/chance.ts';
import type { OpenChoice } from '../engine/choices.ts';
import type { Moves, Sight } from './moves.ts';
import type { Bounds } from './search.ts';

export type Walked = {
  /** By guarantee: the break no text accepts, and the choices that lead to it. */
  readonly hard: readonly ({ readonly broken: Break; readonly choices: readonly string[] } | null)[];
  readonly shadows: readonly boolean[];
  readonly worlds: number;
  readonly depth: number;
  readonly stopped: boolean;
};

/** Walks until `worldsMax` worlds were passed. The same seed, the same walks. */
export const walk = (
  moves: Moves,
  bounds: Bounds,
  seed: string,
  goOn: (worlds: number, depth: number) => boolean,
): Walked => {
  const roll = dice(`${seed}/walks`);
  const hard: { broken: Break; choices: readonly string[] }[] = [];
  const shadows: boolean[] = [];
  const world = new Int32Array(moves.cellsMax);
  const sights: Sight[] = [];
  let worlds = 0;
  let depth = 0;
  let stopped = false;
  const note = (nth: number, broken: Break | null, choices: readonly string[]): void => {
    if (broken === null || broken.acceptedBy !== null || hard[nth] !== undefined) return;
    hard[nth] = { broken, choices: shortened(moves, nth, choices) };
  };
  while (worlds < bounds.worldsMax && !stopped && moves.watched.some((_, nth) => hard[nth] === undefined)) {
    world.set(moves.first);
    const choices: string[] = [];
    while (worlds < bounds.worldsMax && choices.length < bounds.depthMax) {
      const open = moves.open(world);
      if (moves.unrest(world) === null)
        moves.watched.forEach(({ kind }, nth) => {
          note(nth, kind === 'finally' ? moves.end(world, nth) : null, choices);
        });
      const chosen = open[roll(open.length)];
      if (chosen === undefined) break;
      choices.push(chosen.id);
      const taken = moves.step(world, chosen, sights).slice();
      sights.forEach(({ broken, shadow }, nth) => {
        if (shadow) shadows[nth] = true;
        note(nth, broken, [...choices]);
      });
      world.set(taken);
      worlds += 1;
      depth = Math.max(depth, choices.length);
      if ((worlds & 1023) === 0 && !goOn(worlds, depth)) {
        stopped = true;
        break;
      }
    }
  }
  return {
    hard: moves.watched.map((_, nth) => hard[nth] ?? null),
    shadows: moves.watched.map((_, nth) => shadows[nth] === true),
    worlds,
    depth,
    stopped,
  };
};

/** Whether those choices can be taken in that order and break the nth guarantee with the last, or once all is quiet after it. */
const breaks = (moves: Moves, nth: number, choices: readonly string[]): boolean => {
  const world = moves.first.slice();
  const sights: Sight[] = [];
  for (const [at, id] of choices.entries()) {
    const chosen: OpenChoice | undefined = moves.open(world).find((one) => one.id === id);
    if (chosen === undefined) return false;
    world.set(moves.step(world, chosen, sights).slice());
    const broken = sights[nth]?.broken ?? null;
    if (broken !== null && broken.acceptedBy === null) return at === choices.length - 1;
  }
  if (moves.watched[nth]?.kind !== 'finally' || moves.unrest(world) !== null) return false;
  const broken = moves.end(world, nth);
  return broken !== null && broken.acceptedBy === null;
};

/** Leaves out one choice after another, as long as one can be left out. */
const shortened = (moves: Moves, nth: number, choices: readonly string[]): readonly string[] => {
  for (let at = 0; at < choices.length; at += 1) {
    const without = choices.filter((_, index) => index !== at);
    if (breaks(moves, nth, without)) return shortened(moves, nth, without);
  }
  return choices;
};
