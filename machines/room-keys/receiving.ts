/** Room keys as they come: first-hand, forwarded, from a file; and word that they will not come. */
import type { Change, Part, Rules } from '../clauses.ts';
import { type Json, type JsonObject, objectAt, stringAt } from '../json.ts';
import { type HeldRoomKey, type ReadRoomKey, type RoomKeyOrigin, roomKeyName } from '../room-types.ts';
import type { DeviceEvent, EnvelopeFacts } from '../types.ts';
import { type Args, knowsProposal, type RoomKeysContext, roomOf } from './context.ts';
import { flagsSeen, withoutFlag } from './flags.ts';

const factsOf = (event: DeviceEvent): EnvelopeFacts => event.facts as EnvelopeFacts;
const readsOf = (event: DeviceEvent): readonly ReadRoomKey[] => event.read as readonly ReadRoomKey[];

const readKey = (
  context: RoomKeysContext,
  entry: JsonObject,
  form: 'signed' | 'exported',
  origin: RoomKeyOrigin,
): Change<RoomKeysContext> => ({
  effects: [
    {
      type: 'core',
      request: {
        ask: 'read room keys',
        room: roomOf(context),
        entries: [entry as Json],
        form,
        answerAs: 'room-keys.read',
        with: { origin: origin as unknown as JsonObject },
      },
    },
  ],
});

/** First-hand before on somebody's word: what the maker said is not replaced by what others say of it. */
const isFirstHand = (origin: RoomKeyOrigin): boolean => origin.how === 'made' || origin.how === 'room_key';

const isLabelledForGood = ({ me }: RoomKeysContext, origin: RoomKeyOrigin): boolean =>
  origin.how === 'bundle' && me.readings.q35 === 'B';

const kept = (context: RoomKeysContext, read: ReadRoomKey, origin: RoomKeyOrigin, rules: Rules): HeldRoomKey | null => {
  const { key, room } = read;
  if (key === null || !read.idMatches || room !== roomOf(context)) return null;
  // Another session under that id: what is held stays, unless its maker says otherwise of what others have said.
  const isForged = read.held !== null && !read.held.isSame && isFirstHand(origin) && !isFirstHand(read.held.origin);
  const held = isForged ? null : read.held;
  if (held !== null && !held.isSame) return null;
  const saysShared =
    knowsProposal(context) && rules.does('4268-record-flag') && rules.may('4268-absent-flag-false', read);
  const better = held === null || isFirstHand(origin) || key.firstKnownIndex < held.firstKnownIndex;
  if (!better) return null;
  // Question q19: two copies with different flags.
  const sharedHistory =
    held === null
      ? saysShared
      : context.me.readings.q19 === 'B'
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
  'came through Olm': {
    kind: 'plain',
    permits: (...[, event]: Args) => factsOf(event).encrypted && factsOf(event).sender !== null,
  },
  'reads the room key': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const sender = factsOf(event).sender;
      if (sender === null) return null;
      const entry = {
        ...flagsSeen(context.me, objectAt(event, 'content')),
        sender_key: sender.curve25519,
        sender_claimed_keys: { ed25519: sender.ed25519 },
      };
      return readKey(context, entry, 'signed', { how: 'room_key', user: sender.user, device: sender.device });
    },
  },
  /** `m.forwarded_room_key`: from an own device that one's identity has signed, unless the client takes them from anybody. */
  'takes forwarded keys from them': {
    kind: 'plain',
    permits: (...[context, event]: Args) => {
      const { encrypted, ownUser, sender } = factsOf(event);
      const from = context.me.options['forwarded keys'] ?? 'own';
      if (!encrypted || sender === null || from === 'none') return false;
      return from === 'any' || (ownUser && sender.byPinnedIdentity);
    },
  },
  'reads the forwarded key': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const content = objectAt(event, 'content');
      const { sender, ownUser } = factsOf(event);
      // Question q21: forwarded keys have no flag of their own (A), or are as shareable as an own device says that is signed (B).
      // Clients that share history by forwarding go by MSC3061, whose forwarded keys have one.
      const inherits =
        (context.me.readings.q21 === 'B' && ownUser && sender?.byPinnedIdentity === true) ||
        (context.me.readings.q21 === undefined && context.me.options['share history by'] === 'forwarding');
      const entry = {
        ...(inherits ? content : withoutFlag(content)),
        sender_claimed_keys: { ed25519: stringAt(content, 'sender_claimed_ed25519_key') ?? '' },
      };
      const origin = { how: 'forwarded', user: sender?.user ?? '', device: sender?.device ?? null } as const;
      return readKey(context, entry, 'exported', origin);
    },
  },
  'keeps what was read': {
    kind: 'plain',
    perform: (context, event, rules): Change<RoomKeysContext> => {
      const origin = objectAt(event, 'with').origin as unknown as RoomKeyOrigin;
      const found = readsOf(event).flatMap((read) => kept(context, read, origin, rules) ?? []);
      if (found.length === 0) return null;
      const keys = Object.fromEntries(found.map((key) => [roomKeyName(key.room, key.session.sessionId), key]));
      return {
        effects: [
          { type: 'store', patch: { patch: 'room keys', keys } },
          { type: 'tell', event: { type: 'told.room keys', room: roomOf(context) } },
        ],
      };
    },
  },
  /** MSC4268, "`shared_history` property": as a permission, may this count as `true`? Absent and not boolean are `false`. */
  '4268-absent-flag-false': {
    kind: 'guard',
    permitsItem: (_context, item) => (item as ReadRoomKey).flag === 'true',
  },
  /** "Shareable encryption sessions": receivers keep the flag beside the session. */
  '4268-record-flag': { kind: 'duty', isDoneBy: 'keeps what was read', isImplied: true },
  /** `m.room_key.withheld`: it comes in the clear, and says no more than that a key will not come. */
  'notes that it is withheld': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const content = objectAt(event, 'content');
      const sessionId = stringAt(content, 'session_id');
      if (sessionId === undefined || stringAt(content, 'room_id') !== roomOf(context)) return null;
      const entry = {
        room: roomOf(context),
        sessionId,
        senderKey: stringAt(content, 'sender_key') ?? '',
        code: stringAt(content, 'code') ?? '',
        reason: stringAt(content, 'reason') ?? null,
        from: stringAt(event, 'sender') ?? '',
        how: 'to-device',
      } as const;
      return {
        effects: [
          { type: 'store', patch: { patch: 'withheld', entries: { [roomKeyName(entry.room, sessionId)]: entry } } },
          { type: 'tell', event: { type: 'told.room keys', room: roomOf(context) } },
        ],
      };
    },
  },
  'tries to read again': {
    kind: 'plain',
    perform: (context: RoomKeysContext) => ({
      effects: [{ type: 'core', request: { ask: 'read again', room: roomOf(context) } }],
    }),
  },
} satisfies Readonly<Record<string, Part<RoomKeysContext>>>;
