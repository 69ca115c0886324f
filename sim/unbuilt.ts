/**
 * Sentences of the ledger that no chart has a part for and that `machines/parts.ts` does not place either: where they are
 * instead, or that nothing here acts them out. What gets a part goes from this list.
 */
import type { ClauseId } from '../machines/types.ts';

export type Unbuilt = { readonly is: 'elsewhere' | 'not yet'; readonly why: string };

const sendVariant = (instead: string): Unbuilt => ({
  is: 'not yet',
  why: `the variant with m.secret.send is not built; in the push variant ${instead}`,
});
const twin = (clause: string): Unbuilt => sendVariant(`${clause} says the like`);

export const unbuilt: Readonly<Record<ClauseId, Unbuilt>> = {
  '4385-send-request-id-optional': sendVariant('an event type of its own marks what nobody asked for'),
  '4385-send-without-request': twin('4385-push-no-request-needed'),
  '4385-send-omit-request-id': sendVariant('no event has such a field'),
  '4385-send-name-required': twin('4385-push-name-field'),
  '4385-send-solicited-unchanged': sendVariant('answers stay under the clauses of MSC1946'),
  '4385-send-cross-signed-only': twin('4385-push-cross-signed-only'),
  '4385-send-same-user': twin('4385-push-same-user'),
  '4385-send-may-prompt': twin('4385-push-may-prompt'),
  '4385-send-may-filter': twin('4385-push-may-filter'),
  '4385-send-reverify-cross-signing': twin('4385-push-reverify-cross-signing'),
  '4385-send-legacy-discard': twin('4385-push-legacy-ignore'),
  '4385-send-legacy-wasted': twin('4385-push-legacy-wasted'),
  '4385-send-pick-current': twin('4385-push-pick-current'),
  '4385-send-works-test': twin('4385-push-works-test'),
  '4385-send-no-unstable-name': sendVariant('there is an interim name, 4385-push-unstable-name'),
  '1946-name-consistency': {
    is: 'not yet',
    why: 'devices keep no secrets in account data, so a secret has its name in requests and answers alone',
  },
  '1219-remember-refusal': {
    is: 'not yet',
    why: 'people are told of a new backup and not asked, so that there is no refusal to remember',
  },
  '1219-better-key-rule': {
    is: 'elsewhere',
    why: 'the homeserver: it keeps the better of two entries, and no device can skip that',
  },
  '1219-mac-does-not-cover': {
    is: 'elsewhere',
    why: 'the real suite: the MAC of an entry is computed over nothing there, as the specification says',
  },
  '4153-no-send-to-unsigned': {
    is: 'elsewhere',
    why: 'the room-keys chart: a device that implements MSC4153 gives room keys to signed devices alone; it has no switch of its own',
  },
  '4153-ignore-from-unsigned': {
    is: 'not yet',
    why: 'what an unsigned device wrote is shown with a warning, whichever text is implemented',
  },
  '4153-peer-identity-change': {
    is: 'elsewhere',
    why: 'shown by 1756-notify-master-change; what is held back then is history (the option “identity change”), not messages',
  },
  '4153-ssss-has-backup-key': { is: 'not yet', why: 'devices keep no secrets in account data' },
  '4153-encourage-cross-sign': { is: 'not yet', why: 'in a cast a device is signed or not: nobody is urged' },
  '4153-non-crypto-devices': {
    is: 'not yet',
    why: 'every device of a cast has identity keys, and one without is in no list of keys',
  },
  '1756-signature-chain': {
    is: 'elsewhere',
    why: 'the device core: whether the chain from the master key holds is a fact, which the clauses of others judge by',
  },
  '1756-reupload-needs-uia': {
    is: 'elsewhere',
    why: 'the homeserver: it asks for the password before an identity is replaced',
  },
};
