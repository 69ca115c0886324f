/** Alice's phone and what it sees of a letter from her laptop, for tests of pushed secrets in either variant. */
import type { ChartInput } from '../chart.ts';
import type { JsonObject } from '../json.ts';
import type { DeviceFacts, EnvelopeFacts, PlaintextFacts } from '../types.ts';

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
const facts: EnvelopeFacts = {
  encrypted: true,
  claimedSender: '@alice:x',
  ownUser: true,
  sender: laptop,
  secretPublic: 'public 2',
  publishedPublic: null,
};
/** The plaintext of a letter that is what its envelope says. */
export const plaintext: PlaintextFacts = {
  senderMatches: true,
  recipientMatches: true,
  recipientKeyMatches: true,
  ed25519Matches: true,
  isSenderKnown: true,
};
/** All but the type of what arrived with that content: from the laptop and sealed, where `change` does not say otherwise. */
export const arrived = (content: JsonObject, change: Partial<EnvelopeFacts> = {}) => {
  const all = { ...facts, ...change };
  const what = { sender: all.claimedSender, content, atMs: 0 };
  return all.encrypted
    ? { ...what, facts: { ...all, encrypted: true as const, plaintext }, listedFacts: all }
    : { ...what, facts: { ...all, encrypted: false as const } };
};
