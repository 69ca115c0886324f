import { implemented, type Registration } from '../registration.ts';
import { backupPreferenceChart, preferenceParts } from './chart.ts';
import { preferenceQuestions } from './context.ts';
import { preferenceOptions } from './options.ts';

export const backupPreference: Registration = {
  proposals: [
    {
      id: 'MSC4287',
      name: 'The wish for key backup',
      about:
        'The user’s choice for or against key backup is kept in account data, where every client of theirs reads and writes it. The server that keeps it could have written it too.',
      byDefault: 'none',
      withoutSetting: {
        q59: {
          is: 'cannot be acted out',
          why: 'a device here is one client, and from outside nobody sees which half of it has written; that both do is two writers who do not know of each other, which q45 and q47 play',
        },
      },
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
  options: preferenceOptions,
  questions: preferenceQuestions,
};
