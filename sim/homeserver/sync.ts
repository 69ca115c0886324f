/** What a device learns by syncing ("Syncing", "Extensions to /sync"). */
import type { Json, JsonObject } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { oneTimeKeyCounts } from './device-keys.ts';
import { filterOf, roomFilter } from './rooms/filter.ts';
import { roomsSince, roomsWithNews } from './rooms/sync.ts';
import { type Answered, ok, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { deviceOf, inboxOf, keysOf, userOf, withInbox } from './state.ts';
import { changedSince, departedSince, placeNow, placeOf, tokenOf } from './streams.ts';
import type { Homeserver, Place, ToDeviceEvent } from './types.ts';

type News = {
  readonly toDevice: readonly ToDeviceEvent[];
  readonly changed: readonly UserId[];
  /** Whose device list need not be followed any more. */
  readonly departed: readonly UserId[];
  readonly accountData: readonly { readonly type: string; readonly content: JsonObject }[];
  /** One of the device's keys was claimed. */
  readonly claimed: boolean;
};

/** What there is for a device after `since`; `null` is the beginning, which lists no device list changes. */
const newsSince = (server: Homeserver, userId: UserId, deviceId: DeviceId, since: Place | null): News => {
  const user = userOf(server, userId);
  const { stream, inbox } = since ?? { stream: 0, inbox: 0 };
  return {
    toDevice: inboxOf(server, userId, deviceId).messages.flatMap(({ at: position, event }) =>
      position > inbox ? [event] : [],
    ),
    changed: since === null ? [] : changedSince(server, userId, since.stream),
    departed: since === null ? [] : departedSince(server, userId, since.stream),
    accountData: Object.entries(user.accountData).flatMap(([type, { content, at: position }]) =>
      position > stream ? [{ type, content }] : [],
    ),
    claimed: keysOf(user, deviceId).claimedAt > inbox,
  };
};

/**
 * Whether `/sync` would bring a device anything new: to-device events, changed device lists, account data, something in a
 * room, or the claim of one of its keys. A device that has no token yet has its first sync before it, which is news in itself.
 *
 * @param since the token the device would sync with. Without it, the newest one that the device has shown the server: a
 *   device whose answer was lost then still has news, and so has one, once, that has not yet acknowledged what it got
 * @returns false for a device that is not logged in
 */
export const hasNews = (server: Homeserver, userId: UserId, deviceId: DeviceId, since?: string | null): boolean => {
  if (deviceOf(server, userId, deviceId) === undefined) return false;
  const position =
    since === undefined
      ? inboxOf(server, userId, deviceId).acknowledged
      : since === null
        ? null
        : placeOf(server, userId, deviceId, since);
  if (position === null) return true;
  const { toDevice, changed, departed, accountData, claimed } = newsSince(server, userId, deviceId, position);
  return (
    claimed ||
    [toDevice, changed, departed, accountData].some(({ length }) => length > 0) ||
    roomsWithNews(server, userId, position.stream).length > 0
  );
};

/** A `since` says that everything up to it has arrived: only now are those events dropped. */
const acknowledge = (server: Homeserver, userId: UserId, deviceId: DeviceId, since: Place): Homeserver => {
  const inbox = inboxOf(server, userId, deviceId);
  const waiting = inbox.messages.filter(({ at: position }) => position > since.inbox);
  const before = inbox.acknowledged;
  const acknowledged = {
    stream: Math.max(since.stream, before?.stream ?? 0),
    inbox: Math.max(since.inbox, before?.inbox ?? 0),
  };
  const same = acknowledged.stream === before?.stream && acknowledged.inbox === before.inbox;
  if (waiting.length === inbox.messages.length && same) return server;
  return withInbox(server, userId, deviceId, { ...inbox, acknowledged, messages: waiting });
};

/** GET sync. It answers at once: `timeout` and `set_presence` change nothing here, and a filter only what is told of rooms. */
const sync = (call: SignedInCall): Answered => {
  const { userId, deviceId, query } = call;
  const token = query.since;
  const since = token === undefined ? null : placeOf(call.server, userId, deviceId, token);
  if (token !== undefined && since === null) return refuse(call, 400, 'M_INVALID_PARAM', 'Invalid stream token');
  const filter = filterOf(query.filter, userOf(call.server, userId).account.filters);
  if (filter === null) return refuse(call, 400, 'M_INVALID_PARAM', 'There is no such filter');
  const server = since === null ? call.server : acknowledge(call.server, userId, deviceId, since);
  const { toDevice, changed, departed, accountData } = newsSince(server, userId, deviceId, since);
  const isFull = query.full_state === 'true';
  const rooms = roomsSince(server, userId, deviceId, since?.stream ?? null, roomFilter(filter), isFull);
  const keys = keysOf(userOf(server, userId), deviceId);
  const unused: readonly Json[] = Object.entries(keys.fallback).flatMap(([algorithm, { used }]) =>
    used ? [] : [algorithm],
  );
  return ok(server, {
    next_batch: tokenOf(placeNow(server, userId, deviceId)),
    account_data: { events: accountData },
    ...(rooms === null ? {} : { rooms }),
    to_device: { events: toDevice },
    ...(since === null ? {} : { device_lists: { changed, left: departed } }),
    device_one_time_keys_count: oneTimeKeyCounts(keys),
    device_unused_fallback_key_types: unused,
  });
};

export const syncRoutes: readonly Route[] = [signedIn('GET', '/_matrix/client/v3/sync', sync)];
