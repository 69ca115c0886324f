/** What whoever runs a server can do behind its users' backs, or a thief who got at it: the control endpoint takes these as JSON. */
import { isObject, type Json, type JsonObject, stringAt } from '../../../machines/json.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import type { Servers } from '../../homeserver/federation/ask-servers.ts';
import { inject, roomIds } from '../../homeserver/rooms/tamper.ts';
import { at, put } from '../../homeserver/state.ts';
import {
  addDevice,
  announce,
  deviceKeys,
  enqueue,
  hasDevice,
  hasUser,
  queue,
  setDeviceKeys,
  setQueue,
} from '../../homeserver/tamper.ts';
import type { ClientResponse, Homeserver } from '../../homeserver/types.ts';

type OfDevice = { readonly user: UserId; readonly device: DeviceId };
export type Move =
  /** The access token of a device. */
  | ({ readonly move: 'steal token' } & OfDevice)
  /** A device that nobody logged in, with its access token. */
  | ({ readonly move: 'add device' } & OfDevice)
  /** All that waits for a device to sync. */
  | ({ readonly move: 'read queue' } & OfDevice)
  | ({ readonly move: 'drop queue' } & OfDevice)
  /** A to-device event, in anybody's name. */
  | ({ readonly move: 'send event'; readonly event: JsonObject } & OfDevice)
  /** Other device keys in the place of a device's; a user's clients are told that their list changed. */
  | ({ readonly move: 'set device keys'; readonly keys: JsonObject } & OfDevice)
  /** Tells a user that the device list of another changed, whether it did or not. */
  | { readonly move: 'announce'; readonly user: UserId; readonly changed: UserId }
  /** An event in a room, in anybody's name. */
  | {
      readonly move: 'inject';
      readonly room: string;
      readonly type: string;
      readonly sender: UserId;
      readonly state_key?: string;
      readonly content: JsonObject;
    };
type Name = Move['move'];

/** The fields of each beside its name, by what they hold; `?` may be left out. */
const fields: Readonly<Record<Name, Readonly<Record<string, 'text' | 'text?' | 'object'>>>> = {
  'steal token': { user: 'text', device: 'text' },
  'add device': { user: 'text', device: 'text' },
  'read queue': { user: 'text', device: 'text' },
  'drop queue': { user: 'text', device: 'text' },
  'send event': { user: 'text', device: 'text', event: 'object' },
  'set device keys': { user: 'text', device: 'text', keys: 'object' },
  announce: { user: 'text', changed: 'text' },
  inject: { room: 'text', type: 'text', sender: 'text', state_key: 'text?', content: 'object' },
};
export const moveNames: readonly string[] = Object.keys(fields);

/** The move that a body is, or what is wrong with it. */
export const readMove = (body: Json): Move | string => {
  const name = stringAt(body, 'move');
  const wanted = name === undefined || !Object.hasOwn(fields, name) ? undefined : fields[name as Name];
  if (wanted === undefined || !isObject(body)) return `move: one of ${moveNames.join(', ')} expected`;
  for (const [field, kind] of Object.entries(wanted)) {
    const value = Object.hasOwn(body, field) ? body[field] : undefined;
    if (kind === 'text?' && value === undefined) continue;
    if (kind === 'object' ? !isObject(value) : typeof value !== 'string')
      return `${name} needs ${field}: ${kind === 'object' ? 'an object' : 'a text'}`;
  }
  // Every field was looked at: nothing else of the body is read.
  return Object.fromEntries(
    ['move', ...Object.keys(wanted)].flatMap((field) => (field in body ? [[field, body[field]]] : [])),
  ) as Move;
};

type Done = { readonly server: Homeserver; readonly body?: Json };
const refused = (status: number, errcode: string, error: string): ClientResponse => ({
  status,
  body: { errcode, error },
});

const done = (server: Homeserver, move: Move, nowMs: number): Done => {
  switch (move.move) {
    case 'steal token':
      return { server, body: { access_token: server.users[move.user]?.devices[move.device]?.accessToken ?? '' } };
    case 'add device': {
      const added = addDevice(server, move.user, move.device);
      return { server: added.server, body: { access_token: added.accessToken } };
    }
    case 'read queue':
      return { server, body: { events: queue(server, move.user, move.device) } };
    case 'drop queue':
      return { server: setQueue(server, move.user, move.device, []) };
    case 'send event':
      return { server: enqueue(server, move.user, move.device, move.event) };
    case 'set device keys': {
      const was = deviceKeys(server, move.user, move.device);
      return { server: setDeviceKeys(server, move.user, move.device, move.keys), body: { before: was } };
    }
    case 'announce':
      return { server: announce(server, move.user, move.changed) };
    case 'inject': {
      const { type, sender, state_key, content } = move;
      const draft = { type, sender, content, ...(state_key === undefined ? {} : { state_key }) };
      return { server: inject(server, move.room, draft, nowMs) };
    }
  }
};

/** Why a move has nothing to act on; `null` where it has. */
const missing = (server: Homeserver, move: Move): string | null => {
  if (move.move === 'inject')
    return roomIds(server).includes(move.room) ? null : `${server.name} has no room ${move.room}`;
  if (!hasUser(server, move.user)) return `${server.name} has no user ${move.user}`;
  if (move.move === 'announce') return null;
  const isThere = hasDevice(server, move.user, move.device);
  if (move.move === 'add device') return isThere ? `${move.user} has a device ${move.device} already` : null;
  return isThere ? null : `${move.user} has no device ${move.device}`;
};

/** Does a move on one server. @returns 200 with what it tells, or 404 `M_NOT_FOUND` where it has nothing to act on */
export const moved = (
  servers: Servers,
  name: string,
  move: Move,
  nowMs: number,
): { readonly servers: Servers; readonly response: ClientResponse } => {
  const server = at(servers, name);
  if (server === undefined) throw new Error(`there is no server ${name}: which one was asked?`);
  const why = missing(server, move);
  if (why !== null) return { servers, response: refused(404, 'M_NOT_FOUND', why) };
  const after = done(server, move, nowMs);
  return { servers: put(servers, name, after.server), response: { status: 200, body: after.body ?? {} } };
};
