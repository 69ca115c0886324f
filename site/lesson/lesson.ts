/** A lesson is data: what is said and shown, and for how long. What is right is not in it: that comes from the runs (`answers.ts`). */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Reading } from '../../machines/registration.ts';
import type { ClauseId } from '../../machines/types.ts';

/** What a choice says of the run. Whether it is so, the run says. */
export type Claim =
  /** Of the guarantees in question none breaks. */
  | { readonly is: 'nothing breaks' }
  /** That guarantee breaks; `accepted`: by a clause of the text that owns it. */
  | { readonly is: 'breaks' | 'accepted'; readonly guarantee: GuaranteeId }
  /** With this clause off something breaks that does not break here. */
  | { readonly is: 'stops'; readonly clause: ClauseId }
  /** From this step on nothing can mend what the bet is about. `step`: how the sentence of its choice begins, as in a transcript. */
  | { readonly is: 'too late'; readonly step: string }
  /** What the bet is about is kept by these readings, and by no other. */
  | { readonly is: 'kept by'; readonly question: string; readonly readings: readonly Reading[] };

/** `text`: in words for those who bet. Absent: the clause, the step or the reading says it itself. */
export type ChoiceOf = { readonly text?: string; readonly claim: Claim };

/** What a presenter may hear, and what can be said to it. */
export type Heard = { readonly said: string; readonly reply: string };

/**
 * A bet in three acts: the story so far, the bet, what the run did and why. Numbers of steps, names of clauses and of guarantees stand as
 * `{cause}`, `{clause}` …: they are filled from the run (`Facts` in `answers.ts`).
 */
export type Bet = {
  readonly title: string;
  /** A scenario of the library. */
  readonly scenario: string;
  /** Which of the settings under its `without` is turned; `null`: it is played as it is written. */
  readonly turned: string | null;
  readonly about: GuaranteeId;
  /** Words of the glossary that are needed from here on. */
  readonly words: readonly string[];
  /** Paragraphs. */
  readonly story: readonly string[];
  /** The story in two lines, for the handout. */
  readonly short: string;
  readonly question: string;
  readonly choices: readonly ChoiceOf[];
  readonly why: readonly string[];
  readonly home: string;
  readonly notes: {
    readonly story: readonly string[];
    readonly bet: readonly string[];
    readonly why: readonly string[];
  };
  readonly heard: readonly Heard[];
};

/** A screen beside the bets. */
export type Talk = {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly text: readonly string[];
  readonly words: readonly string[];
  readonly notes: readonly string[];
};

export type Lesson = {
  /** As in its address. */
  readonly id: string;
  readonly title: string;
  readonly lede: string;
  readonly opening: readonly Talk[];
  readonly bets: readonly Bet[];
  /** How many minutes each act of a bet takes. */
  readonly minutes: { readonly story: number; readonly bet: number; readonly why: number };
  readonly closing: readonly Talk[];
  /** The ten words that stand on the handout. */
  readonly glossary: readonly string[];
  /** What words of this house mean, for people who have never seen it; all others as the glossary has them. */
  readonly plainly: Readonly<Record<string, string>>;
};

type ScreenOf<Is extends string, More> = {
  readonly is: Is;
  /** Of its place on the page: `b2-bet`. */
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  /** When it begins, in minutes from the start. */
  readonly from: number;
} & More;
/** One idea, one screen. `nth`: which bet, from 0. */
export type Screen =
  | ScreenOf<'talk', { readonly talk: Talk }>
  | ScreenOf<'story' | 'bet' | 'why', { readonly nth: number }>;

/** All screens in their order. */
export const screensOf = ({ opening, bets, minutes, closing }: Lesson): readonly Screen[] => {
  const talked = (talk: Talk) => ({ is: 'talk', id: talk.id, title: talk.title, minutes: talk.minutes, talk }) as const;
  const acts = bets.flatMap(({ title }, nth) => {
    const name = `Bet ${nth + 1}`;
    return [
      { is: 'story', id: `b${nth + 1}`, title: `${name}: ${title}`, minutes: minutes.story, nth },
      { is: 'bet', id: `b${nth + 1}-bet`, title: `${name}: place your bet`, minutes: minutes.bet, nth },
      { is: 'why', id: `b${nth + 1}-why`, title: `${name}: what the run did`, minutes: minutes.why, nth },
    ] as const;
  });
  const all = [...opening.map(talked), ...acts, ...closing.map(talked)];
  return all.map((screen, at) => ({ ...screen, from: all.slice(0, at).reduce((sum, one) => sum + one.minutes, 0) }));
};

/** How long all of it takes, in minutes. */
export const minutesOf = (lesson: Lesson): number => screensOf(lesson).reduce((sum, { minutes }) => sum + minutes, 0);
