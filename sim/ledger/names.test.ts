import { describe, expect, it } from 'vitest';
import { ledgerClauses, ledgerQuestions, skippedWords } from '../../machines/ledger.ts';
import { questionName, readingWords } from '../../machines/naming.ts';

describe('what a question is called', () => {
  it.each(ledgerQuestions.map((question) => [question.id, question] as const))(
    '%s asks in short, and each reading answers',
    (id, { name, readings }) => {
      expect(questionName(id)).toBe(name);
      expect(name).toMatch(/^[A-Z][a-z]+ .+\?$/);
      expect(name.length).toBeLessThanOrEqual(70);
      const answers = (['A', 'B'] as const).map((reading) => readingWords(id, reading));
      for (const [nth, words] of answers.entries()) {
        expect(words).toBe(readings[nth === 0 ? 'A' : 'B'].words);
        // Said after a colon: no sentence of its own, and nothing that only Markdown shows.
        expect(words).toMatch(/^[^A-Z`].*[^.?!`]$/);
        expect(words.length).toBeLessThanOrEqual(70);
      }
      expect(answers[0]).not.toBe(answers[1]);
    },
  );

  it('is not what another is called', () => {
    expect(new Set(ledgerQuestions.map(({ name }) => name)).size).toBe(ledgerQuestions.length);
  });

  it('is its id where the ledger does not have it', () => {
    expect([questionName('q00'), readingWords('q00', 'B')]).toEqual(['q00', 'B']);
  });
});

describe('what happens without a clause', () => {
  it('is one sentence for each of them', () => {
    const wrong = ledgerClauses.filter(({ id }) => !/^[A-Z].*\.$/.test(skippedWords(id) ?? ''));
    expect(wrong.map(({ id }) => id)).toEqual([]);
    const written = ledgerClauses.flatMap(({ id, skipped }) => (skipped === undefined ? [] : [{ id, skipped }]));
    expect(written.length).toBeGreaterThan(50);
    expect(written.filter(({ skipped }) => skipped.length > 90 || skipped.includes('`'))).toEqual([]);
  });

  it('is the first sentence of what the ledger tells, where no shorter one is written', () => {
    const push = ledgerClauses.find(({ id }) => id === '4385-push-encrypted');
    expect(push?.skipped).toBeUndefined();
    expect(skippedWords('4385-push-encrypted')).toBe(push?.when_skipped);
    expect(skippedWords('no-such-clause')).toBeNull();
  });
});
