/** Who is told when a device list changes ("Tracking the device list for a user", "End-to-End Encryption" of the server-server API). */
import type { JsonObject } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { enqueueFor } from './federation/links.ts';
import { shareEncryptedRoom } from './rooms/sharing.ts';
import { membershipOf, usersWith } from './rooms/state.ts';
import { serverOf, streamOf, tellOfChange } from './state.ts';
import type { Homeserver } from './types.ts';

/** Tells users of this server who ever asked for the keys of `changed`, or are with them in an encrypted room. */
export const tellInterested = (server: Homeserver, changed: UserId): Homeserver =>
  Object.entries(server.users)
    .filter(([userId]) => userId !== changed)
    .filter(([userId, { tracks }]) => tracks.includes(changed) || shareEncryptedRoom(server, userId, changed))
    .reduce((now, [userId]) => tellOfChange(now, userId, changed), server);

/**
 * Tells everybody who is interested in the device list of `changed`, its owner first, and the servers of those who are with
 * them in a room. The notice says that there is something to ask for and not what: there is no copy on another server.
 *
 * @param device the device it is about; without it, the cross-signing keys have changed
 */
export const deviceListChanged = (
  server: Homeserver,
  changed: UserId,
  device: DeviceId | null,
  isGone = false,
): Homeserver => {
  const told = tellInterested(tellOfChange(server, changed, changed), changed);
  const destinations = new Set(
    Object.values(server.rooms)
      .filter(({ state }) => membershipOf(state, changed) === 'join')
      .flatMap(({ state }) => usersWith(state, 'join').map(serverOf))
      .filter((name) => name !== server.name),
  );
  const content: JsonObject =
    device === null
      ? { user_id: changed }
      : {
          user_id: changed,
          device_id: device,
          stream_id: streamOf(told, changed).position,
          ...(isGone ? { deleted: true } : {}),
        };
  const edu = { edu_type: device === null ? 'm.signing_key_update' : 'm.device_list_update', content };
  return [...destinations].reduce((now, to) => enqueueFor(now, to, { pdus: [], edus: [edu] }), told);
};
