/** Two revisions of a proposal side by side: which sentences came, went, took another's place or changed their strength. */
import { notIn } from '../../machines/revisions.ts';
import type { ClauseId } from '../../machines/types.ts';
import { proposals } from '../scenario/ledger.ts';
import type { LedgerClause } from './registry.ts';

export type TextChanges<C extends LedgerClause = LedgerClause> = {
  readonly came: readonly C[];
  readonly went: readonly C[];
  /** Sentences among those that went whose place one that came has taken. */
  readonly replaced: readonly { readonly old: ClauseId; readonly by: ClauseId }[];
  readonly strength: readonly { readonly clause: C; readonly from: string; readonly to: string }[];
};

/** How strongly a revision says a sentence: as the ledger has it of that text, or of the nearest before it, or after it. */
export const levelIn = (
  { level, level_by_revision: levels = {} }: Pick<LedgerClause, 'level' | 'level_by_revision'>,
  revision: string,
  revisions: readonly string[],
): string => {
  const at = revisions.indexOf(revision);
  const said = (names: readonly string[]): string | undefined => names.map((name) => levels[name]).find(Boolean);
  return said(revisions.slice(0, at + 1).toReversed()) ?? said(revisions.slice(at + 1)) ?? level;
};

/**
 * What changes from one text to another; `from` may be the newer of the two.
 *
 * @param proposal `MSC4268`
 * @param from,to revisions of it, as `machines/ledger/revisions.json` names them; a name it does not have has no sentences
 * @param clauses those to look among; the ledger's, or with more known of each
 */
export const textChanges = <C extends LedgerClause>(
  proposal: string,
  from: string,
  to: string,
  clauses: readonly C[],
): TextChanges<C> => {
  const revisions = [...(proposals.get(proposal)?.keys() ?? [])];
  const own = clauses.filter((clause) => clause.proposal === proposal);
  const came = own.filter((one) => one.revisions.includes(to) && !one.revisions.includes(from));
  const went = own.filter((one) => one.revisions.includes(from) && !one.revisions.includes(to));
  const isLinked = (one: LedgerClause, other: LedgerClause): boolean =>
    one.supersedes === other.id || other.superseded_by === one.id;
  return {
    came,
    went,
    replaced: went.flatMap((old) =>
      came.filter((one) => isLinked(one, old) || isLinked(old, one)).map((one) => ({ old: old.id, by: one.id })),
    ),
    strength: own.flatMap((clause) => {
      if (!clause.revisions.includes(from) || !clause.revisions.includes(to)) return [];
      const [before, after] = [levelIn(clause, from, revisions), levelIn(clause, to, revisions)];
      return before === after ? [] : [{ clause, from: before, to: after }];
    }),
  };
};

/** Why devices here do the same, or almost the same, under both texts; `null` where they go by the sentences of each. */
export const sameness = (proposal: string, from: string, to: string): string | null => {
  const absent = (revision: string): string => notIn({ [proposal]: revision }).absent.join(' ');
  if (absent(from) !== absent(to)) return null;
  return `devices that implement ${proposal} keep all of its clauses that are built, whichever text is named: they do the same under both`;
};
