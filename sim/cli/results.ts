/** What scenarios' runs come to beside what they expect: worked out by one thread, or by two that take one scenario after another. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { verdictsOf } from '../explorer/verdicts.ts';
import type { RunOptions } from '../run.ts';
import { type Claim, checkClaims, expectedOf } from '../scenario/claims.ts';
import { formatTrace } from '../trace.ts';
import type { Scenario, Without } from '../types.ts';
import { realSuite } from './suite.ts';
import { progress } from './terminal.ts';

export type Result = {
  readonly scenario: Scenario;
  /** The key of `without`; `null` for the story as it is written. */
  readonly without: string | null;
  readonly claims: readonly Claim[];
  /** The line that replays it; `null` where every world was seen and none breaks. */
  readonly replay: string | null;
  readonly ok: boolean;
};

const resultOf = (scenario: Scenario, without: Without | null, suite: RunOptions['suite']): Result => {
  const { judgements, trace } = verdictsOf(scenario, { turns: without?.turns ?? [], suite });
  const claims = checkClaims(expectedOf(scenario, without), judgements);
  return {
    scenario,
    without: without?.key ?? null,
    claims,
    replay: trace === null ? null : formatTrace(trace),
    ok: claims.every(({ asExpected }) => asExpected),
  };
};

/** A scenario as it is written, and with each dial of its `without` turned. */
const resultsOfOne = (scenario: Scenario, suite: RunOptions['suite'], withVariants: boolean): readonly Result[] =>
  [null, ...(withVariants ? scenario.without : [])].map((without) => resultOf(scenario, without, suite));

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

/** What a second thread is given: the same list, and a counter from which each takes its next. */
export type Share = {
  readonly scenarios: readonly Scenario[];
  readonly suite: 'real' | 'symbolic';
  readonly withVariants: boolean;
  readonly next: Int32Array;
};
export type Shared = readonly { readonly nth: number; readonly results: readonly Result[] }[];

/** Takes scenarios until none is left. */
export const takeShare = ({ scenarios, suite, withVariants, next }: Share, tell: (nth: number) => void): Shared => {
  const done: { readonly nth: number; readonly results: readonly Result[] }[] = [];
  for (let nth = Atomics.add(next, 0, 1); nth < scenarios.length; nth = Atomics.add(next, 0, 1)) {
    const scenario = scenarios[nth];
    if (scenario === undefined) break;
    tell(nth);
    done.push({ nth, results: resultsOfOne(scenario, suite === 'real' ? realSuite : suite, withVariants) });
  }
  return done;
};

/** The same results as `resultsOf`, in the same order, by two threads where there are that many processors and enough to do. */
export const resultsTogether = async (
  scenarios: readonly Scenario[],
  suite: 'real' | 'symbolic',
  withVariants: boolean,
): Promise<readonly Result[]> => {
  if (scenarios.length < scenariosMin || availableParallelism() < 2)
    return resultsOf(scenarios, suite === 'real' ? realSuite : suite, withVariants);
  const share: Share = { scenarios, suite, withVariants, next: new Int32Array(new SharedArrayBuffer(4)) };
  const worker = new Worker(new URL('./results-worker-main.ts', import.meta.url), { workerData: share });
  const theirs = new Promise<Shared>((resolve, fail) => {
    worker.once('message', resolve);
    worker.once('error', fail);
  });
  const own = takeShare(share, (nth) => {
    progress(`${nth + 1} of ${scenarios.length}  ${scenarios[nth]?.id ?? ''}`);
  });
  const all = [...own, ...(await theirs)].sort((one, other) => one.nth - other.nth);
  await worker.terminate();
  return all.flatMap(({ results }) => results);
};
