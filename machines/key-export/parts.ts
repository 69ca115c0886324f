/**
 * Room keys that a person takes from one of their clients to another: in a file ("Key exports"), or forwarded ("Sharing keys between
 * devices"), as a client does that is asked for them.
 */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Rules } from '../clauses.ts';
import { type Json, type JsonObject, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { filingParts } from '../room-keys/filing.ts';
import { flagFields, flagFormsFor, flagNames, keptFlagParts } from '../room-keys/flags.ts';
import { forwardedRoomKey } from '../room-keys/forwarded.ts';
import { type ExportedRoomKey, type HeldRoomKey, type ReadRoomKey, type RoomId, roomKeyName } from '../room-types.ts';
import { type ExportParts, type On, words } from './events.ts';

const { causes, core, performs, store, tell } = words;

/** Rooms that a key list speaks of, in order. */
const roomsIn = (keys: readonly Json[]): readonly RoomId[] =>
  [...new Set(keys.flatMap((key) => stringAt(key, 'room_id') ?? []))].sort();

export const exportParts = {
  'asks for the keys': causes(() => core({ ask: 'export room keys', room: null, answerAs: 'key-export.ready' })),
  'writes the file': causes(({ me }, event: On<'key-export.ready'>, rules) => {
    const forms = flagFormsFor(me, rules, '4268-flag-in-export');
    const keys = event.keys.map((key) => ({
      algorithm: MEGOLM_ALGORITHM,
      room_id: key.room,
      session_id: key.sessionId,
      session_key: key.sessionKey,
      sender_key: key.senderKey,
      sender_claimed_keys: { ed25519: key.senderEd25519 },
      forwarding_curve25519_key_chain: [],
      ...flagFields(forms, key),
    }));
    return show('room keys exported', `${keys.length} room keys are in the file.`, { keys });
  }),
  /** MSC4268, "`shared_history` property": `ExportedSessionData` has the flag. */
  '4268-flag-in-export': { kind: 'format', isDoneBy: 'writes the file' },
  ...keptFlagParts('writes the file'),
  'asks for the keys to forward': causes((_, { device }: On<'user.forward room keys'>) =>
    core({
      ask: 'export room keys',
      room: null,
      answerAs: 'key-export.to forward',
      with: { device },
    }),
  ),
  'forwards them': performs(({ me }, { keys, with: { device } }: On<'key-export.to forward'>, rules) => {
    const to = [{ user: me.user, device }];
    return {
      effects: keys.map((key) =>
        core({ ask: 'send', type: 'm.forwarded_room_key', content: forwarded(key, rules), encrypt: true, to }),
      ),
    };
  }),
  'reads the file': performs((_, { keys }: On<'user.import room keys'>) => ({
    effects: roomsIn(keys).map((room) =>
      core({
        ask: 'read room keys',
        room,
        entries: keys.filter((key) => stringAt(key, 'room_id') === room),
        form: 'exported',
        answerAs: 'key-export.read',
      }),
    ),
  })),
  'keeps what it lacks': performs((_, { room, read }: On<'key-export.read'>, rules) => {
    const found = read.flatMap((one) => {
      const key = kept(room, one, rules);
      return key === null ? [] : [[roomKeyName(room, one.sessionId), key] as const];
    });
    if (found.length === 0) return null;
    return {
      effects: [store({ patch: 'room keys', keys: Object.fromEntries(found) }), tell({ type: 'told.room keys', room })],
    };
  }),
  ...filingParts,
} satisfies ExportParts;

/** What is kept of an entry: a session that is not held, or more of one that is. */
const kept = (room: RoomId, read: ReadRoomKey, rules: Rules): HeldRoomKey | null => {
  const { key, held } = read;
  if (key === null || !rules.may('spec-session-id', read)) return null;
  if (held !== null && !rules.may('spec-key-not-replaced', read)) return null;
  if (held?.isSame === true && key.firstKnownIndex >= held.firstKnownIndex) return null;
  return {
    room,
    session: key.session,
    senderKey: read.senderKey,
    senderEd25519: read.senderEd25519,
    sharedHistory: read.flag === 'true',
    origin: { how: 'export' },
    backedUpIn: null,
  };
};

/** `m.forwarded_room_key`, with MSC3061's flag (question q21): the proposal has none for it. */
const forwarded = (key: ExportedRoomKey, rules: Rules): JsonObject =>
  forwardedRoomKey(
    key,
    flagFields(
      {
        names: flagNames('unstable'),
        keepsTrue: rules.does('4268-flag-preserve-true'),
        keepsFalse: rules.does('4268-flag-preserve-false'),
        means: 'shareable',
      },
      key,
    ),
  );
