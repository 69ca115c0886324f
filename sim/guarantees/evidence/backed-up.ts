/** What lies in key backups, told from requests to `room_keys` and their answers ("Server-side key backups"), and what somebody finds there. */
import { isObject, type Json, type JsonObject, objectAt, stringAt, without } from '../../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../../machines/room-types.ts';
import type { HeldBackup } from '../../../machines/store.ts';
import type { Term } from '../../../machines/suite.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import { filed, filedIn, withoutIn } from './accounts.ts';
import { askedIn, doneIn, toldAs } from './asked.ts';
import { partsOf } from './room-keys.ts';

/** `index`: the first that the room key opens. `sealedTo`: the public key of the backup that its device took this for. */
export type Entry = { readonly index: number; readonly sealedTo: Term };
type Entries = Readonly<Record<string, Entry>>;
/** User → backup version → room keys that lie there, by the names they are filed under. */
export type BackedUp = Readonly<Record<UserId, Readonly<Record<string, Entries>>>>;

type Scope = { readonly room: RoomId | null; readonly session: string | null };

/** What a body of `room_keys/keys` has: of all rooms, of one room or of one session. */
const entriesIn = (body: Json, { room, session }: Scope): Readonly<Record<string, JsonObject>> => {
  if (room !== null && session !== null) return isObject(body) ? { [roomKeyName(room, session)]: body } : {};
  const rooms: JsonObject = room === null ? objectAt(body, 'rooms') : { [room]: body };
  return Object.fromEntries(
    Object.keys(rooms).flatMap((id) => {
      const sessions = objectAt(objectAt(rooms, id), 'sessions');
      return Object.keys(sessions).map((one) => [roomKeyName(id, one), objectAt(sessions, one)]);
    }),
  );
};

/** What is known of whoever asks: their account, the backup that they use, and which room keys somebody made. */
type Asker = {
  readonly user: UserId | null;
  readonly uses: HeldBackup | undefined;
  readonly isHonest: boolean;
  readonly isMade: (name: string) => boolean;
};

/** What lies in backups after a moment; the same object where nothing has changed. */
export const backedUpAfter = (before: BackedUp, moment: Moment, { user, uses, isHonest, isMade }: Asker): BackedUp => {
  const asked = doneIn(moment);
  if (moment.kind !== 'request' || asked === null || user === null) return before;
  const version = moment.query?.version ?? '';
  switch (asked.asks) {
    // A version begins empty, whatever had its number before.
    case 'create backup version':
      return withoutIn(before, user, stringAt(moment.response, 'version') ?? '');
    case 'delete backup version':
      return withoutIn(before, user, asked.version);
    case 'delete room keys':
      return emptied(before, user, version, asked);
    case 'upload room keys': {
      if (!isHonest || uses?.version !== version) return before;
      const held = before[user]?.[version] ?? {};
      const offered = Object.entries(entriesIn(moment.body, asked)).filter(([name]) => isMade(name));
      const now = offered.reduce((known, [name, { first_message_index }]) => {
        const entry = { index: Number(first_message_index), sealedTo: uses.publicKey };
        return kept(known, name, entry);
      }, held);
      return now === held ? before : filedIn(before, user, version, now);
    }
    default:
      return before;
  }
};

/** Of two for one session the one that opens more stays; of equals the first ("Server-side key backups", `room_keys/keys`). */
const kept = (held: Entries, name: string, entry: Entry): Entries =>
  (held[name]?.index ?? Number.POSITIVE_INFINITY) <= entry.index ? held : filed(held, name, entry);

const emptied = (before: BackedUp, user: UserId, version: string, { room, session }: Scope): BackedUp => {
  const held = before[user]?.[version];
  if (held === undefined) return before;
  if (room === null) return withoutIn(before, user, version);
  if (session !== null) return filedIn(before, user, version, without(held, roomKeyName(room, session)));
  const left = Object.fromEntries(Object.entries(held).filter(([name]) => partsOf(name).room !== room));
  return filedIn(before, user, version, left);
};

/** The first index from which a backup that somebody uses opens a room key; `undefined`: it does not lie there, or is sealed to another key. */
export const lyingIn = (
  all: BackedUp,
  user: UserId,
  used: HeldBackup | undefined,
  name: string,
): number | undefined => {
  const entry = used === undefined ? undefined : all[user]?.[used.version]?.[name];
  return entry?.sealedTo === used?.publicKey ? entry?.index : undefined;
};

/**
 * A look into the backup, and which room keys it brought: none where it was refused, or where its answer got lost. `room`: `null` where
 * those of all rooms were asked for. `null` for other moments.
 */
export const lookIn = (
  moment: Moment,
): { readonly player: PlayerId; readonly room: RoomId | null; readonly found: readonly string[] } | null => {
  const asked = askedIn(moment);
  if (moment.kind !== 'request' || asked?.asks !== 'download room keys') return null;
  const told = toldAs(moment, 'download room keys');
  return {
    player: moment.from,
    room: asked.room,
    found: told === null ? [] : Object.keys(entriesIn(told.response, asked)),
  };
};
