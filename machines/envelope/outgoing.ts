/** What goes into a letter's envelope: the device's own keys (MSC4147), sealed by sessions on keys that are truly the recipients'. */
import type { Rules } from '../clauses.ts';
import type { ClaimedKey, Message } from '../events.ts';
import { writtenName } from '../names.ts';
import { type Change, type EnvelopeContext, type EnvelopeParts, type On, words } from './events.ts';

const { causes, core } = words;

type Outgoing = On<'envelope.outgoing'>;

const dispatch = ({ reply }: Outgoing, message: Message): Change => ({
  effects: [core({ ask: 'dispatch', message, reply })],
});
/** Where the unstable name goes out, its sentence is followed; whoever is set to the other has nothing to do with it. */
const fieldOf = ({ me }: EnvelopeContext, rules: Rules): string => {
  const name = writtenName('device keys', me.identifiers);
  return name === STABLE || rules.does('4147-unstable-name') ? name : STABLE;
};
const STABLE = writtenName('device keys', 'stable');

export const outgoingParts = {
  /** MSC4147, "Proposal": an Olm payload has a copy of what a key query would return, cross-signing signatures included. */
  '4147-embed-device-keys': {
    kind: 'duty',
    perform: (context, event: Outgoing, rules) => {
      const { message } = event;
      const embed = fieldOf(context, rules);
      return dispatch(event, message.embed === false ? message : { ...message, embed });
    },
    otherwise: (_, event: Outgoing) => dispatch(event, { ...event.message, embed: false }),
  },
  /** MSC4147, "Unstable prefix". */
  '4147-unstable-name': {
    kind: 'format',
    isDoneBy: '4147-embed-device-keys',
    isImplied: true,
  },
  'makes the sessions': causes((_, { message, keys }: On<'keys.claimed'>, rules) => {
    const usable = keys.filter((key) => rules.may('spec-one-time-key-signature', key));
    return core({ ask: 'start sessions', message, keys: usable });
  }),
  /** "One-time and fallback keys": whoever claims a key checks that the device has signed it, and else does without. */
  'spec-one-time-key-signature': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_, key) => (key as ClaimedKey).isSigned,
  },
} satisfies EnvelopeParts;
