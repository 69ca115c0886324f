/** MSC4385, send variant: the sentences about an `m.secret.send` without `request_id`. */
import type { Json } from '../json.ts';
import { writesUnstable } from '../names.ts';
import type { PushContext } from './context.ts';
import { type Arrival, type On, type PushParts, words } from './events.ts';
import { kindOfSend, nameOf, SEND, UNSTABLE_SEND } from './messages.ts';
import { optionOf } from './options.ts';
import { isSealed, isValue, receivingRules } from './receiving.ts';
import { draftOf, sendingRules, write } from './sending.ts';

const { performs, permits, tellSelf } = words;

type Sent = On<'to-device m.secret.send'>;

/**
 * What stands in `request_id` where it should not stand at all: `null` as some serializers write what is not there, an empty
 * string, a number, or a made-up id. Made up as here, counted for each recipient, it may be one that the recipient has used.
 */
const strayRequestId = (context: PushContext): Json => {
  const stray = optionOf(context.me, 'stray request id');
  if (stray === 'nothing') return null;
  if (stray === 'empty') return '';
  return stray === 'number' ? 0 : `${draftOf(context).device}.0`;
};
const withField = (context: PushContext, field: string, value: Json) =>
  write(context, { content: { ...draftOf(context).content, [field]: value } });

export const sendVariantParts = {
  // --- sending ---
  '4385-send-without-request': sendingRules.ofItsOwnAccord,
  '4385-send-legacy-wasted': sendingRules.legacyWasted,
  /** Unstable prefix: there is none, so that trial clients write the final name. Off: they write one of their own. */
  '4385-send-no-unstable-name': {
    kind: 'format',
    perform: (context) => (writesUnstable('push', context.me.identifiers) ? write(context, { types: [SEND] }) : null),
    otherwise: (context) =>
      write(context, { types: context.me.identifiers === 'both' ? [SEND, UNSTABLE_SEND] : [UNSTABLE_SEND] }),
  },
  '4385-send-name-required': sendingRules.nameField,
  /** MSC1946, "m.secret.send": `secret` is required; MSC4385 takes only `request_id` out of that. */
  'writes the secret': performs((context) => withField(context, 'secret', draftOf(context).secret)),
  /** Proposal: a share that nobody asked for has no `request_id` at all. */
  '4385-send-omit-request-id': {
    kind: 'format',
    perform: (context) => write(context, {}),
    otherwise: (context) => withField(context, 'request_id', strayRequestId(context)),
  },
  /** MSC1946, "m.secret.send": always sealed with Olm, whether or not it was asked for. */
  '1946-send-encrypted': { kind: 'duty', perform: (context) => write(context, { encrypt: true }) },

  // --- receiving ---
  /** Proposal: `request_id` is no mandatory field any more; its absence marks a share that nobody asked for. */
  '4385-send-request-id-optional': {
    kind: 'format',
    perform: ({ me }, { sender, content, facts }: Sent) =>
      kindOfSend(content, me) === 'unasked'
        ? { effects: [tellSelf({ type: 'push.share', sender, content, facts })] }
        : null,
  },
  /**
   * Proposal: with `request_id` it stays an answer, for the chart that asked. As a permission: may it be taken without having
   * been asked for? What a client asks of shares (which names it takes, whether anybody is asked) is said of those without
   * `request_id`, and would not help here. What is asked of every answer would.
   */
  '4385-send-solicited-unchanged': { kind: 'guard', permits: () => false },
  /** MSC1946, "m.secret.send": answers are sealed with Olm, by a verified device of one's own. */
  'comes sealed from a signed device of ours': permits(
    (_, { facts: { encrypted, ownUser, sender } }: Sent) =>
      encrypted && ownUser && sender?.selfSigned === true && sender.byPinnedIdentity,
  ),
  'has a request id': permits(({ me }, { content }: Sent) => kindOfSend(content, me) === 'answer'),
  'says what it is': permits((context, event: Sent) => nameOf(event) !== undefined && isValue(context, event)),
  'has a value': permits((context, event: Arrival) => isValue(context, event)),
  /** Which neither text says: the push variant's "never in the clear", and what the specification says of `m.secret.send`. */
  'came through Olm': permits((context, event: Arrival) => isSealed(context, event)),
  '4385-send-same-user': receivingRules.sameUser,
  '4385-send-cross-signed-only': receivingRules.crossSignedOnly,
  '4385-send-may-filter': receivingRules.mayFilter,
  '4385-send-reverify-cross-signing': receivingRules.reverifyCrossSigning,
  '4385-send-pick-current': receivingRules.pickCurrent,
  '4385-send-works-test': receivingRules.worksTest,
  '4385-send-may-prompt': receivingRules.mayPrompt,
} satisfies PushParts;
