/** The lessons, with what the runs say of their bets. */
import type { GuaranteeId } from '../machines/guarantee-texts.ts';
import { own } from '../machines/json.ts';
import type { Run } from '../sim/engine/types.ts';
import { plainMeaning, termOf } from '../sim/ledger/glossary.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { runStory } from '../sim/runs/run.ts';
import { inQuestion } from '../sim/runs/telling/first-screen.ts';
import { type Answer, answerOf, filled } from './lesson/answers.ts';
import { believe } from './lesson/believe.ts';
import type { Bet, Lesson } from './lesson/lesson.ts';
import { entries } from './runs.ts';

export const lessons: readonly Lesson[] = [believe];
export const lessonHref = ({ id }: Lesson, more: '' | 'presenter/' | 'handout/' | 'key/' = ''): string =>
  `/learn/${id}/${more}`;
export const zipHref = ({ id }: Lesson): string => `/learn/${id}.zip`;

/** What a word means, as this lesson says it. Throws where the glossary has no such word. */
export const meaningIn = ({ plainly }: Lesson, word: string): string => {
  const term = termOf(word);
  return own(plainly, word) ?? plainMeaning(term);
};

/** A bet with what comes from its runs, and its prose filled. */
export type Told = {
  readonly bet: Bet;
  readonly run: Run;
  /** What was shown before the bet: the same run, up to there, and not yet judged. */
  readonly before: Run;
  /** How many rows of its picture that are. */
  readonly rowsBefore: number;
  readonly answer: Answer;
  /** Its page on the bench, and its part there where a setting is turned. */
  readonly href: string;
  readonly bench: string;
  readonly about: GuaranteeId;
};

/** The prose of a bet with what the run says in its places. */
export const filledBet = (bet: Bet, { facts }: Answer): Bet => {
  const all = (texts: readonly string[]): readonly string[] => texts.map((text) => filled(text, facts));
  const { notes } = bet;
  return {
    ...bet,
    story: all(bet.story),
    short: filled(bet.short, facts),
    question: filled(bet.question, facts),
    why: all(bet.why),
    home: filled(bet.home, facts),
    notes: { story: all(notes.story), bet: all(notes.bet), why: all(notes.why) },
  };
};

/** Throws where the library has no such scenario or setting. */
const toldOf = (bet: Bet): Told => {
  const entry = entries.find(({ scenario }) => scenario.id === bet.scenario);
  const variant = entry?.variants.find(({ key }) => key === bet.turned);
  if (entry === undefined || variant === undefined)
    throw new Error(
      `“${bet.title}” is about ${bet.scenario} with ${bet.turned ?? 'nothing'} turned, which is not in the library`,
    );
  const { run } = variant;
  const others = entry.variants.filter((one) => one !== variant).map((one) => one.run);
  const answer = answerOf(bet, {
    scenario: entry.scenario,
    here: run,
    others,
    play: (turns) => inQuestion(runStory(entry.scenario, { turns })),
  });
  const before: Run = { ...run, steps: run.steps.slice(0, answer.shown), judgements: [] };
  const [base] = entry.variants;
  return {
    bet: filledBet(bet, answer),
    run,
    before,
    rowsBefore: rowsOf(before).rows.length,
    answer,
    href: variant.href,
    bench: base.href,
    about: bet.about,
  };
};

const known = new Map<string, readonly Told[]>();
/** The bets of a lesson, each played once. */
export const toldBets = (lesson: Lesson): readonly Told[] => {
  const told = known.get(lesson.id) ?? lesson.bets.map(toldOf);
  known.set(lesson.id, told);
  return told;
};
