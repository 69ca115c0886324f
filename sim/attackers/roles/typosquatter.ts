import { byLetter, each, role } from '../role.ts';

export const typosquatter = role({
  plays: 'typosquatter',
  of: ['server', 'user'],
  optional: true,
  text: 'An account whose id is one letter off, invited by mistake.',
  has: 'An account of its own, whose id is one letter off that of somebody else.',
  may: 'Come where it is asked in by mistake, and have what goes with that.',
  strength: 4,
  account: 'ordinary',
  moves: [each('room', 'join', 'decline', { told: 'leave' }, ...byLetter)],
});
