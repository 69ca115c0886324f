import { each, role } from '../role.ts';

export const eavesdropper = role({
  plays: 'eavesdropper',
  of: ['server'],
  optional: true,
  text: 'Reads and hoards what a server is asked and answers; may hold back and let through.',
  has: 'The wire of a server: what it is asked, and what it answers.',
  may: 'Read what is in the clear, keep what is sealed, and make letters and requests late. It changes none.',
  strength: 2,
  sits: 'on the wire',
  reaches: 'its server',
  moves: [each('device', 'hold back', 'release', 'fail')],
});
