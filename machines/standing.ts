/**
 * Where sentences stand: all that devices and judges decide by, without a word of what the sentences say (`ledger.ts` has those, and
 * `naming.ts` what they are called). Whatever only runs reads this alone.
 */
import standing from './ledger/standing.json' with { type: 'json' };
import { register } from './register.ts';
import type { LedgerClause, Proposal } from './registration.ts';

const folders: readonly Proposal[] = register.flatMap(({ proposals }) => proposals);

/** A sentence by its id, and the texts of its proposal that have it. */
export type Standing = Pick<LedgerClause, 'id' | 'proposal' | 'revisions'>;

/** Every sentence, proposal by proposal. */
export const standingClauses: readonly Standing[] = [
  ...Object.entries(standing.clauses).flatMap(([proposal, clauses]) =>
    Object.entries(clauses).map(([id, revisions]) => ({ id, proposal, revisions })),
  ),
  ...folders.flatMap(({ id, clauses = [] }) =>
    clauses.map((clause) => ({ id: clause.id, proposal: id, revisions: clause.revisions })),
  ),
];

/** Proposal → the names of its texts, oldest first. */
export const textNames: Readonly<Record<string, readonly string[]>> = {
  ...standing.texts,
  ...Object.fromEntries(folders.flatMap(({ id, texts }) => (texts === undefined ? [] : [[id, Object.keys(texts)]]))),
};

/** Every question that texts leave open, by its id. */
export const questionIds: readonly string[] = [
  ...standing.questions,
  ...folders.flatMap(({ questions = [] }) => questions.map(({ id }) => id)),
];

/** What the folders say of every proposal, in the order of the ledger. */
export const ledgerProposals: readonly Proposal[] = Object.keys(textNames).flatMap((id) =>
  folders.filter((proposal) => proposal.id === id),
);
