/** The clauses in which a text owns that it does not keep what a guarantee promises. */
import type { GuaranteeId } from './guarantee-texts.ts';
import acceptances from './ledger/acceptances.json' with { type: 'json' };
import type { ClauseId } from './types.ts';

/** The clauses that can concede a break of it, in which the text itself owns that it does not keep what is promised. */
export const clausesOf = (id: GuaranteeId): readonly ClauseId[] =>
  (acceptances as Readonly<Partial<Record<GuaranteeId, readonly ClauseId[]>>>)[id] ?? [];
