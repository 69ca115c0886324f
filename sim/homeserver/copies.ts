/**
 * Copies of the device lists of users of other servers ("Device Management" of the server-server API). Whoever shares a room with
 * them is sent `m.device_list_update` and `m.signing_key_update` whenever one changes; so what was once asked stays true until then,
 * unless such a notice is lost on the way.
 */
import { type JsonObject, objectAt } from '../../machines/json.ts';
import type { UserId } from '../../machines/types.ts';
import { membershipOf } from './rooms/state.ts';
import { at, isLocal, put } from './state.ts';
import type { Homeserver } from './types.ts';

/** Whether somebody here is in a room with them: only then does their server tell this one of changes. */
const isTold = (server: Homeserver, user: UserId): boolean =>
  Object.values(server.rooms).some(
    ({ state }) =>
      membershipOf(state, user) === 'join' &&
      Object.keys(server.users).some((own) => isLocal(server, own) && membershipOf(state, own) === 'join'),
  );

/** What this server holds to be the keys of a user of another one; `undefined` where it has to ask. */
export const copyOf = (server: Homeserver, user: UserId): JsonObject | undefined =>
  server.config.keepsDeviceLists === true && isTold(server, user) ? at(server.copies ?? {}, user) : undefined;

/** Of what an answer has of several users, by user: the member that belongs to one. */
const membersOf: Readonly<Record<string, string>> = {
  device_keys: 'device_keys',
  master_keys: 'master_key',
  self_signing_keys: 'self_signing_key',
};

/** The server once it has kept what another answered about these users, as `user/keys/query` answers. */
export const keeping = (server: Homeserver, users: readonly UserId[], body: JsonObject): Homeserver => {
  if (server.config.keepsDeviceLists !== true) return server;
  const copies = users
    .filter((user) => isTold(server, user))
    .reduce((kept, user) => {
      const members = Object.entries(membersOf).flatMap(([from, to]) => {
        const found = objectAt(body, from)[user];
        return found === undefined ? [] : [[to, found] as const];
      });
      return put(kept, user, Object.fromEntries(members));
    }, server.copies ?? {});
  return { ...server, copies };
};

/** The server when it has been told that somebody's list has changed: it asks when it is next wanted. */
export const outdated = (server: Homeserver, user: UserId): Homeserver => {
  if (server.copies === undefined || at(server.copies, user) === undefined) return server;
  const { [user]: _old, ...copies } = server.copies;
  return { ...server, copies };
};

/** The copies of these users in the form of an answer of `user/keys/query`. */
export const asAnswer = (server: Homeserver, users: readonly UserId[]): JsonObject =>
  Object.fromEntries(
    Object.entries(membersOf).map(([member, own]) => [
      member,
      Object.fromEntries(
        users.flatMap((user) => {
          const found = copyOf(server, user)?.[own];
          return found === undefined ? [] : [[user, found] as const];
        }),
      ),
    ]),
  );
