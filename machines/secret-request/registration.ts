import { implemented, type Registration } from '../registration.ts';
import { secretRequestChart } from './chart.ts';
import { requestParts } from './clauses.ts';
import { requestQuestions } from './context.ts';
import { requestOptions } from './options.ts';

export const secretRequest: Registration = {
  proposals: [
    {
      id: 'MSC1946',
      name: 'Requested secrets',
      about:
        'Devices of one user ask each other for secrets, and one that trusts the asker answers. It is the older way, which a push leans on and does not replace.',
      byDefault: 'spec-v1.19',
      runsWhole: true,
      withoutSetting: {
        q56: {
          is: 'another setting',
          why: '“verify” hands secrets over where a story says so, as a sign-in by QR code does, and otherwise leaves the new device to ask; a verification that takes several messages, which the server could cut in two, is not built',
        },
      },
    },
  ],
  charts: [{ name: 'secret-request', chart: secretRequestChart, parts: requestParts, runs: implemented('MSC1946') }],
  options: requestOptions,
  questions: requestQuestions,
};
