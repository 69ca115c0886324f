import type { ClauseId } from '../types.ts';

/** Sentences of MSC4287 that have no place in a chart, and why. */
export const preferenceElsewhere: Readonly<Record<ClauseId, string>> = {
  '4287-motivation-default-on':
    'the trouble that the proposal is for: it is told as an incident, with clients that do not know the preference',
  '4287-no-required-monitoring':
    'an acceptance: guarantees call it accepted that a client which signed in earlier goes on as before',
  '4287-default-freedom': 'an acceptance: guarantees call it accepted that clients differ where nobody has chosen',
  '4287-forced-on-attack':
    'an admission: guarantees call it accepted that a value forged by the server turns backup on',
  '4287-forced-off-attack':
    'an admission: guarantees call it accepted that a value forged by the server turns backup off',
  '4287-unstable-namespace-mistake': 'says of a name that it is badly chosen; the name is 4287-unstable-name',
  '4287-alt-proper-prefix': 'a design the proposal does not adopt',
  '4287-signin-write-unimplemented': 'says what clients of the day do; question q41 has both ways',
};
