/** The names that the ledger gives to sentences, questions, texts and guarantees, for whoever checks or completes them. */
import { guaranteeTexts } from '../../machines/guarantee-texts.ts';
import { ledgerClauses, ledgerQuestions, ledgerRevisions } from '../../machines/ledger.ts';

/** Ledger id → what the sentence says. */
export const clauses: ReadonlyMap<string, string> = new Map(ledgerClauses.map(({ id, statement }) => [id, statement]));

/** Question id (`q07`) → the question and its two readings. */
export const questions: ReadonlyMap<string, { readonly question: string; readonly A: string; readonly B: string }> =
  new Map(
    ledgerQuestions.map(({ id, question, readings }) => [id, { question, A: readings.A.text, B: readings.B.text }]),
  );

/** Proposal → its revisions, oldest first, with where each text is from. */
export const proposals: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(ledgerRevisions).map(([proposal, texts]) => [proposal, new Map(Object.entries(texts))]),
);

/** Guarantee → what a person may rely on. */
export const guaranteePromises: ReadonlyMap<string, string> = new Map(
  Object.entries(guaranteeTexts).map(([id, { promise }]) => [id, promise]),
);
