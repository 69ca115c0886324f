import { implemented, type Registration } from '../registration.ts';
import { keyBackupChart } from './chart.ts';
import { backupParts } from './clauses.ts';

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
  unbuilt: {
    '1219-remember-refusal': {
      is: 'not yet',
      why: 'people are told of a new backup and not asked, so that there is no refusal to remember',
    },
    '1219-better-key-rule': {
      is: 'elsewhere',
      why: 'the homeserver: it keeps the better of two entries, and no device can skip that',
    },
    '1219-mac-does-not-cover': {
      is: 'elsewhere',
      why: 'the real suite: the MAC of an entry is computed over nothing there, as the specification says',
    },
  },
};
