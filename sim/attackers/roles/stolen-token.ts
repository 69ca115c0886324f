import { asClient, byLetter, each, role } from '../role.ts';

export const stolenToken = role({
  plays: 'stolen-token',
  of: ['user', 'device'],
  text: "Has a user's access token: can log in a device, cannot sign it.",
  has: "The access token of a user's device, and no key of theirs.",
  may: 'Log in a device of its own and do with it whatever a client can: write letters, make, read and delete backups.',
  strength: 7,
  moves: ['log in as', ...asClient, each('room', ...byLetter)],
});
