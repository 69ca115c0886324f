/** Questions of the ledger that no reading is dialled for, and why: what stands in for the dial, or why there is none. */
import { ledgerProposals } from '../machines/ledger.ts';
import type { Undialled } from '../machines/registration.ts';

export const undialled: Readonly<Record<string, Undialled>> = {
  q10: {
    is: 'another dial',
    why: 'B is the option “signed backup only” of clients with the text pr-head, or the option “prompt”; A is without',
  },
  q14: { is: 'another dial', why: 'A is identifiers: both, B any other' },
  q16: {
    is: 'another dial',
    why: 'what is built of B is 4268-ui-sender-indicator: a person is told whenever another openness is shown; A is without it',
  },
  q18: {
    is: 'cannot be acted out',
    why: 'B asks a sender for what its server has not shown it yet; A is the story key-bundle/a-message-sent-before-the-news-came-stays-closed',
  },
  q27: {
    is: 'not built',
    why: 'devices go by the changes they are shown (A); none fetches the list of members before it sends',
  },
  q38: { is: 'another dial', why: 'B is the option “bundle size”, A is without' },
  ...Object.fromEntries(ledgerProposals.flatMap((proposal) => Object.entries(proposal.undialled ?? {}))),
};
