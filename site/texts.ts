/** The ledger by text: which clause stands in which revision, how strongly, and what one revision changed of the one before. */
import { ledgerClauses, ledgerQuestions, ledgerRevisions, ledgerTexts } from '../machines/ledger.ts';
import type { LedgerClause, LedgerQuestion, LedgerText } from '../machines/registration.ts';
import { placeOfClause, specification } from '../sim/ledger/findings/sources.ts';
import { levelIn as levelOf, textChanges } from '../sim/ledger/revision-diff.ts';

/** A clause with its history. */
export type Clause = LedgerClause;
export type Question = LedgerQuestion;
/** One text of a proposal: its name here, and the published text it was read from. */
export type Revision = { readonly name: string } & LedgerText;

/** Kinds of clauses, in words. */
export const clauseKinds: readonly (readonly [kind: string, words: string])[] = [
  ['guard', 'guard'],
  ['duty', 'duty'],
  ['format', 'format'],
  ['ui', 'what the user sees'],
  ['admission', 'what is conceded'],
  ['open', 'what is left open'],
  ['aside', 'aside'],
];
export const kindWords = (kind: string): string => clauseKinds.find(([known]) => known === kind)?.[1] ?? kind;

export const clauses = ledgerClauses;
export const questions = ledgerQuestions;

/** The texts of a proposal, oldest first. */
export const revisionsOf = (proposal: string): readonly Revision[] =>
  Object.entries(ledgerTexts[proposal] ?? {}).map(([name, text]) => ({ name, ...text }));

/** How strongly a clause speaks in a text of its proposal; `null` when it is not in it. */
export const levelIn = (clause: Clause, revision: string): string | null =>
  clause.revisions.includes(revision)
    ? levelOf(
        clause,
        revision,
        revisionsOf(clause.proposal).map(({ name }) => name),
      )
    : null;

/** What the link to a clause’s text is called. */
export const sourceWords = (clause: Clause) => {
  const { of, sentence } = placeOfClause(clause);
  return `${of === specification ? 'The specification’s section' : `The text of ${of}`}${sentence === null ? '' : `, sentence ${sentence}`}`;
};

/** In which texts a clause stands, in words: `all`, `merged only`, `from merged on`. */
export const spanWords = ({ proposal, revisions: own }: Clause): string => {
  const names = revisionsOf(proposal).map(({ name }) => name);
  const held = names.filter((name) => own.includes(name));
  const [first, last] = [held[0] ?? '', held.at(-1) ?? ''];
  if (held.length === names.length) return names.length === 1 ? first : 'every text';
  if (held.length === 1) return `${first} only`;
  if (last === names.at(-1)) return `from ${first} on`;
  return first === names[0] ? `until ${last}` : `${first} to ${last}`;
};

/** What a text changed of the one before it. A clause that gives way to another is in `replaced` alone. */
export type Change = {
  readonly from: string;
  readonly to: string;
  readonly came: readonly Clause[];
  readonly went: readonly Clause[];
  readonly replaced: readonly { readonly old: Clause; readonly now: Clause }[];
  readonly strength: readonly { readonly clause: Clause; readonly from: string; readonly to: string }[];
};

/** What clauses that say the same in two variants of a text have in common: the id without the proposal and the variant. */
export const stemOf = (clause: string): string => clause.replace(/^\d+-(?:(?:push|send|both)-)?/, '');

/** The new one of an old clause: the ledger says so, or it says the same in the other variant of the text. */
const succeeds = (now: Clause, old: Clause): boolean =>
  now.supersedes === old.id || old.superseded_by === now.id || stemOf(now.id) === stemOf(old.id);

const changeBetween = (proposal: string, from: string, to: string): Change => {
  const { came, went, strength } = textChanges(proposal, from, to, clauses);
  const replaced = went.flatMap((old) => came.filter((now) => succeeds(now, old)).map((now) => ({ old, now })));
  return {
    from,
    to,
    came: came.filter((one) => !replaced.some(({ now }) => now === one)),
    went: went.filter((one) => !replaced.some(({ old }) => old === one)),
    replaced,
    strength,
  };
};

/** What changed between neighbouring texts of a proposal, oldest first. */
export const changesOf = (proposal: string): readonly Change[] => {
  const names = revisionsOf(proposal).map(({ name }) => name);
  return names.slice(1).map((to, before) => changeBetween(proposal, names[before] ?? '', to));
};

/** Members of a list under what they share, in the order in which that comes up. */
export const grouped = <T>(
  list: readonly T[],
  by: (one: T) => string,
): readonly { readonly name: string; readonly list: readonly T[] }[] =>
  [...new Set(list.map(by))].map((name) => ({ name, list: list.filter((one) => by(one) === name) }));

/** Proposals of which there is more than one text. */
export const allRevised: readonly string[] = Object.keys(ledgerRevisions).filter(
  (proposal) => revisionsOf(proposal).length > 1,
);
