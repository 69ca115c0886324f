/** Questions of the ledger that no reading is dialled for, and why: what stands in for the dial, or why there is none. */
import { ledgerProposals } from '../machines/ledger.ts';
import type { Undialled } from '../machines/registration.ts';

export const undialled: Readonly<Record<string, Undialled>> = {
  q10: {
    is: 'another dial',
    why: 'B is the option “signed backup only” of clients with the text pr-head, or the option “prompt”; A is without',
  },
  q14: { is: 'another dial', why: 'A is identifiers: both, B any other' },
  ...Object.fromEntries(ledgerProposals.flatMap((proposal) => Object.entries(proposal.undialled ?? {}))),
};
