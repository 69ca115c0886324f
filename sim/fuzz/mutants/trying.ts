/** Tries mutants one by one in a thread that is watched: which fell, and by what. Needs Node. */
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Scripts } from './bundling.ts';
import type { Planted } from './planting.ts';
import type { DryFile, Order, Setting, Trial, Tried } from './worker.ts';

export type Fate = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage';

/** Beyond this times what a test came by a mutant without it, the mutant goes on for ever. */
const hitsFactor = 100;
const hitsLeast = 10_000;
/** A test may take so many times what it took without a mutant, and at least so long: other programs run here too. */
const patience = (ms: number): number => Math.max(20_000, 20 * ms);
const loadingMs = 60_000;

type Thread = {
  readonly ask: <T>(order: Order, msOf: (nth: number) => number) => Promise<T | 'hangs'>;
  readonly end: () => Promise<unknown>;
};

const threadOf = (scripts: Scripts): Thread => {
  const underWay = new SharedArrayBuffer(4);
  const at = new Int32Array(underWay);
  const setting: Setting = { scripts, from: resolve('package.json'), underWay };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: setting });
  const ask = <T>(order: Order, msOf: (nth: number) => number) =>
    new Promise<T | 'hangs'>((done, fail) => {
      let last = { nth: -2, since: performance.now() };
      const finish = (): void => {
        clearInterval(watch);
        worker.off('message', heard);
        worker.off('error', failed);
      };
      const heard = (answer: T): void => {
        finish();
        done(answer);
      };
      const failed = (error: unknown): void => {
        finish();
        fail(error);
      };
      const watch = setInterval(() => {
        const nth = Atomics.load(at, 0);
        if (nth !== last.nth) last = { nth, since: performance.now() };
        if (performance.now() - last.since < (nth < 0 ? loadingMs : msOf(nth))) return;
        finish();
        done('hangs');
      }, 500);
      worker.on('message', heard);
      worker.on('error', failed);
      worker.postMessage(order);
    });
  return { ask, end: () => worker.terminate() };
};

/** Tests of the file itself come first, then those beside it, then stories, then all others. */
const rankOf = (mutated: string, { file }: DryFile): number => {
  if (file === mutated.replace(/\.ts$/, '.test.ts')) return 0;
  if (file.endsWith('.mutants.ts')) return 2;
  return dirname(file) === dirname(mutated) ? 1 : 3;
};

const hitsMax = (hits: number | undefined): number => Math.max(hitsLeast, (hits ?? 0) * hitsFactor);

type Reaching = { readonly nth: number; readonly ms: number; readonly hitsMax: number };

/** Tests of a file that come by the mutant, the soonest done first. One that modules come by while they load may show in any. */
const reaching = (id: string, { atLoad, tests }: DryFile): readonly Reaching[] =>
  tests
    .map(({ ms, hits }, nth) => ({ nth, ms, hits: hits?.[id], isAsked: hits !== null }))
    .filter(({ hits, isAsked }) => isAsked && (hits !== undefined || atLoad[id] !== undefined))
    .map(({ nth, ms, hits }) => ({ nth, ms, hitsMax: hitsMax(hits) }))
    .sort((one, other) => one.ms - other.ms);

/**
 * The tests a mutant has to outlive: those of its own file, and of those beside it, of stories and of others as many as take
 * `ms` each without it. So a mutant that is said to live may fall by what takes longer; one that is said to fall does.
 */
export const trialsOf = ({ id, file }: Planted, dry: readonly DryFile[], ms: number): readonly Trial[] => {
  const left = [Number.POSITIVE_INFINITY, ms, ms, ms];
  return dry
    .map((tests) => ({ rank: rankOf(file, tests), tests, reached: reaching(id, tests) }))
    .filter(({ reached }) => reached.length > 0)
    .sort(
      (one, other) => one.rank - other.rank || soonest(one.tests, one.reached) - soonest(other.tests, other.reached),
    )
    .map(({ rank, tests: { file, loadMs, atLoad }, reached }) => {
      const affordable = reached.filter((one, nth) => {
        const rest = (left[rank] ?? 0) - one.ms - (nth === 0 ? loadMs : 0);
        if (rest >= 0) left[rank] = rest;
        return rest >= 0;
      });
      return { file, hitsMax: hitsMax(atLoad[id]), tests: affordable.map(({ nth, hitsMax }) => ({ nth, hitsMax })) };
    })
    .filter(({ tests }) => tests.length > 0);
};

const soonest = ({ loadMs }: DryFile, [first]: readonly Reaching[]): number => loadMs + (first?.ms ?? 0);

/** `by` is the test it fell by. */
export type Told = { readonly fate: Fate; readonly by: string | null };

export type Tries = {
  readonly dryRun: (file: string) => Promise<DryFile>;
  /** @param ms how long tests may take that are not of the mutant's own file */
  readonly fateOf: (mutant: Planted, dry: readonly DryFile[], ms: number) => Promise<Told>;
  readonly end: () => Promise<unknown>;
};

export const triesWith = (scripts: Scripts): Tries => {
  let thread = threadOf(scripts);
  let isFresh = true;
  const anew = async (): Promise<void> => {
    await thread.end();
    thread = threadOf(scripts);
    isFresh = true;
  };
  const tryOne = async (id: string, trial: Trial, tests: DryFile['tests']): Promise<Told | null> => {
    const wasFresh = isFresh;
    isFresh = false;
    const tried = await thread
      .ask<Tried>({ order: 'try', id, ...trial }, (nth) => patience(tests[nth]?.ms ?? 0))
      // Out of memory, most likely: the thread is gone.
      .catch((): Tried => ({ by: `${trial.file}: the thread fell over`, spoilt: true }));
    if (tried === 'hangs') {
      await anew();
      return { fate: 'Timeout', by: trial.file };
    }
    if (tried.by === null) return null;
    if (tried.spoilt) {
      await anew();
      // What fails in a thread of its own fails by this mutant; elsewhere it may be by one before.
      if (!wasFresh) return tryOne(id, trial, tests);
    }
    return { fate: 'Killed', by: tried.by };
  };
  return {
    dryRun: async (file) => {
      const dry = await thread.ask<DryFile>({ order: 'dry run', file }, () => 600_000);
      if (dry === 'hangs') throw new Error(`${file}: a test hangs without any mutant`);
      return dry;
    },
    fateOf: async (mutant, dry, ms) => {
      const trials = trialsOf(mutant, dry, ms);
      for (const trial of trials) {
        const file = dry.find((one) => one.file === trial.file);
        const told = file === undefined ? null : await tryOne(mutant.id, trial, file.tests);
        if (told !== null) return told;
      }
      return { fate: trials.length === 0 ? 'NoCoverage' : 'Survived', by: null };
    },
    end: () => thread.end(),
  };
};
