/** Room keys as they come: first-hand, forwarded, from a file; and word that they will not come. */
import type { Rules } from '../clauses.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { bundleOptions } from '../key-bundle/options.ts';
import { type HeldRoomKey, type ReadRoomKey, type RoomKeyOrigin, roomKeyName } from '../room-types.ts';
import { optionsBy } from '../settings.ts';
import { knowsProposal, type RoomKeysContext, roomOf } from './context.ts';
import { type Effect, type On, type RoomKeysParts, words } from './events.ts';
import { filingParts } from './filing.ts';
import { flagsSeen, withoutFlag } from './flags.ts';
import { optionOf, readingOf } from './options.ts';

const { causes, core, performs, permits, store, tell } = words;

type RoomKey = On<'to-device m.room_key'>;
type ForwardedRoomKey = On<'to-device m.forwarded_room_key'>;
const bundleOptionOf = optionsBy(bundleOptions);

const readKey = (
  context: RoomKeysContext,
  entry: JsonObject,
  form: 'signed' | 'exported',
  origin: RoomKeyOrigin,
): Effect =>
  core({
    ask: 'read room keys',
    room: roomOf(context),
    entries: [entry],
    form,
    answerAs: 'room-keys.read',
    with: { origin },
  });

/** First-hand before on somebody's word: what the maker said is not replaced by what others say of it. */
const isFirstHand = (origin: RoomKeyOrigin): boolean => origin.how === 'made' || origin.how === 'room_key';

const isLabelledForGood = ({ me }: RoomKeysContext, origin: RoomKeyOrigin): boolean =>
  origin.how === 'bundle' && readingOf(me, 'q35') === 'B';

const kept = (context: RoomKeysContext, read: ReadRoomKey, origin: RoomKeyOrigin, rules: Rules): HeldRoomKey | null => {
  const { key } = read;
  if (key === null || !rules.may('spec-session-id', read) || !rules.may('spec-room-key-room', read)) return null;
  // Another session under that id: what is held stays, unless its maker says otherwise of what others have said.
  const isForged = read.held !== null && !read.held.isSame && isFirstHand(origin) && !isFirstHand(read.held.origin);
  if (!isForged && read.held !== null && !rules.may('spec-key-not-replaced', read)) return null;
  const held = read.held?.isSame === true ? read.held : null;
  const saysShared =
    knowsProposal(context) && rules.does('4268-record-flag') && rules.may('4268-absent-flag-false', read);
  const better = held === null || isFirstHand(origin) || key.firstKnownIndex < held.firstKnownIndex;
  if (!better) return null;
  // Question q19: two copies with different flags.
  const sharedHistory =
    held === null
      ? saysShared
      : readingOf(context.me, 'q19') === 'B'
        ? held.sharedHistory && saysShared
        : held.sharedHistory || saysShared;
  return {
    room: roomOf(context),
    session: key.session,
    senderKey: held !== null && isFirstHand(held.origin) ? held.senderKey : read.senderKey,
    senderEd25519: read.senderEd25519,
    sharedHistory,
    // Question q35: what came in a bundle and then first-hand is first-hand (A), or keeps its label (B).
    origin:
      held !== null && (isFirstHand(held.origin) || isLabelledForGood(context, held.origin)) ? held.origin : origin,
    backedUpIn: null,
  };
};

export const receivingParts = {
  /** "m.room_key": keys come through Olm only, from a device that can be told. */
  'spec-room-key-encrypted': {
    kind: 'guard',
    isOfOthers: true,
    permits: (_, { facts }: RoomKey | ForwardedRoomKey) => facts.encrypted && facts.sender !== null,
  },
  'reads the room key': causes((context, { sender: user, content, facts: { sender } }: RoomKey) => {
    // Where nobody can be told it is taken at its word, by whoever takes it at all.
    const entry = {
      ...flagsSeen(context.me, content),
      sender_key: sender?.curve25519 ?? stringAt(content, 'sender_key') ?? '',
      sender_claimed_keys: { ed25519: sender?.ed25519 ?? '' },
    };
    const device = sender?.device ?? null;
    return readKey(context, entry, 'signed', { how: 'room_key', user: sender?.user ?? user, device });
  }),
  'takes forwarded keys': permits(({ me }) => optionOf(me, 'forwarded keys') !== 'none'),
  /** "m.forwarded_room_key": from an own device that one's identity has signed. A client may take them from anybody. */
  'spec-forwarded-keys-own': {
    kind: 'guard',
    isOfOthers: true,
    applies: ({ me }) => optionOf(me, 'forwarded keys') !== 'any',
    permits: (_, { facts: { ownUser, sender } }: ForwardedRoomKey) => ownUser && sender?.byPinnedIdentity === true,
  },
  'reads the forwarded key': causes(
    (context, { sender: user, content, facts: { sender, ownUser } }: ForwardedRoomKey) => {
      // Question q21: forwarded keys have no flag of their own (A), or are as shareable as an own device says that is signed (B).
      // Clients that share history by forwarding go by MSC3061, whose forwarded keys have one.
      const reading = readingOf(context.me, 'q21');
      const inherits =
        (reading === 'B' && ownUser && sender?.byPinnedIdentity === true) ||
        (reading === undefined && bundleOptionOf(context.me, 'share history by') === 'forwarding');
      const entry = {
        ...(inherits ? content : withoutFlag(content)),
        sender_claimed_keys: { ed25519: stringAt(content, 'sender_claimed_ed25519_key') ?? '' },
      };
      const origin = { how: 'forwarded', user: sender?.user ?? user, device: sender?.device ?? null } as const;
      return readKey(context, entry, 'exported', origin);
    },
  ),
  'keeps what was read': performs((context, { read, with: { origin } }: On<'room-keys.read'>, rules) => {
    const room = roomOf(context);
    const found = read.flatMap((one) => {
      const key = kept(context, one, origin, rules);
      return key === null ? [] : [[roomKeyName(room, one.sessionId), key] as const];
    });
    if (found.length === 0) return null;
    return {
      effects: [store({ patch: 'room keys', keys: Object.fromEntries(found) }), tell({ type: 'told.room keys', room })],
    };
  }),
  ...filingParts,
  /** "m.room_key", `room_id`: a key is one of the room that it names. */
  'spec-room-key-room': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (context, item) => (item as ReadRoomKey).room === roomOf(context),
  },
  /** MSC4268, "`shared_history` property": as a permission, may this count as `true`? Absent and not boolean are `false`. */
  '4268-absent-flag-false': {
    kind: 'guard',
    permitsItem: (_context, item) => (item as ReadRoomKey).flag === 'true',
  },
  /** "Shareable encryption sessions": receivers keep the flag beside the session. */
  '4268-record-flag': { kind: 'duty', isDoneBy: 'keeps what was read', isImplied: true },
  /** `m.room_key.withheld`: it comes in the clear, and says no more than that a key will not come. */
  'notes that it is withheld': performs((context, { sender, content, room }: On<'to-device m.room_key.withheld'>) => {
    const sessionId = stringAt(content, 'session_id');
    if (sessionId === undefined || room !== roomOf(context)) return null;
    const entry = {
      room,
      sessionId,
      senderKey: stringAt(content, 'sender_key') ?? '',
      code: stringAt(content, 'code') ?? '',
      reason: stringAt(content, 'reason') ?? null,
      from: sender,
      how: 'to-device',
    } as const;
    return {
      effects: [
        store({ patch: 'withheld', entries: { [roomKeyName(room, sessionId)]: entry } }),
        tell({ type: 'told.room keys', room }),
      ],
    };
  }),
  'tries to read again': causes((context) => core({ ask: 'read again', room: roomOf(context) })),
} satisfies RoomKeysParts;
