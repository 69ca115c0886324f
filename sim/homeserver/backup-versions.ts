/** Versions of a user's key backup ("Server-side key backups", room_keys/version). */
import { isObject, type JsonObject, stringAt, without } from '../../machines/json.ts';
import { type Answered, bodyOf, lacks, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { at, patchUser, put, userOf } from './state.ts';
import type { Backup, BackupVersion } from './types.ts';

/** The version in force: the newest that was not deleted; an older one comes back when it is. `null`: none. */
export const currentVersion = ({
  versions,
}: Pick<Backup, 'versions'>): { readonly version: string; readonly held: BackupVersion } | null =>
  Object.entries(versions)
    .map(([version, held]) => ({ version, held }))
    .toSorted((one, other) => Number(other.version) - Number(one.version))[0] ?? null;

/** How many keys a version holds, and the tag that changes with them. */
export const countAndEtag = ({ rooms, etag }: BackupVersion): { readonly count: number; readonly etag: string } => ({
  count: Object.values(rooms).reduce((sum, sessions) => sum + Object.keys(sessions).length, 0),
  etag: String(etag),
});

/** A version as GET describes it. */
export const describedVersion = (version: string, backup: BackupVersion): JsonObject => ({
  algorithm: backup.algorithm,
  auth_data: backup.authData,
  ...countAndEtag(backup),
  version,
});

/** The backup with a new version, which becomes the current one. */
export const withNewVersion = (backup: Backup, algorithm: string, authData: JsonObject): Backup => ({
  ...backup,
  made: backup.made + 1,
  versions: put(backup.versions, String(backup.made + 1), { algorithm, authData, rooms: {}, etag: 0 }),
});

const unknownVersion = (call: SignedInCall): Answered => refuse(call, 404, 'M_NOT_FOUND', 'Unknown backup version');

/** `algorithm` and `auth_data` of a body, or what to answer. */
const described = (
  call: SignedInCall,
):
  | { readonly body: JsonObject; readonly algorithm: string; readonly authData: JsonObject }
  | { readonly refusal: Answered } => {
  const read = bodyOf(call);
  if ('refusal' in read) return read;
  const { body } = read;
  const algorithm = stringAt(body, 'algorithm');
  const authData = body.auth_data;
  if (algorithm === undefined) return { refusal: lacks(call, 'algorithm', 'a text') };
  if (!isObject(authData)) return { refusal: lacks(call, 'auth_data', 'an object') };
  return { body, algorithm, authData };
};

const create = (call: SignedInCall): Answered => {
  const read = described(call);
  if ('refusal' in read) return read.refusal;
  const backup = withNewVersion(userOf(call.server, call.userId).backup, read.algorithm, read.authData);
  return ok(patchUser(call.server, call.userId, { backup }), { version: String(backup.made) });
};

const getCurrent = (call: SignedInCall): Answered => {
  const current = currentVersion(userOf(call.server, call.userId).backup);
  return current === null
    ? refuse(call, 404, 'M_NOT_FOUND', 'No current backup version')
    : ok(call.server, describedVersion(current.version, current.held));
};

const get = (call: SignedInCall): Answered => {
  const version = param(call, 'version');
  const held = at(userOf(call.server, call.userId).backup.versions, version);
  return held === undefined ? unknownVersion(call) : ok(call.server, describedVersion(version, held));
};

/** `auth_data` may change (signatures are added to it), the algorithm may not. */
const update = (call: SignedInCall): Answered => {
  const read = described(call);
  if ('refusal' in read) return read.refusal;
  const version = param(call, 'version');
  const { backup } = userOf(call.server, call.userId);
  const held = at(backup.versions, version);
  if (held === undefined) return unknownVersion(call);
  const named = stringAt(read.body, 'version');
  if (named !== undefined && named !== version)
    return refuse(call, 400, 'M_INVALID_PARAM', 'Version does not match that of the path');
  if (read.algorithm !== held.algorithm) return refuse(call, 400, 'M_INVALID_PARAM', 'Algorithm does not match');
  const versions = put(backup.versions, version, { ...held, authData: read.authData });
  return ok(patchUser(call.server, call.userId, { backup: { ...backup, versions } }));
};

const remove = (call: SignedInCall): Answered => {
  const version = param(call, 'version');
  const { backup } = userOf(call.server, call.userId);
  const held = at(backup.versions, version);
  if (held === undefined) return unknownVersion(call);
  const deleted = { version, held: { ...held, rooms: {} } };
  const versions = without(backup.versions, version);
  return ok(patchUser(call.server, call.userId, { backup: { ...backup, versions, deleted } }));
};

const path = '/_matrix/client/v3/room_keys/version';
export const backupVersionRoutes: readonly Route[] = [
  signedIn('POST', path, create),
  signedIn('GET', path, getCurrent),
  signedIn('GET', `${path}/:version`, get),
  signedIn('PUT', `${path}/:version`, update),
  signedIn('DELETE', `${path}/:version`, remove),
];
