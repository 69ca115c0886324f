/**
 * How many worlds a search of each arena could do without, at best, by an oracle that knows its whole space
 * (of at most so many worlds, 2,500). Told apart by all that is in them; in canonical form; in form, and with one choice alone taken wherever
 * that commutes for good with all others and no guarantee sees it, which is the best that any reduction can do that leaves choices out one
 * by one; and those that go on alike (strong bisimulation), which is the best that any merging can do.
 */

import { parseArgs } from 'node:util';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { bringsRest } from '../engine/quiet.ts';
import type { Arena } from '../explorer/arena.ts';
import { refined } from '../explorer/bisimulation-testing.ts';
import { TooManyCells } from '../explorer/cells.ts';
import { makeMoves, type Sight } from '../explorer/moves.ts';
import { readArenas } from './arenas.ts';
import { asked, wholeNumber } from './words.ts';

const usage = `npm run reduction -- [--most WORLDS]    in each arena of at most so many worlds (2500)

Exit codes: 0 it was worked out, 2 the command is wrong.`;

/** A choice of a world: its id, what guarantees see of it, and the world it leads to. */
type Way = { readonly id: string; readonly label: string; readonly isSeen: boolean; readonly to: number };
type Space = { readonly ways: readonly (readonly Way[])[]; readonly ends: readonly string[] };

/** The whole space of an arena; `null` where it is larger. */
const spaceOf = (arena: Arena, isExact: boolean, most: number, cellsMax = 192): Space | null => {
  try {
    const { scenario, turns, guarantees } = arena;
    const moves = makeMoves(scenario, {
      suite: makeSymbolicSuite('1'),
      turns,
      seed: '1',
      guarantees,
      cellsMax,
      isExact,
    });
    const places = new Map<string, number>();
    const worlds: Int32Array[] = [];
    const placeOf = (world: Int32Array): number => {
      const key = world.join();
      const known = places.get(key) ?? worlds.length;
      if (known === worlds.length) worlds.push(world.slice());
      places.set(key, known);
      return known;
    };
    placeOf(moves.first);
    const ways: Way[][] = [];
    const ends: string[] = [];
    const sights: Sight[] = [];
    for (let at = 0; at < worlds.length; at += 1) {
      if (worlds.length > most) return null;
      const world = worlds[at] as Int32Array;
      const isQuiet = moves.unrest(world) === null;
      const end = moves.watched.map(({ kind }, nth) => (isQuiet && kind === 'finally' ? moves.end(world, nth) : null));
      ends.push(JSON.stringify([isQuiet, end]));
      ways.push(
        moves.open(world).map((choice) => {
          const to = placeOf(moves.step(world, choice, sights));
          const seen = sights.map(({ broken, shadow }) => [broken, shadow]);
          const isSeen = sights.some(({ broken, shadow }) => broken !== null || shadow);
          return { id: choice.id, label: JSON.stringify([choice.id, bringsRest(choice), seen]), isSeen, to };
        }),
      );
    }
    return { ways, ends };
  } catch (error) {
    if (!(error instanceof TooManyCells)) throw error;
    return spaceOf(arena, isExact, most, cellsMax * 2);
  }
};

/** How many worlds do not go on like any other. */
const unlike = ({ ways, ends }: Space): number => new Set(refined(ends, ways)).size;

/** How many worlds are reached when a world is left by one choice alone wherever that may stand for all. */
const reduced = ({ ways }: Space): number => {
  const byId = ways.map((own) => new Map(own.map((way) => [way.id, way])));
  const alone = ways.map((own) => new Set(own.filter(({ isSeen }) => !isSeen).map(({ id }) => id)));
  /** Whether a choice may still be taken after any other, to the same end, and the same is seen of both. */
  const commutes = (at: number, id: string): boolean =>
    (ways[at] ?? []).every((other) => {
      if (other.id === id) return true;
      const first = byId[at]?.get(id);
      const then = byId[other.to]?.get(id);
      const instead = first === undefined ? undefined : byId[first.to]?.get(other.id);
      if (first === undefined || then === undefined || instead === undefined) return false;
      const isSame = then.to === instead.to && then.label === first.label && instead.label === other.label;
      return isSame && alone[other.to]?.has(id) === true;
    });
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [at, ids] of alone.entries())
      for (const id of ids) if (!commutes(at, id)) isChanged = ids.delete(id) || isChanged;
  }
  const seen = new Set([0]);
  for (const at of seen) {
    const own = (ways[at] ?? []).filter(({ id }) => alone[at]?.has(id));
    const one = own.find(({ to }) => seen.has(to)) ?? own[0];
    for (const { to } of one === undefined ? (ways[at] ?? []) : [one]) seen.add(to);
  }
  return seen.size;
};

const median = (numbers: readonly number[]): string =>
  (numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 1).toFixed(2);

if (import.meta.main) {
  const most = asked(usage, (args) => {
    const { values } = parseArgs({ args, options: { most: { type: 'string' } } });
    return wholeNumber('--most', values.most ?? '2500');
  });
  const rows = [...readArenas().values()].flatMap((arena) => {
    const [exact, form] = [spaceOf(arena, true, most), spaceOf(arena, false, most)];
    if (exact === null || form === null) {
      console.log(`${arena.id}: more than ${most} worlds`);
      return [];
    }
    const row = [exact.ways.length, form.ways.length, reduced(form), unlike(form)] as const;
    console.log(`${arena.id}: ${row[0]} worlds, ${row[1]} in form, ${row[2]} without choices, ${row[3]} unlike`);
    return [row];
  });
  console.log(`${rows.length} arenas. One in how many is left, in the median:`);
  for (const [nth, what] of [
    [1, 'in canonical form'],
    [2, 'in form, and without choices that an oracle leaves out'],
    [3, 'of those that do not go on alike'],
  ] as const)
    console.log(`  ${median(rows.map((row) => row[0] / row[nth]))} ${what}`);
}
