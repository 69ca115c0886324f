/** Where things of the ledger are told, from the root of the site. */
import type { GuaranteeId } from '../machines/guarantee-texts.ts';

/** Where a guarantee is told in full. */
export const guaranteeHref = (guarantee: GuaranteeId): string => `/guarantees/#${guarantee}`;
/** The page of a clause. */
export const clauseHref = (clause: string): string => `/clauses/${clause}/`;
/** The page of an open question. */
export const questionHref = (question: string): string => `/questions/${question}/`;
