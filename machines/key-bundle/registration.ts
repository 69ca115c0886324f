import { always, implemented, type Registration } from '../registration.ts';
import { bundlesElsewhere, bundlesUnmissed } from './elsewhere.ts';
import { inviteeChart, inviteeParts } from './invitee.ts';
import { inviterChart, inviterParts } from './inviter.ts';
import { bundleOptions, bundleQuestions } from './options.ts';

export const keyBundle: Registration = {
  proposals: [
    {
      id: 'MSC4268',
      name: 'Room history for newcomers',
      about:
        'Whoever invites somebody into a room hands over the keys of its past in one encrypted file, and points the newcomer’s devices to it. That past is read on the inviter’s word.',
      byDefault: 'merged',
      isAboutRooms: true,
      charts: ['key-bundle-inviter', 'key-bundle-invitee', 'room-keys'],
    },
  ],
  charts: [
    // Somebody is invited by every device; what goes before is up to the text it implements.
    { name: 'key-bundle-inviter', chart: inviterChart, parts: inviterParts, runs: always },
    { name: 'key-bundle-invitee', chart: inviteeChart, parts: inviteeParts, runs: implemented('MSC4268') },
  ],
  elsewhere: bundlesElsewhere,
  missedByNobody: bundlesUnmissed,
  options: bundleOptions,
  questions: bundleQuestions,
};
