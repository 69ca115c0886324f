/**
 * Sending to a room: which Megolm session, with which flag, to whom. "`shared_history` property in `m.room_key` messages" and
 * the rotation rules of MSC4268's "Security considerations", beside what the specification says of rotation already.
 */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Rules } from '../clauses.ts';
import type { JsonObject } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import type { MemberChange } from '../room-types.ts';
import type { DeviceFacts } from '../types.ts';
import {
  isGone,
  isOpen,
  knowsProposal,
  leavesOutUnsigned,
  type RoomKeysContext,
  roomOf,
  visibilityNow,
} from './context.ts';
import { type Effect, type On, type RoomKeysParts, words } from './events.ts';
import { flagNamesInKeys } from './flags.ts';
import { optionOf, readingOf } from './options.ts';
import { pinnedAfter, visibilityChanged } from './pinning.ts';

const { causes, core, performs, permits, remembers, store, tell } = words;

type Outbound = On<'room-keys.outbound'>;
type Synced = On<'sync.room'>;

/** The flag the next session goes with. Without the proposal there is none, which is as good as `false`. */
const flagFor = (context: RoomKeysContext, rules: Rules): boolean => {
  if (!knowsProposal(context)) return false;
  // Not looked up, the flag is the same whatever the room says.
  if (!rules.does('4268-check-visibility-on-send')) return true;
  return isOpen(context, visibilityNow(context))
    ? rules.does('4268-flag-true-when-open')
    : !rules.does('4268-flag-false-when-closed');
};

/** Why a new session is needed; `null`: the one there is will do. */
const rotationFor = (context: RoomKeysContext, flag: boolean, rules: Rules): string | null => {
  const { current, rotate, hasNewSession } = context;
  if (current === null || hasNewSession) return null;
  if (rotate !== null) return rotate;
  const atMs = context.pending[0]?.atMs ?? 0;
  if (current.messages >= context.rotationPeriodMsgs) return 'it has been used often enough';
  if (atMs - current.madeMs >= context.rotationPeriodMs) return 'it has been used long enough';
  if (!knowsProposal(context)) return null;
  const visibility = visibilityNow(context);
  if (isOpen(context, current.visibility) !== isOpen(context, visibility) || current.sharedHistory !== flag)
    return rules.does('4268-rotate-on-visibility-change') ? 'the history visibility is another class' : null;
  if (current.visibility !== visibility)
    return rules.does('4268-no-rotate-within-class') ? null : 'the history visibility is another';
  return null;
};

const askForSession = (context: RoomKeysContext, rules: Rules, because?: string): Effect => {
  const sharedHistory = flagFor(context, rules);
  const why = because ?? rotationFor(context, sharedHistory, rules);
  return core({
    ask: 'outbound room key',
    room: roomOf(context),
    sharedHistory,
    fresh: why !== null,
    atMs: context.pending[0]?.atMs ?? 0,
    // Question q52: whoever is invited is given the keys from then on (A), or once they have come (B).
    ...(readingOf(context.me, 'q52') === 'B' ? { isForJoined: true } : {}),
    answerAs: 'room-keys.outbound',
    with: { why },
  });
};

/** Whether a device is given keys: signed or not, unless the client has always held it otherwise, or has MSC4153. */
const mayHave = (context: RoomKeysContext, device: DeviceFacts, rules: Rules): boolean =>
  (optionOf(context.me, 'share with') !== 'signed' || isSigned(device)) &&
  (!leavesOutUnsigned(context) || rules.may('4153-no-send-to-unsigned', device));
const isSigned = ({ crossSignedBy }: DeviceFacts): boolean => crossSignedBy !== null;

const contentFor = (context: RoomKeysContext, outbound: Outbound, rules: Rules): JsonObject => {
  const hasFlag = knowsProposal(context) && rules.does('4268-flag-meaning');
  return {
    algorithm: MEGOLM_ALGORITHM,
    room_id: roomOf(context),
    session_id: outbound.sessionId,
    session_key: outbound.sessionKey,
    ...(hasFlag ? Object.fromEntries(flagNamesInKeys(context.me).map((name) => [name, outbound.sharedHistory])) : {}),
  };
};

const addressesOf = (devices: readonly DeviceFacts[]) => devices.map(({ user, device }) => ({ user, device }));

const giving = (context: RoomKeysContext, outbound: Outbound, rules: Rules): readonly Effect[] => {
  const isGivenTo = (device: DeviceFacts): boolean => mayHave(context, device, rules);
  const to = addressesOf(outbound.lacking.filter(isGivenTo));
  const refused = addressesOf(outbound.lacking.filter((device) => !isGivenTo(device)));
  const { sessionId, index, sharedHistory: flag, visibility } = outbound;
  const room = roomOf(context);
  const given = { patch: 'room key given', room, sessionId, index, flag, visibility, to } as const;
  const withheld = {
    algorithm: MEGOLM_ALGORITHM,
    room_id: room,
    session_id: sessionId,
    sender_key: outbound.senderKey,
    code: 'm.unverified',
    reason: 'Devices that are not cross-signed are given no keys',
  };
  return [
    ...(to.length === 0 && !outbound.isNew ? [] : [store(given)]),
    ...(to.length === 0
      ? []
      : [
          core({
            ask: 'send',
            type: 'm.room_key',
            content: contentFor(context, outbound, rules),
            encrypt: true,
            to,
            answerAs: 'room-keys.given',
          }),
        ]),
    ...(refused.length === 0
      ? []
      : [core({ ask: 'send', type: 'm.room_key.withheld', content: withheld, encrypt: false, to: refused })]),
  ];
};

/** Whether a message with the key leaves now, of which word will come. */
const isGiven = (context: RoomKeysContext, { lacking }: Outbound, rules: Rules): boolean =>
  lacking.some((device) => mayHave(context, device, rules));

const encrypting = (context: RoomKeysContext, text: string): Effect =>
  core({
    ask: 'encrypt',
    room: roomOf(context),
    type: 'm.room.message',
    content: { msgtype: 'm.text', body: text },
    answerAs: 'room-keys.encrypted',
  });

export const sendingParts = {
  'keeps the text': remembers(({ pending }, { text, atMs }: On<'user.send'>) => ({
    pending: [...pending, { text, atMs }],
    hasQueried: false,
  })),
  /** MSC4268, "`shared_history` property": people see that those who come later may read what they write. */
  '4268-ui-sender-indicator': {
    kind: 'ui',
    perform: (context) =>
      !knowsProposal(context) || !isOpen(context, visibilityNow(context)) || context.told === (context.visibility ?? '')
        ? null
        : {
            context: { told: context.visibility ?? '' },
            effects: [
              show('history visible', 'People who join later may read what you write here.', {
                room: roomOf(context),
                visibility: context.visibility,
              }),
            ],
          },
  },
  'asks for the session': causes((context, _event, rules) =>
    context.pending.length === 0 ? null : askForSession(context, rules),
  ),
  '4268-check-visibility-on-send': { kind: 'duty', isDoneBy: 'asks for the session' },
  '4268-flag-true-when-open': { kind: 'duty', isDoneBy: 'asks for the session' },
  '4268-flag-false-when-closed': { kind: 'duty', isDoneBy: 'asks for the session', isImplied: true },
  '4268-rotate-on-visibility-change': { kind: 'duty', isDoneBy: 'asks for the session' },
  '4268-no-rotate-within-class': { kind: 'duty', isDoneBy: 'asks for the session' },
  '4268-flag-meaning': { kind: 'format', isDoneBy: 'gives it to those who lack it' },
  'knows too little': permits(({ hasQueried }, { outdated }: Outbound) => outdated.length > 0 && !hasQueried),
  'looks up the devices': performs(({ hasNewSession }, { outdated: users, isNew }: Outbound) => ({
    context: { hasQueried: true, hasNewSession: hasNewSession || isNew },
    effects: [core({ ask: 'query users', users, answerAs: 'room-keys.looked up' })],
  })),
  /** "m.megolm.v1.aes-sha2": whoever was given the session and is no longer to read ends it; so does a device that is gone. */
  'was given to somebody who is gone': permits((_, { hasDeparted, isNew }: Outbound) => hasDeparted && !isNew),
  'asks for a new session': causes((context, _event, rules) =>
    askForSession(context, rules, 'somebody who has it is gone'),
  ),
  'gives it to those who lack it': performs((context, found: Outbound, rules) => {
    const first = context.pending[0];
    if (first === undefined) return null;
    const outbound = { ...found, isNew: found.isNew || context.hasNewSession };
    const made = {
      sharedHistory: outbound.sharedHistory,
      visibility: visibilityNow(context),
      messages: 0,
      madeMs: first.atMs,
    };
    const current = outbound.isNew || context.current === null ? made : context.current;
    return {
      context: {
        current: { ...current, messages: current.messages + 1 },
        hasNewSession: false,
        ...(outbound.isNew ? { rotate: null } : {}),
      },
      effects: [
        ...giving(context, outbound, rules),
        ...(outbound.isNew ? [tell({ type: 'told.new room key' })] : []),
        ...(isGiven(context, outbound, rules) ? [] : [encrypting(context, first.text)]),
      ],
    };
  }),
  /** MSC4153, "Encrypted to-device messages": none to devices without cross-signing. Secrets and bundles have rules of their own. */
  '4153-no-send-to-unsigned': { kind: 'guard', permitsItem: (_context, item) => isSigned(item as DeviceFacts) },
  /** A key that could not leave at once waits for a sync, and what that tells may call for another: that somebody has left. */
  'the room is another by now': permits(
    (context) => context.rotate !== null || context.current?.visibility !== visibilityNow(context),
  ),
  /** The event goes once those who are to read it have been sent the key: nobody is to wonder for want of it. */
  'encrypts the event': causes((context) => {
    const first = context.pending[0];
    return first === undefined ? null : encrypting(context, first.text);
  }),
  'sends the event': performs((context, { txn, content }: On<'room-keys.encrypted'>) => ({
    context: { pending: context.pending.slice(1) },
    effects: [
      {
        type: 'request',
        method: 'PUT',
        path: paths.roomSend(roomOf(context), 'm.room.encrypted', txn),
        body: content,
        answerAs: 'room-keys.sent',
      },
    ],
  })),
  'more is to be sent': permits(({ pending }) => pending.length > 0),

  // --- what a sync tells -----------------------------------------------------------------------------
  'notes the room': performs((context, event: Synced) => {
    const { view, visibilities } = event;
    const pinning = pinnedAfter(context, event);
    return {
      ...(pinning.isNews ? { effects: [visibilityChanged(context, view.historyVisibility)] } : {}),
      context: {
        ...(readingOf(context.me, 'q16') === 'B' ? { pinned: pinning.pinned } : {}),
        isToldOf: true,
        visibility: view.historyVisibility,
        rotationPeriodMs: view.encryption?.rotationPeriodMs ?? context.rotationPeriodMs,
        rotationPeriodMsgs: view.encryption?.rotationPeriodMsgs ?? context.rotationPeriodMsgs,
        ...untold(context, [...visibilities, view.historyVisibility]),
        ...crossing(context, visibilities),
      },
    };
  }),
  /** What is set with a room goes for a room of which no sync has told: a server does not make another anew under its name. */
  'is about a room as it is': permits(({ isToldOf }, { isMade }: On<'told.room state'>) => !isMade || !isToldOf),
  /** What its person sets is no news to them, and needs no sync to be known. */
  'notes what was set here': remembers((context, { visibility }: On<'told.room state'>) => ({
    ...(readingOf(context.me, 'q16') === 'B' ? { pinned: null } : {}),
    visibility,
    ...untold(context, [visibility]),
    ...crossing(context, [visibility]),
  })),
  'somebody else is out, or was': permits(
    ({ me }, { change: { user, after, inGap } }: On<'told.member'>) =>
      user !== me.user && (after === 'leave' || after === 'ban' || inGap),
  ),
  /**
   * MSC4268, "Security considerations": on seeing anyone leave, the session is replaced before anything more is sent, as though they
   * had every session there is. Without that, only those are minded whom it was given to by this device. Whoever puts somebody out sees it
   * at once.
   */
  '4268-rotate-on-leave': {
    kind: 'duty',
    perform: (context, event: Synced | On<'told.member'>, rules) => {
      const isFirst = event.type === 'sync.room' && event.before === null;
      if (isFirst || !rules.does('4268-leave-observe-state')) return null;
      const leaver = (event.type === 'sync.room' ? event.members : [event.change]).find((change) =>
        mayHoldKeys(context, change, rules),
      );
      return leaver === undefined ? null : { context: { rotate: `${leaver.user} may have had it and is gone` } };
    },
  },
  '4268-leave-observe-state': { kind: 'duty', isDoneBy: '4268-rotate-on-leave' },
  /** As a permission: may the session stay in use though somebody invited was never to come, or has not come? */
  '4268-invited-counts-as-holder': {
    kind: 'guard',
    permitsItem: (_context, item) => !isDeclined(item as MemberChange),
  },
  /** As a permission: may the session stay in use whatever happened in the gap of a limited sync? */
  '4268-limited-sync-leave': {
    kind: 'guard',
    permitsItem: (_context, item) => (item as MemberChange).after === 'join',
  },
  'rotates as told': remembers((_, { why }: On<'told.rotate'>) => ({ rotate: why })),
} satisfies RoomKeysParts;

/** What its person was shown of an open room is over once it is closed: opened again, they are shown it again. */
const untold = (
  context: RoomKeysContext,
  visibilities: readonly (string | null)[],
): Pick<Partial<RoomKeysContext>, 'told'> =>
  visibilities.every((visibility) => isOpen(context, visibility)) ? {} : { told: null };

/** Question q17: a visibility that went and came back since the last message (B). */
const crossing = (
  context: RoomKeysContext,
  visibilities: readonly (string | null)[],
): Pick<Partial<RoomKeysContext>, 'rotate'> =>
  readingOf(context.me, 'q17') === 'B' &&
  visibilities.some((visibility) => isOpen(context, visibility) !== isOpen(context, context.visibility))
    ? { rotate: 'the history visibility went and came back' }
    : {};

const isDeclined = ({ before, after }: MemberChange): boolean =>
  before === 'invite' && (after === 'leave' || after === 'ban');

/** Whether a change of membership means that somebody who may hold the session is no longer to read. */
const mayHoldKeys = ({ me }: RoomKeysContext, change: MemberChange, rules: Rules): boolean => {
  if (change.user === me.user) return false;
  if (isGone(change)) return true;
  if (change.inGap && !rules.may('4268-limited-sync-leave', change)) return true;
  // Question q25: whether "leaving" is also declining an invitation (B).
  if (isDeclined(change) && (readingOf(me, 'q25') === 'B' || !rules.may('4268-invited-counts-as-holder', change)))
    return true;
  // Question q26: somebody who went and came back within the gap is there as ever (A), or is news (B).
  return change.inGap && change.after === 'join' && readingOf(me, 'q26') === 'B';
};
