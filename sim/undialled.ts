/** Questions of the ledger that no reading is dialled for, and why: what stands in for the dial, or why there is none. */
import { ledgerProposals } from '../machines/ledger.ts';
import type { Undialled } from '../machines/registration.ts';

export const undialled: Readonly<Record<string, Undialled>> = {
  ...Object.fromEntries(ledgerProposals.flatMap((proposal) => Object.entries(proposal.undialled ?? {}))),
};
