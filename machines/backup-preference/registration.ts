import { implemented, type Registration } from '../registration.ts';
import { backupPreferenceChart, preferenceParts } from './chart.ts';
import { preferenceQuestions } from './context.ts';
import { preferenceElsewhere } from './elsewhere.ts';
import { preferenceOptions } from './options.ts';

export const backupPreference: Registration = {
  proposals: [
    {
      id: 'MSC4287',
      name: 'The wish for key backup',
      about:
        'The user’s choice for or against key backup is kept in account data, where every client of theirs reads and writes it. The server that keeps it could have written it too.',
      byDefault: 'none',
    },
  ],
  charts: [
    {
      name: 'backup-preference',
      chart: backupPreferenceChart,
      parts: preferenceParts,
      runs: implemented('MSC4287'),
    },
  ],
  elsewhere: preferenceElsewhere,
  options: preferenceOptions,
  questions: preferenceQuestions,
};
