/** The ledger as the pages read it. */
import { type GuaranteeId, type GuaranteeText, guaranteeIds, guaranteeTexts } from '../machines/guarantee-texts.ts';
import { ledgerClauses } from '../machines/ledger.ts';
import type { LedgerClause } from '../machines/registration.ts';

export type Clause = LedgerClause;
const byId = new Map<string, Clause>(ledgerClauses.map((clause) => [clause.id, clause]));
/** The clause of that id, if the ledger has it. */
export const clauseOf = (id: string): Clause | undefined => byId.get(id);
/** Every guarantee with its words, in the order in which they are told. */
export const guarantees: readonly (GuaranteeText & { readonly id: GuaranteeId })[] = guaranteeIds.map((id) => ({
  id,
  ...guaranteeTexts[id],
}));
export { settingWords } from '../sim/runs/telling/risks.ts';
export { switchName, turnWords } from '../sim/runs/telling/setting-words.ts';
export { badgeOf } from './badges.ts';
export { clauseHref, guaranteeHref, questionHref } from './hrefs.ts';
