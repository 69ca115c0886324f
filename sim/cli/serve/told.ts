/**
 * What of a log can be told as a story: what people did, by the requests that their clients sent for it. Keys, letters and all else that a
 * client sends by itself are its own doing, and the model's devices do theirs. Whatever is neither is listed.
 */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import { visibilities } from '../../engine/rooms.ts';
import { endpointOf, routeOf } from '../../homeserver/index.ts';
import { serverOf } from '../../homeserver/state.ts';
import type { ClientRequest } from '../../homeserver/types.ts';
import { canBeName } from '../../scenario/reader.ts';
import type { Entry, Log } from './log.ts';

/** A line of a story as a file has it: who, and a verb or its arguments. */
export type Line = { readonly who: string; readonly does: string | JsonObject };
export type Told = {
  readonly users: readonly {
    readonly name: string;
    readonly server: string;
    readonly devices: readonly { readonly name: string; readonly isSigned: boolean }[];
  }[];
  readonly lines: readonly Line[];
  /** How many requests and moves lines stand for, and how many are what a client does by itself. */
  readonly told: number;
  readonly byItself: number;
  /** What is neither: endpoint or move, with what it was answered → how often. */
  readonly untold: ReadonlyMap<string, number>;
};

/** A name that a file can have, and that nobody has yet. */
export const nameFor = (text: string, otherwise: string, taken: ReadonlySet<string>): string => {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 30);
  const base = canBeName(plain) ? plain : otherwise;
  for (let nth = 1; ; nth += 1) {
    const name = nth === 1 ? base : `${base}${nth}`;
    // Two names that differ in nothing but hyphens are one device id.
    if (![...taken].some((one) => one.replaceAll('-', '') === name.replaceAll('-', ''))) return name;
  }
};

/** Endpoints at which a client asks or says something that its person did not ask it to. */
const byItself: ReadonlySet<string> = new Set([
  'GET sync',
  'GET versions',
  'GET login',
  'GET account/whoami',
  'GET capabilities',
  'GET pushrules/',
  'POST user/:userId/filter',
  'GET user/:userId/filter/:filterId',
  'POST keys/upload',
  'POST keys/query',
  'POST keys/claim',
  'GET keys/changes',
  'POST keys/signatures/upload',
  'POST keys/device_signing/upload',
  'PUT sendToDevice/:eventType/:txnId',
  'GET room_keys/version',
  'GET room_keys/version/:version',
  'PUT room_keys/keys',
  'POST upload',
  'GET media/download/:serverName/:mediaId',
]);

const entriesAt = (value: Json | undefined, key: string): readonly (readonly [string, Json])[] =>
  Object.entries(objectAt(value, key)).map(([name, one]) => [name, one ?? null] as const);
const textsAt = (value: Json, key: string): readonly string[] => {
  const list = isObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
};

/** Whether a sync brought anything. */
const hasNews = (body: Json): boolean => {
  const { events } = objectAt(body, 'to_device');
  return (
    ['join', 'invite', 'leave', 'knock'].some((section) => entriesAt(objectAt(body, 'rooms'), section).length > 0) ||
    (Array.isArray(events) && events.length > 0) ||
    textsAt(objectAt(body, 'device_lists'), 'changed').length > 0
  );
};

export const isVisibility = (said: string): boolean => visibilities.some((one) => one === said);

/** All that is known while a log is read. */
export type Telling = {
  readonly tokens: Map<string, readonly [user: UserId, device: string]>;
  /** Id → name. */
  readonly rooms: Map<string, string>;
  /** `den @bob:example.org`: who is asked in and has not come. */
  readonly invited: Set<string>;
  readonly lines: Line[];
  readonly untold: Map<string, number>;
  told: number;
  byItself: number;
  readonly leave: (what: string) => void;
  readonly say: (who: string, does: Line['does']) => void;
  /** How a device goes in the story. */
  readonly device: (user: UserId, device: string) => string;
  readonly nameOf: (user: string) => string | undefined;
  readonly signed: (user: UserId, device: string) => void;
  readonly users: () => Told['users'];
};
export const tellingOf = (accounts: readonly UserId[]): Telling => {
  type Account = { readonly name: string; readonly devices: Map<string, string>; readonly signed: Set<string> };
  const users = new Map<string, Account>();
  const named = new Set<string>();
  for (const user of accounts) {
    const taken = new Set([...users.values()].map(({ name }) => name));
    const name = nameFor(user.slice(1, user.indexOf(':')), 'user', taken);
    users.set(user, { name, devices: new Map(), signed: new Set() });
  }
  const telling: Telling = {
    tokens: new Map(),
    rooms: new Map(),
    invited: new Set(),
    lines: [],
    untold: new Map(),
    told: 0,
    byItself: 0,
    leave: (what) => {
      telling.untold.set(what, (telling.untold.get(what) ?? 0) + 1);
    },
    say: (who, does) => {
      telling.told += 1;
      telling.lines.push({ who, does });
    },
    device: (user, device) => {
      const owner = users.get(user);
      if (owner === undefined) return '';
      const name = owner.devices.get(device) ?? nameFor(device, 'device', new Set(owner.devices.values()));
      owner.devices.set(device, name);
      return `${owner.name}.${name}`;
    },
    nameOf: (user) => {
      if (users.has(user)) named.add(user);
      return users.get(user)?.name;
    },
    signed: (user, device) => {
      users.get(user)?.signed.add(device);
    },
    users: () =>
      [...users].map(([user, { name, devices, signed }]) => ({
        name,
        server: serverOf(user),
        // A cast has nobody without a device: who is named and never logs in gets one.
        devices:
          devices.size === 0 && named.has(user)
            ? [{ name: 'device', isSigned: false }]
            : [...devices].map(([id, one]) => ({ name: one, isSigned: signed.has(id) })),
      })),
  };
  return telling;
};

type Asked = {
  readonly endpoint: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly response: Json;
  readonly user: UserId;
  readonly device: string;
  /** How that device goes in the story. */
  readonly who: string;
};

const historyIn = (body: Json): string | null => {
  const state = isObject(body) && Array.isArray(body.initial_state) ? body.initial_state : [];
  const event = state.find((one) => stringAt(one, 'type') === 'm.room.history_visibility');
  const said = stringAt(objectAt(event, 'content'), 'history_visibility') ?? 'shared';
  return isVisibility(said) ? said : null;
};

/** What a request of somebody logged in stands for. `false`: for nothing that a story can say. */
type Tells = (telling: Telling, asked: Asked) => boolean;
const roomTo =
  (say: (room: string, asked: Asked, telling: Telling) => Line['does'] | null): Tells =>
  (telling, asked) => {
    const room = telling.rooms.get(
      asked.params.roomId ?? asked.params.roomIdOrAlias ?? stringAt(asked.response, 'room_id') ?? '',
    );
    const does = room === undefined ? null : say(room, asked, telling);
    if (does === null) return false;
    telling.say(asked.who, does);
    return true;
  };
const onMember = (verb: string, where: string): Tells =>
  roomTo((room, { body }, telling) => {
    const user = stringAt(body, 'user_id') ?? '';
    const name = telling.nameOf(user);
    if (name === undefined) return null;
    if (verb === 'invite') telling.invited.add(`${room} ${user}`);
    return { [verb]: name, [where]: room };
  });
const joins = roomTo((room, { user }, telling) => {
  telling.invited.delete(`${room} ${user}`);
  return { join: room };
});

const tells: Readonly<Record<string, Tells>> = {
  'POST createRoom': (telling, { who, body, response }) => {
    const id = stringAt(response, 'room_id');
    const history = historyIn(body);
    const isPlain = stringAt(body, 'preset') !== 'public_chat' && history !== null;
    if (id === undefined || !isPlain) return false;
    const room = nameFor(stringAt(body, 'name') ?? 'room', 'room', new Set(telling.rooms.values()));
    telling.rooms.set(id, room);
    telling.say(who, { 'create room': room, history });
    for (const user of textsAt(body, 'invite')) {
      const name = telling.nameOf(user);
      if (name === undefined) continue;
      telling.invited.add(`${room} ${user}`);
      telling.lines.push({ who, does: { invite: name, to: room } });
    }
    return true;
  },
  'POST rooms/:roomId/invite': onMember('invite', 'to'),
  'POST rooms/:roomId/kick': onMember('kick', 'from'),
  'POST rooms/:roomId/ban': onMember('ban', 'from'),
  'POST rooms/:roomId/unban': onMember('unban', 'from'),
  'POST join/:roomId': joins,
  'POST rooms/:roomId/join': joins,
  'POST rooms/:roomId/leave': roomTo((room, { user }, telling) =>
    telling.invited.delete(`${room} ${user}`) ? { decline: room } : { leave: room },
  ),
  'PUT rooms/:roomId/send/:type/:txnId': roomTo((room, { params }, telling) =>
    // What is sealed is opaque here, and whatever else it is, it is something that was said.
    params.type === 'm.room.encrypted' || params.type === 'm.room.message'
      ? {
          send: `message ${telling.lines.filter(({ does }) => typeof does !== 'string' && 'send' in does).length + 1}`,
          in: room,
        }
      : null,
  ),
  'PUT rooms/:roomId/state/:type': roomTo((room, { params, body }) => {
    const visibility = stringAt(body, 'history_visibility') ?? '';
    return params.type === 'm.room.history_visibility' && isVisibility(visibility)
      ? { 'set history': visibility, in: room }
      : null;
  }),
  'GET rooms/:roomId/messages': roomTo((room) => ({ 'scroll back': room })),
  'POST room_keys/version': (telling, { who }) => {
    const last = telling.lines.at(-1);
    // Deleted and made anew with nothing between is what clients call a reset.
    if (last?.who === who && last.does === 'delete backup') {
      telling.lines.pop();
      telling.say(who, 'reset backup');
    } else telling.say(who, 'create backup');
    return true;
  },
  'DELETE room_keys/version/:version': (telling, { who }) => {
    // Clients delete until there is none.
    const last = telling.lines.at(-1);
    if (last?.who === who && last.does === 'delete backup') telling.told += 1;
    else telling.say(who, 'delete backup');
    return true;
  },
  'GET room_keys/keys': (telling, { who }) => {
    telling.say(who, 'restore backup');
    return true;
  },
  'POST logout': (telling, { who }) => {
    telling.say(who, 'log out');
    return true;
  },
};

const noteSigned = (telling: Telling, { body, user }: Asked): void => {
  for (const [id] of entriesAt(body, user)) telling.signed(user, id);
};

/** Endpoint or move, with what it was answered. */
const whatOf = ({ event, response }: Entry): string => {
  if (!('request' in event)) return `the move ${event.move.move} (${response.status})`;
  return `${askedAt(event.request)} (${response.status})`;
};
const askedAt = (request: ClientRequest): string => endpointTold(request) ?? `${request.method} of no endpoint`;
/** An endpoint as it is told, also one outside any version of the API: `GET versions`. `null`: there is no such endpoint. */
export const endpointTold = (request: Pick<ClientRequest, 'method' | 'path'>): string | null => {
  const endpoint = endpointOf(request);
  return endpoint?.endsWith(' ') ? `${endpoint}${request.path.replace('/_matrix/client/', '')}` : endpoint;
};

/** A device that logs in is one of the cast. */
const logsIn = (telling: Telling, body: Json): void => {
  const [user, device] = [stringAt(body, 'user_id') ?? '', stringAt(body, 'device_id') ?? ''];
  telling.tokens.set(stringAt(body, 'access_token') ?? '', [user, device]);
  telling.device(user, device);
  telling.told += 1;
};

/** Reads one on. @returns whether it is told; otherwise it is what a client does by itself, or can only be listed */
const readEntry = (telling: Telling, { event, response }: Entry): boolean => {
  if (!('request' in event) || response.status !== 200) return false;
  const { accessToken, body = null } = event.request;
  const endpoint = askedAt(event.request);
  if (endpoint === 'POST login') {
    logsIn(telling, response.body);
    return true;
  }
  const owner = telling.tokens.get(accessToken ?? '');
  const found = routeOf(event.request);
  if (owner === undefined || !('params' in found)) return false;
  const [user, device] = owner;
  const who = telling.device(user, device);
  const asked: Asked = { endpoint, params: found.params, body, response: response.body, user, device, who };
  if (endpoint === 'POST keys/signatures/upload') noteSigned(telling, asked);
  if (endpoint === 'GET sync' && hasNews(response.body)) {
    telling.say(who, 'sync');
    return true;
  }
  return Object.hasOwn(tells, endpoint) && tells[endpoint]?.(telling, asked) === true;
};

/** What a log comes to. Never throws for a log that is one. */
export const toldIn = ({ users, entries }: Log): Told => {
  const telling = tellingOf(users);
  for (const entry of entries) {
    if (readEntry(telling, entry)) continue;
    const isByItself = 'request' in entry.event && byItself.has(askedAt(entry.event.request));
    if (isByItself) telling.byItself += 1;
    else telling.leave(whatOf(entry));
  }
  return {
    users: telling.users(),
    lines: telling.lines,
    told: telling.told,
    byItself: telling.byItself,
    untold: telling.untold,
  };
};
