/** The ledger without its prose says what the ledger says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ledgerClauses, ledgerQuestions, ledgerRevisions } from '../../machines/ledger.ts';
import { clauseName, namedClause, questionName, readingWords } from '../../machines/naming.ts';
import { questionIds, standingClauses, textNames } from '../../machines/standing.ts';
import { shortened } from './shortened.ts';

describe('the ledger without its prose', () => {
  it.each(Object.keys(shortened))('%s is as the ledger has it (else: node sim/ledger/shortened-main.ts)', (name) => {
    expect(readFileSync(`machines/ledger/${name}`, 'utf8') === shortened[name]).toBe(true);
  });

  it('has every sentence with its proposal and its texts, in the same order', () => {
    expect(standingClauses).toEqual(ledgerClauses.map(({ id, proposal, revisions }) => ({ id, proposal, revisions })));
    expect(Object.entries(textNames)).toEqual(
      Object.entries(ledgerRevisions).map(([id, texts]) => [id, Object.keys(texts)]),
    );
    expect(questionIds).toEqual(ledgerQuestions.map(({ id }) => id));
  });

  it('calls every sentence and question what the ledger calls them, and says the same of a refusal', () => {
    for (const { id, name, refusing, refusing_what, refusing_by_reading, kept_by } of ledgerClauses) {
      expect(clauseName(id)).toBe(name);
      expect(namedClause(id)).toMatchObject(
        JSON.parse(JSON.stringify({ refusing, refusing_what, refusing_by_reading, kept_by })),
      );
    }
    for (const { id, name, readings } of ledgerQuestions) {
      expect(questionName(id)).toBe(name);
      for (const reading of ['A', 'B'] as const) expect(readingWords(id, reading)).toBe(readings[reading].words);
    }
    expect([namedClause('0000-none'), clauseName('0000-none'), questionName('q00')]).toEqual([
      null,
      '0000-none',
      'q00',
    ]);
  });

  it('holds no sentence of a proposal and not what skipping it brings', () => {
    const files = Object.values(shortened).join('');
    const told = ledgerClauses.flatMap(({ statement, when_skipped }) => [statement, when_skipped]);
    expect(told.filter((text) => files.includes(text))).toEqual([]);
  });
});
