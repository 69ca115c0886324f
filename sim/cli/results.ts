/** What scenarios' runs come to beside what they expect: each file by itself, so that none hides what another says. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Expectation, Run, Scenario, Without } from '../engine/types.ts';
import { type Verdicts, verdictsOf } from '../explorer/verdicts.ts';
import { type RunOptions, runStory } from '../runs/run.ts';
import { formatTrace, formatWritten } from '../runs/trace.ts';
import { type Claim, checkClaims, endlessIn, expectedOf, type LineFault, lineFaults } from '../scenario/claims.ts';
import { read } from './library.ts';
import { faultLines, type Outcome } from './outcome.ts';
import { idOf, toldPath } from './places.ts';

/** What stands in the way of a result, or beside its claims. The first line says it, further ones where. */
export type Problem = { readonly is: Exclude<Outcome, 'as expected'>; readonly lines: readonly string[] };

export type Result = {
  /** Its path as it is told. */
  readonly file: string;
  readonly id: string;
  /** The name of the file where it is no scenario. */
  readonly title: string;
  /** The key of `without`; `null` for the story as it is written. */
  readonly without: string | null;
  readonly claims: readonly Claim[];
  readonly problems: readonly Problem[];
  /** The line that replays it, choice by choice; `null` where every world was seen and none breaks, or nothing ran to its end. */
  readonly replay: string | null;
  /** The same for people: that story as it is written; `null` for free play and what is no scenario. */
  readonly story: string | null;
  readonly ok: boolean;
  /** What it took, in milliseconds. */
  readonly ms: number;
};

/** The worst of what happened. */
export const outcomeOf = (results: readonly Pick<Result, 'ok' | 'problems'>[]): Outcome => {
  const kinds = results.flatMap(({ problems }) => problems.map(({ is }) => is));
  const worst = (['fault of hearsay', 'wrong input', 'not as expected'] as const).find((one) => kinds.includes(one));
  return worst ?? (results.every(({ ok }) => ok) ? 'as expected' : 'not as expected');
};

type Named = Pick<Result, 'file' | 'id' | 'title'>;
/** What is asked of one run of a scenario. */
type Asked = {
  readonly without: Without | null;
  readonly expected: readonly Expectation[];
  readonly turns: Without['turns'];
  readonly guarantees: readonly GuaranteeId[];
};

/** A scenario as it is written, and with each setting of its `without` turned. Only what it claims is judged. */
const askedOf = (scenario: Scenario, withVariants: boolean): readonly Asked[] => {
  const asked = (without: Without | null): Asked => {
    const expected = expectedOf(scenario, without);
    return {
      without,
      expected,
      turns: without?.turns ?? [],
      guarantees: expected.map(({ guarantee }) => guarantee),
    };
  };
  return [asked(null), ...(withVariants ? scenario.without : []).map(asked)];
};

const storyLine = (scenario: Scenario, { turns }: Asked): string | null =>
  scenario.explore === null ? formatWritten({ scenario: scenario.id, turns, seed: '1' }) : null;

const resultOf = (
  named: Named,
  scenario: Scenario,
  asked: Asked,
  { judgements, trace }: Pick<Verdicts, 'judgements' | 'trace'>,
  ms: number,
  faults: readonly LineFault[],
): Result => {
  const claims = checkClaims(asked.expected, judgements);
  const problems = faults.map(({ text }): Problem => ({ is: 'not as expected', lines: [text] }));
  return {
    ...named,
    without: asked.without?.key ?? null,
    claims,
    problems,
    replay: trace === null ? null : formatTrace(trace),
    story: storyLine(scenario, asked),
    ok: problems.length === 0 && claims.every(({ asExpected }) => asExpected),
    ms,
  };
};

const failed = (
  named: Named,
  problem: Problem,
  ms: number,
  more: Pick<Result, 'without' | 'story'> = { without: null, story: null },
): Result => ({ ...named, ...more, claims: [], problems: [problem], replay: null, ok: false, ms });

/** A run, or every world of a free play. */
type Played = Run | Verdicts;

/** Each by itself: whichever of them throws, the others have their results. What is wrong with lines shows beside the variants. */
const resultsOfOne = (
  named: Named,
  scenario: Scenario,
  suite: RunOptions['suite'],
  withVariants: boolean,
): readonly Result[] => {
  const tried = askedOf(scenario, withVariants).map((asked) => {
    const began = performance.now();
    const { turns, guarantees } = asked;
    const msOf = (): number => performance.now() - began;
    try {
      const options = { turns, suite, guarantees };
      const played: Played = scenario.explore === null ? runStory(scenario, options) : verdictsOf(scenario, options);
      return { asked, played, ms: msOf() };
    } catch (error) {
      return { asked, error, ms: msOf() };
    }
  });
  const runs = tried.flatMap(({ played }) => (played !== undefined && 'steps' in played ? [played] : []));
  const [story, ...variants] = runs.length === tried.length ? runs : [];
  // What is laid for a run with a setting turned cannot strike where none is run.
  const isLaid = variants.length > 0 || scenario.without.length === 0;
  const faultsIn = (run: Played): readonly LineFault[] => {
    if (story === undefined || !('steps' in run)) return [];
    return run === story ? lineFaults(isLaid ? story : { ...story, unstruck: [] }, variants) : endlessIn(run);
  };
  return tried.map(({ asked, played, error, ms }) => {
    if (played !== undefined) return resultOf(named, scenario, asked, played, ms, faultsIn(played));
    const problem = { is: 'fault of hearsay', lines: faultLines(error) } as const;
    return failed(named, problem, ms, { without: asked.without?.key ?? null, story: storyLine(scenario, asked) });
  });
};

/** What is wanted of scenarios: by which suite, with their variants, and of free play too. */
export type Wanted = {
  readonly suite: RunOptions['suite'];
  readonly withVariants: boolean;
  readonly withPlay: boolean;
};

/**
 * The results of the scenarios at `paths`, in their order. A file that is no scenario has one result, which says why; so has a run in
 * which the house itself fails. Never throws.
 *
 * @param tell is told of each file before it is read
 */
export const resultsAt = (
  paths: readonly string[],
  { suite, withVariants, withPlay }: Wanted,
  tell: (nth: number, file: string) => void = () => undefined,
): readonly Result[] =>
  paths.flatMap((path, nth): readonly Result[] => {
    const began = performance.now();
    const named = { file: toldPath(path), id: idOf(path), title: toldPath(path) };
    tell(nth, named.file);
    try {
      const file = read(path);
      if (!file.ok) return [failed(named, { is: 'wrong input', lines: file.mistakes }, performance.now() - began)];
      const { scenario } = file;
      if (scenario.explore !== null && !withPlay) return [];
      return resultsOfOne({ ...named, title: scenario.title }, scenario, suite, withVariants);
    } catch (error) {
      return [failed(named, { is: 'fault of hearsay', lines: faultLines(error) }, performance.now() - began)];
    }
  });
