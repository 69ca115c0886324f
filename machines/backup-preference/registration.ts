import { implemented, type Registration } from '../registration.ts';
import { backupPreferenceChart, preferenceParts } from './chart.ts';
import { preferenceElsewhere } from './elsewhere.ts';

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
  options: {
    'backup by default': {
      kind: { is: 'one of', words: ['on', 'off', 'ask'] },
      text: 'Whether a client backs up where its user has chosen nothing (the usual: on).',
    },
    preference: {
      kind: { is: 'one of', words: ['follow', 'prompt', 'confirm', 'ignore'] },
      text: 'What a stored choice about key backup does at sign-in: it is followed (the usual), marked in a prompt, confirmed by the user, or left alone.',
    },
    monitor: {
      kind: { is: 'one of', words: ['off', 'ask', 'follow'] },
      text: 'What a running client does when the stored choice changes: nothing (the usual), ask, or follow.',
    },
  },
};
