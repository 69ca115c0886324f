/** Reading and changing a homeserver's state. Everything returns a new value, or the same one when nothing changed. */
import { own, without } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import type { Device, DeviceKeys, Homeserver, Inbox, Position, Stream, User } from './types.ts';

/** What `record` itself has at `key`: names come from clients, and may be `__proto__`. */
export const at = own;

/** `record` with `value` at `key`; a computed key is an own property whatever its name. */
export const put = <T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> => ({
  ...record,
  [key]: value,
});

/** The server that a user id names; all behind the first colon. */
export const serverOf = (userId: UserId): string => userId.slice(userId.indexOf(':') + 1);
export const isLocal = (server: Homeserver, userId: UserId): boolean => serverOf(userId) === server.name;

/** A user who has an account here. Throws for others: callers have looked, or hold a token of theirs. */
export const userOf = (server: Homeserver, userId: UserId): User => {
  const user = at(server.users, userId);
  if (user === undefined) throw new Error(`${userId} has no account on ${server.name}: was registerUser called?`);
  return user;
};

/** Replaces some of a user's parts. */
export const patchUser = (server: Homeserver, userId: UserId, patch: Partial<User>): Homeserver => ({
  ...server,
  users: put(server.users, userId, { ...userOf(server, userId), ...patch }),
});

const noKeys: DeviceKeys = { identity: null, oneTime: [], fallback: {}, claimedAt: 0 };
export const keysOf = (user: User, deviceId: DeviceId): DeviceKeys => at(user.keys, deviceId) ?? noKeys;
export const withKeys = (server: Homeserver, userId: UserId, deviceId: DeviceId, keys: DeviceKeys): Homeserver =>
  patchUser(server, userId, { keys: put(userOf(server, userId).keys, deviceId, keys) });

const emptyInbox: Inbox = { acknowledged: null, position: 0, messages: [], sent: [] };
export const inboxOf = (server: Homeserver, userId: UserId, deviceId: DeviceId): Inbox =>
  at(at(server.inboxes, userId) ?? {}, deviceId) ?? emptyInbox;
export const withInbox = (server: Homeserver, userId: UserId, deviceId: DeviceId, inbox: Inbox): Homeserver => ({
  ...server,
  inboxes: put(server.inboxes, userId, put(at(server.inboxes, userId) ?? {}, deviceId, inbox)),
});

/** The next position in a device's inbox, taken. */
export const advanceInbox = (
  server: Homeserver,
  userId: UserId,
  deviceId: DeviceId,
): { readonly server: Homeserver; readonly position: Position } => {
  const inbox = inboxOf(server, userId, deviceId);
  const position = inbox.position + 1;
  return { position, server: withInbox(server, userId, deviceId, { ...inbox, position }) };
};

const emptyStream: Stream = { position: 0, deviceLists: {}, departed: {}, rooms: {} };
export const streamOf = (server: Homeserver, userId: UserId): Stream => at(server.streams, userId) ?? emptyStream;

/** The next position in a user's stream, taken. */
export const advance = (
  server: Homeserver,
  userId: UserId,
): { readonly server: Homeserver; readonly position: Position } => {
  const stream = streamOf(server, userId);
  const position = stream.position + 1;
  return { position, server: { ...server, streams: put(server.streams, userId, { ...stream, position }) } };
};

/** Tells one user that the device list (or the visible signatures) of `changed` is not what it was. */
export const tellOfChange = (server: Homeserver, told: UserId, changed: UserId): Homeserver => {
  const { server: next, position } = advance(server, told);
  const stream = streamOf(next, told);
  const deviceLists = put(stream.deviceLists, changed, position);
  return {
    ...next,
    streams: put(next.streams, told, { ...stream, deviceLists, departed: without(stream.departed, changed) }),
  };
};

/** Tells one user that they share no encrypted room with `gone` any more: their devices need not follow that device list. */
export const tellOfDeparture = (server: Homeserver, told: UserId, gone: UserId): Homeserver => {
  const { server: next, position } = advance(server, told);
  const stream = streamOf(next, told);
  const departed = put(stream.departed, gone, position);
  const moved = {
    ...next,
    streams: put(next.streams, told, { ...stream, departed, deviceLists: without(stream.deviceLists, gone) }),
  };
  const { tracks } = userOf(moved, told);
  return tracks.includes(gone) ? patchUser(moved, told, { tracks: tracks.filter((one) => one !== gone) }) : moved;
};

export const deviceOf = (server: Homeserver, userId: UserId, deviceId: DeviceId): Device | undefined =>
  at(at(server.users, userId)?.devices ?? {}, deviceId);
