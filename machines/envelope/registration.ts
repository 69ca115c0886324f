import { always, type Registration } from '../registration.ts';
import { envelopeChart, envelopeParts } from './chart.ts';

export const envelope: Registration = {
  proposals: [
    {
      id: 'MSC4147',
      name: 'Keys within the envelope',
      about:
        'A message between devices carries the signed keys of the device it comes from. The receiver can tell who speaks without asking a server that may lie, and when the device is long gone.',
      byDefault: 'spec-main',
    },
    {
      id: 'SPEC',
      name: 'What the specification asks already',
      about:
        'Rules of the client-server API that every device lives by and no proposal here has brought: whom a letter is from and to, what a device list may change, which room key counts. They are the specification’s clauses, not the proposals’.',
      runsWhole: true,
      charts: ['envelope', 'identity', 'room-keys', 'key-backup', 'key-export'],
    },
  ],
  charts: [{ name: 'envelope', chart: envelopeChart, parts: envelopeParts, runs: always }],
  elsewhere: {
    '4147-stolen-device':
      'an admission: why a device was logged out is nowhere to be seen, and guarantees call what a stolen one signed accepted',
    '4147-identity-reset-gap':
      'an admission: what was signed by an identity that is gone can be checked by nobody, and is refused as any other unsigned keys',
    '4147-size': 'a fact about sizes: no client does anything about it',
  },
};
