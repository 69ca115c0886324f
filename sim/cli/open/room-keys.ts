/**
 * Room keys in their exported form: in key exports ("Key export format"), room key bundles (MSC4268) and behind the letters of key
 * backups. Each is read as a client reads it; none is ever shown.
 */
import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectIn, stringAt } from '../../../machines/json.ts';
import { allNames } from '../../../machines/names.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import { oneLine, quoted } from '../../scenario/showing.ts';
import { plural } from '../terminal.ts';
import { some } from './lines.ts';
import { type Held, nothingHeld } from './opening.ts';

const suite = realSuite('open');

export type RoomKey = {
  readonly room: string;
  readonly sessionId: string;
  readonly sessionKey: string;
  /** From which message on it opens: 0 is the first. */
  readonly from: number;
  readonly isShared: boolean;
};

/** The room key that an entry is, or what is wrong with it. `known`: room and session where they stand beside it, as in a backup. */
export const readRoomKey = (
  entry: Json | undefined,
  known: { readonly room?: string; readonly session?: string } = {},
): RoomKey | string => {
  if (!isObject(entry)) return 'an object expected';
  const algorithm = stringAt(entry, 'algorithm');
  if (algorithm !== MEGOLM_ALGORITHM)
    return algorithm === undefined ? 'algorithm: a text expected' : `algorithm: ${quoted(algorithm)} is not known here`;
  const room = known.room ?? stringAt(entry, 'room_id');
  if (room === undefined) return 'room_id: a text expected';
  const sessionKey = stringAt(entry, 'session_key');
  if (sessionKey === undefined) return 'session_key: a text expected';
  const session = suite.megolmInbound(sessionKey, 'exported');
  if (session === null)
    return suite.megolmInbound(sessionKey, 'signed') === null
      ? 'session_key: no key of a Megolm session, or cut short'
      : 'session_key: as m.room_key has it, the exported form expected';
  const said = known.session ?? stringAt(entry, 'session_id');
  if (said !== session.sessionId)
    return said === undefined ? 'session_id: a text expected' : 'session_id: another one than that of session_key';
  return {
    room,
    sessionId: session.sessionId,
    sessionKey,
    from: session.firstKnownIndex,
    isShared: allNames('flag').some((name) => entry[name] === true),
  };
};

/** What a list of entries comes to. `wrong`: a line for each that is no room key. */
export type ReadKeys = { readonly keys: readonly RoomKey[]; readonly wrong: readonly string[] };
export const readRoomKeys = (entries: readonly Json[], where = 'entry'): ReadKeys => {
  const keys: RoomKey[] = [];
  const wrong: string[] = [];
  for (const [nth, entry] of entries.entries()) {
    const read = readRoomKey(entry);
    if (typeof read === 'string') wrong.push(`  ${where} ${nth + 1} is no room key: ${read}`);
    else keys.push(read);
  }
  return { keys, wrong };
};

/** Room → its keys. */
export const byRoom = (keys: readonly RoomKey[]): ReadonlyMap<string, readonly RoomKey[]> => {
  const rooms = new Map<string, RoomKey[]>();
  for (const key of keys) {
    const known = rooms.get(key.room);
    if (known === undefined) rooms.set(key.room, [key]);
    else known.push(key);
  }
  return rooms;
};

const inRoom = ([room, keys]: readonly [string, readonly RoomKey[]]): string => {
  const late = keys.filter(({ from }) => from > 0).length;
  const shared = keys.filter((key) => key.isShared).length;
  const more = [
    ...(late === 0 ? [] : [`${late} not from the first message on`]),
    ...(shared === 0 ? [] : [`${shared} with shared history`]),
  ];
  return `  ${oneLine(room)}: ${plural(keys.length, 'room key')}${more.length === 0 ? '' : `, ${more.join(', ')}`}`;
};

/** Room keys as lines: how many, of which rooms, and what is none. */
export const roomKeyLines = ({ keys, wrong }: ReadKeys): readonly string[] => {
  const rooms = byRoom(keys);
  const twice = keys.length - new Set(keys.map(({ room, sessionId }) => `${room} ${sessionId}`)).size;
  return [
    `${plural(keys.length, 'room key')} of ${plural(rooms.size, 'room')}${twice === 0 ? '' : `, ${twice} of them again`}`,
    ...some([...rooms].map(inRoom), 'room'),
    ...some(wrong, 'entry that is none'),
  ];
};

/** Room keys as other files are opened with. Of two for one session the one that opens more counts. */
export const heldOf = (keys: readonly RoomKey[]): Held => {
  const best = new Map<string, RoomKey>();
  for (const key of keys)
    if ((best.get(key.sessionId)?.from ?? Number.POSITIVE_INFINITY) > key.from) best.set(key.sessionId, key);
  return { ...nothingHeld, sessions: new Map([...best].map(([id, { sessionKey }]) => [id, sessionKey])) };
};

/** What a room key opens of a message; `null`: another session's, changed, or from before its first index. */
export const openMessage = (content: JsonObject, { sessions }: Held): JsonObject | null => {
  const key = sessions.get(stringAt(content, 'session_id') ?? '');
  const session = key === undefined ? null : suite.megolmInbound(key, 'exported');
  const opened = session && suite.megolmDecrypt(session, stringAt(content, 'ciphertext') ?? '');
  return opened === null ? null : objectIn(opened.plaintext);
};
