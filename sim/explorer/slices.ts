/**
 * A homeserver in slices: which parts of it a request may read or change. An answer is remembered by those parts alone,
 * so that what waits for the laptop does not make the phone's sync a new one.
 */
import type { ClientRequest, Homeserver, User } from '../homeserver/types.ts';
import type { Interner } from './intern.ts';

type Part = keyof User;
/** The parts of each user, whether inboxes and streams, and everything besides (accounts, media, settings). */
type Slice = { readonly users: readonly Part[]; readonly inboxes: 'all' | 'own' | 'none'; readonly streams: boolean };

/** By what the path begins with, below `/_matrix/client/v3/`; anything else reads the whole server. */
const slices: readonly (readonly [prefix: string, slice: Slice])[] = [
  ['sync', { users: ['devices', 'keys', 'accountData'], inboxes: 'own', streams: true }],
  ['sendToDevice/', { users: ['devices'], inboxes: 'all', streams: false }],
  ['room_keys/', { users: ['backup'], inboxes: 'none', streams: false }],
  ['keys/query', { users: ['devices', 'keys', 'crossSigning', 'tracks'], inboxes: 'none', streams: false }],
  ['keys/claim', { users: ['devices', 'keys'], inboxes: 'all', streams: false }],
];
const root = '/_matrix/client/v3/';

export const sliceOf = ({ path }: ClientRequest): Slice | null =>
  path.startsWith(root) ? (slices.find(([prefix]) => path.startsWith(prefix, root.length))?.[1] ?? null) : null;

/** The slice of a server as a key. Tokens are part of every slice: they say who asks. */
export const sliceKey = (server: Homeserver, slice: Slice, request: ClientRequest, interner: Interner): string => {
  let key = `${interner.idOf(server.tokens)}`;
  for (const user of Object.values(server.users))
    for (const part of slice.users) key += `,${interner.idOf(user[part])}`;
  if (slice.streams) key += `;${interner.idOf(server.streams)}`;
  if (slice.inboxes === 'all') key += `;${interner.idOf(server.inboxes)}`;
  const owner = request.accessToken === null ? undefined : server.tokens[request.accessToken];
  if (slice.inboxes === 'own' && owner !== undefined)
    key += `;${interner.idOf(server.inboxes[owner.user]?.[owner.device] ?? null)}`;
  return key;
};

/** What a request changed: new values of the parts that are no longer the same. */
export type Patch = {
  readonly users: readonly (readonly [user: string, part: Part, value: User[Part]])[];
  readonly inboxes: readonly (readonly [user: string, device: string, value: Homeserver['inboxes'][string][string]])[];
  readonly streams: Homeserver['streams'] | null;
};

/** `null` when something outside the slice changed: then the slice was declared too narrow, which is a bug. */
export const patchOf = (before: Homeserver, after: Homeserver, slice: Slice): Patch | null => {
  if (before.tokens !== after.tokens || before.media !== after.media || before.settings !== after.settings) return null;
  const users: [string, Part, User[Part]][] = [];
  for (const [name, user] of Object.entries(after.users)) {
    const old = before.users[name];
    if (old === undefined) return null;
    if (old === user) continue;
    for (const part of Object.keys(user) as Part[]) {
      if (old[part] === user[part]) continue;
      if (!slice.users.includes(part)) return null;
      users.push([name, part, user[part]]);
    }
  }
  const inboxes: [string, string, Homeserver['inboxes'][string][string]][] = [];
  for (const [user, byDevice] of Object.entries(after.inboxes))
    for (const [device, inbox] of Object.entries(byDevice))
      if (before.inboxes[user]?.[device] !== inbox) inboxes.push([user, device, inbox]);
  if (inboxes.length > 0 && slice.inboxes === 'none') return null;
  const streams = before.streams === after.streams ? null : after.streams;
  if (streams !== null && !slice.streams) return null;
  return { users, inboxes, streams };
};

export const patched = (server: Homeserver, patch: Patch): Homeserver => {
  if (patch.users.length === 0 && patch.inboxes.length === 0 && patch.streams === null) return server;
  let { users, inboxes } = server;
  for (const [name, part, value] of patch.users) {
    const user = users[name];
    if (user !== undefined) users = { ...users, [name]: { ...user, [part]: value } };
  }
  for (const [user, device, inbox] of patch.inboxes)
    inboxes = { ...inboxes, [user]: { ...inboxes[user], [device]: inbox } };
  return { ...server, users, inboxes, streams: patch.streams ?? server.streams };
};
