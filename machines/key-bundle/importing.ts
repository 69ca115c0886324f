/** MSC4268, "Actions as a receiving client": what of a bundle is taken into the store, and beside what is held already. */
import type { Rules } from '../clauses.ts';
import { stringAt } from '../json.ts';
import { type HeldRoomKey, type ReadRoomKey, type RoomKeyOrigin, roomKeyName, type Withheld } from '../room-types.ts';
import type { InviteeContext } from './context.ts';
import { type InviteeEffect, type InviteeParts, invitee, type OnInvitee } from './events.ts';
import { currentOf, roomOf } from './fetching.ts';
import { received } from './notices.ts';
import { readingOf } from './options.ts';

const { store, tell } = invitee;

type Held = NonNullable<ReadRoomKey['held']>;
/** An entry, and what is held of the same session. */
type Meeting = { readonly read: ReadRoomKey; readonly held: Held };

const isFirstHand = ({ how }: RoomKeyOrigin): boolean => how === 'made' || how === 'room_key';
const meetingOf = (item: unknown): Meeting => item as Meeting;

/** Whether an entry speaks of the session that is held, and of the same owner. */
const agrees = ({ read, held }: Meeting): boolean => held.isSame && held.senderKey === read.senderKey;
const isBetter = ({ read, held }: Meeting): boolean =>
  read.key !== null && read.key.firstKnownIndex < held.firstKnownIndex;

/** What one entry comes to beside what is held: the held key with its earlier messages, the claims of the entry, or nothing. */
const taken = (
  context: InviteeContext,
  read: ReadRoomKey & { readonly key: NonNullable<ReadRoomKey['key']> },
  origin: RoomKeyOrigin,
  sharedHistory: boolean,
  rules: Rules,
): HeldRoomKey | null => {
  const { held, senderKey, senderEd25519 } = read;
  const room = read.room ?? roomOf(context);
  const claimed = { room, session: read.key.session, senderKey, senderEd25519, origin, backedUpIn: null };
  if (held === null) return { ...claimed, sharedHistory };
  const meeting = { read, held };
  // Question q19: of two flags one that is true is enough (A), or the one that was there stays (B).
  const flag = readingOf(context.me, 'q19') === 'B' ? held.sharedHistory : held.sharedHistory || sharedHistory;
  if (agrees(meeting) && !isBetter(meeting)) return null;
  if (!rules.may('4268-cache-poisoning', meeting) || !rules.may('4268-spec-session-update-source', meeting))
    return null;
  // Question q35: what this device was given first-hand stays so, now with its earlier messages (A), or bears the label (B).
  const keepsOrigin = agrees(meeting) && isFirstHand(held.origin) && readingOf(context.me, 'q35') !== 'B';
  return { ...claimed, sharedHistory: flag, origin: keepsOrigin ? held.origin : origin };
};

export const importingParts = {
  /** Security considerations: a held session is not given another owner, nor other keys under its id. */
  '4268-cache-poisoning': { kind: 'guard', permitsItem: (_, item) => agrees(meetingOf(item)) },
  /**
   * "m.megolm.v1.aes-sha2": replaced only from a trusted source and at a lower index. Question q34: what is the same session
   * further back will do (A), or a bundle is no trusted source for what came first-hand (B).
   */
  '4268-spec-session-update-source': {
    kind: 'guard',
    permitsItem: (context, item) => {
      const meeting = meetingOf(item);
      const isTrusted = readingOf(context.me, 'q34') !== 'B' || !isFirstHand(meeting.held.origin);
      return meeting.held.isSame && isBetter(meeting) && isTrusted;
    },
  },
  /** Receiving: who supplied each session is remembered. Off: it is as any import. */
  '4268-remember-provenance': { kind: 'duty', isDoneBy: '4268-import-like-export' },
  /** Shareable encryption sessions: what came in a bundle may go into the next one. Earlier texts imply it by leaving out the flag. */
  '4268-shareable-bundle': {
    kind: 'duty',
    isImplied: true,
    isDoneBy: '4268-import-like-export',
    permitsItem: () => true,
  },
  /** Receiving: sessions are imported as from a file of exported keys. Off: they are not. */
  '4268-import-like-export': {
    kind: 'duty',
    perform: (context, { read }: OnInvitee<'bundle.read'>, rules) => {
      const { pointer, keys } = currentOf(context);
      const { user, device, url } = pointer;
      const room = roomOf(context);
      const isLabelled = keys.length > 0 && rules.does('4268-remember-provenance');
      const origin: RoomKeyOrigin = isLabelled ? { how: 'bundle', user, device, room, url } : { how: 'export' };
      const isShareable = keys.length > 0 && rules.does('4268-shareable-bundle');

      const stored: Record<string, HeldRoomKey> = {};
      const named = new Set<string>();
      for (const one of read.slice(0, keys.length)) {
        // Question q36: the id is the signing key within the key text (B), or whatever the entry says (A).
        if (one.key === null || (!one.idMatches && readingOf(context.me, 'q36') !== 'A')) continue;
        const name = roomKeyName(one.room ?? room, one.sessionId);
        if (named.has(name)) continue;
        named.add(name);
        const key = taken(context, { ...one, key: one.key }, origin, isShareable, rules);
        if (key !== null) stored[name] = key;
      }
      const withheld: Record<string, Withheld> = {};
      const listed = read.slice(keys.length);
      for (const one of listed) {
        const name = roomKeyName(one.room ?? room, one.sessionId);
        if (one.held === null && !named.has(name)) withheld[name] = withheldOf(one, user);
      }
      const isAllNew = listed.every(({ room: of, sessionId }) =>
        Object.hasOwn(withheld, roomKeyName(of ?? room, sessionId)),
      );

      const sessions = Object.keys(stored).length;
      const effects: InviteeEffect[] = [];
      if (sessions > 0) effects.push(store({ patch: 'room keys', keys: stored }));
      if (Object.keys(withheld).length > 0) effects.push(store({ patch: 'withheld', entries: withheld }));
      const numbers = { offered: keys.length, sessions, withheld: Object.keys(withheld).length };
      effects.push(received({ room, user, url }, { ...numbers, isAllNew }));
      effects.push(tell({ type: 'told.room keys', room }));
      return { effects };
    },
  },
} satisfies InviteeParts;

const withheldOf = ({ room, sessionId, senderKey, entry }: ReadRoomKey, from: string): Withheld => ({
  room: room ?? '',
  sessionId,
  senderKey,
  code: stringAt(entry, 'code') ?? '',
  reason: stringAt(entry, 'reason') ?? null,
  from,
  how: 'bundle',
});
