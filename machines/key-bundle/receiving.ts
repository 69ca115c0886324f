/** MSC4268, "Actions as a receiving client": which pointers are believed, kept, and followed, and when. */
import type { Rules } from '../clauses.ts';
import { wireTypeOf } from '../events.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { readNames } from '../names.ts';
import { isOutside, type MemberChange, wasOut } from '../room-types.ts';
import type { Ms, UserId } from '../types.ts';
import type { HeldPointer, InviteeContext } from './context.ts';
import { type InviteeChange, type InviteeParts, invitee, type OnInvitee, type PointerEvent } from './events.ts';
import { attachmentOf, hasBundles, mediaOf, serverOf } from './messages.ts';
import { optionOf, readingOf } from './options.ts';

const { performs, permits, remembers } = invitee;

/** How many senders' pointers are kept: a bound on what strangers can make us hold. */
const pointersMax = 8;
const hourMs = 60 * 60 * 1000;

type Synced = OnInvitee<'sync.room'>;
/** What is held against the time since an invitation was accepted. */
type Timed = PointerEvent | OnInvitee<'told.joined' | 'sync.room' | 'sync.done' | 'user.start' | 'bundle.again'>;

const fileIn = ({ content }: PointerEvent): JsonObject => objectAt(content, 'file');
const urlIn = (event: PointerEvent): string => stringAt(fileIn(event), 'url') ?? '';
const senderOf = ({ facts }: PointerEvent): UserId => facts.sender?.user ?? facts.claimedSender;
const pointerIn = (event: PointerEvent): HeldPointer => ({
  user: senderOf(event),
  device: event.facts.sender?.device ?? null,
  url: urlIn(event),
  file: fileIn(event),
  tries: 0,
});

/** The newest of a list that others can make longer. */
export const atMost = (pointers: readonly HeldPointer[]): readonly HeldPointer[] => pointers.slice(-pointersMax);

/**
 * Question q50: the newest of each sender (A), or all of them (B, as somebody who shares again may have less to share by then). When there is no room left, those go first
 * who have not invited this user, the oldest first.
 */
const keep = (context: InviteeContext, pointer: HeldPointer): readonly HeldPointer[] => {
  const isKeptToo = ({ user, url }: HeldPointer): boolean =>
    readingOf(context.me, 'q50') === 'B' ? url !== pointer.url : user !== pointer.user;
  const kept = [...context.pointers.filter(isKeptToo), pointer];
  if (kept.length <= pointersMax) return kept;
  const stranger = kept.findIndex(({ user }) => !context.inviters.includes(user));
  return kept.filter((_, nth) => nth !== Math.max(stranger, 0));
};

/** Everything under way that goes by an invitation which is over, kept as though it had only just come. */
const laidAside = (context: InviteeContext): Partial<InviteeContext> => {
  const { failed, underWay, due, pointers, arrived } = context;
  const all = [...failed, ...underWay, ...due, ...pointers, ...arrived];
  const kept = all.reduce<readonly HeldPointer[]>(
    (before, { isBlind: _blind, isUnanswered: _unanswered, ...pointer }) =>
      keep({ ...context, pointers: before }, { ...pointer, tries: 0 }),
    [],
  );
  return { pointers: kept, failed: [], underWay: [], due: [], arrived: [] };
};

/** Question q30: the inviter is who sent the invitation that was accepted (A), or anybody who invited (B). */
const inviterFits = (context: InviteeContext, user: UserId): boolean =>
  context.acceptance === null || context.acceptance.inviters.includes(user);
const invitersOf = (context: InviteeContext, all: readonly UserId[]): readonly UserId[] =>
  readingOf(context.me, 'q30') === 'B' ? all : all.slice(-1);

/** `bundle window`, in hours, where the client has chosen one. */
const chosenMs = (context: InviteeContext): Ms | null => {
  const hours = optionOf(context.me, 'bundle window');
  return hours === undefined ? null : hours * hourMs;
};
const isWithin = (context: InviteeContext, event: Timed, windowMs: Ms | null): boolean =>
  windowMs === null ||
  context.acceptance === null ||
  // The client's own alarm rings within a minute of what was recent.
  event.type === 'bundle.again' ||
  event.atMs - context.acceptance.atMs <= windowMs;

/** Whether what came before may be fetched now, one pointer at a time. */
const mayFetch = (context: InviteeContext, pointer: HeldPointer, rules: Rules): boolean =>
  rules.may('4268-inviter-match', pointer) &&
  (chosenMs(context) === null
    ? rules.may('4268-recent-24h', pointer)
    : rules.may('4268-recent-client-choice', pointer)) &&
  rules.may('4268-recent-undefined', pointer);

const hasOtherInviters = (context: InviteeContext, { view }: Synced): boolean =>
  view.inviters.join(' ') !== context.inviters.join(' ');

const accepted = (context: InviteeContext, atMs: Ms, inviters: readonly UserId[]): InviteeChange => ({
  context: { acceptance: { atMs, inviters: invitersOf(context, inviters) } },
});
/** Whether what this user was invited for before is over by what the sync tells. */
const isOver = ({ me }: InviteeContext, { members }: Synced): boolean => wasOut(me.user, members);
const ownJoin = (context: InviteeContext, { members }: Synced): MemberChange | undefined =>
  members.findLast(({ user, after }) => user === context.me.user && after === 'join');

export const receivingParts = {
  'knows what a bundle is': permits((context) => hasBundles(context.me)),
  /** Unstable prefix: the types that the device knows. */
  '4268-unstable-bundle-type': {
    kind: 'format',
    isImplied: true,
    permits: (context, event: PointerEvent) => readNames('pointer', context.me.identifiers).includes(wireTypeOf(event)),
  },
  '4268-pointer-olm-encrypted': { kind: 'duty', permits: (_, { facts }: PointerEvent) => facts.encrypted },
  '4268-pointer-room-id': { kind: 'format', permits: (context, { room }: PointerEvent) => room === context.me.room },
  /** Where it is, and all that opens it. */
  '4268-pointer-file': { kind: 'format', permits: (_, event: PointerEvent) => attachmentOf(fileIn(event)) !== null },
  'it is not imported already': permits((context, event: PointerEvent) => !context.imported.includes(urlIn(event))),
  /** Question q39: a file may be anywhere (A), or is on the server of whoever sent the pointer (B). */
  'it points to a file': permits((context, event: PointerEvent) => {
    const media = mediaOf(urlIn(event));
    return media !== null && (readingOf(context.me, 'q39') !== 'B' || media.server === serverOf(senderOf(event)));
  }),
  /** Receiving: a pointer without `sender_device_keys` is ignored. */
  '4268-sender-device-keys-required-rx': { kind: 'guard', permits: (_, event: PointerEvent) => showsItsKeys(event) },
  /**
   * Question q32: that the keys are shown is all (A), or the sender's identity has signed them too (B): the one that was verified or
   * first seen. An identity that a server has put in its place since signs whatever that server likes. Production asks for B too, but
   * later: it keeps the pointer first, the last of each user, and looks at the signature when it comes to import.
   */
  'the keys it shows are signed': permits(
    (context, event: PointerEvent) =>
      readingOf(context.me, 'q32') === 'A' || !showsItsKeys(event) || event.facts.sender?.byPinnedIdentity === true,
  ),
  'the invitation is accepted': permits((context) => context.acceptance !== null),
  /** Only in connection with accepting an invitation of the very user who sent the pointer. */
  '4268-inviter-match': {
    kind: 'guard',
    permits: (context, event: PointerEvent) => inviterFits(context, senderOf(event)),
    permitsItem: (context, pointer) => inviterFits(context, (pointer as HeldPointer).user),
  },
  /** "Recently" is a day, where the client chose nothing else. Question q31 says from when on. */
  '4268-recent-24h': {
    kind: 'guard',
    applies: (context) => chosenMs(context) === null,
    permits: (context, event: PointerEvent) => isWithin(context, event, 24 * hourMs),
    permitsItem: (context, _, event: Timed) => isWithin(context, event, 24 * hourMs),
  },
  /** The length is the client's choice. */
  '4268-recent-client-choice': {
    kind: 'guard',
    applies: (context) => chosenMs(context) !== null,
    permits: (context, event: PointerEvent) => isWithin(context, event, chosenMs(context)),
    permitsItem: (context, _, event: Timed) => isWithin(context, event, chosenMs(context)),
  },
  /** The text of that time does not say what is recent: whatever the client chose, or for ever. */
  '4268-recent-undefined': {
    kind: 'open',
    permits: (context, event: PointerEvent) => isWithin(context, event, chosenMs(context)),
    permitsItem: (context, _, event: Timed) => isWithin(context, event, chosenMs(context)),
  },
  /** Accepted recently: fetched at once, which is when all of the sync it came with is heard. That may bring another invitation. */
  '4268-recent-accept-download': {
    kind: 'duty',
    perform: ({ arrived }, event: PointerEvent) => {
      const others = arrived.filter(({ url }) => url !== urlIn(event));
      return { context: { arrived: atMost([...others, pointerIn(event)]) } };
    },
  },
  'a pointer has arrived': permits(({ arrived }) => arrived.length > 0),
  'follows what has arrived': remembers(({ due, arrived }) => ({ due: [...due, ...arrived], arrived: [] })),
  /** Without a recent acceptance nothing is fetched. */
  '4268-defer-download': { kind: 'guard', permits: () => false },
  'fetches it whoever sent it': remembers((context, event: PointerEvent) => ({
    due: [...context.due, pointerIn(event)],
  })),
  /** Kept for when the invitation is accepted. */
  '4268-store-pointer': {
    kind: 'duty',
    perform: (context, event: PointerEvent) => ({ context: { pointers: keep(context, pointerIn(event)) } }),
  },
  /** Whoever is in already accepts nothing anew by joining: it is as old as it was. */
  'notes the acceptance': performs((context, { atMs, inviter }: OnInvitee<'told.joined'>) => {
    const { acceptance } = context;
    if (acceptance !== null && acceptance.inviters.length > 0) return null;
    const others = context.inviters.filter((user) => user !== inviter);
    return accepted(context, acceptance?.atMs ?? atMs, inviter === null ? [] : [...others, inviter]);
  }),
  /** Question q29: any device of the user acts on seeing the join (A), or only the one that accepted (B). */
  'a join is seen': permits((context, event: Synced) => {
    const { view, before } = event;
    const { membership, inviters } = view;
    if (membership !== 'join') return false;
    const isAgain = readingOf(context.me, 'q29') !== 'B' && isOver(context, event);
    // Whoever came without having seen the invitation learns only now whose it was.
    if (context.acceptance !== null)
      return isAgain || (context.acceptance.inviters.length === 0 && inviters.length > 0);
    return isAgain || (readingOf(context.me, 'q29') !== 'B' && before?.membership !== 'join');
  }),
  'lays aside what came for the time before': remembers((context, event: Synced) =>
    isOver(context, event) ? laidAside(context) : null,
  ),
  'notes the join as an acceptance': performs((context, event: Synced) => {
    const known = isOver(context, event) ? null : context.acceptance;
    return accepted(context, known?.atMs ?? event.atMs, event.view.inviters);
  }),
  /** Question q31: what counts is when this client accepted (A), or the time that the server gives the join (B). */
  'takes the time of the join from the server': remembers((context, event: Synced) => {
    const join = ownJoin(context, event);
    if (readingOf(context.me, 'q31') !== 'B' || context.acceptance === null || join === undefined) return null;
    return { acceptance: { ...context.acceptance, atMs: join.serverMs ?? event.atMs } };
  }),
  /** Whether or not a sync has shown them in the room: they can be out again, and asked in anew, before the next one. */
  'has left': permits(({ acceptance }, { view }: Synced) => acceptance !== null && view.membership !== 'join'),
  /** Its person left, or declined: that is known at once. */
  'its person has gone': permits(
    ({ me, acceptance, inviters }, { change: { user, after } }: OnInvitee<'told.member'>) =>
      user === me.user && isOutside(after) && (acceptance !== null || inviters.length > 0),
  ),
  /** What came by an invitation that is over waits for the next, like what comes before any. */
  'lays aside what came': remembers((context) => laidAside(context)),
  'forgets the acceptance': remembers(() => ({ acceptance: null })),
  'forgets who has invited': remembers(() => ({ inviters: [] })),
  'the sync is of interest': permits(
    (context, event: Synced) =>
      hasOtherInviters(context, event) ||
      context.failed.length > 0 ||
      (readingOf(context.me, 'q31') === 'B' && ownJoin(context, event) !== undefined),
  ),
  'notes who has invited': remembers((context, event: Synced) =>
    hasOtherInviters(context, event) ? { inviters: event.view.inviters } : null,
  ),
  /** On acceptance, what was kept of that sender is fetched. */
  '4268-process-on-accept': {
    kind: 'duty',
    perform: (context, event: OnInvitee<'told.joined' | 'sync.room'>, rules) => {
      if (context.acceptance === null || context.pointers.length === 0) return null;
      // An acceptance that is only seen now (q31 B), or of which only now is known whose invitation it was, can lie too far back.
      const isJustNow = context.acceptance.atMs === event.atMs;
      const isRecent = (pointer: HeldPointer) => isJustNow || mayFetch(context, pointer, rules);
      const due = context.pointers.filter((one) => rules.may('4268-inviter-match', one) && isRecent(one));
      if (due.length === 0) return null;
      return {
        context: { due: [...context.due, ...due], pointers: context.pointers.filter((one) => !due.includes(one)) },
      };
    },
  },
  'something was left undone': permits((context) => context.underWay.length + context.failed.length > 0),
  /** After a restart, and where a bundle could not be had: as long as it is recent. */
  'takes it up again': performs((context, event: OnInvitee<'sync.room' | 'user.start' | 'bundle.again'>, rules) => {
    const undone = event.type === 'user.start' && context.failed.length === 0 ? context.underWay : context.failed;
    return takenUp(context, event, undone, rules);
  }),
  'something had no answer': permits(({ failed }) => failed.some(isUnanswered)),
  'takes up what had no answer': performs((context, event: OnInvitee<'sync.done'>, rules) =>
    takenUp(context, event, context.failed.filter(isUnanswered), rules),
  ),
} satisfies InviteeParts;

const isUnanswered = (pointer: HeldPointer): boolean => pointer.isUnanswered === true;

/** Asks again for what is `undone`. A sync shows that the server is there; an alarm or a restart does not. */
const takenUp = (
  context: InviteeContext,
  event: Timed,
  undone: readonly HeldPointer[],
  rules: Rules,
): InviteeChange => {
  if (undone.length === 0) return null;
  const isBlind = event.type === 'user.start' || event.type === 'bundle.again';
  const due = undone.filter((pointer) => mayFetch(context, pointer, rules));
  const old = undone.filter((pointer) => !due.includes(pointer)).map(({ url }) => url);
  return {
    context: {
      due: [...context.due, ...due.map((pointer): HeldPointer => (isBlind ? { ...pointer, isBlind } : pointer))],
      failed: context.failed.filter((pointer) => !undone.includes(pointer)),
      underWay: context.underWay.filter(({ url }) => !old.includes(url)),
    },
  };
};

const showsItsKeys = ({ facts }: PointerEvent): boolean => {
  const source = facts.sender?.source;
  return source === 'embedded' || source === 'both';
};
