/** The ledger as the pages read it. */
import { type GuaranteeId, type GuaranteeText, guaranteeIds, guaranteeTexts } from '../machines/guarantee-texts.ts';
import { clauseName, ledgerClauses } from '../machines/ledger.ts';
import type { LedgerClause } from '../machines/registration.ts';
import type { PlayerId, Turn, Verdict } from '../sim/engine/types.ts';

export type Clause = LedgerClause;
const byId = new Map<string, Clause>(ledgerClauses.map((clause) => [clause.id, clause]));
/** The clause of that id, if the ledger has it. */
export const clauseOf = (id: string): Clause | undefined => byId.get(id);
/** Every guarantee with its words, in the order in which they are told. */
export const guarantees: readonly (GuaranteeText & { readonly id: GuaranteeId })[] = guaranteeIds.map((id) => ({
  id,
  ...guaranteeTexts[id],
}));
/** Where a guarantee is told in full. */
export const guaranteeHref = (guarantee: GuaranteeId): string => `/guarantees/#${guarantee}`;
/** The page of a clause. */
export const clauseHref = (clause: string): string => `/clauses/${clause}/`;
/** The page of an open question. */
export const questionHref = (question: string): string => `/questions/${question}/`;

/** For whom alone a clause is off; nothing when it is for everyone. */
const forOne = (player: PlayerId | undefined): string => (player === undefined ? '' : ` at ${player}`);

/** The name of a switch: `Only take pushes from cross-signed devices at alice.phone`, or another setting in words. */
export const switchName = (turn: Turn): string =>
  turn.turn === 'off' ? `${clauseName(turn.clause)}${forOne(turn.for)}` : turnWords(turn);

/** A turned setting in words: `without “Only take pushes from cross-signed devices”`, `q07 read as B`. */
export const turnWords = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return `without “${clauseName(turn.clause)}”${forOne(turn.for)}`;
    case 'reading':
      return `${turn.question} read as ${turn.reading}`;
    case 'revision':
      return `${turn.proposal}: ${turn.revision}`;
  }
};

const badges: Readonly<Record<Verdict, readonly [symbol: string, word: string, tone: string]>> = {
  holds: ['✓', 'holds', 'ok'],
  happens: ['✓', 'happens', 'ok'],
  breaks: ['✕', 'breaks', 'bad'],
  never: ['✕', 'never happens', 'bad'],
  accepted: ['≈', 'accepted by the text', 'warn'],
  unsettled: ['?', 'unsettled', 'open'],
};
export const badgeOf = (verdict: Verdict) => badges[verdict];
