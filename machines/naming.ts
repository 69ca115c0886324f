/** What sentences and questions are called, and what a refusal means: as much of the ledger as whoever tells of a run needs. */
import naming from './ledger/naming.json' with { type: 'json' };
import { register } from './register.ts';
import type { LedgerClause, LedgerQuestion, Proposal, Reading } from './registration.ts';
import type { ClauseId } from './types.ts';

const folders: readonly Proposal[] = register.flatMap(({ proposals }) => proposals);

/** A sentence as it is named, with what it means when it does not let something pass. */
export type NamedClause = Pick<LedgerClause, 'name' | 'refusing' | 'refusing_what' | 'refusing_by_reading' | 'kept_by'>;
/** A question by the name that asks it, and the words in which each reading answers it. */
export type NamedQuestion = { readonly name: string } & Readonly<Record<Reading, string>>;

const clauses = new Map<ClauseId, NamedClause>([
  ...Object.entries(naming.clauses as Readonly<Record<ClauseId, NamedClause>>),
  ...folders.flatMap(({ clauses = [] }) => clauses).map((clause) => [clause.id, clause] as const),
]);
const named = ({ name, readings: { A, B } }: Pick<LedgerQuestion, 'name' | 'readings'>): NamedQuestion => ({
  name,
  A: A.words,
  B: B.words,
});
const questions = new Map<string, NamedQuestion>([
  ...Object.entries(naming.questions),
  ...folders.flatMap(({ questions = [] }) => questions).map((question) => [question.id, named(question)] as const),
]);

/** A clause by its id; `null` for one that the ledger does not know. */
export const namedClause = (id: ClauseId): NamedClause | null => clauses.get(id) ?? null;
/** A clause's name; one that the ledger does not know keeps its id. */
export const clauseName = (id: ClauseId): string => clauses.get(id)?.name ?? id;
/** What a question asks, in short: `Does a push answer a request for the same secret?`; one that the ledger does not know keeps its id. */
export const questionName = (id: string): string => questions.get(id)?.name ?? id;
/** The answer that a reading gives to it: `no, the request stays open`; of a question that the ledger does not know the letter alone. */
export const readingWords = (id: string, reading: Reading): string => questions.get(id)?.[reading] ?? reading;
