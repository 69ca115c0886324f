/** What a homeserver keeps of a key backup ("Server-side key backups"): all of it, one room's, or one session's; and its version. */
import { BACKUP_ALGORITHM, BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { BackupSessionData } from '../../../machines/suite.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import { base64 } from '../../crypto/real/base64.ts';
import { oneLine, quoted } from '../../scenario/showing.ts';
import { plural } from '../terminal.ts';
import { counted, some } from './lines.ts';
import { type Keys, noStart, notOpened, type Opening, opened } from './opening.ts';
import { heldOf, type RoomKey, readRoomKey, roomKeyLines } from './room-keys.ts';
import { startOfBackup } from './starts.ts';

const suite = realSuite('open');

/** The private halves that may open a backup: a recovery key may be the backup's own, and secret storage may hold it. */
const backupKeys = ({ recoveryKey, held }: Keys): readonly string[] => {
  const stored = held.secrets.get(BACKUP_SECRET);
  return [...(recoveryKey === null ? [] : [base64(recoveryKey)]), ...(stored === undefined ? [] : [stored])];
};

type Sealed = { readonly room: string; readonly session: string; readonly data: Json };
const inSessions = (room: string, sessions: JsonObject): readonly Sealed[] =>
  Object.entries(sessions).map(([session, data]) => ({ room, session, data: data ?? null }));

/** What stands beside the rooms of a backup in the answer to an upload or a count. */
const besideRooms: readonly string[] = ['rooms', 'etag', 'count'];
/** A backup with nothing in it: `rooms` is there, is empty, and nothing that a backup does not have is. */
const isEmptyBackup = (value: JsonObject): boolean =>
  isObject(value.rooms) &&
  Object.keys(value.rooms).length === 0 &&
  Object.keys(value).every((name) => besideRooms.includes(name));

/** Whether it is a backup's keys: of all rooms, of one room, one of them, or none. */
export const isBackup = (value: JsonObject): boolean =>
  isEmptyBackup(value) ||
  Object.values(objectAt(value, 'rooms')).some((room) => isObject(room) && isObject(room.sessions)) ||
  Object.values(objectAt(value, 'sessions')).some((one) => isObject(one) && 'session_data' in one) ||
  isObject(value.session_data);

/** A room that stands in no answer about one room or one session. */
const unnamed = 'a room that the file does not name';
const sealedIn = (value: JsonObject): readonly Sealed[] => {
  if (isObject(value.session_data)) return [{ room: unnamed, session: '', data: value }];
  if (isObject(value.sessions)) return inSessions(unnamed, value.sessions);
  return Object.entries(objectAt(value, 'rooms')).flatMap(([room, one]) => inSessions(room, objectAt(one, 'sessions')));
};

/** The three texts of `session_data`, or what is wrong with it. */
const dataOf = ({ data }: Sealed): BackupSessionData | string => {
  const sealed = objectAt(data, 'session_data');
  const [ephemeral, ciphertext, mac] = ['ephemeral', 'ciphertext', 'mac'].map((name) => stringAt(sealed, name));
  if (ephemeral === undefined || ciphertext === undefined || mac === undefined)
    return 'session_data: ephemeral, ciphertext and mac expected, each a text';
  return { ephemeral, ciphertext, mac };
};

/** Whether a key opens a backup shows by its first ones; with another's each would be tried for nothing. */
const triedMax = 100;
/** Of these keys the one that opens any of them. A MAC over nothing says nothing, so the JSON inside counts. */
const keyFor = (sealed: readonly Sealed[], keys: readonly string[]): string | null =>
  keys.find((key) =>
    sealed.slice(0, triedMax).some((one) => {
      const data = dataOf(one);
      return typeof data !== 'string' && suite.backupOpen(key, data) !== null;
    }),
  ) ?? null;

const closedLines = (sealed: readonly Sealed[]): readonly string[] => {
  const rooms = counted(sealed.map(({ room }) => room));
  const wrong = sealed.flatMap((one, nth) => {
    const data = dataOf(one);
    return typeof data === 'string' ? [`  entry ${nth + 1}: ${data}`] : [];
  });
  return [
    `${plural(sealed.length, 'sealed room key')} of ${plural(rooms.length, 'room')}`,
    ...some(rooms, 'room'),
    ...some(wrong, 'entry that is none'),
  ];
};

/** `GET room_keys/keys`, or a part of it. */
export const openBackup = (value: JsonObject, keys: Keys): Opening => {
  const sealed = sealedIn(value);
  const given = backupKeys(keys);
  if (sealed.length === 0) return opened('key backup', ['no room key'], noStart('there is no room key in it'));
  if (given.length === 0)
    return opened('key backup', closedLines(sealed), noStart('nobody has opened it'), {
      closed: [
        '--recovery-key opens it where it is the backup’s own',
        'with --keys and the account data of secret storage, the recovery key of secret storage opens it',
      ],
    });
  const key = keyFor(sealed, given);
  if (key === null)
    return notOpened(
      'key backup',
      `${given.length === 1 ? 'this key opens' : 'these keys open'} ${sealed.length === 1 ? 'nothing of the one room key in it' : `none of its ${plural(sealed.length, 'room key')}`}: the key of another backup, or of secret storage (then give the account data with --keys)`,
    );
  const found: RoomKey[] = [];
  const wrong: string[] = [];
  for (const [nth, one] of sealed.entries()) {
    const data = dataOf(one);
    const plain = typeof data === 'string' ? null : suite.backupOpen(key, data);
    const known = one.session === '' ? { session: suiteSession(plain) } : { session: one.session };
    const read =
      typeof data === 'string'
        ? data
        : plain === null
          ? 'the key does not open it'
          : readRoomKey(plain, { room: one.room, ...known });
    if (typeof read === 'string') wrong.push(`  entry ${nth + 1} is no room key: ${read}`);
    else found.push(read);
  }
  const start = found.length === 0 ? noStart('there is no room key in it') : startOfBackup(found);
  return opened('key backup', roomKeyLines({ keys: found, wrong }), start, { holds: heldOf(found) });
};
/** Under which session a key stands that came without its place. */
const suiteSession = (plain: JsonObject | null): string =>
  suite.megolmInbound(stringAt(plain, 'session_key') ?? '', 'exported')?.sessionId ?? '';

export const isBackupVersion = (value: JsonObject): boolean => 'auth_data' in value && 'algorithm' in value;

/** `GET room_keys/version`. */
export const openBackupVersion = (value: JsonObject, keys: Keys): Opening => {
  const algorithm = stringAt(value, 'algorithm');
  if (algorithm === undefined) return notOpened('backup version', 'algorithm: a text expected');
  const publicKey = stringAt(objectAt(value, 'auth_data'), 'public_key');
  const signers = Object.entries(objectAt(objectAt(value, 'auth_data'), 'signatures')).flatMap(([user, ids]) =>
    isObject(ids) ? Object.keys(ids).map((id) => `  signed by ${oneLine(id)} of ${oneLine(user)}`) : [],
  );
  const version = stringAt(value, 'version');
  const given = backupKeys(keys);
  const fits = given.some((key) => publicKey !== undefined && suite.backupPublic(key) === publicKey.replace(/=+$/, ''));
  return opened(
    'backup version',
    [
      ...(version === undefined
        ? []
        : [
            `version ${oneLine(version)}${typeof value.count === 'number' ? `, ${plural(value.count, 'room key')}` : ''}`,
          ]),
      ...(algorithm === BACKUP_ALGORITHM ? [] : [`its algorithm ${quoted(algorithm)} is not known here`]),
      publicKey === undefined ? 'no public key' : `public key ${oneLine(publicKey)}`,
      ...some(signers, 'signature'),
      ...(given.length === 0
        ? []
        : [fits ? 'the key that is given is its private half' : 'the key that is given is not its private half']),
    ],
    noStart('its room keys are not in it: GET room_keys/keys has them'),
  );
};
