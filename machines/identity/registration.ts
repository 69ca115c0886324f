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
  unbuilt: {
    '4153-no-send-to-unsigned': {
      is: 'elsewhere',
      why: 'the room-keys chart: a device that implements MSC4153 gives room keys to signed devices alone; it has no switch of its own',
    },
    '4153-ignore-from-unsigned': {
      is: 'not yet',
      why: 'what an unsigned device wrote is shown with a warning, whichever text is implemented',
    },
    '4153-peer-identity-change': {
      is: 'elsewhere',
      why: 'shown by 1756-notify-master-change; what is held back then is history (the option “identity change”), not messages',
    },
    '4153-ssss-has-backup-key': { is: 'not yet', why: 'devices keep no secrets in account data' },
    '4153-encourage-cross-sign': { is: 'not yet', why: 'in a cast a device is signed or not: nobody is urged' },
    '4153-non-crypto-devices': {
      is: 'not yet',
      why: 'every device of a cast has identity keys, and one without is in no list of keys',
    },
    '1756-signature-chain': {
      is: 'elsewhere',
      why: 'the device core: whether the chain from the master key holds is a fact, which the clauses of others judge by',
    },
    '1756-reupload-needs-uia': {
      is: 'elsewhere',
      why: 'the homeserver: it asks for the password before an identity is replaced',
    },
  },
};
