/** What a file claims, held against what a run showed. */
import type { Expectation, Judgement, Run, Scenario, Without } from '../types.ts';

export type Claim = {
  readonly expected: Expectation;
  /** `null` when nothing judged it. */
  readonly got: Judgement | null;
  readonly asExpected: boolean;
  /** Why not, in one sentence; `null` when as expected. */
  readonly wrong: string | null;
};

/** What is expected of the story, or with the dials of `without` turned: what it does not name stays as in `expect`. */
export const expectedOf = (scenario: Scenario, without: Without | null): readonly Expectation[] => {
  if (without === null) return scenario.expect;
  const changed = new Map(without.expect.map((one) => [one.guarantee, one]));
  const kept = scenario.expect.map((one) => changed.get(one.guarantee) ?? one);
  return [
    ...kept,
    ...without.expect.filter((one) => !scenario.expect.some(({ guarantee }) => guarantee === one.guarantee)),
  ];
};

/** What the file makes claims about, in its order, then whatever else did not hold; everything, where it claims nothing. */
export const toldOf = ({ scenario, trace, judgements }: Run): readonly Judgement[] => {
  const without = scenario.without.find(({ turns }) => JSON.stringify(turns) === JSON.stringify(trace.turns)) ?? null;
  const claimed = expectedOf(scenario, without).map(({ guarantee }) => guarantee);
  if (claimed.length === 0) return judgements;
  return [
    ...claimed.flatMap((guarantee) => judgements.filter((one) => one.guarantee === guarantee)),
    ...judgements.filter(({ guarantee, verdict }) => !claimed.includes(guarantee) && verdict !== 'holds'),
  ];
};

/** Each expectation beside its judgement, in the order of the file. */
export const checkClaims = (expected: readonly Expectation[], judgements: readonly Judgement[]): readonly Claim[] =>
  expected.map((one) => {
    const got = judgements.find(({ guarantee }) => guarantee === one.guarantee) ?? null;
    const wrong = whatIsWrong(one, got);
    return { expected: one, got, asExpected: wrong === null, wrong };
  });

const whatIsWrong = (expected: Expectation, got: Judgement | null): string | null => {
  if (got === null) return 'nothing judges this guarantee';
  if (got.verdict !== expected.verdict) return `${expected.verdict} expected, ${got.verdict} found`;
  if (expected.at !== null && expected.at !== got.at)
    return `expected at ${expected.at}, found at ${got.at ?? 'nobody in particular'}`;
  if (expected.by !== null && expected.by !== got.acceptedBy)
    return `expected to be accepted by ${expected.by}, found ${got.acceptedBy ?? 'no clause'}`;
  // A promise kept in an empty world is no promise: the shadow has to happen, or the file says that it does not.
  if (expected.shadow === 'never' && got.shadow) return 'its shadow was expected never to happen, and happened';
  if (expected.verdict === 'holds' && expected.shadow === 'happens' && !got.shadow)
    return 'its shadow never happened, so that it holds of an empty world (say `shadow: never` if that is meant)';
  return null;
};
