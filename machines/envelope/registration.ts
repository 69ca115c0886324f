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
};
