/**
 * What clients get wrong that no device of a story does, by endpoint: the specification has a server refuse it, and here that is done before
 * the homeserver hears of it. The homeserver itself takes what liars send, and every page that plays a story carries it.
 */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { endpointOf, routeOf } from '../../homeserver/index.ts';
import { listAt } from '../../homeserver/rooms/state.ts';
import { at } from '../../homeserver/state.ts';
import type { ClientRequest, ClientResponse, Homeserver } from '../../homeserver/types.ts';
import { type Draft, eventRefusal } from './events.ts';
import { refusal } from './request.ts';

/** What is asked of an endpoint. `body`: nothing is in it where it is no object, which the endpoint itself answers. */
type Asked = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly userId: string;
};
type Check = (asked: Asked) => ClientResponse | null;

const badJson = (error: string): ClientResponse => refusal(400, 'M_BAD_JSON', error);
const invalid = (error: string): ClientResponse => refusal(400, 'M_INVALID_PARAM', error);

/** The first that refuses. */
const firstOf = <T>(all: readonly T[], check: (one: T) => ClientResponse | null): ClientResponse | null => {
  for (const one of all) {
    const refused = check(one);
    if (refused !== null) return refused;
  }
  return null;
};
const memberOf = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Members that are there and are no text. */
const texts =
  (...names: readonly string[]): Check =>
  ({ body }) =>
    firstOf(names, (name) => {
      const value = memberOf(body, name) ?? null;
      return value === null || typeof value === 'string' ? null : badJson(`'${name}' must be a text`);
    });

// --- ids ("Common Identifier Format") --------------------------------------------------------------

const idBytesMax = 255;
const isShort = (id: string): boolean => Buffer.byteLength(id) <= idBytesMax;
const isUserId = (id: string): boolean => /^@[^:]*:.+$/s.test(id) && isShort(id);
const isRoomId = (id: string): boolean => /^![^:]*:.+$/s.test(id);
const isAlias = (id: string): boolean => /^#[^:\0]*:.+$/s.test(id) && isShort(id);

/** An object in the body that has something for each of several users. */
const byUser =
  (name: string): Check =>
  ({ body }) =>
    firstOf(Object.keys(objectAt(body, name)), (id) => (isUserId(id) ? null : invalid(`${id} is no user id`)));

const namesUser: Check = ({ body }) => {
  const id = stringAt(body, 'user_id');
  return id === undefined || isUserId(id) ? null : invalid('user_id is no user id');
};
const namesRoom: Check = ({ params: { roomId = '' } }) =>
  isRoomId(roomId) ? null : invalid(`${roomId} is no room id`);
const namesRoomOrAlias: Check = ({ params: { roomId = '' } }) =>
  isRoomId(roomId) || isAlias(roomId) ? null : invalid(`${roomId} is no room id and no alias`);

// --- queries ---------------------------------------------------------------------------------------

const oneOf =
  (name: string, ...values: readonly string[]): Check =>
  ({ query }) => {
    const value = at(query, name);
    return value === undefined || values.includes(value) ? null : invalid(`${name} is one of ${values.join(', ')}`);
  };
const milliseconds =
  (name: string): Check =>
  ({ query }) => {
    const value = at(query, name);
    return value === undefined || /^\d{1,15}$/.test(value) ? null : invalid(`${name} is a number of milliseconds`);
  };
const memberships = ['join', 'invite', 'knock', 'leave', 'ban'];

// --- keys ("Uploading keys") -----------------------------------------------------------------------

/** One-time and fallback keys: `<algorithm>:<key_ID>` → a text, or an object with `key`. */
const oneTimeKeys: Check = ({ body }) =>
  firstOf(['one_time_keys', 'fallback_keys'], (part) =>
    firstOf(Object.entries(objectAt(body, part)), ([id, key = null]) => {
      if (!/^[^:]+:.+$/s.test(id)) return invalid(`${id} in '${part}' is no key id: ALGORITHM:ID expected`);
      return typeof key === 'string' || stringAt(key, 'key') !== undefined
        ? null
        : badJson(`${id} in '${part}' must be a text, or an object with a text 'key'`);
    }),
  );

const areTexts = (value: Json): boolean =>
  isObject(value) && Object.values(value).every((one) => typeof one === 'string');
const deviceKeyMembers: readonly (readonly [string, string, (value: Json) => boolean])[] = [
  ['algorithms', 'a list of texts', (value) => Array.isArray(value) && value.every((one) => typeof one === 'string')],
  ['keys', 'an object of texts', areTexts],
  [
    'signatures',
    'an object of objects of texts',
    (value) => isObject(value) && Object.values(value).every((one) => one !== undefined && areTexts(one)),
  ],
];
const deviceKeys: Check = ({ body }) => {
  const offered = memberOf(body, 'device_keys');
  if (!isObject(offered)) return null;
  return firstOf(deviceKeyMembers, ([name, kind, isOne]) => {
    const value = memberOf(offered, name);
    if (value === undefined) return refusal(400, 'M_MISSING_PARAM', `Missing param: device_keys.${name}`);
    return isOne(value) ? null : badJson(`'device_keys.${name}' must be ${kind}`);
  });
};

// --- login -----------------------------------------------------------------------------------------

const identifier: Check = ({ body }) => {
  const named = memberOf(body, 'identifier');
  if (stringAt(body, 'type') !== 'm.login.password' || !isObject(named)) return null;
  const type = memberOf(named, 'type');
  if (type !== undefined && type !== 'm.id.user')
    return typeof type === 'string'
      ? refusal(400, 'M_UNKNOWN', `Unknown identifier type ${type}`)
      : badJson("'identifier.type' must be a text");
  const user = memberOf(named, 'user');
  if (user === undefined) return refusal(400, 'M_MISSING_PARAM', 'Missing param: identifier.user');
  return typeof user === 'string' ? null : badJson("'identifier.user' must be a text");
};
const deviceId: Check = ({ body }) => (stringAt(body, 'device_id') === '' ? invalid('device_id is empty') : null);

// --- events of rooms -------------------------------------------------------------------------------

const sent: Check = ({ params: { roomId = '', type = '' }, body, userId }) =>
  eventRefusal({ type, room_id: roomId, sender: userId, content: body });
const stateSet: Check = ({ params: { roomId = '', type = '', stateKey = '' }, body, userId }) =>
  eventRefusal({ type, state_key: stateKey, room_id: roomId, sender: userId, content: body });
/** Whoever comes or goes, or has somebody do so, may say why. */
const membership: Check = ({ params: { roomId = '' }, body, userId }) => {
  const content = { membership: 'leave', reason: stringAt(body, 'reason') ?? '' };
  return eventRefusal({ type: 'm.room.member', state_key: userId, room_id: roomId, sender: userId, content });
};
const entering = [texts('reason'), membership];

/** The events that the body of createRoom brings, as far as a client says what is in them. */
const firstEvents: Check = ({ body, userId }) => {
  const draft = (type: string, content: JsonObject, state_key = ''): Draft => {
    return { type, state_key, content, sender: userId, room_id: '' };
  };
  const initial = listAt(body, 'initial_state').filter(isObject);
  const odd = initial.find((one) => stringAt(one, 'type') !== undefined && !isObject(memberOf(one, 'content')));
  if (odd !== undefined) return badJson('An event of the initial state has no content');
  if (initial.some((one) => typeof (memberOf(one, 'state_key') ?? '') !== 'string'))
    return badJson('A state key of the initial state is no text');
  return firstOf(
    [
      draft('m.room.create', objectAt(body, 'creation_content')),
      draft('m.room.power_levels', objectAt(body, 'power_level_content_override')),
      draft('m.room.name', { name: stringAt(body, 'name') ?? '' }),
      draft('m.room.topic', { topic: stringAt(body, 'topic') ?? '' }),
      ...initial.map((one) =>
        draft(stringAt(one, 'type') ?? '', objectAt(one, 'content'), stringAt(one, 'state_key') ?? ''),
      ),
    ],
    eventRefusal,
  );
};
const newRoom: Check = ({ body, userId }) => {
  const visibility = stringAt(body, 'visibility');
  if (visibility !== undefined && visibility !== 'public' && visibility !== 'private')
    return invalid('Unknown visibility');
  const name = stringAt(body, 'room_alias_name');
  // The part before the colon: what stands behind it is this server's.
  if (
    name !== undefined &&
    (name === '' || name.includes(':') || !isAlias(`#${name}${userId.slice(userId.indexOf(':'))}`))
  )
    return invalid(`${name} is not the first part of an alias`);
  const invited = listAt(body, 'invite').filter((one) => typeof one === 'string');
  return invited.every(isUserId) ? null : invalid('Invited users are user ids');
};

const checks: Readonly<Record<string, readonly Check[]>> = {
  'GET sync': [
    milliseconds('timeout'),
    oneOf('full_state', 'true', 'false'),
    oneOf('set_presence', 'offline', 'online', 'unavailable'),
  ],
  'GET rooms/:roomId/messages': [oneOf('dir', 'b', 'f')],
  'GET rooms/:roomId/members': [oneOf('membership', ...memberships), oneOf('not_membership', ...memberships)],
  'POST login': [texts('device_id', 'initial_device_display_name'), deviceId, identifier],
  'POST keys/upload': [oneTimeKeys, deviceKeys],
  'POST keys/query': [byUser('device_keys')],
  'POST keys/claim': [byUser('one_time_keys')],
  'PUT sendToDevice/:eventType/:txnId': [byUser('messages')],
  'POST createRoom': [newRoom, firstEvents],
  'POST join/:roomId': [namesRoomOrAlias, ...entering],
  'POST knock/:roomId': [namesRoomOrAlias, ...entering],
  'POST rooms/:roomId/join': [namesRoom, ...entering],
  'POST rooms/:roomId/leave': entering,
  'POST rooms/:roomId/invite': [namesUser, ...entering],
  'POST rooms/:roomId/kick': [namesUser, ...entering],
  'POST rooms/:roomId/ban': [namesUser, ...entering],
  'POST rooms/:roomId/unban': [namesUser, ...entering],
  'PUT rooms/:roomId/send/:type/:txnId': [sent],
  'PUT rooms/:roomId/state/:type': [stateSet],
  'PUT rooms/:roomId/state/:type/:stateKey': [stateSet],
};
/** Those whose body nobody reads: whatever stands there is no mistake. */
const unread: readonly string[] = [
  'DELETE room_keys/keys',
  'DELETE room_keys/keys/:room',
  'DELETE room_keys/keys/:room/:session',
  'DELETE room_keys/version/:version',
  'POST logout',
  'POST logout/all',
  'POST create',
  'POST rooms/:roomId/forget',
];

/**
 * Why a request is refused before the homeserver is asked; `null` where it is to answer itself, as it does whoever has no valid token.
 *
 * @returns 400 or 413 with the error that the specification has for it ("Standard error response")
 */
export const refusalOf = (server: Homeserver, request: ClientRequest): ClientResponse | null => {
  const found = routeOf(request);
  const endpoint = endpointOf(request);
  if (!('route' in found) || endpoint === null) return null;
  const owner = at(server.tokens, request.accessToken ?? '');
  if (owner === undefined && !found.route.open) return null;
  // `null` is JSON, and not nothing at all.
  if (request.body === null && request.method !== 'GET' && !unread.includes(endpoint))
    return badJson('The request body must be a JSON object');
  const body = isObject(request.body) ? request.body : {};
  const asked: Asked = { params: found.params, query: request.query ?? {}, body, userId: owner?.user ?? '' };
  return firstOf(at(checks, endpoint) ?? [], (check) => check(asked));
};
