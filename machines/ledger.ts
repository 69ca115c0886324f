/**
 * The ledger whole, with all its prose: what `machines/ledger/` has, and what folders bring of proposals that it does not have. Whatever
 * runs in a browser goes by `standing.ts` and `naming.ts` instead.
 */
import clauseList from './ledger/clauses.json' with { type: 'json' };
import questionList from './ledger/questions.json' with { type: 'json' };
import revisionTexts from './ledger/revisions.json' with { type: 'json' };
import { register } from './register.ts';
import type { LedgerClause, LedgerQuestion, LedgerText, Proposal, WithoutSetting } from './registration.ts';
import type { ClauseId } from './types.ts';

const folders: readonly Proposal[] = register.flatMap(({ proposals }) => proposals);

/** Every sentence, proposal by proposal. */
export const ledgerClauses: readonly LedgerClause[] = [
  ...(clauseList as readonly LedgerClause[]),
  ...folders.flatMap(({ id, clauses = [] }) => clauses.map((clause) => ({ ...clause, proposal: id }))),
];

const byId = new Map(ledgerClauses.map((clause) => [clause.id, clause]));
/** A clause by its id; `null` for one that the ledger does not know. */
export const ledgerClause = (id: ClauseId): LedgerClause | null => byId.get(id) ?? null;

export const ledgerQuestions: readonly LedgerQuestion[] = [
  ...(questionList as readonly LedgerQuestion[]),
  ...folders.flatMap(({ id, questions = [] }) => questions.map((question) => ({ ...question, proposal: id }))),
];

/** The first sentence of a text that has one or more. */
const firstSentence = (text: string): string => /^.*?[.](?=\s+[A-Z]|$)/s.exec(text)?.[0] ?? text;
/** What happens without a clause, in a sentence; of one that the ledger does not know there is none to tell. */
export const skippedWords = (id: ClauseId): string | null => {
  const clause = byId.get(id);
  return clause === undefined ? null : (clause.skipped ?? firstSentence(clause.when_skipped));
};

const textOf = (text: string | LedgerText): LedgerText => (typeof text === 'string' ? { source: text } : text);
/** Proposal → its texts, oldest first, each with where it is from and where it can be read. */
export const ledgerTexts: Readonly<Record<string, Readonly<Record<string, LedgerText>>>> = {
  ...revisionTexts,
  ...Object.fromEntries(
    folders.flatMap(({ id, texts }) =>
      texts === undefined
        ? []
        : [[id, Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, textOf(text)]))]],
    ),
  ),
};

/** The same with no more than the words for where each is from. */
export const ledgerRevisions: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  Object.entries(ledgerTexts).map(([id, texts]) => [
    id,
    Object.fromEntries(Object.entries(texts).map(([name, { source }]) => [name, source])),
  ]),
);

/** Questions that no reading is set for, and why: what stands in for the setting, or why there is none. */
export const withoutSetting: Readonly<Record<string, WithoutSetting>> = Object.fromEntries(
  folders.flatMap((proposal) => Object.entries(proposal.withoutSetting ?? {})),
);
