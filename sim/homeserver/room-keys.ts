/** The keys in a backup ("Server-side key backups", room_keys/keys): PUT, GET and DELETE of all, of a room, of a session. */
import { isObject, type Json, type JsonObject, objectAt, sameJson, without } from '../../machines/json.ts';
import { countAndEtag, currentVersion } from './backup-versions.ts';
import { type Answered, ok, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { at, patchUser, put, userOf } from './state.ts';
import type { BackupVersion } from './types.ts';

type Rooms = BackupVersion['rooms'];

/**
 * Whether an uploaded key takes the place of the one that is there: a verified one of an unverified one; then the one
 * that begins earlier; then the one that was forwarded less often. Equals stay.
 */
export const isBetter = (offered: JsonObject, held: JsonObject): boolean => {
  if (offered.is_verified !== held.is_verified) return offered.is_verified === true;
  const number = (key: JsonObject, name: string): number => Number(key[name]);
  if (number(offered, 'first_message_index') !== number(held, 'first_message_index')) {
    return number(offered, 'first_message_index') < number(held, 'first_message_index');
  }
  return number(offered, 'forwarded_count') < number(held, 'forwarded_count');
};

const isBackupData = (data: unknown): data is JsonObject =>
  isObject(data) &&
  Number.isSafeInteger(data.first_message_index) &&
  Number.isSafeInteger(data.forwarded_count) &&
  typeof data.is_verified === 'boolean' &&
  isObject(data.session_data);

/** The version that `?version=` names, or what to answer. */
const asked = (
  call: SignedInCall,
): { readonly version: string; readonly held: BackupVersion } | { readonly refusal: Answered } => {
  const version = call.query.version;
  if (version === undefined)
    return { refusal: refuse(call, 400, 'M_MISSING_PARAM', 'Missing query parameter: version') };
  const held = at(userOf(call.server, call.userId).backup.versions, version);
  return held === undefined
    ? { refusal: refuse(call, 404, 'M_NOT_FOUND', 'Unknown backup version') }
    : { version, held };
};

/** The part of a backup that a path speaks of: everything, one room, or one session. */
type Scope = { readonly room: string | null; readonly session: string | null };
const scopeOf = (call: SignedInCall): Scope => ({
  room: at(call.params, 'room') ?? null,
  session: at(call.params, 'session') ?? null,
});

// --- PUT -------------------------------------------------------------------------------------------

/** The body as rooms → sessions → data, whichever form it has; `null` when it has none of them. */
const uploaded = (body: Json, { room, session }: Scope): Rooms | null => {
  const sessionsOf = (value: unknown): JsonObject | null =>
    isObject(value) && isObject(value.sessions) ? value.sessions : null;
  const byRoom: Readonly<Record<string, JsonObject | null>> =
    room !== null && session !== null
      ? { [room]: { [session]: body } }
      : room !== null
        ? { [room]: sessionsOf(body) }
        : Object.fromEntries(Object.entries(objectAt(body, 'rooms')).map(([id, value]) => [id, sessionsOf(value)]));
  if (room === null && !(isObject(body) && isObject(body.rooms))) return null;
  const good = Object.values(byRoom).every(
    (sessions) => sessions !== null && Object.values(sessions).every(isBackupData),
  );
  return good ? (byRoom as Rooms) : null;
};

const merged = (rooms: Rooms, offered: Rooms): Rooms => {
  let result = rooms;
  for (const [room, sessions] of Object.entries(offered)) {
    for (const [session, data] of Object.entries(sessions)) {
      const held = at(at(result, room) ?? {}, session);
      if (held === undefined || isBetter(data, held))
        result = put(result, room, put(at(result, room) ?? {}, session, data));
    }
  }
  return result;
};

const keep = (call: SignedInCall, version: string, held: BackupVersion, rooms: Rooms): Answered => {
  if (sameJson(rooms, held.rooms)) return ok(call.server, countAndEtag(held));
  const { backup } = userOf(call.server, call.userId);
  const changed = { ...held, rooms, etag: held.etag + 1 };
  const server = patchUser(call.server, call.userId, {
    backup: { ...backup, versions: put(backup.versions, version, changed) },
  });
  return ok(server, countAndEtag(changed));
};

/** Keys go into the current version only: 403 with its name when another is named, 404 when there is none. */
const upload = (call: SignedInCall): Answered => {
  const version = call.query.version;
  if (version === undefined) return refuse(call, 400, 'M_MISSING_PARAM', 'Missing query parameter: version');
  const current = currentVersion(userOf(call.server, call.userId).backup);
  if (current === null) return refuse(call, 404, 'M_NOT_FOUND', 'Unknown backup version');
  if (version !== current.version) {
    const more = { current_version: current.version };
    return refuse(call, 403, 'M_WRONG_ROOM_KEYS_VERSION', 'Wrong room_keys version.', more);
  }
  const offered = uploaded(call.body, scopeOf(call));
  return offered === null
    ? refuse(call, 400, 'M_BAD_JSON', 'Not key backup data')
    : keep(call, version, current.held, merged(current.held.rooms, offered));
};

// --- GET, DELETE -----------------------------------------------------------------------------------

const download = (call: SignedInCall): Answered => {
  const found = asked(call);
  if ('refusal' in found) return found.refusal;
  const { rooms } = found.held;
  const { room, session } = scopeOf(call);
  if (room === null) {
    return ok(call.server, {
      rooms: Object.fromEntries(Object.entries(rooms).map(([id, sessions]) => [id, { sessions }])),
    });
  }
  const sessions = at(rooms, room) ?? {};
  if (session === null) return ok(call.server, { sessions });
  const data = at(sessions, session);
  return data === undefined ? refuse(call, 404, 'M_NOT_FOUND', 'No room_keys found') : ok(call.server, data);
};

const remove = (call: SignedInCall): Answered => {
  const found = asked(call);
  if ('refusal' in found) return found.refusal;
  const { rooms } = found.held;
  const { room, session } = scopeOf(call);
  if (room === null) return keep(call, found.version, found.held, {});
  const left = session === null ? {} : without(at(rooms, room) ?? {}, session);
  const remaining = Object.keys(left).length === 0 ? without(rooms, room) : put(rooms, room, left);
  return keep(call, found.version, found.held, remaining);
};

const base = '/_matrix/client/v3/room_keys/keys';
export const roomKeyRoutes: readonly Route[] = [base, `${base}/:room`, `${base}/:room/:session`].flatMap((path) => [
  signedIn('PUT', path, upload),
  signedIn('GET', path, download),
  signedIn('DELETE', path, remove),
]);
