/**
 * The thread in which mutants are tried. For each mutant and each file of tests all scripts are run anew, so that nothing a mutant
 * did, or what stands in a module's constants because of it, is there for the next. Needs Node.
 */
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { compileFunction } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import type { Scripts } from './bundling.ts';
import { type GatheredTest, gathering } from './gathering.ts';

/** How often a test, or the loading of its file, comes by each mutant. */
export type Hits = Readonly<Record<string, number>>;
/** A test as it did without any mutant. One without `hits` is not to be asked. */
export type DryTest = {
  readonly name: string;
  readonly ms: number;
  readonly failure: string | null;
  readonly hits: Hits | null;
};
export type DryFile = {
  readonly file: string;
  readonly loadMs: number;
  readonly atLoad: Hits;
  readonly tests: readonly DryTest[];
};

/** Tests of one file by their place in it, and how often a mutant may be come by in each before it goes on for ever. */
export type Wanted = { readonly nth: number; readonly hitsMax: number };
export type Trial = { readonly file: string; readonly hitsMax: number; readonly tests: readonly Wanted[] };
export type Order =
  | { readonly order: 'dry run'; readonly file: string }
  | ({ readonly order: 'try'; readonly id: string } & Trial);

/** `by` is the test that failed, or `null`. `spoilt`: that test fails in this thread now without the mutant too. */
export type Tried = { readonly by: string | null; readonly spoilt: boolean };
export type Setting = {
  readonly scripts: Scripts;
  /** A file of this house, from which packages are looked for. */
  readonly from: string;
  /** The test under way, counted from 0; -1 while its file is loading. */
  readonly underWay: SharedArrayBuffer;
};

/** What the code that StrykerJS plants looks at. */
type Switch = {
  readonly activeMutant: string | undefined;
  readonly mutantCoverage: { readonly static: Hits; readonly perTest: Readonly<Record<string, Hits>> };
  currentTestId?: string;
  hitCount: number;
  hitLimit: number;
};

type Script = (require: (name: string) => unknown, module: object, exports: object, __dirname: string) => void;

const { scripts, from, underWay } = workerData as Setting;
const at = new Int32Array(underWay);
const realRequire = createRequire(from);
const compiled = new Map<string, Script>();

const scriptOf = (name: string): Script | undefined => {
  const code = scripts[name];
  const known = compiled.get(name);
  if (known !== undefined || code === undefined) return known;
  const made = compileFunction(code, ['require', 'module', 'exports', '__dirname'], { filename: name }) as Script;
  compiled.set(name, made);
  return made;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Loads a file of tests and all it needs, with a mutant switched on or with none. */
const load = (
  file: string,
  activeMutant: string | undefined,
  hitLimit: number,
): { readonly tests: readonly GatheredTest[]; readonly ns: Switch } => {
  Atomics.store(at, 0, -1);
  const ns: Switch = { activeMutant, mutantCoverage: { static: {}, perTest: {} }, hitCount: 0, hitLimit };
  Object.assign(globalThis, { __stryker__: ns });
  const { tests, module: vitest } = gathering();
  const loaded = new Map<string, object>();
  const requiredBy =
    (asking: string) =>
    (name: string): unknown => {
      if (name === 'vitest') return vitest;
      const wanted = posix.join(posix.dirname(asking), name);
      return name.startsWith('.') && scriptOf(wanted) !== undefined ? loadScript(wanted) : realRequire(name);
    };
  const loadScript = (name: string): object => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const exports = {};
    loaded.set(name, exports);
    scriptOf(name)?.(requiredBy(name), { exports }, exports, join(dirname(from), dirname(name)));
    return exports;
  };
  loadScript(file);
  return { tests, ns };
};

/** `null` where it passes. */
const failureOf = async (test: GatheredTest): Promise<string | null> => {
  try {
    await test.body();
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

const dryRun = async (file: string): Promise<DryFile> => {
  const loading = performance.now();
  const { tests, ns } = load(file, undefined, Number.POSITIVE_INFINITY);
  const loadMs = performance.now() - loading;
  const done: DryTest[] = [];
  for (const [nth, test] of tests.entries()) {
    Atomics.store(at, 0, nth);
    // An empty name of a test is none to the code that counts.
    ns.currentTestId = `test ${nth}`;
    const began = performance.now();
    const failure = await failureOf(test);
    const hits = ns.mutantCoverage.perTest[ns.currentTestId] ?? {};
    done.push({ name: test.name, ms: performance.now() - began, failure, hits });
  }
  return { file, loadMs, atLoad: ns.mutantCoverage.static, tests: done };
};

/** Whether the test fails without any mutant, for what tests before it left in this thread. */
const isSpoilt = async (file: string, nth: number): Promise<boolean> => {
  const test = load(file, undefined, Number.POSITIVE_INFINITY).tests[nth];
  return test === undefined || (await failureOf(test)) !== null;
};

const tryOut = async (id: string, { file, hitsMax, tests: wanted }: Trial): Promise<Tried> => {
  let loaded: ReturnType<typeof load>;
  try {
    loaded = load(file, id, hitsMax);
  } catch (error) {
    return { by: `${file}, while loading: ${messageOf(error)}`, spoilt: false };
  }
  const { tests, ns } = loaded;
  for (const one of wanted) {
    const test = tests[one.nth];
    // A mutant may make fewer tests of a table.
    if (test === undefined) return { by: `${file}: a test that is no longer there`, spoilt: false };
    Atomics.store(at, 0, one.nth);
    ns.hitCount = 0;
    ns.hitLimit = one.hitsMax;
    if ((await failureOf(test)) !== null) return { by: `${file}: ${test.name}`, spoilt: await isSpoilt(file, one.nth) };
  }
  return { by: null, spoilt: false };
};

parentPort?.on('message', async (order: Order) => {
  parentPort?.postMessage(order.order === 'dry run' ? await dryRun(order.file) : await tryOut(order.id, order));
});
