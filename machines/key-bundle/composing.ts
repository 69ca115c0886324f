/** MSC4268, "Room key bundle format": which sessions a bundle has, which it says are withheld, and how both are written. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Part, Rules } from '../clauses.ts';
import { isUnasked } from '../effects.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { readNames, writtenName } from '../names.ts';
import { paths } from '../paths.ts';
import { implemented } from '../registration.ts';
import { flagFields } from '../room-keys/flags.ts';
import type { ExportedRoomKey, Withheld } from '../room-types.ts';
import type { InviterContext } from './context.ts';
import { type InviterEffect, type InviterParts, inviter, type OnInviter } from './events.ts';
import { forwards, invitationOf, notShared, roomOf, write } from './inviting.ts';
import { HISTORY_NOT_SHARED, inBase64, roomKeyEntry, serverOf } from './messages.ts';
import { optionOf, readingOf } from './options.ts';

const { causes, core, performs, permits, remembers, tell, tellSelf } = inviter;

/** Which sentence says whether a session is shareable, by how it came. Nothing is said of forwarded ones. */
const shareableBy: Readonly<Record<ExportedRoomKey['origin']['how'], string | null>> = {
  made: '4268-shareable-own',
  room_key: '4268-shareable-room-key',
  backup: '4268-shareable-backup',
  export: '4268-shareable-export',
  bundle: '4268-shareable-bundle',
  forwarded: null,
};
/** The texts before the specification mean the same by "marked as shareable". */
const flagged = {
  kind: 'guard',
  isImplied: true,
  permitsItem: (_: InviterContext, key: unknown) => (key as ExportedRoomKey).sharedHistory,
} as const satisfies Part<InviterContext>;
const isShareable = (key: ExportedRoomKey, rules: Rules): boolean => {
  const clause = shareableBy[key.origin.how];
  return clause === null ? key.sharedHistory : rules.may(clause, key);
};

const byComposing = { kind: 'format', isDoneBy: 'composes the bundle' } as const satisfies Part<InviterContext>;

/** Words that a session was withheld from newcomers as such, and not from this device only. */
const isAboutNewcomers = ({ code, how }: Withheld, { me }: InviterContext): boolean =>
  how === 'bundle' || readNames('history not shared', me.identifiers).includes(code);

/** The code for a session without the mark, as the revision and its prefix have it. */
const usualCode = (context: InviterContext, rules: Rules): string => {
  if (rules.does('4268-withheld-usual-code')) {
    const code = writtenName('history not shared', context.me.identifiers);
    return code === HISTORY_NOT_SHARED || rules.does('4268-unstable-withheld-code') ? code : HISTORY_NOT_SHARED;
  }
  return rules.does('4268-withheld-usual-code-old') ? 'm.unauthorised' : 'm.unavailable';
};

const entriesOf = (
  keys: readonly ExportedRoomKey[],
  identifiers: InviterContext['me']['identifiers'],
  rules: Rules,
) => {
  if (keys.length === 0) return [];
  const isWhole = rules.does('4268-room-keys-fields');
  const hasChain = !rules.does('4268-omit-forwarding-chain');
  const hasFlag = !rules.does('4268-omit-flag-in-bundle');
  const forms = { names: [writtenName('flag', identifiers)] };
  return keys.map((key): JsonObject => {
    const { sender_claimed_keys, ...bare } = roomKeyEntry(key);
    return {
      ...bare,
      ...(isWhole ? { sender_claimed_keys } : {}),
      ...(hasChain ? { forwarding_curve25519_key_chain: [] } : {}),
      ...(hasFlag ? flagFields({ ...forms, keepsTrue: true, keepsFalse: true, means: 'shareable' }, key) : {}),
    };
  });
};

type Closed = { readonly sessionId: string; readonly senderKey: string; readonly code: string };

/** Question q37: `sender_key` is that of the session's owner (A), or of who says so (B). */
const withheldEntriesOf = (context: InviterContext, closed: readonly Closed[], rules: Rules): readonly JsonObject[] => {
  if (closed.length === 0) return [];
  const isWhole = rules.does('4268-withheld-entry-format');
  const own = readingOf(context.me, 'q37') === 'B' ? invitationOf(context).ownKey : null;
  return closed.map(({ sessionId, senderKey, code }) =>
    isWhole
      ? {
          algorithm: MEGOLM_ALGORITHM,
          room_id: roomOf(context),
          session_id: sessionId,
          sender_key: own ?? senderKey,
          code,
          reason: 'It is not for those who join later.',
        }
      : { room_id: roomOf(context), session_id: sessionId },
  );
};

const passesBackupOver: InviterEffect = tellSelf({ type: 'bundle.backup passed over' });

/** Where the bundle is; `undefined`: nobody has said that it lies there. */
export const uploadedTo = (event: OnInviter<'bundle.uploaded' | 'bundle.kept'>): string | undefined =>
  event.type === 'bundle.kept' ? event.url : event.status === 200 ? stringAt(event.body, 'content_uri') : undefined;

const isOpenAs = (visibility: unknown): boolean => visibility === 'shared' || visibility === 'world_readable';

export const composingParts = {
  'forwards keys': permits((context) => forwards(context)),
  /** Room key bundle format: the room's keys are fetched from the backup first, where one is in use. */
  '4268-backup-download-first': {
    kind: 'duty',
    perform: (context) => {
      const room = roomOf(context);
      const hasBackup = implemented('MSC1219')(context.me);
      return { effects: [hasBackup ? tell({ type: 'told.fetch room keys', room }) : passesBackupOver] };
    },
    otherwise: () => ({ effects: [passesBackupOver] }),
  },
  'asks for the room keys': causes((context) =>
    core({ ask: 'export room keys', room: roomOf(context), answerAs: 'bundle.exported' }),
  ),
  /**
   * Construction and sharing, MAY: nothing is shared of a room that is closed now. The option `decline when closed`, or
   * question q23 read as the specification has it (B), whichever text is implemented.
   */
  '4268-decline-when-currently-closed': {
    kind: 'guard',
    isImplied: true,
    applies: ({ me }) => optionOf(me, 'decline when closed') === true || readingOf(me, 'q23') === 'B',
    permits: (context, { visibility }: OnInviter<'bundle.exported'>) => {
      if (visibility === 'joined' || visibility === 'invited') return false;
      // Question q15: what no event says, or none that is known, is the default `shared` (A), or closed (B).
      return visibility === 'shared' || visibility === 'world_readable' || readingOf(context.me, 'q15') !== 'B';
    },
  },
  'says that the room is closed': causes((context) =>
    notShared(context, 'closed', 'They are invited without the history: the room is closed to newcomers.'),
  ),
  '4268-shareable-own': flagged,
  '4268-shareable-room-key': flagged,
  '4268-shareable-backup': flagged,
  '4268-shareable-export': flagged,
  '4268-shareable-bundle': { ...flagged, kind: 'duty' },
  /** Room key bundle format: only sessions marked as shareable. */
  '4268-only-flagged-sessions': {
    kind: 'guard',
    permitsItem: (_: InviterContext, shareable: unknown) => shareable === true,
  },
  /**
   * `shared_history` property: what the server says of the room's visibility is no reason to share a session. As a permission: may it
   * go because the server calls the room open?
   */
  '4268-no-server-word': {
    kind: 'guard',
    permitsItem: (_: InviterContext, key: unknown) => (key as ExportedRoomKey).sharedHistory,
  },
  /** Room key bundle format: all of them that are known. Off: those that the inviter made itself. */
  '4268-include-all-shareable': { kind: 'duty', isDoneBy: 'composes the bundle' },
  /** Construction and sharing: the others are listed as withheld. Earlier texts have the list, and so mean it. */
  '4268-list-others-withheld': { kind: 'duty', isDoneBy: 'composes the bundle', isImplied: true },
  '4268-withheld-usual-code': byComposing,
  '4268-withheld-usual-code-old': byComposing,
  '4268-unstable-withheld-code': byComposing,
  '4268-room-keys-fields': byComposing,
  '4268-omit-forwarding-chain': byComposing,
  '4268-omit-flag-in-bundle': byComposing,
  '4268-withheld-entry-format': byComposing,
  /** Room key bundle format: a session is in one list. Off: what was said to be withheld is passed on beside a key that is held. */
  '4268-one-list-only': byComposing,
  'composes the bundle': remembers((context, event: OnInviter<'bundle.exported'>, rules) => {
    const held = event.keys;
    const inherited = event.withheld.filter((one) => isAboutNewcomers(one, context));
    if (held.length === 0 && inherited.length === 0) return null;
    const open: ExportedRoomKey[] = [];
    const closed: ExportedRoomKey[] = [];
    for (const key of held)
      (rules.may('4268-only-flagged-sessions', isShareable(key, rules)) ||
      (isOpenAs(event.visibility) && rules.may('4268-no-server-word', key))
        ? open
        : closed
      ).push(key);
    const isAll = open.length === 0 || rules.does('4268-include-all-shareable');
    const shared = isAll ? open : open.filter(({ origin }) => origin.how === 'made');

    const lists = closed.length + inherited.length > 0 && rules.does('4268-list-others-withheld');
    const code = lists && closed.length > 0 ? usualCode(context, rules) : '';
    const known = new Set(held.map(({ sessionId }) => sessionId));
    const isPassedOn = inherited.some(({ sessionId }) => known.has(sessionId));
    const passedOn =
      isPassedOn && rules.does('4268-one-list-only')
        ? inherited.filter(({ sessionId }) => !known.has(sessionId))
        : inherited;
    const withheld = lists
      ? [...closed.map(({ sessionId, senderKey }) => ({ sessionId, senderKey, code })), ...passedOn]
      : [];
    const bundle = {
      room_keys: entriesOf(shared, context.me.identifiers, rules),
      withheld: withheldEntriesOf(context, withheld, rules),
    };
    return write(context, {
      known: held.length,
      text: shared.length + withheld.length === 0 ? '' : JSON.stringify(bundle),
      sessions: shared.map(({ sessionId }) => sessionId),
      withheld: Object.fromEntries(withheld.map((one) => [one.sessionId, one.code])),
    });
  }),
  'there is nothing to tell': permits((context) => invitationOf(context).text === ''),
  'says that no key may be shared': causes((context) =>
    invitationOf(context).known === 0
      ? null // nobody has written anything: there is no history to speak of
      : notShared(context, 'no keys', 'They are invited without the history: none of it may be shared.'),
  ),
  'no device may have it': permits((context) => invitationOf(context).to.length === 0),
  /** Where the list of their devices did not come, nothing is said of what is in it. */
  'says that no device may have it': causes((context) =>
    invitationOf(context).isListOutdated
      ? notShared(
          context,
          'devices unknown',
          'They are invited without the history: it is not known which devices are theirs.',
        )
      : notShared(
          context,
          'no devices',
          'They are invited without the history: none of their devices is signed by them.',
        ),
  ),
  /** Room key bundle format: an encrypted attachment. Off: the JSON as it is. */
  '4268-encrypt-attachment': {
    kind: 'duty',
    perform: (context) => ({
      effects: [core({ ask: 'seal attachment', plaintext: invitationOf(context).text, answerAs: 'bundle.sealed' })],
    }),
    otherwise: (context) => ({
      effects: [tellSelf({ type: 'bundle.left open', ciphertext: inBase64(invitationOf(context).text) })],
    }),
  },
  'keeps how it is opened': remembers((context, event: OnInviter<'bundle.sealed' | 'bundle.left open'>) =>
    write(context, { text: '', file: event.type === 'bundle.sealed' ? { ...event.file } : {} }),
  ),
  /** Room key bundle format: into the media repository. Off: the pointer will name a file that is not there. */
  '4268-upload-media': {
    kind: 'duty',
    perform: (_, { ciphertext }: OnInviter<'bundle.sealed' | 'bundle.left open'>) => ({
      effects: [
        {
          type: 'request',
          method: 'POST',
          path: paths.mediaUpload,
          body: { content_type: 'application/octet-stream', data: ciphertext },
          answerAs: 'bundle.uploaded',
        },
      ],
    }),
    otherwise: (context) => ({
      effects: [tellSelf({ type: 'bundle.kept', url: `mxc://${serverOf(context.me.user)}/nothing` })],
    }),
  },
  'the server took it': permits(
    (_, event: OnInviter<'bundle.uploaded' | 'bundle.kept'>) => uploadedTo(event) !== undefined,
  ),
  /** Logged out in between: that is another matter, and the invitation does not go out either. */
  'nothing was uploaded': permits(
    (_, event: OnInviter<'bundle.uploaded' | 'bundle.kept'>) => event.type === 'bundle.uploaded' && isUnasked(event),
  ),
  'upload had no answer': permits(
    (_, event: OnInviter<'bundle.uploaded' | 'bundle.kept'>) => event.type === 'bundle.uploaded' && event.status === 0,
  ),
  /** Potential issues: too large a bundle, or no room left for it. Whoever is invited is invited all the same. */
  'says that the server did not take it': performs((context) => ({
    context: write(context, { text: '' }),
    effects: [
      notShared(context, 'upload refused', 'They are invited without the history: the server did not take it.'),
    ],
  })),
  /** The file may lie there, and nobody knows where. */
  'says that the upload had no answer': performs((context) => ({
    context: write(context, { text: '' }),
    effects: [
      notShared(
        context,
        'upload unanswered',
        'They are invited without the history: the server has not answered whether it took it.',
      ),
    ],
  })),
} satisfies InviterParts;
