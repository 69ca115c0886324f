/**
 * The search engine beside SPIN and beside XState's own graph search, on the twin model: ratios of one run on one
 * machine. With a size's name as argument, one search from source to verdict in this process, as `explorerBench` starts it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fromTransition } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import counts from '../explorer/bench/counts.json' with { type: 'json' };
import { makeTwin, type Size } from '../explorer/bench/twin.ts';
import type { PackedModel } from '../explorer/engine/model.ts';
import { search } from '../explorer/engine/search.ts';
import { missingForSpin, runSpin } from './spin.ts';

type Counted = (typeof counts.sizes)[number];

const named = (name: string): Counted => {
  const size = counts.sizes.find((one) => one.name === name);
  if (size === undefined)
    throw new Error(`no size is named ${name}: ${counts.sizes.map((one) => one.name).join(', ')}`);
  return size;
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const msOf = (run: () => unknown): number => {
  const begun = performance.now();
  run();
  return performance.now() - begun;
};

type Search = { readonly ms: number; readonly worlds: number; readonly transitions: number; readonly bytes: number };

/** One search of a twin made anew, its local steps worked out within the time. */
const searched = (size: Size): Search => {
  const begun = performance.now();
  const { worlds, transitions, bytes } = search(makeTwin(size, true).model);
  return { ms: performance.now() - begun, worlds, transitions, bytes };
};

/** What a search costs at a size: medians of several, each with a twin of its own, after the program has warmed up. */
const costAt = (size: Counted) => {
  const runs = Array.from({ length: size.states < 20_000 ? 21 : 5 }, () => searched(size));
  const ms = median(runs.map((run) => run.ms));
  const { worlds, transitions, bytes } = runs[0] ?? searched(size);
  const again = makeTwin(size, true);
  search(again.model);
  const knownMs = median(Array.from({ length: 5 }, () => msOf(() => search(again.model))));
  return {
    name: size.name,
    worlds,
    perWorldNs: (ms / worlds) * 1e6,
    knownPerWorldNs: (knownMs / worlds) * 1e6,
    knownPerTransitionNs: (knownMs / transitions) * 1e6,
    bytesPerWorld: bytes / worlds,
    worldsPerSecond: (worlds / ms) * 1000,
  };
};

/** From starting a program to its verdict: loading, local steps, search, all of it. */
const verdictMs = (name: string, signed: 'signed' | 'unsigned'): number =>
  msOf(() => {
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, signed]);
    if (status !== 0) throw new Error(`a search from source failed: ${stderr}`);
  });

/** Worlds a second of XState's graph search over the same composed worlds, which are handed to it ready to step. */
const graphRate = (model: PackedModel, states: number): number => {
  const out = new Int32Array(model.successorsMax * model.words);
  const first = new Int32Array(model.words);
  model.initial(first);
  type World = { readonly words: readonly number[] };
  const after = (world: World, nth: number): World => {
    const count = model.successors(Int32Array.from(world.words), out, 0);
    return nth < count ? { words: [...out.slice(nth * model.words, (nth + 1) * model.words)] } : world;
  };
  const logic = fromTransition(
    (world: World, { nth }: { readonly type: 'next'; readonly nth: number }) => after(world, nth),
    {
      words: [...first],
    },
  );
  let found = 0;
  const ms = msOf(() => {
    const map = getAdjacencyMap(logic, {
      events: Array.from({ length: model.successorsMax }, (_, nth) => ({ type: 'next' as const, nth })),
      serializeState: ({ context }) => context.words.join(),
      limit: Number.POSITIVE_INFINITY,
    });
    found = Object.keys(map).length;
  });
  if (found !== states) throw new Error(`XState's graph search found ${found} worlds, not ${states}`);
  return (states / ms) * 1000;
};

const besideSpin = (
  ours: readonly { readonly name: string; readonly worldsPerSecond: number }[],
): readonly string[] => {
  const missing = missingForSpin();
  if (missing.length > 0) return [`not compared with SPIN: ${missing.join(' and ')} is not installed`];
  const rates = ['10^5', '10^6'].flatMap((name) =>
    (['depth first', 'breadth first'] as const).map((order) => {
      const size = named(name);
      const runs = Array.from({ length: 3 }, () => runSpin(size, true, order));
      const theirs = size.states / (median(runs.map(({ searchMs }) => searchMs)) / 1000);
      const mine = ours.find((one) => one.name === name)?.worldsPerSecond ?? 0;
      return `${name} ${order}: SPIN ${Math.round(theirs)} states/s, ours ${Math.round(mine)}: ${(mine / theirs).toFixed(2)} times`;
    }),
  );
  const verdicts = (['signed', 'unsigned'] as const).flatMap((signed) =>
    ['10^3', '10^5', '10^6'].map((name) => {
      const theirs = median(
        Array.from({ length: 3 }, () => {
          const { compileMs, runMs } = runSpin(named(name), signed === 'signed', 'breadth first');
          return compileMs + runMs;
        }),
      );
      const mine = median(Array.from({ length: 3 }, () => verdictMs(name, signed)));
      const what = signed === 'signed' ? 'holds' : 'breaks';
      return `source to verdict, ${name} ${what}: SPIN ${Math.round(theirs)} ms, ours ${Math.round(mine)}: ${(mine / theirs).toFixed(2)} of its time`;
    }),
  );
  return [...rates, ...verdicts];
};

/** Prints what the engine costs, and how it compares. */
export const explorerBench = (): void => {
  searched(named('10^5'));
  const costs = ['10^3', '10^4', '10^5', '10^6'].map((name) => costAt(named(name)));
  const [, small, , large] = costs;
  for (const cost of costs)
    console.log(
      `${cost.name}: ${cost.worlds} worlds, ${Math.round(cost.worldsPerSecond)} a second, ${Math.round(cost.perWorldNs)} ns each (${Math.round(cost.knownPerWorldNs)} with local steps known, ${Math.round(cost.knownPerTransitionNs)} a transition), ${cost.bytesPerWorld.toFixed(1)} bytes each`,
    );
  if (small !== undefined && large !== undefined)
    console.log(
      `from 10^4 to 10^6 a world costs ${(large.perWorldNs / small.perWorldNs).toFixed(2)} times as much; local steps known ${(large.knownPerWorldNs / small.knownPerWorldNs).toFixed(2)}, a transition ${(large.knownPerTransitionNs / small.knownPerTransitionNs).toFixed(2)}`,
    );
  const graph = named('10^3');
  const theirs = graphRate(makeTwin(graph, true).model, graph.states);
  const mine = costs[0]?.worldsPerSecond ?? 0;
  console.log(
    `10^3: XState's graph search ${Math.round(theirs)} worlds/s, ours ${Math.round(mine)}: ${(mine / theirs).toFixed(0)} times`,
  );
  for (const text of besideSpin(costs)) console.log(text);
};

if (import.meta.main) {
  const [name, signed] = process.argv.slice(2);
  if (name === undefined) explorerBench();
  else console.log(search(makeTwin(named(name), signed !== 'unsigned').model).verdict);
}
