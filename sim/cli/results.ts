/** What scenarios' runs come to beside what they expect: worked out by one thread, or by two that take one scenario after another. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Verdicts, verdictsOf } from '../explorer/verdicts.ts';
import { type RunOptions, runStories } from '../run.ts';
import { type Claim, checkClaims, expectedOf } from '../scenario/claims.ts';
import { formatTrace } from '../trace.ts';
import type { Expectation, Scenario, Without } from '../types.ts';
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

const resultOf = (
  scenario: Scenario,
  without: Without | null,
  expected: readonly Expectation[],
  { judgements, trace }: Pick<Verdicts, 'judgements' | 'trace'>,
): Result => {
  const claims = checkClaims(expected, judgements);
  return {
    scenario,
    without: without?.key ?? null,
    claims,
    replay: trace === null ? null : formatTrace(trace),
    ok: claims.every(({ asExpected }) => asExpected),
  };
};

/** A scenario as it is written, and with each dial of its `without` turned. Only what it claims is judged. */
const resultsOfOne = (scenario: Scenario, suite: RunOptions['suite'], withVariants: boolean): readonly Result[] => {
  const turned = withVariants ? scenario.without : [];
  const asked = [null, ...turned].map((without) => {
    const expected = expectedOf(scenario, without);
    return { without, expected, turns: without?.turns ?? [], guarantees: expected.map(({ guarantee }) => guarantee) };
  });
  if (scenario.explore !== null)
    return asked.map(({ without, expected, turns }) =>
      resultOf(scenario, without, expected, verdictsOf(scenario, { turns, suite })),
    );
  const [{ guarantees } = {}, ...variants] = asked;
  const { story, variants: others } = runStories(scenario, variants, { suite, guarantees });
  return asked.map(({ without, expected }, nth) =>
    resultOf(scenario, without, expected, nth === 0 ? story : (others[nth - 1] ?? story)),
  );
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

type Nth = { readonly nth: number; readonly scenario: Scenario };
/** What a second thread is given: the same groups, and a counter from which each takes its next. */
export type Share = {
  readonly groups: readonly (readonly Nth[])[];
  readonly suite: 'real' | 'symbolic';
  readonly withVariants: boolean;
  readonly next: Int32Array;
};
export type Shared = readonly { readonly nth: number; readonly results: readonly Result[] }[];

/** Scenarios of one cast together, as they share what happens before the story; the longest first, so that both threads end at once. */
const groupsOf = (scenarios: readonly Scenario[]): Share['groups'] => {
  const groups = Map.groupBy(
    scenarios.map((scenario, nth): Nth => ({ nth, scenario })),
    ({ scenario }) => JSON.stringify(scenario.cast),
  );
  const runs = (group: readonly Nth[]) => group.reduce((sum, { scenario }) => sum + 1 + scenario.without.length, 0);
  return [...groups.values()].sort((one, other) => runs(other) - runs(one));
};

/** Takes groups of scenarios until none is left. */
export const takeShare = ({ groups, suite, withVariants, next }: Share, tell: (nth: Nth) => void): Shared => {
  const done: { readonly nth: number; readonly results: readonly Result[] }[] = [];
  for (let at = Atomics.add(next, 0, 1); at < groups.length; at = Atomics.add(next, 0, 1))
    for (const one of groups[at] ?? []) {
      tell(one);
      const results = resultsOfOne(one.scenario, suite === 'real' ? realSuite : suite, withVariants);
      done.push({ nth: one.nth, results });
    }
  return done;
};

/** A second thread, which makes itself ready while the first still reads files; `null` where there is no processor for it. */
export const startSecond = (): Worker | null => {
  if (availableParallelism() < 2) return null;
  const worker = new Worker(new URL('./results-worker-main.ts', import.meta.url));
  worker.unref();
  return worker;
};

/**
 * The same results as `resultsOf`, in the same order, by two threads where there are that many processors and enough to do.
 *
 * @param begun a second thread that was started before
 */
export const resultsTogether = async (
  scenarios: readonly Scenario[],
  suite: 'real' | 'symbolic',
  withVariants: boolean,
  begun: Worker | null = null,
): Promise<readonly Result[]> => {
  const worker = begun ?? (scenarios.length < scenariosMin ? null : startSecond());
  if (worker === null) return resultsOf(scenarios, suite === 'real' ? realSuite : suite, withVariants);
  const share: Share = {
    groups: groupsOf(scenarios),
    suite,
    withVariants,
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
  worker.ref();
  const theirs = new Promise<Shared>((resolve, fail) => {
    worker.once('message', resolve);
    worker.once('error', fail);
  });
  worker.postMessage(share);
  let told = 0;
  const own = takeShare(share, ({ scenario }) => {
    told += 1;
    progress(`${told} of ${scenarios.length}  ${scenario.id}`);
  });
  const all = [...own, ...(await theirs)].sort((one, other) => one.nth - other.nth);
  await worker.terminate();
  return all.flatMap(({ results }) => results);
};
