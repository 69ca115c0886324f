/**
 * Lies of a server about what is said in rooms and who is in them: messages that nobody sent, members who never came or went, another
 * history visibility; to all its users, or to one device alone by veils over its syncs.
 */

import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { type Json, type JsonObject, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { forge, forgedFor, publicKeys, withForged } from '../../attackers/bundles.ts';
import { about, isVeiled, laid } from '../../attackers/equivocation.ts';
import { addressOf, lied, serverOf } from '../../attackers/forging.ts';
import { circleIn } from '../../attackers/knowledge.ts';
import { type InRoom, isIn, isNamed, listeners, people, playersIn } from '../../attackers/spots.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { shortRoom, userId } from '../../engine/names.ts';
import { visibilities } from '../../engine/rooms.ts';
import { roleOf } from '../../engine/stage.ts';
import type { PlayerId } from '../../engine/types.ts';
import { after, quiet, type World, withServer } from '../../engine/world.ts';
import * as rooms from '../../homeserver/rooms/tamper.ts';
import type { Homeserver, RoomEvent } from '../../homeserver/types.ts';
import { lyingServer } from '../actors.ts';
import { device, inRoom, oneOf, optional, user, word } from '../arguments.ts';
import { whyNoRoom } from '../being-there.ts';
import { arg, first, unchecked } from '../telling.ts';
import { verb } from '../verb.ts';

type Membership = 'join' | 'leave' | 'invite' | 'ban';
const isMembership = (text: string): text is Membership => ['join', 'leave', 'invite', 'ban'].includes(text);

/** A state event as others know it: members of the JSON object, and nothing that only this server needs. */
const shown = (server: Homeserver, room: string, type: string, key: string): JsonObject | null => {
  const event = rooms.stateAt(server, room, type, key);
  if (event === null) return null;
  const { room_id: _room, depth: _depth, ...rest } = event as RoomEvent & { readonly depth?: number };
  return rest as unknown as JsonObject;
};

/** Who would say that of somebody: they themselves, or for what nobody does to themselves a member who may. */
const sayer = (server: Homeserver, room: string, user: string, is: Membership): string =>
  is === 'join' || is === 'leave' ? user : (rooms.joined(server, room).find((one) => one !== user) ?? user);

/** Who is made to have set who may read what was said: whoever did so before, or made the room. */
const setter = (server: Homeserver, room: string): string =>
  (rooms.stateAt(server, room, visibility, '') ?? rooms.stateAt(server, room, 'm.room.create', ''))?.sender ?? '';

const visibility = 'm.room.history_visibility';

type StateEvent = {
  readonly type: string;
  readonly state_key: string;
  readonly sender: string;
  readonly content: JsonObject;
};
const invented = (event: StateEvent, nowMs: number): JsonObject & StateEvent => ({
  ...event,
  event_id: `$forged_${event.type}_${event.state_key}`,
  origin_server_ts: nowMs,
});

const inSync = (room: string, part: 'state' | 'timeline'): readonly string[] => ['rooms', 'join', room, part, 'events'];

/** From now on one device is told that in its syncs, whatever the room says; it is given a reason to sync. */
const toOne = (
  world: World,
  who: PlayerId,
  to: PlayerId,
  room: string,
  what: string,
  event: JsonObject & StateEvent,
) => {
  const { at, server } = serverOf(world, who);
  const named = `${event.type} ${event.state_key}`.trim();
  const edits = [
    { at: [...inSync(room, 'timeline'), named, 'content'], put: event.content },
    { at: [...inSync(room, 'state'), named] },
    { at: inSync(room, 'state'), add: event },
  ];
  const told = laid(world, { player: to, about: what, method: 'GET', path: paths.sync, edits });
  return withServer(told, at, rooms.remind(server, room, addressOf(world, to).user));
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

const forgesMembership: Perform = (stage, world, act) => {
  const is = first(act);
  if (!isMembership(is)) throw unchecked(act, act.verb);
  const [room, user, to] = [arg(act, 'in'), userOf(stage, arg(act, 'of')), arg(act, 'for')];
  const { server } = serverOf(world, act.who);
  if (server.rooms[room] === undefined) return quiet(world);
  const type = 'm.room.member';
  const sender = sayer(server, room, user, is);
  const what = `says of ${user} in ${shortRoom(room)}: ${is}`;
  const before = shown(server, room, type, user);
  if (to === '') {
    const told = rooms.setMembership(server, room, user, is, world.now, sender);
    return lied(world, act.who, what, { server: told, before, after: shown(told, room, type, user) });
  }
  const event = invented({ type, state_key: user, sender, content: { membership: is } }, world.now);
  const told = toOne(world, act.who, to, room, about.member(room, user), event);
  return lied(inMemberList(told, to, room, user, event), act.who, what, { to, before, after: event });
};

const forgesHistory: Perform = (_stage, world, act) => {
  const [room, to] = [arg(act, 'in'), arg(act, 'for')];
  const { server } = serverOf(world, act.who);
  if (server.rooms[room] === undefined) return quiet(world);
  const content = { history_visibility: first(act) };
  const sender = setter(server, room);
  const what = `says of the history of ${shortRoom(room)}: ${first(act)}`;
  const before = shown(server, room, visibility, '');
  if (to === '') {
    const told = rooms.setHistoryVisibility(server, room, sender, first(act), world.now);
    return lied(world, act.who, what, { server: told, before, after: content });
  }
  const event = invented({ type: visibility, state_key: '', sender, content }, world.now);
  const told = toOne(world, act.who, to, room, about.history(room), event);
  return lied(told, act.who, what, { to, before, after: event });
};

/** One device takes it that all is as it was. */
const hidesMembership: Perform = (stage, world, act) => {
  const [room, user, from] = [arg(act, 'in'), userOf(stage, first(act)), arg(act, 'from')];
  const { server } = serverOf(world, act.who);
  if (server.rooms[room] === undefined) return quiet(world);
  const named = `m.room.member ${user}`;
  const edits = [{ at: [...inSync(room, 'timeline'), named] }, { at: [...inSync(room, 'state'), named] }];
  const veil = { player: from, about: about.member(room, user), method: 'GET', path: paths.sync, edits };
  const before = shown(server, room, 'm.room.member', user);
  const what = `says nothing of how ${user} comes and goes in ${shortRoom(room)}`;
  return lied(inMemberList(laid(world, veil), from, room, user, before), act.who, what, { to: from, before });
};

/**
 * A message as if a device had sent it, under a session that the attacker or an accomplice has made. Whoever has been given that session
 * as one of theirs reads it as theirs.
 */
const forgesMessage: Perform = (stage, world, act) => {
  const [room, as] = [arg(act, 'in'), arg(act, 'as')];
  const { user, device } = addressOf(world, as);
  const made = forge(stage, world, act.who, room, as);
  const said = { type: 'm.room.message', content: { msgtype: 'm.text', body: first(act) }, room_id: room };
  const sealed = stage.suite.megolmEncrypt(made.session, JSON.stringify(said));
  const content = {
    algorithm: MEGOLM_ALGORITHM,
    sender_key: publicKeys(world, as).curve25519,
    device_id: device,
    session_id: made.session.sessionId,
    ciphertext: sealed.ciphertext,
  };
  return after(made.progress, (now) => {
    const { server } = serverOf(now, act.who);
    if (server.rooms[room] === undefined) return quiet(now);
    const draft = { type: 'm.room.encrypted', sender: user, content };
    const what = `puts a message into ${shortRoom(room)} in the name of ${user}`;
    const put = rooms.inject(server, room, draft, now.now);
    return lied(withForged(now, made.by, room, as, sealed.session), act.who, what, { server: put, after: draft });
  });
};

/** The message as it is: a new event, which nobody sent. */
const replaysMessage: Perform = (_stage, world, act) => {
  const [from, room] = [first(act), arg(act, 'in')];
  const { server } = serverOf(world, act.who);
  if (server.rooms[from] === undefined || server.rooms[room] === undefined) return quiet(world);
  const last = rooms.timeline(server, from).findLast(({ type }) => type === 'm.room.encrypted');
  if (last === undefined) return quiet(world);
  const { type, sender, content } = last;
  const what = `puts what ${sender} said in ${shortRoom(from)} into ${shortRoom(room)}`;
  const put = rooms.inject(server, room, { type, sender, content }, world.now);
  return lied(world, act.who, what, { server: put, after: { type, sender, content } });
};

/** Accounts of the attacker's circle, those of them who are not in the room, and others who are. */
const comers = (spot: InRoom) => {
  const { stage, world, attacker } = spot;
  const own = circleIn(stage, world, attacker.name)
    .filter((one) => roleOf(stage, one).account !== 'none')
    .map(({ name, server }) => ({ name, id: userId(name, server) }));
  return {
    own,
    outside: own.filter(({ id }) => isIn(spot, id) !== 'join'),
    inside: people(spot).filter(({ id }) => isIn(spot, id) === 'join'),
  };
};

/** Devices in the room, of others, that are told the truth of whether a user is in it. */
const untold = (spot: InRoom, user: string): readonly PlayerId[] =>
  listeners(spot).filter(
    (to) => addressOf(spot.world, to).user !== user && !isVeiled(spot.world, to, about.member(spot.room, user)),
  );

export const replayMessage = verb('replay message', {
  by: lyingServer,
  text: 'Puts the latest message of a room into it again, or into another.',
  takes: inRoom,
  more: { in: inRoom },
  does: replaysMessage,
});

export const forgeMessage = verb('forge message', {
  by: lyingServer,
  text: 'Puts a message into a room as if a device had sent it.',
  takes: word('what is said', 'hello'),
  more: { in: inRoom, as: device },
  cannot: whyNoRoom,
  isUsualMove: true,
  // In the name of those for whom somebody of the circle has made a session.
  offers: {
    room: ({ stage, world, attacker, room }) =>
      playersIn(world)
        .filter((as) => forgedFor(stage, world, attacker.name, room, as) !== null)
        .map((as) => ({ 'forge message': 'send money', in: room, as })),
  },
  does: forgesMessage,
});

export const forgeMembership = verb('forge membership', {
  by: lyingServer,
  text: 'Says that a user is in a room or out of it, to all or to one device.',
  takes: oneOf('join', 'leave', 'invite', 'ban'),
  more: { of: user, in: inRoom, for: optional(device) },
  ofServer: ['for'],
  cannot: whyNoRoom,
  isUsualMove: true,
  // Lets accomplices in, and says of others that they are gone.
  offers: {
    room: (spot) => {
      const { inside, outside } = comers(spot);
      return [
        ...outside.map((of) => ({ 'forge membership': 'join', of: of.name, in: spot.room })),
        ...(isNamed(spot, 'forge membership') ? inside : []).flatMap((of) => {
          const args = { 'forge membership': 'leave', of: of.name, in: spot.room };
          return [args, ...untold(spot, of.id).map((to) => ({ ...args, for: to }))];
        }),
      ];
    },
  },
  does: forgesMembership,
});

export const forgeHistory = verb('forge history', {
  by: lyingServer,
  text: 'Says that somebody set who may read what was said, or set it to what no text knows; to all or to one device.',
  takes: oneOf(...visibilities, 'unknown'),
  more: { in: inRoom, for: optional(device) },
  ofServer: ['for'],
  cannot: whyNoRoom,
  isUsualMove: true,
  // A closed room is said to be open.
  offers: {
    room: (spot) => {
      const { world, server, room } = spot;
      const content = rooms.stateAt(server, room, visibility, '')?.content;
      const now = stringAt(content, 'history_visibility');
      if (now !== 'joined' && now !== 'invited') return [];
      const args = { 'forge history': 'shared', in: room };
      const alone = isNamed(spot, 'forge history') ? listeners(spot) : [];
      return [
        args,
        ...alone.filter((to) => !isVeiled(world, to, about.history(room))).map((to) => ({ ...args, for: to })),
      ];
    },
  },
  does: forgesHistory,
});

export const hideMembership = verb('hide membership', {
  by: lyingServer,
  text: 'Tells a device nothing of how a user comes and goes in a room.',
  takes: user,
  more: { in: inRoom, from: device },
  ofServer: ['from'],
  cannot: whyNoRoom,
  isUsualMove: true,
  offers: {
    room: (spot) => {
      const { inside, own } = comers(spot);
      return [...own, ...(isNamed(spot, 'hide membership') ? inside : [])].flatMap((one) =>
        untold(spot, one.id).map((from) => ({ 'hide membership': one.name, in: spot.room, from })),
      );
    },
  },
  does: hidesMembership,
});
