/** What a person sees of a message: by whom it seems, on whose word, or why it cannot be read. */
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { allNames, readNames } from '../names.ts';
import { show } from '../notice.ts';
import type { Decryption, RoomKeyOrigin, Withheld } from '../room-types.ts';
import type { UserId } from '../types.ts';
import { leavesOutUnsigned, type RoomKeysContext, roomOf } from './context.ts';
import { type Effect, type On, type RoomKeysParts, words } from './events.ts';
import { optionOf, readingOf } from './options.ts';

const { causes, permits } = words;

type Said = On<'room.event'>;

/**
 * Who besides its author vouches for a message: whoever supplied the key, unless that is the author (as some clients forgot), or the
 * reader: what one's own device forwards is on nobody else's word ("Sharing keys between devices").
 */
const supplierOf = ({ me }: RoomKeysContext, origin: RoomKeyOrigin, sender: UserId): UserId | null =>
  (origin.how === 'bundle' || origin.how === 'forwarded') &&
  origin.user !== me.user &&
  (origin.user !== sender || optionOf(me, 'label authors') === true)
    ? origin.user
    : null;

/**
 * Whether word that a session is withheld is about this message. Question q37: whoever takes `sender_key` there for the owner's holds
 * it against the message's (A); for others, and who takes it for that of whoever says so (B), the session's id has to do.
 */
const isAbout = ({ me }: RoomKeysContext, withheld: Withheld | null, message: JsonObject): boolean =>
  withheld === null ||
  withheld.how !== 'bundle' ||
  readingOf(me, 'q37') !== 'A' ||
  withheld.senderKey === stringAt(objectAt(message, 'content'), 'sender_key');

/** A withheld code as it is shown: one whose name this client does not know means nothing to it. */
const codeShown = ({ me }: RoomKeysContext, code: string): string =>
  allNames('history not shared').includes(code) && !readNames('history not shared', me.identifiers).includes(code)
    ? `unknown code ${code}`
    : code;

const warningFor = (decryption: Extract<Decryption, { opened: true }>): string | null =>
  decryption.owner === null ? 'unknown device' : decryption.owner.crossSignedBy === null ? 'unsigned device' : null;

export const readingParts = {
  'is opened': permits((_, { decryption }: Said) => decryption.opened),
  /** "m.megolm.v1.aes-sha2": the room that stands inside is the one it was said in. */
  'spec-megolm-room-id': {
    kind: 'guard',
    isOfOthers: true,
    permits: (_, { decryption }: Said) => !decryption.opened || decryption.roomMatches,
  },
  /** "m.megolm.v1.aes-sha2", "Message replays": no other event had that session and index. */
  'spec-megolm-replay': {
    kind: 'guard',
    isOfOthers: true,
    permits: (_, { decryption }: Said) => !decryption.opened || !decryption.isReplay,
  },
  /** MSC4153, "Encrypted messages from non-cross-signed devices": what these write, keys above all, is ignored. */
  '4153-ignore-from-unsigned': {
    kind: 'guard',
    applies: leavesOutUnsigned,
    permits: (_, event: Said | On<'to-device m.room_key'>) => {
      if (event.type !== 'room.event') return event.facts.sender?.crossSignedBy != null;
      const { decryption } = event;
      // Who cannot be told may have logged out since: that is another matter, and has a warning of its own.
      return !decryption.opened || decryption.owner === null || decryption.owner.crossSignedBy !== null;
    },
  },
  'shows that it is ignored': causes((context, event: Said) => unreadable(context, event, 'unsigned device', null)),
  'shows the message': causes((context, { decryption, event: raw }: Said, rules) => {
    if (!decryption.opened || decryption.type !== 'm.room.message') return null;
    const sender = stringAt(raw, 'sender') ?? '';
    const text = stringAt(decryption.content, 'body') ?? '';
    const supplier = supplierOf(context, decryption.origin, sender);
    const sharedBy = supplier !== null && rules.does('4268-show-provenance') ? supplier : null;
    const label = supplier !== null && rules.does('4268-label-messages') ? `shared by ${supplier}` : null;
    const isProven = supplier === null || !rules.does('4268-no-authoritative-sender');
    return show('message', sharedBy === null ? `${sender}: ${text}` : `${sender}: ${text} (shared by ${sharedBy})`, {
      room: roomOf(context),
      event: stringAt(raw, 'event_id') ?? '',
      sender,
      message: text,
      session: decryption.sessionId,
      sharedBy,
      label,
      isProven,
      origin: decryption.origin.how,
      warning: warningFor(decryption),
    });
  }),
  /** MSC4268, "Actions as a receiving client": the user is shown who supplied the keys. */
  '4268-show-provenance': { kind: 'ui', isDoneBy: 'shows the message' },
  /** MSC4268, "Security considerations": a hint at the message itself. */
  '4268-label-messages': { kind: 'ui', isDoneBy: 'shows the message' },
  /** MSC4268, "Security considerations": the author of what came on somebody's word is not shown as proven. */
  '4268-no-authoritative-sender': { kind: 'ui', isDoneBy: 'shows the message' },
  'shows that it is not genuine': causes((context, event: Said) => unreadable(context, event, 'not genuine', null)),
  'shows why it cannot be read': causes((context, event: Said) => {
    const { decryption } = event;
    if (decryption.opened) return null;
    const withheld = isAbout(context, decryption.withheld, event.event) ? decryption.withheld : null;
    return unreadable(
      context,
      event,
      withheld === null ? 'no key' : codeShown(context, withheld.code),
      withheld?.from ?? null,
    );
  }),
} satisfies RoomKeysParts;

const unreadable = (
  context: RoomKeysContext,
  { decryption, event: raw }: Said,
  reason: string,
  withheldBy: UserId | null,
): Effect =>
  show('unreadable message', `A message of ${stringAt(raw, 'sender') ?? ''} cannot be read: ${reason}.`, {
    room: roomOf(context),
    event: stringAt(raw, 'event_id') ?? '',
    sender: stringAt(raw, 'sender') ?? '',
    session: decryption.sessionId,
    reason,
    withheldBy,
  });
