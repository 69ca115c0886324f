/**
 * All worlds within stated bounds, breadth first: the first break found is a shortest one. Nothing is said to hold
 * unless every reachable world was seen.
 */
import type { Suite } from '../../machines/suite.ts';
import type { Break } from '../properties/types.ts';
import type { Scenario, Trace, Turn, Verdict } from '../types.ts';
import { TooManyCells } from './cells.ts';
import { isQuietWith, type Moves, makeMoves, type Sight } from './moves.ts';
import { makeWorlds } from './worlds.ts';

export type Bounds = { readonly depthMax: number; readonly worldsMax: number };
export type Limit = 'depth' | 'worlds' | 'stopped';

export type Found = {
  readonly guarantee: string;
  readonly verdict: Verdict;
  /** The shortest way there, when it breaks or is accepted. */
  readonly trace: Trace | null;
  readonly at: string | null;
  readonly why: string | null;
  readonly acceptedBy: string | null;
  /** Whether the shadow happens in some world: what must be possible for `holds` to mean anything. */
  readonly shadow: boolean;
};

export type Exploration = {
  readonly scenario: string;
  readonly turns: readonly Turn[];
  readonly found: readonly Found[];
  readonly worlds: number;
  readonly transitions: number;
  /** Choices on the longest way taken. */
  readonly depth: number;
  /** What cut the search short; `null` when every reachable world was seen. */
  readonly limit: Limit | null;
  readonly bounds: Bounds;
  readonly reductions: readonly string[];
  /** Local steps really worked out, and bytes of the table of worlds. */
  readonly worked: number;
  readonly bytes: number;
};

export type ExploreOptions = {
  readonly suite: Suite;
  readonly turns?: readonly Turn[];
  readonly seed?: string;
  /** The guarantees to watch; by default those the scenario expects something of. */
  readonly guarantees?: readonly string[];
  readonly bounds?: Partial<Bounds>;
  /** Called now and then; `false` stops the search. */
  readonly progress?: (now: { readonly worlds: number; readonly frontier: number; readonly depth: number }) => boolean;
};

/** A break seen on the way out of a world (by a choice of it), or in it once all is quiet (`choice` -1). */
type Slot = { readonly slot: number; readonly choice: number; readonly broken: Break };

/** Searches the worlds of a scenario's story, free play, attackers and faults. */
export const explore = (scenario: Scenario, options: ExploreOptions): Exploration => {
  for (let cellsMax = 192; ; cellsMax *= 2)
    try {
      return exploreWithin(scenario, options, cellsMax);
    } catch (error) {
      if (!(error instanceof TooManyCells)) throw error;
    }
};

const exploreWithin = (scenario: Scenario, options: ExploreOptions, cellsMax: number): Exploration => {
  const turns = options.turns ?? [];
  const seed = options.seed ?? '1';
  const until = scenario.explore?.until;
  const bounds: Bounds = {
    depthMax: options.bounds?.depthMax ?? until?.depth ?? 40,
    worldsMax: options.bounds?.worldsMax ?? until?.worlds ?? 1_000_000,
  };
  const wanted = options.guarantees ?? scenario.expect.map(({ guarantee }) => guarantee);
  const moves: Moves = makeMoves(scenario, { suite: options.suite, turns, seed, guarantees: wanted, cellsMax });
  const { watched } = moves;
  const table = makeWorlds(cellsMax, bounds.worldsMax);

  const hard = new Map<number, Slot>();
  const accepted = new Map<number, Slot>();
  const shadows = new Set<number>();
  const note = (nth: number, from: number, choice: number, broken: Break): void => {
    const into = broken.acceptedBy === null ? hard : accepted;
    if (!into.has(nth)) into.set(nth, { slot: from, choice, broken });
  };

  const world = new Int32Array(cellsMax);
  table.add(moves.first, -1, 0);
  const sights: Sight[] = [];
  let transitions = 0;
  let limit: Limit | null = null;
  let depth = 0;
  let slot = 0;
  for (; slot < table.size(); slot += 1) {
    if (hard.size === watched.length && watched.length > 0) break; // nothing is left to find
    table.read(slot, world);
    depth = table.depthOf(slot);
    const open = moves.open(world);
    if (depth >= bounds.depthMax && open.length > 0) {
      limit = 'depth';
      continue;
    }
    if (isQuietWith(open))
      watched.forEach(({ kind }, nth) => {
        const broken = kind === 'finally' ? moves.end(world, nth) : null;
        if (broken !== null) note(nth, slot, -1, broken);
      });
    for (let choice = 0; choice < open.length; choice += 1) {
      const chosen = open[choice];
      if (chosen === undefined) continue;
      transitions += 1;
      const next = moves.step(world, chosen, sights);
      if (table.add(next, slot, choice) === 'full') {
        limit = 'worlds';
        continue;
      }
      for (let nth = 0; nth < sights.length; nth += 1) {
        const { broken, shadow } = sights[nth] as Sight;
        if (shadow) shadows.add(nth);
        if (broken !== null) note(nth, slot, choice, broken);
      }
    }
    if (limit === 'worlds') break;
    if (
      (slot & 1023) === 1023 &&
      options.progress?.({ worlds: table.size(), frontier: table.size() - slot, depth }) === false
    ) {
      limit = 'stopped';
      break;
    }
  }

  /** The choices that lead to a slot, worked out again from the first world. */
  const traceTo = ({ slot: to, choice }: Slot): Trace => {
    const slots: number[] = [];
    for (let at = to; at > 0; at = table.parentOf(at)) slots.unshift(at);
    const ids = slots.map((at) => {
      table.read(table.parentOf(at), world);
      return moves.open(world)[table.choiceOf(at)]?.id ?? '';
    });
    table.read(to, world);
    const last = choice < 0 ? [] : [moves.open(world)[choice]?.id ?? ''];
    return { scenario: scenario.id, turns, seed, choices: [...ids, ...last] };
  };

  const found = watched.map(({ id }, nth): Found => {
    const breaks = hard.get(nth) ?? (limit === null ? accepted.get(nth) : undefined);
    const verdict: Verdict = hard.has(nth)
      ? 'breaks'
      : limit !== null
        ? 'unsettled'
        : accepted.has(nth)
          ? 'accepted'
          : 'holds';
    return {
      guarantee: id,
      verdict,
      trace: breaks === undefined ? null : traceTo(breaks),
      at: breaks?.broken.at ?? null,
      why: breaks?.broken.why ?? null,
      acceptedBy: breaks?.broken.acceptedBy ?? null,
      shadow: shadows.has(nth),
    };
  });
  return {
    scenario: scenario.id,
    turns,
    found,
    worlds: table.size(),
    transitions,
    depth,
    limit,
    bounds,
    reductions: [],
    worked: moves.worked(),
    bytes: table.bytes() + moves.bytes(),
  };
};
