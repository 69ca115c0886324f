/** Alice's phone and what it sees of a letter from her laptop, for tests of pushed secrets in either variant. */
import type { ChartInput } from '../chart.ts';
import type { DeviceFacts, EnvelopeFacts } from '../types.ts';

/** The phone, with that text of MSC4385. */
export const phoneWith = (text: string): ChartInput => ({
  user: '@alice:x',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4385: text },
});
export const laptop: DeviceFacts = {
  user: '@alice:x',
  device: 'LAPTOP',
  curve25519: 'curve',
  ed25519: 'ed',
  selfSigned: true,
  crossSignedBy: 'master',
  byPinnedIdentity: true,
  source: 'both',
};
export const facts: EnvelopeFacts = {
  encrypted: true,
  claimedSender: '@alice:x',
  ownUser: true,
  sender: laptop,
  secretPublic: 'public 2',
  publishedPublic: null,
};
