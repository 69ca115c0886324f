/**
 * What a dishonest homeserver says of rooms: messages that nobody sent, members who never came or went, another history visibility;
 * to all its users, or to one device alone by veils over its syncs.
 */

import { MEGOLM_ALGORITHM } from '../../machines/algorithms.ts';
import type { Json, JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { shortRoom } from '../engine/names.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, noting, type Progress, quiet, type Veil, type World, withServer } from '../engine/world.ts';
import * as rooms from '../homeserver/rooms/tamper.ts';
import type { RoomEvent } from '../homeserver/types.ts';
import { forge, publicKeys, withForged } from './bundles.ts';
import { about, laid } from './equivocation.ts';
import { addressOf, forged, serverOf } from './forging.ts';

/** The event as others know it: members of the JSON object, and nothing that only this server needs. */
const shown = (event: RoomEvent | null): JsonObject | null => {
  if (event === null) return null;
  const { room_id: _room, depth: _depth, ...rest } = event as RoomEvent & { readonly depth?: number };
  return rest as unknown as JsonObject;
};

// --- to everybody ----------------------------------------------------------------------------------

/**
 * Puts a message into a room as if `as` had sent it, under a session that the attacker or an accomplice has made. Whoever has
 * been given that session as one of theirs reads it as theirs.
 */
export const forgeMessage = (
  stage: Stage,
  world: World,
  name: PlayerId,
  room: string,
  as: PlayerId,
  text: string,
): Progress => {
  const { user, device } = addressOf(world, as);
  const made = forge(stage, world, name, room, as);
  const plaintext = JSON.stringify({
    type: 'm.room.message',
    content: { msgtype: 'm.text', body: text },
    room_id: room,
  });
  const sealed = stage.suite.megolmEncrypt(made.session, plaintext);
  const content = {
    algorithm: MEGOLM_ALGORITHM,
    sender_key: publicKeys(world, as).curve25519,
    device_id: device,
    session_id: made.session.sessionId,
    ciphertext: sealed.ciphertext,
  };
  return after(made.progress, (now) => {
    const { at, server } = serverOf(now, name);
    if (server.rooms[room] === undefined) return quiet(now);
    const draft = { type: 'm.room.encrypted', sender: user, content };
    const put = withServer(now, at, rooms.inject(server, room, draft, now.now));
    return noting(
      quiet(withForged(put, made.by, room, as, sealed.session)),
      forged(name, at, null, `puts a message into ${shortRoom(room)} in the name of ${user}`, null, {
        ...draft,
        content,
      }),
    );
  });
};

/** Puts the latest message of one room, as it is, into the same room again or into another: a new event, which nobody sent. */
export const replayMessage = (world: World, name: PlayerId, from: string, room: string): Progress => {
  const { at, server } = serverOf(world, name);
  if (server.rooms[from] === undefined || server.rooms[room] === undefined) return quiet(world);
  const said = rooms.timeline(server, from).findLast(({ type }) => type === 'm.room.encrypted');
  if (said === undefined) return quiet(world);
  const draft = { type: said.type, sender: said.sender, content: said.content };
  return noting(
    quiet(withServer(world, at, rooms.inject(server, room, draft, world.now))),
    forged(name, at, null, `puts what ${said.sender} said in ${shortRoom(from)} into ${shortRoom(room)}`, null, draft),
  );
};

export type Membership = 'join' | 'leave' | 'invite' | 'ban';

/** Who would say that of somebody: they themselves, or for what nobody does to themselves a member who may. */
const sayer = (world: World, name: PlayerId, room: string, user: string, is: Membership): string => {
  if (is === 'join' || is === 'leave') return user;
  const { server } = serverOf(world, name);
  return rooms.joined(server, room).find((one) => one !== user) ?? user;
};

/** Says that somebody is in a room, or out of it. The server's own copy of the room says so from then on. */
export const forgeMembership = (world: World, name: PlayerId, room: string, user: string, is: Membership): Progress => {
  const { at, server } = serverOf(world, name);
  if (server.rooms[room] === undefined) return quiet(world);
  const before = shown(rooms.stateAt(server, room, 'm.room.member', user));
  const sender = sayer(world, name, room, user, is);
  const told = rooms.setMembership(server, room, user, is, world.now, sender);
  return noting(
    quiet(withServer(world, at, told)),
    forged(
      name,
      at,
      null,
      `says of ${user} in ${shortRoom(room)}: ${is}`,
      before,
      shown(rooms.stateAt(told, room, 'm.room.member', user)),
    ),
  );
};

/** Who is made to have set something in a room: whoever did so before, or made the room. */
const setter = (world: World, name: PlayerId, room: string, type: string): string => {
  const { server } = serverOf(world, name);
  const event = rooms.stateAt(server, room, type, '') ?? rooms.stateAt(server, room, 'm.room.create', '');
  return event?.sender ?? '';
};

const visibility = 'm.room.history_visibility';

/** Says that somebody set who may read what was said. */
export const forgeHistory = (world: World, name: PlayerId, room: string, value: string): Progress => {
  const { at, server } = serverOf(world, name);
  if (server.rooms[room] === undefined) return quiet(world);
  const before = shown(rooms.stateAt(server, room, visibility, ''));
  const told = rooms.setHistoryVisibility(server, room, setter(world, name, room, visibility), value, world.now);
  return noting(
    quiet(withServer(world, at, told)),
    forged(name, at, null, `says of the history of ${shortRoom(room)}: ${value}`, before, {
      history_visibility: value,
    }),
  );
};

// --- to one device ---------------------------------------------------------------------------------

/** A lie about one room in a device's syncs; the device is given a reason to sync. */
const lying = (
  world: World,
  name: PlayerId,
  to: PlayerId,
  room: string,
  what: string,
  edits: Extract<Veil, { edits: unknown }>['edits'],
): World => {
  const { at, server } = serverOf(world, name);
  const veil: Veil = { player: to, about: what, method: 'GET', path: paths.sync, edits };
  return withServer(laid(world, veil), at, rooms.remind(server, room, addressOf(world, to).user));
};

const inSync = (room: string, part: 'state' | 'timeline'): readonly string[] => ['rooms', 'join', room, part, 'events'];

const invented = (type: string, stateKey: string, sender: string, content: JsonObject, nowMs: number): JsonObject => ({
  type,
  state_key: stateKey,
  sender,
  content,
  event_id: `$forged_${type}_${stateKey}`,
  origin_server_ts: nowMs,
});

/** From now on one device is told that, whatever the room says. */
export const forgeMembershipFor = (
  world: World,
  name: PlayerId,
  room: string,
  user: string,
  is: Membership,
  to: PlayerId,
): Progress => {
  const { at, server } = serverOf(world, name);
  if (server.rooms[room] === undefined) return quiet(world);
  const before = shown(rooms.stateAt(server, room, 'm.room.member', user));
  const event = invented('m.room.member', user, sayer(world, name, room, user, is), { membership: is }, world.now);
  const named = `m.room.member ${user}`;
  const told = lying(world, name, to, room, about.member(room, user), [
    { at: [...inSync(room, 'timeline'), named, 'content'], put: { membership: is } },
    { at: [...inSync(room, 'state'), named] },
    { at: inSync(room, 'state'), add: event },
  ]);
  return noting(
    quiet(inMemberList(told, to, room, user, event)),
    forged(name, at, to, `says of ${user} in ${shortRoom(room)}: ${is}`, before, event),
  );
};

/** The same lie where the device asks who is in the room. */
const inMemberList = (world: World, to: PlayerId, room: string, user: string, event: Json | null): World =>
  laid(world, {
    player: to,
    about: about.member(room, user),
    method: 'GET',
    path: paths.members(room),
    edits: [{ at: ['chunk', `m.room.member ${user}`] }, ...(event === null ? [] : [{ at: ['chunk'], add: event }])],
  });

/** From now on one device is told nothing of how somebody comes and goes: it takes it that all is as it was. */
export const hideMembership = (world: World, name: PlayerId, room: string, user: string, from: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  if (server.rooms[room] === undefined) return quiet(world);
  const named = `m.room.member ${user}`;
  const veil: Veil = {
    player: from,
    about: about.member(room, user),
    method: 'GET',
    path: paths.sync,
    edits: [{ at: [...inSync(room, 'timeline'), named] }, { at: [...inSync(room, 'state'), named] }],
  };
  const before = shown(rooms.stateAt(server, room, 'm.room.member', user));
  return noting(
    quiet(inMemberList(laid(world, veil), from, room, user, before)),
    forged(name, at, from, `says nothing of how ${user} comes and goes in ${shortRoom(room)}`, before, null),
  );
};

/** From now on one device is told that anybody has set who may read what was said, whatever they have set. */
export const forgeHistoryFor = (world: World, name: PlayerId, room: string, value: string, to: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  if (server.rooms[room] === undefined) return quiet(world);
  const before = shown(rooms.stateAt(server, room, visibility, ''));
  const content = { history_visibility: value };
  const event = invented(visibility, '', setter(world, name, room, visibility), content, world.now);
  const told = lying(world, name, to, room, about.history(room), [
    { at: [...inSync(room, 'timeline'), visibility, 'content'], put: content },
    { at: [...inSync(room, 'state'), visibility] },
    { at: inSync(room, 'state'), add: event },
  ]);
  return noting(
    quiet(told),
    forged(name, at, to, `says of the history of ${shortRoom(room)}: ${value}`, before, event),
  );
};
