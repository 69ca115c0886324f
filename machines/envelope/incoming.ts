/**
 * Whom a letter is from and to: what the specification holds against an Olm plaintext ("m.olm.v1.curve25519-aes-sha2"), and the device
 * keys that it carries (MSC4147, and "Validation of incoming decrypted events"). What does not go together is heard by nobody.
 */

import type { Rules } from '../clauses.ts';
import type { DiscardCause } from '../effects.ts';
import type { Letter } from '../events.ts';
import { show } from '../notice.ts';
import { implemented } from '../registration.ts';
import type { EmbeddedFacts, PlaintextFacts } from '../types.ts';
import { deviceName, type EnvelopeContext, type EnvelopeParts, type On, words } from './events.ts';

const { causes, core, permits } = words;

type Incoming = On<'envelope.incoming'>;

/** A guard that is asked on the arrow, and again where somebody wants to know which one it was. */
const guardOf = (holds: (letter: Letter) => boolean) =>
  ({
    kind: 'guard',
    permits: (_: EnvelopeContext, { letter }: Incoming) => holds(letter),
    permitsItem: (_: EnvelopeContext, letter: unknown) => holds(letter as Letter),
  }) as const;
const ofPlaintext = (holds: (facts: PlaintextFacts) => boolean) =>
  ({ ...guardOf(({ facts }) => holds(facts.plaintext)), isOfOthers: true }) as const;
/** Where there are no keys within there is nothing to say. */
const ofEmbedded = (holds: (facts: EmbeddedFacts) => boolean) =>
  ({
    ...guardOf(({ facts }) => facts.embedded == null || holds(facts.embedded)),
    applies: (_: EnvelopeContext, { letter }: Incoming) => letter.facts.embedded != null,
  }) as const;

export const incomingParts = {
  /** "m.olm.v1.curve25519-aes-sha2": `sender` within is that of the event. */
  'spec-olm-sender': ofPlaintext(({ senderMatches }) => senderMatches),
  /** "m.olm.v1.curve25519-aes-sha2": `recipient` is the local user. */
  'spec-olm-recipient': ofPlaintext(({ recipientMatches }) => recipientMatches),
  /** "m.olm.v1.curve25519-aes-sha2": `recipient_keys` has the local device's Ed25519 key. */
  'spec-olm-recipient-keys': ofPlaintext(({ recipientKeyMatches }) => recipientKeyMatches),
  /** "m.olm.v1.curve25519-aes-sha2": `keys.ed25519` is that of the device which the device list has for the sender key. */
  'spec-olm-sender-keys': ofPlaintext(({ ed25519Matches }) => ed25519Matches !== false),
  /** MSC4147, "Proposal": on another Ed25519 key than the payload's the event is discarded. */
  '4147-ed25519-mismatch': ofEmbedded(({ ed25519Matches }) => ed25519Matches),
  /**
   * The release of v1.19 holds the payload's Ed25519 key against `sender_key`, a Curve25519 key (mended on main on 21 July 2026). Taken
   * by its letter no message with device keys passes.
   */
  '4147-ed25519-is-sender-key': ofEmbedded(({ ed25519IsSenderKey }) => ed25519IsSenderKey),
  /** "Validation of incoming decrypted events": the Curve25519 key is `sender_key` of the event. */
  '4147-curve25519-match': ofEmbedded(({ curve25519Matches }) => curve25519Matches),
  /** "Validation of incoming decrypted events": `user_id` is the sender. */
  '4147-user-id-match': ofEmbedded(({ userMatches }) => userMatches),
  /** "Validation of incoming decrypted events": signed by the device's own key. */
  '4147-self-signature': ofEmbedded(({ selfSigned }) => selfSigned),
  /**
   * "Verification of the sending user for incoming events": the key's owner is confirmed through a self-signing key of the pinned
   * identity, whether or not a server lists the device.
   */
  '4147-owner-via-cross-signing': ofEmbedded(({ byPinnedIdentity }) => byPinnedIdentity),
  /** What the list has is the list's: it is heard, as a letter without device keys is. */
  'is of a listed device': permits((_, { letter }: Incoming) => letter.facts.embedded?.isListed === true),
  /**
   * "Recommended client behaviour": where the owner of an Olm session is neither verified nor the one first seen, its person is warned;
   * once for each device.
   */
  'spec-warn-unconfirmed-owner': {
    kind: 'ui',
    isOfOthers: true,
    perform: ({ warned }, { letter }: Incoming) => {
      const { sender } = letter.facts;
      if (sender === null || sender.byPinnedIdentity) return null;
      const name = deviceName(sender.user, sender.device);
      if (warned.includes(name)) return null;
      const text = `It cannot be confirmed that the device ${sender.device} is ${sender.user}’s.`;
      return {
        context: { warned: [...warned, name] },
        effects: [show('unconfirmed device', text, { user: sender.user, device: sender.device })],
      };
    },
  },
  'hands it on': causes(({ me }, { letter }: Incoming) => {
    const knows = implemented('MSC4147')(me);
    const { plaintext } = letter.facts;
    const facts: Letter['facts'] = knows ? letter.facts : { ...letter.listedFacts, encrypted: true, plaintext };
    return core({ ask: 'hand on', letter: { ...letter, facts } });
  }),
  'drops it': causes((_, { letter, raw }: Incoming, rules) =>
    core({ ask: 'discard', event: raw, ...whyNot(letter, rules) }),
  ),
} satisfies EnvelopeParts;

/** What a letter is not, by the guard that says so, in the order in which they are asked. */
const reasons: Readonly<Partial<Record<keyof typeof incomingParts, string>>> = {
  'spec-olm-sender': 'the sender inside is not the sender outside',
  'spec-olm-recipient': 'it was written to another user',
  'spec-olm-recipient-keys': 'it was written to another device',
  'spec-olm-sender-keys': 'it claims another Ed25519 key than its device has',
  '4147-ed25519-mismatch': 'the device keys it shows have another Ed25519 key',
  '4147-ed25519-is-sender-key': 'its Ed25519 key is not its sender key',
  '4147-curve25519-match': 'the device keys it shows have another Curve25519 key',
  '4147-user-id-match': 'the device keys it shows are another user’s',
  '4147-self-signature': 'the device keys it shows are not signed by their device',
  '4147-owner-via-cross-signing': 'nobody who is known has signed the device it comes from',
};

const unconfirmed = '4147-owner-via-cross-signing';

const whyNot = (letter: Letter, rules: Rules): { readonly why: string; readonly cause: DiscardCause } => {
  const found = Object.entries(reasons).find(([clause]) => !rules.may(clause, letter));
  // A device that is not confirmed may be so for want of the keys that would confirm it.
  return found === undefined || (found[0] === unconfirmed && !letter.facts.plaintext.isSenderKnown)
    ? { why: 'the keys of its sender could not be fetched', cause: 'keys not fetched' }
    : { why: found[1], cause: found[0] === unconfirmed ? 'unconfirmed' : 'contradiction' };
};
