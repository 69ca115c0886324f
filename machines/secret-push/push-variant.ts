/** MSC4385, push variant (and the head of the pull request): the sentences about `m.secret.push`. */

import { BACKUP_SECRET } from '../algorithms.ts';
import { wireTypeOf } from '../events.ts';
import { sameJson } from '../json.ts';
import { allNames, readNames, writtenNames } from '../names.ts';
import { readingOf } from './context.ts';
import { type Push, type PushParts, words } from './events.ts';
import { PUSH } from './messages.ts';
import { optionOf } from './options.ts';
import { isSealed, isValue, receivingRules } from './receiving.ts';
import { draftOf, sendingRules, write } from './sending.ts';

const { permits } = words;

export const pushVariantParts = {
  '4385-push-no-request-needed': sendingRules.ofItsOwnAccord,
  '4385-push-legacy-wasted': sendingRules.legacyWasted,
  /** Proposal: an event type of its own, so that `m.secret.send` keeps its contract. */
  '4385-push-event-type': { kind: 'format', perform: (context) => write(context, { types: [PUSH] }) },
  /** Unstable prefix: the interim name, where the device is set to it. Question q14: a push goes under both (A), or under one (B). */
  '4385-push-unstable-name': {
    kind: 'format',
    perform: (context) => {
      const { identifiers } = context.me;
      const q14 = readingOf(context.me, 'q14');
      if (!draftOf(context).types.includes(PUSH)) return null;
      if (q14 === 'A') return write(context, { types: allNames('push') });
      const types = writtenNames('push', identifiers).slice(0, q14 === 'B' ? 1 : undefined);
      return sameJson(types, [PUSH]) ? null : write(context, { types });
    },
  },
  '4385-push-name-field': sendingRules.nameField,
  /** Proposal, "(required)": written here and insisted on when read. */
  '4385-push-secret-field': {
    kind: 'format',
    perform: (context) => write(context, { content: { ...draftOf(context).content, secret: draftOf(context).secret } }),
    permits: (context, event: Push) => isValue(context, event),
  },
  /** Proposal: every push travels inside an encrypted event. */
  '4385-push-encrypted': { kind: 'duty', perform: (context) => write(context, { encrypt: true }) },

  'knows that event type': permits((context, event: Push) =>
    readNames('push', context.me.identifiers).includes(wireTypeOf(event)),
  ),
  /** Follows from the encryption rule. */
  '4385-push-reject-plaintext': { kind: 'guard', permits: (context, event: Push) => isSealed(context, event) },
  '4385-push-same-user': receivingRules.sameUser,
  '4385-push-cross-signed-only': receivingRules.crossSignedOnly,
  '4385-push-may-filter': receivingRules.mayFilter,
  '4385-push-reverify-cross-signing': receivingRules.reverifyCrossSigning,
  '4385-push-pick-current': receivingRules.pickCurrent,
  '4385-push-works-test': receivingRules.worksTest,
  /** pr-head, Security considerations, MAY: the new backup version is validly signed by the user's master key. */
  '4385-push-backup-signature-check': {
    kind: 'guard',
    applies: (context) =>
      optionOf(context.me, 'signed backup only') === true && context.candidates[0]?.name === BACKUP_SECRET,
    permits: (context) => context.publishedSignedByMaster,
  },
  '4385-push-may-prompt': receivingRules.mayPrompt,
} satisfies PushParts;
