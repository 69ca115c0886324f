import { byLetter, each, role } from '../role.ts';

export const departedMember = role({
  plays: 'departed-member',
  of: ['server', 'user'],
  optional: true,
  text: 'Keeps what it was given while in the room, and reads on.',
  has: 'What it was given while it was in the room.',
  may: 'Keep that, leave, read on, and share what it has with a server that lies.',
  strength: 5,
  account: 'ordinary',
  moves: [each('room', 'join', 'decline', 'leave', ...byLetter)],
});
