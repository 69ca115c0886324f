/**
 * What a dishonest operator can do to a server's state behind the reducer's back. Nothing in the reducer imports this:
 * only attackers do. Each function looks, or returns a changed server that goes on answering honestly from what it then holds.
 */
import { type Json, type JsonObject, objectAt, stringAt, without } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { currentVersion, describedVersion, withNewVersion } from './backup-versions.ts';
import { deviceListChanged } from './device-lists.ts';
import { publicKeyOf, shownDeviceKeys, shownMasterKey } from './signatures.ts';
import {
  advanceInbox,
  at,
  inboxOf,
  keysOf,
  patchUser,
  put,
  tellOfChange,
  userOf,
  withInbox,
  withKeys,
} from './state.ts';
import { enqueue } from './to-device.ts';
import type { Homeserver, OneTimeKey } from './types.ts';

export { enqueue } from './to-device.ts';

/** The to-device events that wait for a device, oldest first. */
export const queue = (server: Homeserver, userId: UserId, deviceId: DeviceId): readonly JsonObject[] =>
  inboxOf(server, userId, deviceId).messages.map(({ event }) => event);

/** How many wait, without looking at any of them. */
export const queueLength = (server: Homeserver, userId: UserId, deviceId: DeviceId): number =>
  inboxOf(server, userId, deviceId).messages.length;

/** Replaces all that waits for a device; every event counts as new, also for a device that has seen it. */
export const setQueue = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
  events: readonly JsonObject[],
): Homeserver => {
  const emptied = withInbox(server, userId, deviceId, { ...inboxOf(server, userId, deviceId), messages: [] });
  return events.reduce<Homeserver>((now, event) => enqueue(now, userId, deviceId, event), emptied);
};

/** Whether a user has an account here. */
export const hasUser = (server: Homeserver, userId: UserId): boolean => at(server.users, userId) !== undefined;

/** Whether a user has a device of that name here. */
export const hasDevice = (server: Homeserver, userId: UserId, deviceId: DeviceId): boolean =>
  at(at(server.users, userId)?.devices ?? {}, deviceId) !== undefined;

/** A device that nobody logged in, with an access token for it. Throws when the user has a device of that name. */
export const addDevice = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
): { readonly server: Homeserver; readonly accessToken: string } => {
  const user = userOf(server, userId);
  if (at(user.devices, deviceId) !== undefined)
    throw new Error(`${userId} has a device ${deviceId} already: choose another name`);
  const accessToken = `forged_${user.account.localpart}_${deviceId}`;
  const added = patchUser(server, userId, { devices: put(user.devices, deviceId, { displayName: null, accessToken }) });
  return {
    accessToken,
    server: { ...added, tokens: put(added.tokens, accessToken, { user: userId, device: deviceId }) },
  };
};

/** A device's keys as its user's other devices are shown them; `null` when it has published none. */
export const deviceKeys = (server: Homeserver, userId: UserId, deviceId: DeviceId): JsonObject | null =>
  shownDeviceKeys(server, userId, deviceId);

/** Puts other identity keys (or other signatures on them) in a device's place. */
export const setDeviceKeys = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
  identity: JsonObject,
): Homeserver => {
  const keys = keysOf(userOf(server, userId), deviceId);
  return deviceListChanged(withKeys(server, userId, deviceId, { ...keys, identity }), userId, deviceId);
};

/** Puts another cross-signing identity in a user's place. The signatures they uploaded stay. */
export const setIdentity = (
  server: Homeserver,
  userId: UserId,
  identity: { readonly master: JsonObject; readonly selfSigning: JsonObject; readonly userSigning: JsonObject },
): Homeserver => {
  const { crossSigning } = userOf(server, userId);
  return deviceListChanged(patchUser(server, userId, { crossSigning: { ...crossSigning, ...identity } }), userId, null);
};

/** A user's published master key, as they see it themselves; `null` when there is none. */
export const masterKey = (server: Homeserver, userId: UserId): JsonObject | null =>
  shownMasterKey(server, userId, userId);

/** The public half of a cross-signing key that a user has published; `null` when there is none. */
export const crossSigningKey = (
  server: Homeserver,
  userId: UserId,
  usage: 'master' | 'self_signing' | 'user_signing',
): string | null => {
  const keys = at(server.users, userId)?.crossSigning;
  const key = usage === 'master' ? keys?.master : usage === 'self_signing' ? keys?.selfSigning : keys?.userSigning;
  return key == null ? null : (publicKeyOf(key) ?? null);
};

/** Puts another self-signing key in the place of a user's, below the master key that is there. */
export const setSelfSigning = (server: Homeserver, userId: UserId, selfSigning: JsonObject): Homeserver => {
  const { crossSigning } = userOf(server, userId);
  return deviceListChanged(patchUser(server, userId, { crossSigning: { ...crossSigning, selfSigning } }), userId, null);
};

/** A user's account data of a type; `null` when there is none. */
export const accountData = (server: Homeserver, userId: UserId, type: string): JsonObject | null =>
  at(at(server.users, userId)?.accountData ?? {}, type)?.content ?? null;

/** The types of account data that a user has, in the order of their names. */
export const accountDataTypes = (server: Homeserver, userId: UserId): readonly string[] =>
  Object.keys(at(server.users, userId)?.accountData ?? {}).sort();

/** Tells one user that another's device list changed, whether it did or not: their devices ask again. */
export const announce = (server: Homeserver, told: UserId, changed: UserId): Homeserver =>
  tellOfChange(server, told, changed);

/** The one-time key that whoever claims one of this device next is given, by its id; `null` when there is none left. */
export const nextOneTimeKey = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
): Readonly<Record<string, Json>> | null => {
  const user = at(server.users, userId);
  const [key] = user === undefined ? [] : keysOf(user, deviceId).oneTime;
  return key === undefined ? null : { [key.id]: key.key };
};

/** The one-time keys of a device that nobody has claimed yet, in the order in which they are given out. */
export const oneTimeKeys = (server: Homeserver, userId: UserId, deviceId: DeviceId): readonly OneTimeKey[] =>
  keysOf(userOf(server, userId), deviceId).oneTime;

/** Puts other one-time keys in the place of a device's. It has no fallback key from then on. */
export const setOneTimeKeys = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
  oneTime: readonly OneTimeKey[],
): Homeserver =>
  withKeys(server, userId, deviceId, { ...keysOf(userOf(server, userId), deviceId), oneTime, fallback: {} });

/** The public key of a user's current backup; `null` when there is none. */
export const currentBackupKey = (server: Homeserver, userId: UserId): string | null => {
  const backup = at(server.users, userId)?.backup;
  const current = backup === undefined ? null : currentVersion(backup);
  return stringAt(current?.held.authData, 'public_key') ?? null;
};

/** A new current backup version in a user's account. */
export const addBackupVersion = (
  server: Homeserver,
  userId: UserId,
  version: { readonly algorithm: string; readonly auth_data: JsonObject },
): Homeserver => {
  const { backup } = userOf(server, userId);
  return patchUser(server, userId, { backup: withNewVersion(backup, version.algorithm, version.auth_data) });
};

/** The version that was deleted last, back as if it never had been; the same server where none was deleted. */
export const bringBackBackup = (server: Homeserver, userId: UserId): Homeserver => {
  const { deleted, ...backup } = userOf(server, userId).backup;
  if (deleted === undefined) return server;
  const versions = put(backup.versions, deleted.version, deleted.held);
  return patchUser(server, userId, { backup: { ...backup, versions } });
};

/** The version that was current before the current one, as GET room_keys/version describes it; `null` when there is none. */
export const previousBackup = (server: Homeserver, userId: UserId): JsonObject | null => {
  const { backup } = userOf(server, userId);
  const current = currentVersion(backup);
  const previous = current === null ? null : currentVersion({ versions: without(backup.versions, current.version) });
  return previous === null ? null : describedVersion(previous.version, previous.held);
};

/** All entries of a user's current backup, as GET room_keys/keys answers. */
export const backupEntries = (server: Homeserver, userId: UserId): JsonObject => {
  const rooms = currentVersion(userOf(server, userId).backup)?.held.rooms ?? {};
  return { rooms: Object.fromEntries(Object.entries(rooms).map(([room, sessions]) => [room, { sessions }])) };
};

/** The first two entries of a user's current backup, each filed under the id of the other; the same server where there are not two of a room. */
export const swapBackupEntries = (server: Homeserver, userId: UserId): Homeserver => {
  for (const [room, held] of Object.entries(objectAt(backupEntries(server, userId), 'rooms'))) {
    const sessions = objectAt(held, 'sessions');
    const [one, other] = Object.keys(sessions).sort();
    if (one === undefined || other === undefined) continue;
    const swapped = addBackupEntry(server, userId, room, one, objectAt(sessions, other));
    return addBackupEntry(swapped, userId, room, other, objectAt(sessions, one));
  }
  return server;
};

/** An entry in a user's current backup that nobody uploaded; the same server where there is no backup. */
export const addBackupEntry = (
  server: Homeserver,
  userId: UserId,
  room: string,
  session: string,
  data: JsonObject,
): Homeserver => {
  const { backup } = userOf(server, userId);
  const current = currentVersion(backup);
  if (current === null) return server;
  const { version, held } = current;
  const rooms = put(held.rooms, room, put(at(held.rooms, room) ?? {}, session, data));
  const versions = put(backup.versions, version, { ...held, rooms, etag: held.etag + 1 });
  return patchUser(server, userId, { backup: { ...backup, versions } });
};

// --- files -----------------------------------------------------------------------------------------

/** The addresses of a server's files with bytes in them, oldest first. */
export const fileIds = (server: Homeserver): readonly string[] =>
  Object.keys(server.media.files)
    .filter((id) => server.media.files[id]?.data != null)
    .sort((one, other) => Number(one.slice(5)) - Number(other.slice(5)));

/** What a file holds, as base64; `null` where there is none. */
export const fileData = (server: Homeserver, id: string): string | null => at(server.media.files, id)?.data ?? null;

/** Whether a file is still given out at that time. */
export const isServed = (server: Homeserver, id: string, nowMs: number): boolean => {
  const file = at(server.media.files, id);
  return file !== undefined && (file.expiresMs === null || nowMs < file.expiresMs);
};

/** Puts other bytes under the address of a file. */
export const setFile = (server: Homeserver, id: string, data: string): Homeserver => {
  const held = at(server.media.files, id);
  if (held === undefined) throw new Error(`${server.name} has no file ${id}: was it uploaded here?`);
  return { ...server, media: { ...server.media, files: put(server.media.files, id, { ...held, data }) } };
};

/** A file that nobody uploaded, and its address. */
export const addFile = (
  server: Homeserver,
  by: UserId,
  data: string,
): { readonly server: Homeserver; readonly uri: string } => {
  const made = server.media.made + 1;
  const id = `media${made}`;
  const file = { contentType: 'application/octet-stream', data, by, expiresMs: null };
  return {
    uri: `mxc://${server.name}/${id}`,
    server: { ...server, media: { made, files: put(server.media.files, id, file) } },
  };
};

/** The device without one-time keys; `false`: and without a fallback key. It is told, as when the last one was claimed. */
export const withoutOneTimeKeys = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
  keepsFallback: boolean,
): Homeserver => {
  const keys = keysOf(userOf(server, userId), deviceId);
  const { server: next, position } = advanceInbox(server, userId, deviceId);
  const fallback = keepsFallback ? keys.fallback : {};
  return withKeys(next, userId, deviceId, { ...keys, oneTime: [], fallback, claimedAt: position });
};

/** The account as if the newest backup version had not been counted: the next one is given its number. */
export const uncountingBackup = (server: Homeserver, userId: UserId): Homeserver => {
  const { backup } = userOf(server, userId);
  return backup.made === 0 ? server : patchUser(server, userId, { backup: { ...backup, made: backup.made - 1 } });
};
