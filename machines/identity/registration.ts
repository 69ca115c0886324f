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
  elsewhere: {
    '4153-peer-identity-change':
      'shown by 1756-notify-master-change, and before anything is written by 1756-notify-before-communication; whether its user is asked then is the option “changed identity” for messages, and “identity change” for history',
    '4153-ssss-has-backup-key':
      'the recovery key: people here keep their secrets on their devices alone, so that there is no store of them to fall behind',
    '4153-encourage-cross-sign':
      'the person: whether a device gets signed is what somebody does in a story (“verify”), urged or not',
    '4153-non-crypto-devices':
      'the homeserver: a device without identity keys is in no list of keys, and from these lists alone clients here know of devices',
    '1756-signature-chain':
      'the device core: whether the chain from the master key holds is a fact, which the clauses of others judge by',
    '1756-reupload-needs-uia': 'the homeserver: it asks for the password before an identity is replaced',
  },
};
