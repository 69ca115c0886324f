import { implemented, type Registration } from '../registration.ts';
import { keyBackupChart } from './chart.ts';
import { backupParts } from './clauses.ts';
import { backupQuestions } from './context.ts';
import { backupOptions } from './options.ts';

export const keyBackup: Registration = {
  proposals: [
    {
      id: 'MSC1219',
      name: 'Key backup',
      about:
        'Room keys are kept on the server, sealed to a key of which only the user’s devices hold the private half. Whoever talks a device into another key gets all that it backs up from then on.',
      byDefault: 'spec-v1.19',
      runsWhole: true,
    },
  ],
  charts: [{ name: 'key-backup', chart: keyBackupChart, parts: backupParts, runs: implemented('MSC1219') }],
  options: backupOptions,
  questions: backupQuestions,
};
