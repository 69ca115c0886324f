import { implemented, type Registration } from '../registration.ts';
import { secretPushChart, secretPushParts, secretSendChart, secretSendParts } from './chart.ts';
import { hasSendVariant } from './messages.ts';

export const secretPush: Registration = {
  proposals: [
    {
      id: 'MSC4385',
      name: 'Pushed secrets',
      about:
        'A device that has made a new secret, a backup key above all, hands it to its siblings before they ask. The receiver has the signature on the sender and its own tests to go by.',
      byDefault: 'push-variant',
    },
  ],
  // One flow under the sentences of either variant: a device runs one of the two.
  charts: [
    {
      name: 'secret-push',
      chart: secretPushChart,
      parts: secretPushParts,
      runs: (dials) => implemented('MSC4385')(dials) && !hasSendVariant(dials),
    },
    { name: 'secret-send', chart: secretSendChart, parts: secretSendParts, runs: hasSendVariant },
  ],
  elsewhere: {
    '4385-both-compromise-argument':
      'an acceptance: guarantees call a break by a stolen, still signed device accepted while it is on',
  },
  options: {
    prompt: {
      kind: { is: 'one of', words: ['never', 'accept', 'refuse', 'ask'] },
      text: 'Whether the user is asked before a pushed secret is taken in, and what they answer; `ask` waits for an act.',
    },
    accept: {
      kind: { is: 'words', what: 'secret names' },
      text: 'Which secrets are taken from a push; others are ignored.',
    },
    notify: { kind: { is: 'switch' }, text: 'Whether the user is told of a secret taken in.' },
    reverify: {
      kind: { is: 'switch' },
      text: 'Whether a pushed cross-signing key leads to verifying the sender again.',
    },
    'stray request id': {
      kind: { is: 'one of', words: ['made up', 'nothing', 'empty', 'number'] },
      text: 'What stands in the request id of a share that nobody asked for, where a client does not leave it out.',
    },
    'notice and ask': { kind: { is: 'switch' }, text: 'Whether a device that notices a change asks its siblings.' },
    'signed backup only': {
      kind: { is: 'switch' },
      text: 'Whether a pushed backup key counts only with a signed version.',
    },
  },
};
