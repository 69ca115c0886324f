/** Which sentences the texts that a device implements do not have. */
import type { Without } from './clauses.ts';
import { ledgerProposals, standingClauses } from './standing.ts';
import type { DeviceSettings } from './types.ts';

/** Proposals whose revisions differ by their clauses. */
const byClauses: readonly string[] = ledgerProposals.flatMap(({ id, runsWhole }) => (runsWhole === true ? [] : [id]));

type Missing = Pick<Without, 'absent' | 'foreign'>;

/** Clauses of those proposals that are not in the revision implemented, and all of those proposals that are not implemented. */
export const notIn = (texts: DeviceSettings['implements']): Missing => {
  const revisionOf = (proposal: string): string => texts[proposal] ?? 'none';
  const missing = standingClauses.filter(
    ({ proposal, revisions }) => byClauses.includes(proposal) && !revisions.includes(revisionOf(proposal)),
  );
  const ids = (isForeign: boolean) =>
    missing.flatMap(({ id, proposal }) => ((revisionOf(proposal) === 'none') === isForeign ? [id] : [])).sort();
  return { absent: ids(false), foreign: ids(true) };
};
