import { implemented, type Registration } from '../registration.ts';
import { secretPushChart, secretPushParts, secretSendChart, secretSendParts } from './chart.ts';
import { pushQuestions } from './context.ts';
import { hasSendVariant } from './messages.ts';
import { pushOptions } from './options.ts';

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
      runs: (settings) => implemented('MSC4385')(settings) && !hasSendVariant(settings),
    },
    { name: 'secret-send', chart: secretSendChart, parts: secretSendParts, runs: hasSendVariant },
  ],
  options: pushOptions,
  questions: pushQuestions,
};
