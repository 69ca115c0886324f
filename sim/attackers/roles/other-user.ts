import { phoneOf } from '../../engine/attacker.ts';
import { asDevice, byLetter, each, role } from '../role.ts';

export const otherUser = role({
  plays: 'other-user',
  of: ['server', 'user'],
  optional: true,
  text: 'Another account, well signed, with no claim to what it asks for.',
  has: 'An account of its own with a signed device, which does as it is told.',
  may: 'Write letters of any kind to everybody on its server.',
  strength: 3,
  account: 'driven',
  reaches: 'its server',
  runs: ({ name }) => ({ phone: phoneOf(name) }),
  moves: [...asDevice, each('room', ...byLetter)],
});
