/**
 * The order in which worlds are looked at. Breadth first sees every world within its bounds and finds shortest ways; depth
 * first goes deep at once, for spaces too large to be seen as a whole. Both keep every world once, and can be left and
 * taken up again at any world.
 *
 * Of shortest ways, breadth first finds one with the fewest acts of attackers.
 */

import type { Break } from '../engine/breaks.ts';
import type { OpenChoice } from '../engine/choices.ts';
import { bringsRest } from '../engine/quiet.ts';
import type { Moves, Sight } from './moves.ts';
import { makeRest, type Restless } from './rest.ts';
import { makeWorlds, type Worlds } from './worlds.ts';

export type Bounds = {
  readonly depthMax: number;
  readonly worldsMax: number;
  /** Bytes that worlds and what is remembered of steps may take. */
  readonly bytesMax: number;
};
export type Limit = 'depth' | 'worlds' | 'memory' | 'stopped';
export type Order = 'breadth first' | 'depth first';

/** A break on the way out of a world by its nth choice, or in it once all is quiet (`choice` -1). */
export type Place = {
  readonly world: number;
  readonly choice: number;
  readonly broken: Break;
  /** Choices on the way there, and acts of attackers among them. */
  readonly length: number;
  readonly attacks: number;
};

/** Whether it is an act of an attacker's own. */
const isAttack = (choice: OpenChoice): boolean => choice.do === 'act' && choice.taken.from === 'attacker';

/** What a search has seen so far, by the nth guarantee. Plain data: it can be kept in a file. */
export type Seen = {
  readonly hard: readonly (Place | null)[];
  readonly accepted: readonly (Place | null)[];
  readonly shadows: readonly boolean[];
  readonly transitions: number;
  readonly depth: number;
  /** The depth of the world that was looked at last. */
  readonly depthAt: number;
  readonly limit: Limit | null;
  /** Breadth first: the next world to be looked at. Depth first: those that wait, the next one last. */
  readonly waiting: readonly number[];
  /** Depth first: worlds at the bound of depth, in case somebody finds a shorter way to them. */
  readonly cut: readonly number[];
  readonly isDone: boolean;
};

export type Search = {
  /** Looks at about so many further worlds. `true` when there is nothing left to look at, or a bound was hit. */
  readonly advance: (worlds: number) => boolean;
  readonly seen: () => Seen;
  /** A world from which no quiet one is reached by itself, once every reachable world was seen; `null` where there is none. */
  readonly restless: () => Restless | null;
  /** Worlds known and not yet looked at. */
  readonly frontier: () => number;
  readonly worlds: Worlds;
};

export type SearchOptions = {
  readonly order: Order;
  readonly bounds: Bounds;
  /** Worlds and what was seen when the search was left. */
  readonly from?: { readonly worlds: Worlds; readonly seen: Seen };
};

/** What is seen before anything has happened. */
const nothingSeen = (guarantees: number): Seen => ({
  hard: Array.from({ length: guarantees }, () => null),
  accepted: Array.from({ length: guarantees }, () => null),
  shadows: Array.from({ length: guarantees }, () => false),
  transitions: 0,
  depth: 0,
  depthAt: 0,
  limit: null,
  waiting: [0],
  cut: [],
  isDone: false,
});

export const beginSearch = (moves: Moves, { order, bounds, from }: SearchOptions): Search => {
  const { watched, cellsMax } = moves;
  const worlds = from?.worlds ?? makeWorlds(cellsMax, bounds.worldsMax);
  const before = from?.seen ?? nothingSeen(watched.length);
  const hard = [...before.hard];
  const accepted = [...before.accepted];
  const shadows = [...before.shadows];
  const waiting = [...before.waiting];
  const cut = new Set(before.cut);
  let depthSeen = before.depth;
  let { transitions, limit, isDone } = before;
  /** Of the world that was looked at last. */
  let depth = before.depthAt;
  const deep = order === 'depth first';
  const rest = makeRest();
  const world = new Int32Array(cellsMax);
  const sights: Sight[] = [];
  if (from === undefined) worlds.add(moves.first, -1, 0, 0);

  const note = (nth: number, at: number, choice: number, broken: Break, attacks: number): void => {
    const into = broken.acceptedBy === null ? hard : accepted;
    const before = into[nth] ?? null;
    const length = worlds.depthOf(at) + (choice < 0 ? 0 : 1);
    if (before === null || (!deep && length === before.length && attacks < before.attacks))
      into[nth] = { world: at, choice, broken, length, attacks };
  };

  /** A world that was reached: whether it is to be looked at (again). Depth first a shorter way makes it so. */
  const reach = (next: Int32Array, at: number, choice: number, attacks: number): 'full' | 'go on' => {
    const added = worlds.add(next, at, choice, attacks);
    if (added === 'full') return 'full';
    const to = worlds.last();
    if (added === 'new') {
      if (deep) waiting.push(to);
    } else if (deep && worlds.depthOf(to) > depth + 1) {
      worlds.reroute(to, at, choice, attacks);
      waiting.push(to);
    } else if (!deep && worlds.depthOf(to) === depth + 1 && attacks < worlds.attacksOf(to))
      worlds.reroute(to, at, choice, attacks);
    return 'go on';
  };

  /** What guarantees say of a world in which all is quiet. */
  const lookAtEnd = (at: number): void =>
    watched.forEach(({ kind }, nth) => {
      const broken = kind === 'finally' ? moves.end(world, nth) : null;
      if (broken !== null) note(nth, at, -1, broken, worlds.attacksOf(at));
    });

  /** A world of the level in which the last guarantee broke: only ways that are as short, with fewer acts of attackers, are of interest. */
  const compare = (at: number): void => {
    const attacks = worlds.attacksOf(at);
    if (hard.every((place) => place !== null && place.attacks <= attacks)) return;
    worlds.read(at, world);
    if (moves.unrest(world) === null) lookAtEnd(at);
    moves.open(world).forEach((chosen, choice) => {
      moves.step(world, chosen, sights);
      sights.forEach(({ broken }, nth) => {
        if (broken !== null) note(nth, at, choice, broken, attacks + Number(isAttack(chosen)));
      });
    });
  };

  /** Looks at one world: every choice, what comes of it and what each guarantee makes of that. */
  const expand = (at: number): void => {
    worlds.read(at, world);
    depth = worlds.depthOf(at);
    depthSeen = Math.max(depthSeen, depth);
    const open = moves.open(world);
    if (depth >= bounds.depthMax && open.length > 0) {
      if (deep) cut.add(at);
      else limit = 'depth';
      return;
    }
    if (deep) cut.delete(at);
    if (moves.unrest(world) === null) {
      rest.noteQuiet(at);
      lookAtEnd(at);
    }
    const attacksHere = worlds.attacksOf(at);
    for (let choice = 0; choice < open.length; choice += 1) {
      const chosen = open[choice];
      if (chosen === undefined) continue;
      const next = moves.step(world, chosen, sights);
      const attacks = attacksHere + Number(isAttack(chosen));
      if (reach(next, at, choice, attacks) === 'full') {
        // Whatever comes from here on is left out, so that what counts does not depend on who looks, or how far ahead.
        limit = 'worlds';
        return;
      }
      transitions += 1;
      if (bringsRest(chosen)) rest.noteWay(at, worlds.last());
      for (let nth = 0; nth < sights.length; nth += 1) {
        const { broken, shadow } = sights[nth] as Sight;
        if (shadow) shadows[nth] = true;
        if (broken !== null) note(nth, at, choice, broken, attacks);
      }
    }
  };

  const next = (): number => {
    if (deep) return waiting.pop() ?? -1;
    const at = waiting[0] ?? 0;
    waiting[0] = at + 1;
    return at < worlds.size() ? at : -1;
  };

  return {
    worlds,
    advance: (many) => {
      for (let left = many; left > 0 && !isDone; left -= 1) {
        // Once every guarantee is broken nothing is left to find but better ways among the shortest.
        const isDecided = watched.length > 0 && hard.every((place) => place !== null);
        const at = isDecided && deep ? -1 : next();
        if (at < 0 || (isDecided && worlds.depthOf(at) > depth)) isDone = true;
        else if (isDecided) compare(at);
        else expand(at);
        if (limit === 'worlds') isDone = true;
      }
      if (!isDone && worlds.bytes() + moves.bytes() > bounds.bytesMax) {
        limit = 'memory';
        isDone = true;
      }
      return isDone;
    },
    seen: () => ({
      hard,
      accepted,
      shadows,
      transitions,
      depth: depthSeen,
      depthAt: depth,
      limit: limit ?? (cut.size > 0 ? 'depth' : null),
      waiting,
      cut: [...cut],
      isDone,
    }),
    restless: () => rest.restless(moves, worlds),
    frontier: () => (deep ? waiting.length : worlds.size() - (waiting[0] ?? 0)),
  };
};
