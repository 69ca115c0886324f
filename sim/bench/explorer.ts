/**
 * The search engine beside SPIN and beside XState's own graph search, on the twin model: ratios of one run on one
 * machine, what is compared running in turns. With a size's name as argument, one search from source to verdict in this
 * process, as `explorerBench` starts it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeTwin } from '../explorer/bench/twin.ts';
import { search } from '../explorer/engine/search.ts';
import { searchGraph } from './composed.ts';
import { type Counted, median, msOf, named, type Searched, searched } from './measure.ts';
import { missingForSpin, withSpin } from './spin.ts';

const times = <T>(count: number, run: () => T): readonly T[] => Array.from({ length: count }, run);
const perSecond = (count: number, ms: number): string => `${Math.round((count / ms) * 1000)} a second`;

/** What a search costs, from several: medians, nanoseconds. */
const costOf = (size: Counted, runs: readonly Searched[]) => {
  const { transitions = 0, bytes = 0 } = runs[0]?.outcome ?? {};
  const ns = 1e6 * median(runs.map(({ ms }) => ms));
  const knownNs = 1e6 * median(runs.map(({ knownMs }) => knownMs));
  return {
    world: ns / size.states,
    knownWorld: knownNs / size.states,
    transition: ns / transitions,
    bytes: bytes / size.states,
  };
};

/** What a world costs at each size, and how that grows. The sizes take turns. */
const printCosts = (): void => {
  const measured = ['10^3', '10^4', '10^5', '10^6'].map((name) => ({ size: named(name), runs: [] as Searched[] }));
  times(5, () => {
    for (const { size, runs } of measured) runs.push(...times(size.states < 50_000 ? 4 : 1, () => searched(size)));
  });
  const costs = measured.map(({ size, runs }) => ({ size, ...costOf(size, runs) }));
  for (const { size, world, knownWorld, transition, bytes } of costs)
    console.log(
      `${size.name}: ${size.states} worlds, ${Math.round(world)} ns each (${Math.round(knownWorld)} with local steps known), ${Math.round(transition)} a transition, ${bytes.toFixed(1)} bytes each`,
    );
  const [, small, , large] = costs;
  if (small === undefined || large === undefined) return;
  const growth = (key: 'world' | 'knownWorld' | 'transition'): string => (large[key] / small[key]).toFixed(2);
  console.log(
    `from 10^4 to 10^6 a world costs ${growth('world')} times as much (${growth('knownWorld')} with local steps known, where it has ${(large.world / large.transition / (small.world / small.transition)).toFixed(2)} times the transitions); a transition ${growth('transition')}`,
  );
};

/**
 * Beside XState's graph search: as usual, every event tried in every world, and told what can be done in a world. At 2·10^4 the usual
 * one is stopped once it has taken long enough, for its time grows with the square of the worlds; `long` lets it end.
 */
const printGraph = (long: boolean): void => {
  const atLeast = 1200;
  for (const [name, rounds, most] of [
    ['10^3', 3, Number.POSITIVE_INFINITY],
    ['2*10^4', 1, long ? Number.POSITIVE_INFINITY : atLeast],
  ] as const) {
    const size = named(name);
    const ours = median(times(21, () => searched(size).ms));
    for (const tuned of [false, true]) {
      const runs = times(rounds, () => searchGraph(size, ours * most, tuned));
      if (runs.some(({ ended, worlds }) => ended && worlds !== size.states))
        throw new Error(`XState's graph search did not find the ${size.states} worlds of ${name}`);
      const theirs = median(runs.map(({ ms }) => ms));
      const isBound = runs.some(({ ended }) => !ended);
      console.log(
        `${name}: XState's graph search${tuned ? ', told what can be done,' : ''} ${isBound ? 'more than ' : ''}${Math.round(theirs)} ms, ours ${ours.toFixed(1)}: ${isBound ? 'more than ' : ''}${Math.round(theirs / ours)} times faster${isBound ? ` (stopped after ${runs[0]?.worlds} worlds; --long lets it end)` : ''}`,
      );
    }
  }
};

/** States a second, SPIN and ours in turns. */
const printRates = (): void => {
  for (const [name, rounds] of [
    ['10^5', 15],
    ['10^6', 5],
  ] as const)
    for (const order of ['depth first', 'breadth first'] as const) {
      const size = named(name);
      const [theirs, ours] = withSpin(size, true, order, size.states, ({ run }) => {
        const turns = times(rounds, () => [run().searchMs, searched(size).ms] as const);
        return [median(turns.map(([spin]) => spin)), median(turns.map(([, ms]) => ms))];
      });
      console.log(
        `${name}: SPIN ${order} ${perSecond(size.states, theirs)}, ours ${perSecond(size.states, ours)}: ${(theirs / ours).toFixed(2)} times as many`,
      );
    }
};

/** From starting a program to its verdict: loading, local steps, search, all of it. */
const verdictMs = (name: string, signed: 'signed' | 'unsigned'): number =>
  msOf(() => {
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, signed]);
    if (status !== 0) throw new Error(`a search from source failed: ${stderr}`);
  });

const printVerdicts = (): void => {
  for (const signed of ['signed', 'unsigned'] as const)
    for (const name of ['10^3', '10^5', '10^6']) {
      const size = named(name);
      const pairs = times(3, () => [
        withSpin(
          size,
          signed === 'signed',
          'breadth first',
          size.states,
          ({ compileMs, run }) => compileMs + run().runMs,
        ),
        verdictMs(name, signed),
      ]);
      const [theirs, ours] = [0, 1].map((which) => median(pairs.map((pair) => pair[which] ?? 0)));
      if (theirs === undefined || ours === undefined) return;
      console.log(
        `${name} from source to “${signed === 'signed' ? 'holds' : 'breaks'}”: SPIN ${Math.round(theirs)} ms, ours ${Math.round(ours)}: ${(ours / theirs).toFixed(2)} of its time`,
      );
    }
};

/** Prints what the engine costs, and how it compares. `long`: everything to its end. */
export const explorerBench = (long = false): void => {
  searched(named('10^5'));
  printCosts();
  printGraph(long);
  const missing = missingForSpin();
  if (missing.length > 0) console.log(`not compared with SPIN: ${missing.join(' and ')} is not installed`);
  else {
    printRates();
    printVerdicts();
  }
};

if (import.meta.main) {
  const [name, signed] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  if (name === undefined) explorerBench(process.argv.includes('--long'));
  else console.log(search(makeTwin(named(name), signed !== 'unsigned').model).verdict);
}
