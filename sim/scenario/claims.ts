/** What a file claims, held against what a run showed. */

import type { Break } from '../engine/breaks.ts';
import type {
  Expectation,
  ExpectedRefusal,
  FilePlace,
  Judgement,
  RefusedLine,
  Run,
  Scenario,
  ToldAct,
  Without,
} from '../engine/types.ts';
import { refusedText } from './written.ts';

export type Claim = {
  readonly expected: Expectation;
  /** `null` when nothing judged it. */
  readonly got: Judgement | null;
  readonly asExpected: boolean;
  /** Why not, in one sentence; `null` when as expected. */
  readonly wrong: string | null;
};

/** What is expected of the story, or with the settings of `without` turned: what it does not name stays as in `expect`. */
export const expectedOf = (scenario: Scenario, without: Without | null = null): readonly Expectation[] => {
  if (without === null) return scenario.expect;
  const ofIt = (all: readonly Expectation[], id: string) => all.filter(({ guarantee }) => guarantee === id);
  return guaranteesIn([...scenario.expect, ...without.expect]).flatMap((guarantee) => {
    const own = ofIt(without.expect, guarantee);
    // A claim that names no secret is about all of them.
    const isReplaced = ({ of }: Expectation): boolean =>
      own.some((one) => one.of === of || one.of === undefined || of === undefined);
    return [...own, ...ofIt(scenario.expect, guarantee).filter((one) => !isReplaced(one))];
  });
};

/** The guarantees that are claimed of, each once. */
export const guaranteesIn = <G extends string>(expected: readonly { readonly guarantee: G }[]): readonly G[] => [
  ...new Set(expected.map(({ guarantee }) => guarantee)),
];

/** What the file makes claims about, in its order, then whatever else did not hold; everything, where it claims nothing. */
export const toldOf = ({ scenario, trace, judgements }: Run): readonly Judgement[] => {
  const without = scenario.without.find(({ turns }) => JSON.stringify(turns) === JSON.stringify(trace.turns)) ?? null;
  const claimed: readonly string[] = guaranteesIn(expectedOf(scenario, without));
  if (claimed.length === 0) return judgements;
  return [
    ...claimed.flatMap((guarantee) => judgements.filter((one) => one.guarantee === guarantee)),
    ...judgements.filter(({ guarantee, verdict }) => !claimed.includes(guarantee) && verdict !== 'holds'),
  ];
};

/** Each expectation beside its judgement, in the order of the file. */
export const checkClaims = (expected: readonly Expectation[], judgements: readonly Judgement[]): readonly Claim[] =>
  expected.map((one) => {
    const judged = judgements.find(({ guarantee }) => guarantee === one.guarantee) ?? null;
    const got = judged === null || one.of === undefined ? judged : judgementOf(judged, one.of);
    const wrong = whatIsWrong(one, got);
    return { expected: one, got, asExpected: wrong === null, wrong };
  });

/** What a guarantee says of one secret: all that broke about others, or showed that it could, is left out. */
const judgementOf = (all: Judgement, secret: string): Judgement => {
  // Explored worlds are not told apart by whose shadow it was.
  const judgement = { ...all, shadow: all.shadow && all.shadowOf?.includes(secret) !== false };
  const breaks = judgement.breaks.flatMap((group) => {
    const own = group.breaks.filter(({ about }) => about?.is === 'secret' && about.name === secret);
    return own.length === 0 ? [] : [{ ...group, breaks: own }];
  });
  const dated = breaks.flatMap(({ cause, certain, breaks: some }) =>
    some.map((broken) => ({ cause, certain, broken })),
  );
  const first = dated.find(({ broken }) => broken.acceptedBy === null) ?? dated[0];
  if (first === undefined) {
    const verdict = judgement.verdict === 'unsettled' ? 'unsettled' : 'holds';
    const why = verdict === 'unsettled' ? judgement.why : null;
    return { ...judgement, verdict, cause: null, certain: null, breaks, at: null, why, missed: [], acceptedBy: null };
  }
  const { cause, certain, broken } = first;
  const { at, why, acceptedBy } = broken;
  return {
    ...judgement,
    verdict: acceptedBy === null ? 'breaks' : 'accepted',
    cause,
    certain,
    breaks,
    at,
    why,
    acceptedBy,
  };
};

/** Whether what broke has that of one of its breaks: of those no text accepts, where the verdict is that it breaks. */
const isAmong = ({ verdict, breaks }: Judgement, isMeant: (one: Break) => boolean): boolean =>
  breaks.some((group) =>
    group.breaks.some((one) => isMeant(one) && (one.acceptedBy === null) === (verdict === 'breaks')),
  );

const whatIsWrong = (expected: Expectation, got: Judgement | null): string | null => {
  if (got === null) return 'nothing judges this guarantee';
  if (got.verdict !== expected.verdict) return `${expected.verdict} expected, ${got.verdict} found`;
  if (expected.at !== null && expected.at !== got.at && !isAmong(got, ({ at }) => at === expected.at))
    return `expected at ${expected.at}, found at ${got.at ?? 'nobody in particular'}`;
  if (expected.by !== null && expected.by !== got.acceptedBy && !isAmong(got, (one) => one.acceptedBy === expected.by))
    return `expected to be accepted by ${expected.by}, found ${got.acceptedBy ?? 'no clause'}`;
  // What holds in an empty world says nothing: the shadow has to happen, or the file says that it does not.
  if (expected.shadow === 'never' && got.shadow) return 'its shadow was expected never to happen, and happened';
  if (expected.verdict === 'holds' && expected.shadow === 'happens' && !got.shadow)
    return 'its shadow never happened, so that it holds of an empty world (say `shadow: never` if that is meant)';
  return null;
};

/** What is wrong with a line of the story, whatever verdicts there are: `place` in the file, and one sentence. */
export type LineFault = { readonly place: FilePlace | null; readonly step: number; readonly text: string };

/**
 * Lines that were refused and do not say so, lines that say so and were done, faults that never struck, and a story without end. Each
 * fails the scenario: a verdict on something else than what was written is none.
 *
 * Lines are judged in the story as it is written. With a setting turned a line may fare otherwise, as that is what the setting does; there
 * only a run without end is a fault. What was laid to go wrong may be laid for a run with a setting turned: it has to strike in one of all.
 */
export const lineFaults = (story: Told, variants: readonly Told[] = []): readonly LineFault[] => [
  ...story.refused.flatMap((one) => {
    const wrong = wrongRefusal(one);
    return wrong === null ? [] : [faultOf(one, wrong)];
  }),
  ...neverStruck(story, variants).map((one) =>
    faultOf(one, 'nothing of that kind was asked any more, so that it never struck'),
  ),
  ...endlessIn(story),
];

/** What is wrong with a run with a setting turned, whatever its verdicts. */
export const endlessIn = ({ endless }: Pick<Run, 'endless'>): readonly LineFault[] =>
  endless === null
    ? []
    : [{ place: null, step: endless.step, text: `this does not come to rest: ${whoAnswers(endless.players)}` }];

type Told = Pick<Run, 'refused' | 'unstruck' | 'endless' | 'steps'>;

/** How many of the lines that read so were taken in a run, and laid what struck. */
const struckIn = ({ steps, unstruck }: Told, sentence: string): number => {
  const isSame = (one: { readonly sentence: string }): boolean => one.sentence === sentence;
  return steps.filter(({ choice }) => isSame(choice)).length - unstruck.filter(isSame).length;
};

/** Of several lines alike the first ones strike. */
const neverStruck = (story: Told, variants: readonly Told[]): readonly ToldAct[] =>
  story.unstruck.filter(({ sentence, step }) => {
    const before = story.steps.slice(0, step).filter(({ choice }) => choice.sentence === sentence).length;
    return before >= Math.max(0, ...variants.map((variant) => struckIn(variant, sentence)));
  });

const faultOf = ({ place, step, sentence }: ToldAct, what: string): LineFault => ({
  place,
  step,
  text: `${place === null ? `step ${step + 1}` : `line ${place.line}`}: ${sentence}: ${what}`,
});

const whoAnswers = (players: readonly string[]): string =>
  players.length === 2 ? `${players.join(' and ')} answer each other` : `${players.join('')} goes on by itself`;

const codesOf = ({ status, errcode }: { readonly status?: number; readonly errcode?: string }): string =>
  [status, errcode].filter((one) => one !== undefined).join(' ');

const wrongRefusal = ({ refusal, expected }: RefusedLine): string | null => {
  if (refusal === null) return `it was done, and expected to be refused${expected === null ? '' : wantedOf(expected)}`;
  const codes = codesOf(refusal);
  const found = codes === '' ? `refused: ${refusal.reason}` : `refused with ${codes}`;
  if (expected === null) return found;
  const isAsSaid =
    (expected.status === null || expected.status === refusal.status) &&
    (expected.errcode === null || expected.errcode === refusal.errcode);
  return isAsSaid ? null : `${found}, and expected to be refused${wantedOf(expected)}`;
};
const wantedOf = (expected: ExpectedRefusal): string => {
  const text = refusedText(expected);
  return text === true ? '' : ` with ${text}`;
};
