/** POST createRoom ("Creation"): the events of a new room in the order that the specification gives them. */
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { ok, otherKind, type Route, refuse, type SignedInCall, signedIn, withBody } from '../routing.ts';
import { at } from '../state.ts';
import type { FederationRequest, Homeserver } from '../types.ts';
import { type Draft, propose, roomByAlias } from './events.ts';
import { invite } from './inviting.ts';
import { listAt } from './state.ts';

const versions = ['8', '9', '10', '11'];
const usualVersion = '11';

type Preset = { readonly joinRule: string; readonly guests: string; readonly areAllTrusted: boolean };
const presets: Readonly<Record<string, Preset>> = {
  private_chat: { joinRule: 'invite', guests: 'can_join', areAllTrusted: false },
  trusted_private_chat: { joinRule: 'invite', guests: 'can_join', areAllTrusted: true },
  public_chat: { joinRule: 'public', guests: 'forbidden', areAllTrusted: false },
};

/** `!plans:example.org` for a room named Plans, `!alice:example.org` for one of hers without a name; `-2` when there is one. */
const roomIdFor = (server: Homeserver, userId: UserId, name: string | undefined): string => {
  const word = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
  const base = word(name ?? '') || word(userId.slice(1, userId.indexOf(':')));
  for (let nth = 1; ; nth += 1) {
    const roomId = `!${nth === 1 ? base : `${base}-${nth}`}:${server.name}`;
    if (at(server.rooms, roomId) === undefined) return roomId;
  }
};

const isUserId = (value: unknown): value is UserId => typeof value === 'string' && /^@[^:]*:.+$/.test(value);

const draftsOf = (
  call: SignedInCall,
  body: JsonObject,
  preset: Preset,
  version: string,
  alias: string | undefined,
): readonly Omit<Draft, 'sender'>[] => {
  const state = (type: string, content: JsonObject, state_key = '') => ({ type, state_key, content });
  const invited = listAt(body, 'invite').filter(isUserId);
  const trusted = preset.areAllTrusted ? invited.map((userId) => [userId, 100] as const) : [];
  const levels = {
    users: { [call.userId]: 100, ...Object.fromEntries(trusted) },
    users_default: 0,
    events: {
      'm.room.name': 50,
      'm.room.power_levels': 100,
      'm.room.history_visibility': 100,
      'm.room.encryption': 100,
      'm.room.server_acl': 100,
      'm.room.tombstone': 100,
    },
    events_default: 0,
    state_default: 50,
    ban: 50,
    kick: 50,
    redact: 50,
    invite: 0,
    ...objectAt(body, 'power_level_content_override'),
  };
  const initial = listAt(body, 'initial_state').filter(isObject);
  const name = stringAt(body, 'name');
  const topic = stringAt(body, 'topic');
  return [
    state('m.room.create', { ...objectAt(body, 'creation_content'), room_version: version }),
    state('m.room.member', { membership: 'join' }, call.userId),
    state('m.room.power_levels', levels),
    ...(alias === undefined ? [] : [state('m.room.canonical_alias', { alias })]),
    state('m.room.join_rules', { join_rule: preset.joinRule }),
    state('m.room.history_visibility', { history_visibility: 'shared' }),
    state('m.room.guest_access', { guest_access: preset.guests }),
    ...initial.map((one) =>
      state(stringAt(one, 'type') ?? '', objectAt(one, 'content'), stringAt(one, 'state_key') ?? ''),
    ),
    ...(name === undefined ? [] : [state('m.room.name', { name })]),
    ...(topic === undefined ? [] : [state('m.room.topic', { topic })]),
  ];
};

const members = {
  room_version: 'a text',
  preset: 'a text',
  visibility: 'a text',
  name: 'a text',
  topic: 'a text',
  room_alias_name: 'a text',
  invite: 'a list of texts',
  initial_state: 'a list',
  creation_content: 'an object',
  power_level_content_override: 'an object',
} as const;

const create = withBody((call: SignedInCall, body) => {
  const other = otherKind(call, body, members);
  if (other !== null) return other;
  const version = stringAt(body, 'room_version') ?? usualVersion;
  if (!versions.includes(version))
    return refuse(call, 400, 'M_UNSUPPORTED_ROOM_VERSION', `This server makes no rooms of version ${version}`);
  const preset = at(presets, stringAt(body, 'preset') ?? usualPreset(body));
  if (preset === undefined) return refuse(call, 400, 'M_INVALID_PARAM', 'Unknown preset');
  const invited = listAt(body, 'invite');
  if (!invited.every(isUserId)) return refuse(call, 400, 'M_INVALID_PARAM', 'Invited users are user ids');
  if (!listAt(body, 'initial_state').every((one) => stringAt(one, 'type') !== undefined))
    return refuse(call, 400, 'M_BAD_JSON', 'An event of the initial state has no type');
  const aliasName = stringAt(body, 'room_alias_name');
  const alias = aliasName === undefined ? undefined : `#${aliasName}:${call.server.name}`;
  if (alias !== undefined && roomByAlias(call.server, alias) !== undefined)
    return refuse(call, 400, 'M_ROOM_IN_USE', 'The room alias is taken');
  const roomId = roomIdFor(call.server, call.userId, stringAt(body, 'name') ?? aliasName);
  let server = call.server;
  for (const draft of draftsOf(call, body, preset, version, alias)) {
    const done = propose(server, roomId, { ...draft, sender: call.userId }, call.nowMs);
    if ('refused' in done) return refuse(call, 400, 'M_INVALID_ROOM_STATE', done.refused);
    server = done.server;
  }
  // Who cannot be reached is not invited: there is no invitation that only one side knows of.
  const more = body.is_direct === true ? { is_direct: true } : {};
  let asks: readonly FederationRequest[] = [];
  for (const userId of invited) {
    const done = invite({ ...call, server }, roomId, userId, more);
    server = done.server;
    // One after another: the next invitation is made when it is known whether this one is in the room.
    if (asks.length === 0) asks = done.asks ?? [];
  }
  return { ...ok(server, { room_id: roomId }), ...(asks.length === 0 ? {} : { asks }) };
});

const usualPreset = (body: JsonObject): string => (body.visibility === 'public' ? 'public_chat' : 'private_chat');

export const createRoutes: readonly Route[] = [signedIn('POST', '/_matrix/client/v3/createRoom', create)];
