import { each, role } from '../role.ts';

export const maliciousInviter = role({
  plays: 'malicious-inviter',
  of: ['server', 'user'],
  optional: true,
  text: 'An account in the room, or a fresh one, that invites and poisons bundles.',
  has: "An account of its own, in the room or new, with a client like everybody else's.",
  may: 'Ask others in with spoiled key bundles, and point them to foreign or huge files.',
  strength: 6,
  account: 'ordinary',
  moves: [
    each(
      'room',
      'join',
      'decline',
      { told: 'leave' },
      each('person', 'poison', 'point', 'send with keys of'),
      each('person', 'forward room key'),
    ),
  ],
});
