/** What a device takes out of the backup: which entries it asks for, and which it keeps ("Recovering keys" of the client-server API). */
import type { News } from '../events.ts';
import { isObject, objectAt } from '../json.ts';
import { paths } from '../paths.ts';
import { type HeldRoomKey, type ReadBackupEntry, type RoomId, roomKeyName } from '../room-types.ts';
import { type BackupParts, type Effect, type On, words } from './events.ts';

const { causes, core, performs, store, tell } = words;

const entriesOf = (path: string, version: string, room: RoomId | null): Effect => ({
  type: 'request',
  method: 'GET',
  path,
  query: { version },
  answerAs: 'backup.entries',
  with: { room },
});

const fetched = (room: RoomId): Effect => tell({ type: 'told.room keys fetched', room });

/** An entry as a room key that is held, by its name; none where it does not open. */
const keptOf = (
  { room, sessionId, key, senderKey, senderEd25519, flag }: ReadBackupEntry,
  version: string | null,
): readonly (readonly [string, HeldRoomKey])[] =>
  key === null
    ? []
    : [
        [
          roomKeyName(room, sessionId),
          {
            room,
            session: key,
            senderKey,
            senderEd25519,
            sharedHistory: flag === 'true',
            origin: { how: 'backup', version: version ?? '' },
            backedUpIn: version,
          },
        ],
      ];

export const recoveringParts = {
  /** "Recovering keys": all entries of the version in use, opened with the secret this device holds. */
  'asks for the entries': causes((context) =>
    context.described === null ? null : entriesOf(paths.backupKeys, context.described.version, null),
  ),
  /**
   * A flow wants the room keys of one room first. A text without `4268-backup-only-in-use` has no such condition, and so a client looks
   * into the old backup of a user who has turned it off, where this device holds the key to it.
   */
  'asks for the entries of a room': causes((context, { room }: News<'told.fetch room keys'>, rules) => {
    const version = context.described?.version;
    const isOpenAnyway =
      context.isRefraining && context.described?.matchesHeldSecret === true && rules.may('4268-backup-only-in-use');
    return version === undefined || (context.trustedBy === null && !isOpenAnyway)
      ? fetched(room)
      : entriesOf(paths.backupRoomKeys(room), version, room);
  }),
  'opens the entries': causes((_, { status, body, with: { room } }: On<'backup.entries'>) => {
    if (status !== 200) return room === null ? null : fetched(room);
    const rooms = room === null ? objectAt(body, 'rooms') : { [room]: isObject(body) ? body : {} };
    return core({ ask: 'read backup', rooms, answerAs: 'backup.read', with: { room } });
  }),
  'keeps what it lacks': performs((_, { read, version, with: { room } }: On<'backup.read'>, rules) => {
    const found = read.filter(
      (entry) => entry.key !== null && !entry.isHeld && rules.may('spec-backup-session-id', entry),
    );
    const keys = Object.fromEntries(found.flatMap((entry) => keptOf(entry, version)));
    const restored = [...new Set(found.map((entry) => entry.room))].sort();
    return {
      effects: [
        ...(found.length === 0 ? [] : [store({ patch: 'room keys', keys })]),
        ...restored.map((one): Effect => tell({ type: 'told.room keys', room: one })),
        ...(room === null ? [] : [fetched(room)]),
      ],
    };
  }),
  /** "Server-side key backups": an entry is filed under the id of the session that is in it. */
  'spec-backup-session-id': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_, item) => (item as ReadBackupEntry).idMatches,
  },
  /** Construction and sharing of the key bundle: where a backup is in use. Asked only where the user has turned it off. */
  '4268-backup-only-in-use': { kind: 'guard', permitsItem: () => false },
} satisfies BackupParts;
