/**
 * All worlds within stated bounds, breadth first: the first break found is a shortest one. Nothing is said to hold
 * unless every reachable world was seen.
 */
import type { Suite } from '../../machines/suite.ts';
import { witnessOf } from '../judge.ts';
import { plainKernel } from '../kernel.ts';
import { beforehand, begin } from '../prologue.ts';
import { guarantees } from '../properties/index.ts';
import type { Break } from '../properties/types.ts';
import { isQuiet } from '../quiet.ts';
import { setStage } from '../stage.ts';
import type { Scenario, Trace, Turn, Verdict } from '../types.ts';
import { makeInterner } from './intern.ts';
import { rememberingKernel } from './kernel.ts';
import { makeLayout } from './layout.ts';
import { makeMemo, watch } from './memo.ts';
import { makeTable } from './table.ts';

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
  /** Works every step out anew: only for the test that compares. */
  readonly remember?: boolean;
  /** Called now and then; `false` stops the search. */
  readonly progress?: (now: { readonly worlds: number; readonly frontier: number; readonly depth: number }) => boolean;
};

/** A break seen on the way out of a world (by a choice of it), or in it once all is quiet (`choice` -1). */
type Slot = { readonly slot: number; readonly choice: number; readonly broken: Break };

/** Searches the worlds of a scenario's story, free play, attackers and faults. */
export const explore = (scenario: Scenario, options: ExploreOptions): Exploration => {
  const turns = options.turns ?? [];
  const interner = makeInterner();
  const kernel = options.remember === false ? plainKernel : rememberingKernel(interner);
  const stage = setStage(scenario, { turns, seed: options.seed ?? '1', suite: options.suite, free: true, kernel });
  const until = scenario.explore?.until;
  const bounds: Bounds = {
    depthMax: options.bounds?.depthMax ?? until?.depth ?? 40,
    worldsMax: options.bounds?.worldsMax ?? until?.worlds ?? 1_000_000,
  };
  const wanted = options.guarantees ?? scenario.expect.map(({ guarantee }) => guarantee);
  const first = begin(stage);
  const layout = makeLayout(stage, first, interner);
  const memo = makeMemo(stage, layout, interner, options.remember ?? true);
  const witness = witnessOf(stage);
  const watched = guarantees
    .filter(({ id }) => wanted.includes(id))
    .map((one) => watch(one, beforehand(stage), witness, interner));
  const width = layout.width + watched.length;
  const table = makeTable(width, bounds.worldsMax);

  const hard = new Map<number, Slot>();
  const accepted = new Map<number, Slot>();
  const shadows = new Set<number>();
  const note = (nth: number, from: number, choice: number, broken: Break): void => {
    const into = broken.acceptedBy === null ? hard : accepted;
    if (!into.has(nth)) into.set(nth, { slot: from, choice, broken });
  };

  const tuple = new Int32Array(width);
  layout.split(first, tuple);
  watched.forEach(({ begin: memory }, nth) => {
    tuple[layout.width + nth] = memory;
  });
  table.add(tuple, -1, -1);
  const next = new Int32Array(width);
  let transitions = 0;
  let limit: Limit | null = null;
  let depth = 0;
  let slot = 0;
  for (; slot < table.size(); slot += 1) {
    if (hard.size === watched.length && watched.length > 0) break; // nothing is left to find
    table.read(slot, tuple);
    depth = table.depthOf(slot);
    const world = layout.join(tuple);
    const open = memo.open(world);
    if (depth >= bounds.depthMax && open.length > 0) {
      limit = 'depth';
      continue;
    }
    if (isQuiet(stage, world))
      watched.forEach(({ guarantee, end }, nth) => {
        const broken = guarantee.kind === 'finally' ? end(tuple[layout.width + nth] ?? 0) : null;
        if (broken !== null) note(nth, slot, -1, broken);
      });
    for (let choice = 0; choice < open.length; choice += 1) {
      const chosen = open[choice];
      if (chosen === undefined) continue;
      transitions += 1;
      const local = memo.step(tuple, world, chosen, next);
      const breaks: [number, Break][] = [];
      watched.forEach((one, nth) => {
        const seen = one.see(tuple[layout.width + nth] ?? 0, local);
        next[layout.width + nth] = seen.memory;
        if (seen.shadow) shadows.add(nth);
        if (seen.broken !== null) breaks.push([nth, seen.broken]);
      });
      const added = table.add(next, slot, choice);
      if (added === 'full') {
        limit = 'worlds';
        continue;
      }
      for (const [nth, broken] of breaks) note(nth, slot, choice, broken);
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
      table.read(table.parentOf(at), tuple);
      return memo.open(layout.join(tuple))[table.choiceOf(at)]?.id ?? '';
    });
    table.read(to, tuple);
    const last = choice < 0 ? [] : [memo.open(layout.join(tuple))[choice]?.id ?? ''];
    return { scenario: scenario.id, turns, seed: stage.seed, choices: [...ids, ...last] };
  };

  const found = watched.map(({ guarantee }, nth): Found => {
    const breaks = hard.get(nth) ?? (limit === null ? accepted.get(nth) : undefined);
    const verdict: Verdict = hard.has(nth)
      ? 'breaks'
      : limit !== null
        ? 'unsettled'
        : accepted.has(nth)
          ? 'accepted'
          : 'holds';
    return {
      guarantee: guarantee.id,
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
    worked: memo.worked(),
    bytes: table.bytes(),
  };
};
