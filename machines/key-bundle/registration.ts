import { always, implemented, type Registration } from '../registration.ts';
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
      withoutSetting: {
        q53: {
          is: 'another setting',
          why: 'off: 4268-members-may-share is a client that hands nothing over, and the option “decline when closed” one that does so for rooms that are open now; which code is said hangs on the text (4268-withheld-usual-code and the one before it)',
        },
        q54: {
          is: 'not built',
          why: 'no text has a bundle without an invitation to accept, and the rule of whose bundles count (4268-inviter-match) would refuse one; what A comes to is played in key-bundle/whoever-joins-a-restricted-room-is-given-no-history and key-bundle/whoever-is-invited-by-mail-is-given-no-history',
        },
      },
    },
  ],
  charts: [
    // Somebody is invited by every device; what goes before is up to the text it implements.
    { name: 'key-bundle-inviter', chart: inviterChart, parts: inviterParts, runs: always },
    { name: 'key-bundle-invitee', chart: inviteeChart, parts: inviteeParts, runs: implemented('MSC4268') },
  ],
  options: bundleOptions,
  questions: bundleQuestions,
};
