import { role } from '../role.ts';

export const sloppyClient = role({
  plays: 'sloppy-client',
  of: ['user', 'device'],
  text: 'Not evil: an honest user of a client that skips the clauses under “skips”.',
  has: 'Nothing: its user is honest.',
  may: 'Do what everybody does, without the clauses that its client skips.',
  strength: 1,
  isSloppy: true,
});
