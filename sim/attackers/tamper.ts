/**
 * Behind the reducer's back: what the operator of a homeserver can change in its database. An honest server never does;
 * these are for attackers that play one.
 */
import type { JsonObject } from '../../machines/json.ts';
import {
  advance,
  at,
  deviceListChanged,
  inboxOf,
  keysOf,
  patchUser,
  put,
  tellOfChange,
  userOf,
  withInbox,
  withKeys,
} from '../homeserver/state.ts';
import type { BackupVersion, Homeserver, ToDeviceEvent } from '../homeserver/types.ts';

/** What waits for a device, oldest first. */
export const queue = (server: Homeserver, user: string, device: string): readonly JsonObject[] =>
  inboxOf(server, user, device).messages.map(({ event }) => event);

/** The queue as `events` have it, each at a position of its own so that the next sync brings it. */
export const setQueue = (
  server: Homeserver,
  user: string,
  device: string,
  events: readonly JsonObject[],
): Homeserver => {
  const emptied = withInbox(server, user, device, { ...inboxOf(server, user, device), messages: [] });
  return events.reduce<Homeserver>((now, event) => enqueue(now, user, device, event), emptied);
};

/** One more event at the end of a device's queue. */
export const enqueue = (server: Homeserver, user: string, device: string, event: JsonObject): Homeserver => {
  const advanced = advance(server, user);
  const inbox = inboxOf(advanced.server, user, device);
  return withInbox(advanced.server, user, device, {
    ...inbox,
    messages: [...inbox.messages, { at: advanced.position, event: event as ToDeviceEvent }],
  });
};

/** A device's keys with the signatures its user has made over them, as a key query shows them. */
export const deviceKeys = (server: Homeserver, user: string, device: string): JsonObject | null => {
  const account = userOf(server, user);
  const keys = keysOf(account, device).identity;
  if (keys === null) return null;
  const own = (keys.signatures as Readonly<Record<string, JsonObject>> | undefined) ?? {};
  const made = at(at(account.crossSigning.made, user) ?? {}, device) ?? {};
  return { ...keys, signatures: { ...own, [user]: { ...own[user], ...made } } };
};

export const setDeviceKeys = (server: Homeserver, user: string, device: string, keys: JsonObject): Homeserver =>
  deviceListChanged(withKeys(server, user, device, { ...keysOf(userOf(server, user), device), identity: keys }), user);

/** Another cross-signing identity for a user. Signatures made with the old one are dropped with it. */
export const setIdentity = (
  server: Homeserver,
  user: string,
  identity: { readonly master: JsonObject; readonly selfSigning: JsonObject; readonly userSigning: JsonObject },
): Homeserver => deviceListChanged(patchUser(server, user, { crossSigning: { ...identity, made: {} } }), user);

/** A device nobody logged in, with a token for whoever runs it. */
export const addDevice = (
  server: Homeserver,
  user: string,
  device: string,
): { readonly server: Homeserver; readonly accessToken: string } => {
  const accessToken = `forged_${device}`;
  const account = userOf(server, user);
  const added = patchUser(server, user, { devices: put(account.devices, device, { displayName: null, accessToken }) });
  return {
    accessToken,
    server: tellOfChange({ ...added, tokens: put(added.tokens, accessToken, { user, device }) }, user, user),
  };
};

const versionNumbers = (server: Homeserver, user: string): readonly string[] =>
  Object.keys(userOf(server, user).backup.versions).sort((one, other) => Number(one) - Number(other));

const described = (version: string, backup: BackupVersion): JsonObject => ({
  algorithm: backup.algorithm,
  auth_data: backup.authData,
  count: 0,
  etag: String(backup.etag),
  version,
});

/** The backup version before the current one, as `GET room_keys/version` would describe it. */
export const previousBackup = (server: Homeserver, user: string): JsonObject | null => {
  const version = versionNumbers(server, user).at(-2);
  const backup = version === undefined ? undefined : userOf(server, user).backup.versions[version];
  return version === undefined || backup === undefined ? null : described(version, backup);
};

export const addBackupVersion = (
  server: Homeserver,
  user: string,
  version: { readonly algorithm: string; readonly auth_data: JsonObject },
): Homeserver => {
  const { made, versions } = userOf(server, user).backup;
  const added: BackupVersion = { algorithm: version.algorithm, authData: version.auth_data, rooms: {}, etag: 0 };
  return patchUser(server, user, { backup: { made: made + 1, versions: put(versions, String(made + 1), added) } });
};

/** `{ rooms }` of the current version. */
export const backupEntries = (server: Homeserver, user: string): JsonObject => {
  const version = versionNumbers(server, user).at(-1);
  const rooms = version === undefined ? {} : (userOf(server, user).backup.versions[version]?.rooms ?? {});
  return { rooms: Object.fromEntries(Object.entries(rooms).map(([room, sessions]) => [room, { sessions }])) };
};
