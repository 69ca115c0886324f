/** The lessons, held against the runs that they are built on. */
import { describe, expect, it } from 'vitest';
import { type GuaranteeId, guaranteeIds } from '../../machines/guarantee-texts.ts';
import { ledgerClauses } from '../../machines/ledger.ts';
import { clauseName } from '../../machines/naming.ts';
import { glossed, termOf } from '../../sim/ledger/glossary.ts';
import { rowsOf } from '../../sim/runs/figures/rows.ts';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { runStory } from '../../sim/runs/run.ts';
import { inQuestion } from '../../sim/runs/telling/first-screen.ts';
import { answerOf, filled, type Runs } from '../lesson/answers.ts';
import type { Bet, Lesson } from '../lesson/lesson.ts';
import { minutesOf, screensOf } from '../lesson/lesson.ts';
import { lessons, toldBets } from '../lessons.ts';
import { entries } from '../runs.ts';

const [lesson] = lessons as readonly [Lesson];
const told = toldBets(lesson);
const betCalled = (title: string): Bet => {
  const found = lesson.bets.find((bet) => bet.title === title);
  if (found === undefined) throw new Error(`no bet is called “${title}”`);
  return found;
};
/** The runs of a bet, with another setting of its scenario turned than it says. */
const runsOf = ({ scenario: id }: Bet, turned: string | null): Runs => {
  const entry = entries.find(({ scenario }) => scenario.id === id);
  const variant = entry?.variants.find(({ key }) => key === turned);
  if (entry === undefined || variant === undefined) throw new Error(`the library has no ${id} with ${turned} turned`);
  const { scenario } = entry;
  const others = entry.variants.filter((one) => one !== variant).map(({ run }) => run);
  return { scenario, here: variant.run, others, play: (turns) => inQuestion(runStory(scenario, { turns })) };
};
const rightIn = (bet: Bet, turned: string | null) => answerOf(bet, runsOf(bet, turned)).right;
/** All that is read to a class of a bet, as it is written. */
const proseOf = ({ story, short, question, choices, why, home, notes, heard }: Bet): readonly string[] => [
  ...story,
  short,
  question,
  ...choices.flatMap(({ text }) => text ?? []),
  ...why,
  home,
  ...[notes.story, notes.bet, notes.why].flat(),
  ...heard.flatMap(({ said, reply }) => [said, reply]),
];

describe('a lesson', () => {
  it('takes forty-five minutes, with six bets in three acts each, on runs of all three proposals', () => {
    expect(minutesOf(lesson)).toBe(45);
    expect(lesson.bets).toHaveLength(6);
    const acts = screensOf(lesson).filter(({ is }) => is !== 'talk');
    expect(acts.map(({ is }) => is)).toEqual(lesson.bets.flatMap(() => ['story', 'bet', 'why']));
    const proposals = told.flatMap(({ run }) => run.scenario.about);
    for (const proposal of ['MSC4385', 'MSC4268', 'MSC4287']) expect(proposals).toContain(proposal);
    expect(new Set(screensOf(lesson).map(({ id }) => id)).size).toBe(screensOf(lesson).length);
  });

  it('has a right choice in each bet, and the run says to every choice why', () => {
    for (const { bet, answer } of told) {
      expect(
        answer.options.filter(({ isRight }) => isRight),
        bet.title,
      ).toEqual([answer.right]);
      expect(answer.options.length, bet.title).toBeGreaterThan(2);
      for (const { because } of answer.options) expect(because, bet.title).toMatch(/\S.{15,}\.$/);
    }
    // Nobody wins by ticking the same box six times.
    expect(new Set(told.map(({ answer }) => answer.right.letter)).size).toBeGreaterThan(1);
  });

  it('has no answer of its own: with a setting turned another choice is right, or none', () => {
    const vouching = betCalled('On whose word?');
    expect(rightIn(vouching, null).text).toMatch(/the text itself says/);
    expect(rightIn(vouching, '4268-show-provenance').text).toMatch(/did not see that coming/);
    const gift = betCalled('A gift with something in it');
    expect(() => rightIn(gift, null)).toThrow(/does not break/);
    const thief = betCalled('The thief’s tablet');
    expect(() => rightIn(thief, '4385-push-cross-signed-only')).toThrow(/2 right choices/);
    const race = betCalled('Nobody lies');
    const readAlike = { ...race, choices: race.choices.slice(2) };
    expect(() => rightIn(readAlike, null)).toThrow(/no right choices/);
  });

  it('says of what breaks without a clause whether the text accepts it, and of what holds without it which guarantees those are', () => {
    const optionOf = (title: string, clause: string) =>
      answerOf(betCalled(title), runsOf(betCalled(title), null)).options.find(
        ({ text }) => text === clauseName(clause),
      );
    const quoted = (guarantee: GuaranteeId) => `“${guaranteeWords(guarantee)}”`;
    expect(optionOf('A yes she never said', '4287-signin-may-confirm')).toMatchObject({
      isRight: true,
      because: `With this clause off ${quoted('preference-fidelity')} and ${quoted('server-distrust')} break, and the text accepts it: “${clauseName('4287-forced-on-attack')}”.`,
    });
    expect(optionOf('A yes she never said', '4287-monitor-caution')?.because).toMatch(
      /^With this clause off “.+ hold just the same\.$/,
    );
    const clear = optionOf('A secret nobody asked for', '4385-push-reject-plaintext');
    expect(clear?.because).toContain(`${quoted('secret-authenticity')}`);
    expect(clear?.because).not.toContain('the text accepts');
  });

  it('names steps, clauses and guarantees of a bet by what its run says alone', () => {
    const byHand = lesson.bets.flatMap((bet) =>
      proseOf(bet).filter((text) => /\bsteps? \d|\b(?:in|from|until) step (?!\{)/i.test(text)),
    );
    expect(byHand).toEqual([]);
    const names = [...ledgerClauses.map(({ name }) => name), ...guaranteeIds.map(guaranteeWords)];
    const prose = lesson.bets.flatMap(proseOf);
    expect(names.filter((name) => prose.some((text) => text.includes(name)))).toEqual([]);
    expect(() => filled('in step {certain}', { next: '3' })).toThrow(/no “certain”/);
    expect(told[0]?.bet.why.join(' ')).toContain('In step 6');
    expect(told.flatMap(({ bet }) => proseOf(bet)).filter((text) => /[{}]/.test(text))).toEqual([]);
  });

  it('explains each word of the flows on the screen where it first stands, or before', () => {
    const known = new Set<string>();
    const early: string[] = [];
    const read = (where: string, words: readonly string[], texts: readonly string[]): void => {
      for (const word of words) known.add(termOf(word).term);
      for (const text of texts)
        for (const { term } of glossed(text, known)) if (term !== null) early.push(`${where}: ${term.term}`);
    };
    for (const talk of lesson.opening) read(talk.id, talk.words, talk.text);
    for (const { bet, answer } of told) {
      const { story, question, why, home, words } = bet;
      const options = answer.options.flatMap(({ text, because }) => [text, because]);
      read(bet.title, words, [...story, question, ...options, ...why, home]);
    }
    expect(early).toEqual([]);
    for (const word of Object.keys(lesson.plainly)) expect(known.has(word), word).toBe(true);
    expect(lesson.glossary).toHaveLength(10);
    expect(lesson.glossary.filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('what is shown before a bet', () => {
  it('ends where it is decided: no later step, and nothing that broke', () => {
    for (const { bet, run, before, answer } of told) {
      const { rows } = rowsOf(before);
      expect(answer.shown, bet.title).toBeGreaterThan(0);
      expect(answer.shown, bet.title).toBeLessThan(run.steps.length);
      expect(rows.length, bet.title).toBeGreaterThan(2);
      expect(Math.max(...rows.map(({ step }) => step)), bet.title).toBeLessThan(answer.shown);
      expect(
        rows.flatMap(({ verdicts, causes }) => [...verdicts, ...causes]),
        bet.title,
      ).toEqual([]);
    }
  });

  it('is where the deciding clause speaks, or what is bet on is done', () => {
    const shown = new Map(told.map(({ bet, answer, run }) => [bet.title, { answer, run }]));
    const first = shown.get('The thief’s tablet');
    const refused = first?.run.steps[first.answer.shown]?.moments.filter(
      (moment) => moment.kind === 'clause' && moment.says === 'refuses',
    );
    expect(refused).toContainEqual(expect.objectContaining({ clause: '4385-push-cross-signed-only' }));
    const race = shown.get('Nobody lies');
    expect(race?.run.judgements.find(({ guarantee }) => guarantee === 'secret-convergence')?.cause).toBe(
      race?.answer.shown,
    );
  });
});
