/** A text that somebody is writing: all that is wrong with it, or its run, held against what the text expects. */
import { guaranteeText } from '../../../machines/guarantee-texts.ts';
import type { Expectation, Judgement, Run, Scenario, Without } from '../../../sim/engine/types.ts';
import { whereText } from '../../../sim/runs/break-words.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { transcript } from '../../../sim/runs/transcript.ts';
import { type Claim, checkClaims, expectedOf, lineFaults, toldOf } from '../../../sim/scenario/claims.ts';
import type { ScenarioError } from '../../../sim/scenario/parse.ts';
import { type StorySteps, storySteps } from '../../../sim/scenario/story-edits.ts';
import { badgeOf } from '../../badges.ts';
import { guaranteeHref } from '../../hrefs.ts';
import { type BenchViews, benchViews } from '../../views/bench.ts';
import { playedInFull } from '../played.ts';
import { written } from '../written.ts';

export type EditAsked = { readonly text: string };

/** A verdict in words, with its sign and tone. */
export type SaidVerdict = { readonly sign: string; readonly words: string; readonly tone: string };
/** A guarantee in a run. `wrong` says in a sentence why it is not as the text expects; `expected` is `null` where it expects nothing. */
export type JudgedClaim = {
  readonly name: string;
  readonly href: string;
  readonly found: SaidVerdict;
  readonly expected: string | null;
  readonly wrong: string | null;
};
/** A line that went otherwise than it says, or that was never reached. */
export type SaidFault = { readonly line: number | null; readonly text: string };

export type EditAnswered =
  | { readonly is: 'wrong'; readonly errors: readonly ScenarioError[]; readonly story: StorySteps }
  /** It can be read, and no story begins of it; why, in a sentence without a full stop. */
  | { readonly is: 'refused'; readonly why: string; readonly story: StorySteps }
  | {
      readonly is: 'run';
      /** As a file: `a-stolen-token`. */
      readonly id: string;
      readonly title: string;
      readonly story: StorySteps;
      readonly claims: readonly JudgedClaim[];
      readonly faults: readonly SaidFault[];
      readonly steps: number;
      /** The keys of `without`, which `turned` runs. */
      readonly without: readonly string[];
      /** Free play is searched, not run: what the text expects is said of every world. */
      readonly isFree: boolean;
      readonly transcript: string;
      /** `null` where there are more steps than a page shows one at a time. */
      readonly views: BenchViews | null;
    };

/** Steps that are drawn. The sheet of all figures chooses among fewer (`pages/figures.css.ts`). */
export const drawnMax = 160;

const foundOf = (judged: Judgement): SaidVerdict => {
  const [sign, word, tone] = badgeOf(judged.verdict);
  return { sign, words: `${word} ${whereText(judged)}`.trim(), tone };
};

const expectedWords = ({ verdict, at, of, by, shadow }: Expectation): string =>
  [
    badgeOf(verdict)[1],
    ...(of === undefined ? [] : [`for ${of}`]),
    ...(at === null ? [] : [`at ${at}`]),
    ...(by === null ? [] : [`in ${by}`]),
    ...(shadow === 'never' ? ['(its shadow never happens)'] : []),
  ].join(' ');

const claimOf = ({ expected, got, wrong }: Claim): JudgedClaim => ({
  name: guaranteeText(expected.guarantee).short,
  href: guaranteeHref(expected.guarantee),
  found: got === null ? { sign: '?', words: 'not judged', tone: 'open' } : foundOf(got),
  expected: expectedWords(expected),
  wrong,
});

/** What the text claims of a run, and whatever else did not hold in it. */
export const judgedClaims = (scenario: Scenario, without: Without | null, run: Run): readonly JudgedClaim[] => {
  const expected = expectedOf(scenario, without);
  const claimed = new Set<string>(expected.map(({ guarantee }) => guarantee));
  const others = toldOf(run).filter(({ guarantee }) => !claimed.has(guarantee));
  return [
    ...checkClaims(expected, run.judgements).map(claimOf),
    ...others.map((judged) => ({
      name: guaranteeText(judged.guarantee).short,
      href: guaranteeHref(judged.guarantee),
      found: foundOf(judged),
      expected: null,
      wrong: null,
    })),
  ];
};

/** The lines of a story that could not be read are no lines to change. */
export const edit = async ({ text }: EditAsked): Promise<EditAnswered> => {
  const read = written(text);
  const story = storySteps(text);
  if (!read.ok) return { is: 'wrong', errors: read.errors, story };
  const { scenario } = read;
  const made = await playedInFull(scenario, []);
  if (made.is === 'refused') return { is: 'refused', why: made.why, story };
  const { run } = made;
  // What is laid for a run with a setting turned cannot strike in this one.
  const isLaid = scenario.without.length === 0;
  return {
    is: 'run',
    id: scenario.id,
    title: scenario.title,
    story,
    claims: scenario.explore === null ? judgedClaims(scenario, null, run) : [],
    faults: lineFaults(isLaid ? run : { ...run, unstruck: [] }).map(({ place, text: said }) => ({
      line: place?.line ?? null,
      text: said,
    })),
    steps: run.steps.length,
    without: scenario.without.map(({ key }) => key),
    isFree: scenario.explore !== null,
    transcript: transcript(run),
    // The runs with a setting turned are made after it (`turned.ts`): with none there is nothing to wait for.
    views: run.steps.length > drawnMax ? null : benchViews(inQuestion(run), isLaid ? [] : null, null),
  };
};
