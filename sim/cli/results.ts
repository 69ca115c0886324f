/** What scenarios' runs come to beside what they expect: worked out by one thread, or by two that take one scenario after another. */
import { type Verdicts, verdictsOf } from '../explorer/verdicts.ts';
import { type RunOptions, runStories } from '../run.ts';
import { type Claim, checkClaims, endlessIn, expectedOf, type LineFault, lineFaults } from '../scenario/claims.ts';
import { formatTrace } from '../trace.ts';
import type { Expectation, Scenario, Without } from '../types.ts';
import { takeSecond } from './ahead.ts';
import { load, readText } from './library.ts';
import { realSuite } from './suite.ts';
import { Mistake, progress } from './terminal.ts';

export type Result = {
  readonly scenario: Scenario;
  /** The key of `without`; `null` for the story as it is written. */
  readonly without: string | null;
  readonly claims: readonly Claim[];
  /** What is wrong with lines of the story, whatever its verdicts. */
  readonly lines: readonly LineFault[];
  /** The line that replays it; `null` where every world was seen and none breaks. */
  readonly replay: string | null;
  readonly ok: boolean;
};

const resultOf = (
  scenario: Scenario,
  without: Without | null,
  expected: readonly Expectation[],
  { judgements, trace }: Pick<Verdicts, 'judgements' | 'trace'>,
  lines: readonly LineFault[] = [],
): Result => {
  const claims = checkClaims(expected, judgements);
  return {
    scenario,
    without: without?.key ?? null,
    claims,
    lines,
    replay: trace === null ? null : formatTrace(trace),
    ok: lines.length === 0 && claims.every(({ asExpected }) => asExpected),
  };
};

/** A scenario as it is written, and with each dial of its `without` turned. Only what it claims is judged. */
const resultsOfOne = (scenario: Scenario, suite: RunOptions['suite'], withVariants: boolean): readonly Result[] => {
  const turned = withVariants ? scenario.without : [];
  const asked = [null, ...turned].map((without) => {
    const expected = expectedOf(scenario, without);
    return {
      without,
      expected,
      turns: without?.turns ?? [],
      guarantees: expected.map(({ guarantee }) => guarantee),
      // Whether a shadow never falls is seen in the end only.
      untilBroken: expected.every(({ shadow }) => shadow !== 'never'),
    };
  });
  if (scenario.explore !== null)
    return asked.map(({ without, expected, turns }) =>
      resultOf(scenario, without, expected, verdictsOf(scenario, { turns, suite })),
    );
  const [{ guarantees } = {}, ...variants] = asked;
  const { story, variants: others } = runStories(scenario, variants, { suite, guarantees });
  // What is laid for a run with a dial turned cannot strike where none is run.
  const told = withVariants || scenario.without.length === 0 ? story : { ...story, unstruck: [] };
  return asked.map(({ without, expected }, nth) => {
    const run = nth === 0 ? story : (others[nth - 1] ?? story);
    return resultOf(scenario, without, expected, run, nth === 0 ? lineFaults(told, others) : endlessIn(run));
  });
};

/** All of them, one after another. */
export const resultsOf = (
  scenarios: readonly Scenario[],
  suite: RunOptions['suite'],
  withVariants = true,
): readonly Result[] =>
  scenarios.flatMap((scenario, nth) => {
    progress(`${nth + 1} of ${scenarios.length}  ${scenario.id}`);
    return resultsOfOne(scenario, suite, withVariants);
  });

/** Fewer than this and a second thread has hardly begun when all is done. */
const scenariosMin = 24;

/** What is wanted of scenarios: by which suite, with their variants, and of free play too. */
export type Wanted = {
  readonly suite: 'real' | 'symbolic';
  readonly withVariants: boolean;
  readonly withPlay: boolean;
};

type Nth = { readonly nth: number; readonly path: string };
/** What a second thread is given: the same row, and how much of it is taken. */
export type Share = { readonly row: readonly Nth[]; readonly wanted: Wanted; readonly taken: Int32Array };
/** Results by the place of their file; `null` where a file is no scenario. */
export type Shared = readonly { readonly nth: number; readonly results: readonly Result[] }[] | null;

/**
 * Files in a row in which those stand together that have most in common: what happens before the story where their casts are the
 * same, and the code that they run. One thread takes from the front and one from the back, so that each compiles less of the
 * house, and both end at once. Casts are compared as they are written: to read a file is the work of who takes it.
 */
const rowOf = (paths: readonly string[]): Share['row'] => {
  const placeOf = (path: string): string => {
    const [cast = ''] = /^cast:.*(?:\n(?:[ \t].*)?)*/m.exec(readText(path)) ?? [];
    return `${/^ +rooms:/m.test(cast) ? 1 : 0} ${cast.trim()}`;
  };
  return paths
    .map((path, nth) => ({ nth, path, place: placeOf(path) }))
    .sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : one.nth - other.nth))
    .map(({ nth, path }) => ({ nth, path }));
};

const isWanted = ({ explore }: Scenario, { withPlay }: Wanted): boolean => explore === null || withPlay;
const suiteOf = ({ suite }: Wanted): RunOptions['suite'] => (suite === 'real' ? realSuite : suite);

/** Takes files from the front of the row, or from its back, until none is left or one is no scenario. */
export const takeShare = (
  { row, wanted, taken }: Share,
  from: 'front' | 'back',
  tell: (path: string) => void = () => undefined,
): Shared => {
  const done: { readonly nth: number; readonly results: readonly Result[] }[] = [];
  try {
    while (Atomics.add(taken, 0, 1) < row.length) {
      const { nth, path } = row.at(from === 'front' ? done.length : -1 - done.length) as Nth;
      tell(path);
      const { scenario } = load(path);
      const isRun = isWanted(scenario, wanted);
      done.push({ nth, results: isRun ? resultsOfOne(scenario, suiteOf(wanted), wanted.withVariants) : [] });
    }
    return done;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    Atomics.store(taken, 0, row.length);
    return null;
  }
};

/** By one thread, which reads all files first. */
const resultsAlone = (paths: readonly string[], wanted: Wanted): readonly Result[] => {
  const scenarios = paths.map((path) => load(path).scenario).filter((scenario) => isWanted(scenario, wanted));
  return resultsOf(scenarios, suiteOf(wanted), wanted.withVariants);
};

/**
 * The results of the scenarios at `paths`, in their order, by two threads where there are that many processors and enough to do.
 * Throws a `Mistake` for the first file that is no scenario.
 */
export const resultsTogether = async (paths: readonly string[], wanted: Wanted): Promise<readonly Result[]> => {
  const worker = paths.length < scenariosMin ? null : takeSecond();
  if (worker === null) return resultsAlone(paths, wanted);
  const share: Share = { row: rowOf(paths), wanted, taken: new Int32Array(new SharedArrayBuffer(4)) };
  worker.ref();
  const theirs = new Promise<Shared>((resolve, fail) => {
    worker.once('message', resolve);
    worker.once('error', fail);
  });
  worker.postMessage(share);
  const own = takeShare(share, 'front', (path) => {
    progress(`${Atomics.load(share.taken, 0)} of ${paths.length}  ${path}`);
  });
  const others = await theirs;
  void worker.terminate();
  // Whichever thread came upon it: what is said is said of the first such file.
  if (own === null || others === null) return resultsAlone(paths, wanted);
  return [...own, ...others].sort((one, other) => one.nth - other.nth).flatMap(({ results }) => results);
};
