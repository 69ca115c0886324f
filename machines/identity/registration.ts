import { always, type Registration } from '../registration.ts';
import { identityChart } from './chart.ts';
import { identityParts } from './clauses.ts';

export const identity: Registration = {
  proposals: [
    {
      id: 'MSC4153',
      name: 'Unsigned devices',
      about:
        'Clients leave out devices that their owner has not signed: they send them nothing and believe nothing of theirs. A changed identity is shown to whoever relied on the old one.',
      byDefault: 'none',
      runsWhole: true,
      charts: [],
      withoutSetting: {
        q51: {
          is: 'not built',
          why: 'a device here looks a stranger up and pins what it is shown before any chart hears the letter, so that none can tell a person met before from one met just now; A is played in key-bundle/a-device-that-has-never-met-the-inviter-looks-her-up',
        },
      },
    },
    {
      id: 'MSC1756',
      name: 'Cross-signing',
      about:
        'Users sign their own devices with one key and other people with a second, both under one master key. Whoever trusts the master key trusts the devices below it.',
      runsWhole: true,
    },
  ],
  charts: [{ name: 'identity', chart: identityChart, parts: identityParts, runs: always }],
};
