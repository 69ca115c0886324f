import { implemented, type Registration } from '../registration.ts';
import { secretRequestChart } from './chart.ts';
import { requestParts } from './clauses.ts';

export const secretRequest: Registration = {
  proposals: [
    {
      id: 'MSC1946',
      name: 'Requested secrets',
      about:
        'Devices of one user ask each other for secrets, and one that trusts the asker answers. It is the older way, which a push leans on and does not replace.',
      byDefault: 'spec-v1.19',
      runsWhole: true,
    },
  ],
  charts: [{ name: 'secret-request', chart: secretRequestChart, parts: requestParts, runs: implemented('MSC1946') }],
  elsewhere: {
    '1946-name-consistency':
      'the device core: a secret is held, asked for and shared under one name; there is no second copy of it in the account data here that could have another',
  },
  options: {
    'name in answers': { kind: { is: 'switch' }, text: 'Whether an answer says the name of the secret, too.' },
    'confirm share': { kind: { is: 'switch' }, text: 'Whether the user is asked before a requested secret is shared.' },
  },
};
