/**
 * The endpoints of a homeserver that devices ask, by the names a file calls them: a path without `/_matrix/client/v3/` and without
 * what differs from request to request (client-server API).
 */

/** A path behind the version: `*` is any segment, `type` one that may be named too, as in `sendToDevice/m.room.encrypted`. */
type Endpoint = { readonly name: string; readonly paths: readonly string[] };

const endpoint = (name: string, ...paths: readonly string[]): Endpoint => ({
  name,
  paths: paths.length === 0 ? [name] : paths,
});

const known: readonly Endpoint[] = [
  endpoint('sync'),
  endpoint('sendToDevice', 'sendToDevice/type/*'),
  endpoint('keys/upload'),
  endpoint('keys/query'),
  endpoint('keys/claim'),
  endpoint('keys/device_signing/upload'),
  endpoint('keys/signatures/upload'),
  endpoint('room_keys/version', 'room_keys/version', 'room_keys/version/*'),
  endpoint('room_keys/keys', 'room_keys/keys', 'room_keys/keys/*', 'room_keys/keys/*/*'),
  endpoint('account/3pid/bind'),
  endpoint('account_data', 'user/*/account_data/type', 'user/*/rooms/*/account_data/type'),
  endpoint('createRoom'),
  endpoint('join', 'join/*', 'rooms/*/join'),
  endpoint('knock', 'knock/*'),
  endpoint('invite', 'rooms/*/invite'),
  endpoint('leave', 'rooms/*/leave'),
  endpoint('kick', 'rooms/*/kick'),
  endpoint('ban', 'rooms/*/ban'),
  endpoint('unban', 'rooms/*/unban'),
  endpoint('forget', 'rooms/*/forget'),
  endpoint('members', 'rooms/*/members'),
  endpoint('messages', 'rooms/*/messages'),
  endpoint('send', 'rooms/*/send/type/*'),
  endpoint('state', 'rooms/*/state', 'rooms/*/state/type', 'rooms/*/state/type/*'),
  endpoint('media/upload', 'upload', 'upload/*/*'),
  endpoint('media/download', 'media/download/*/*', 'media/download/*/*/*'),
  endpoint('login'),
  endpoint('login/get_token'),
  endpoint('logout', 'logout', 'logout/all'),
  endpoint('devices', 'devices', 'devices/*'),
];

/** What servers ask each other (server-server API): a path behind the version, without what differs from request to request. */
const amongServers: readonly string[] = [
  'make_join',
  'send_join',
  'make_knock',
  'send_knock',
  'make_leave',
  'send_leave',
  'backfill',
  'user/keys/query',
  'user/keys/claim',
  'query/profile',
];

/** The names a file may use. `send`, `invite`, `state` and `media/download` are asked by devices and by servers. */
export const endpointNames: readonly string[] = [...known.map(({ name }) => name), ...amongServers];

/** Other spellings that mean the same. */
const aliases: Readonly<Record<string, string>> = { 'media/v3/upload': 'media/upload' };

/** Slashes around a name mean nothing. */
const bare = (text: string): string => {
  const name = text.replaceAll(/^\/+|\/+$/g, '');
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
};

/** The endpoint that a text names, and the event type it names with it; `null` where it names none. */
const read = (text: string): { readonly endpoint: Endpoint; readonly type: string | null } | null => {
  const name = bare(text);
  const whole = known.find((one) => one.name === name);
  if (whole !== undefined) return { endpoint: whole, type: null };
  const typed = known.find(
    (one) => name.startsWith(`${one.name}/`) && one.paths.some((path) => path.split('/').includes('type')),
  );
  const type = typed === undefined ? '' : name.slice(typed.name.length + 1);
  return typed === undefined || type.includes('/') ? null : { endpoint: typed, type };
};

/** Whether a text names an endpoint. */
export const isEndpoint = (text: string): boolean => amongServers.includes(text) || read(text) !== null;

const segmentsOf = (path: string): readonly string[] =>
  path.replace(/^\/_matrix\/(?:client|media)\/[^/]+\//, '').split('/');

const fits = (pattern: string, type: string | null, segments: readonly string[]): boolean => {
  const parts = pattern.split('/');
  return (
    parts.length === segments.length &&
    parts.every((part, nth) =>
      part === '*'
        ? true
        : part === 'type'
          ? type === null || segments[nth] === encodeURIComponent(type)
          : part === segments[nth],
    )
  );
};

/** Whether a request to `path` is one to the endpoint that `text` names; `/` names all of them. */
export const asksFor = (text: string, path: string): boolean => {
  if (text === '/') return true;
  const named = read(text);
  if (named === null) return false;
  const segments = segmentsOf(path);
  return named.endpoint.paths.some((pattern) => fits(pattern, named.type, segments));
};
