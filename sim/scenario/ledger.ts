/** The names that the ledger gives to sentences, questions, texts and guarantees, for whoever checks or completes them. */
import clauseList from '../../machines/ledger/clauses.json' with { type: 'json' };
import guaranteeTexts from '../../machines/ledger/properties.json' with { type: 'json' };
import questionList from '../../machines/ledger/questions.json' with { type: 'json' };
import revisionTexts from '../../machines/ledger/revisions.json' with { type: 'json' };

/** Ledger id → what the sentence says. */
export const clauses: ReadonlyMap<string, string> = new Map(clauseList.map(({ id, statement }) => [id, statement]));

/** Question id (`q07`) → the question and its two readings. */
export const questions: ReadonlyMap<string, { readonly question: string; readonly A: string; readonly B: string }> =
  new Map(
    questionList.map(({ id, question, readings }) => [
      id,
      { question, A: readings.A?.text ?? '', B: readings.B?.text ?? '' },
    ]),
  );

/** Proposal → its revisions, oldest first, with where each text is from. */
export const proposals: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(revisionTexts).map(([proposal, texts]) => [proposal, new Map(Object.entries(texts))]),
);

/** Guarantee → what a user relies on. */
export const guaranteeNames: ReadonlyMap<string, string> = new Map(Object.entries(guaranteeTexts));
