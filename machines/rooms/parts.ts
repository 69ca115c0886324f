/** What a person does in rooms besides writing: make, join, leave, ask others in or out. None of it is a proposal's sentence. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import { type Json, type JsonObject, stringAt } from '../json.ts';
import { identityServer, paths } from '../paths.ts';
import { isOutside, type RoomId, type RoomView, wasOut } from '../room-types.ts';
import type { UserId } from '../types.ts';
import type { RoomsContext } from './context.ts';
import { type Effect, type On, type RoomsParts, words } from './events.ts';

const { causes, core, performs, permits, remembers, store, tell } = words;

/** A request of which nothing is to be heard. */
const ask = (path: string, body: Json): Effect => ({ type: 'request', method: 'POST', path, body, answerAs: null });
/** A change of who somebody is in a room, of which it is to be heard whether the server has taken it. */
const change = (what: 'kick' | 'ban' | 'unban' | 'leave', room: RoomId, body: JsonObject, user: UserId): Effect => ({
  type: 'request',
  method: 'POST',
  path: paths.membership(room, what),
  body,
  answerAs: 'rooms.member set',
  with: {
    in: room,
    user,
    membership: what === 'ban' ? 'ban' : 'leave',
    ...(what === 'unban' ? { isUnban: true } : {}),
  },
});
const changesSomebody = (what: 'kick' | 'ban' | 'unban') =>
  causes((_, { room, user }: On<`user.${typeof what}`>) => change(what, room, { user_id: user }, user));
const isTaken = (
  _: unknown,
  { status }: On<'rooms.created' | 'rooms.joined' | 'rooms.history set' | 'rooms.member set'>,
): boolean => status === 200;

/** Rotation as the specification has it where the room does not say ("m.room.encryption"). */
const rotation = { rotationPeriodMs: 604_800_000, rotationPeriodMsgs: 100 };

/** A room as its maker knows it before any sync: encrypted, and nobody else is in it. */
const madeRoom = (maker: UserId, historyVisibility: string): RoomView => ({
  membership: 'join',
  encryption: rotation,
  historyVisibility,
  members: { [maker]: 'join' },
  inviters: [],
  isUntold: true,
});

/** Restricted rooms say whose members may join ("Restricted rooms"). */
const allowing = (room: RoomId | undefined): JsonObject =>
  room === undefined ? {} : { allow: [{ type: 'm.room_membership', room_id: room }] };

export const roomsParts = {
  'creates the room': causes((_, { name, history, joinRule, allow }: On<'user.create room'>) => {
    const state = (type: string, content: JsonObject) => ({ type, state_key: '', content });
    const body = {
      name,
      preset: 'private_chat',
      initial_state: [
        state('m.room.encryption', { algorithm: MEGOLM_ALGORITHM }),
        state('m.room.history_visibility', { history_visibility: history }),
        ...(joinRule === undefined ? [] : [state('m.room.join_rules', { join_rule: joinRule, ...allowing(allow) })]),
      ],
    };
    return {
      type: 'request',
      method: 'POST',
      path: paths.createRoom,
      body,
      answerAs: 'rooms.created',
      with: { history },
    };
  }),
  'was taken': permits(isTaken),
  /** A client knows the state that it has just set, whenever its next sync comes. */
  'knows the room that it made': performs(({ me }, { body, with: { history } }: On<'rooms.created'>) => {
    const room = stringAt(body, 'room_id');
    if (room === undefined) return null;
    return {
      effects: [
        store({ patch: 'room made', room, view: madeRoom(me.user, history) }),
        tell({ type: 'told.room state', room, visibility: history, isMade: true }),
      ],
    };
  }),
  'joins the room': causes((_, { room, atMs }: On<'user.join'>) => ({
    type: 'request',
    method: 'POST',
    path: paths.join(room),
    body: {},
    answerAs: 'rooms.joined',
    with: { joined: room, atMs },
  })),
  'tells that it joined': causes(({ inviters }, { with: { joined: room, atMs } }: On<'rooms.joined'>) => {
    const inviter = stringAt(inviters, room) ?? null;
    return tell({ type: 'told.joined', room, atMs, inviter });
  }),
  'knocks at the room': causes((_, { room }: On<'user.knock'>) => ask(paths.knock(room), {})),
  'leaves the room': causes(({ me }, { room }: On<'user.leave' | 'user.decline'>) =>
    change('leave', room, {}, me.user),
  ),
  /** "Third-party invites". No bundle goes before it: whose keys it would be sealed for nobody knows yet, nor who is invited by it. */
  'asks in an address': causes((_, { room, address }: On<'user.invite by mail'>) =>
    ask(paths.membership(room, 'invite'), { ...identityServer, medium: 'email', address }),
  ),
  'kicks somebody': changesSomebody('kick'),
  'bans somebody': changesSomebody('ban'),
  'unbans somebody': changesSomebody('unban'),
  /** As with the visibility: who was put out, let in again or has gone is known to whoever did it, whenever the next sync comes. */
  'knows who is in and who is out': causes((_, { with: { in: room, ...set } }: On<'rooms.member set'>) =>
    store({ patch: 'room member', room, ...set }),
  ),
  'sets the history visibility': causes((_, { room, visibility }: On<'user.set history'>) => ({
    type: 'request',
    method: 'PUT',
    path: paths.roomState(room, 'm.room.history_visibility'),
    body: { history_visibility: visibility },
    answerAs: 'rooms.history set',
    with: { set: room, visibility },
  })),
  'knows what it has set': performs((_, { with: { set: room, visibility } }: On<'rooms.history set'>) => ({
    effects: [
      store({ patch: 'room visibility', room, visibility }),
      tell({ type: 'told.room state', room, visibility, isMade: false }),
    ],
  })),
  /** "Getting events for a room": what was said before the timeline that a sync brought. The core opens it. */
  'asks for what was said before': causes((_, { room }: On<'user.scroll back'>) => core({ ask: 'messages of', room })),
  'notes who invited': remembers((context, { room, view, members }: On<'sync.room'>) => {
    const { inviters } = context;
    const inviter = view.inviters.at(-1);
    // Whoever was out in between, and is in again, came on nobody's word from before.
    const isOver = inviter === undefined && wasOut(context.me.user, members);
    if (isOutside(view.membership) || isOver) return forgotten(context, room);
    return inviter === undefined || stringAt(inviters, room) === inviter
      ? null
      : { inviters: { ...inviters, [room]: inviter } };
  }),
  /** Whoever has left comes on nobody's word, unless they are invited anew. */
  'forgets who invited': remembers((context, { room, change: { user, after } }: On<'told.member'>) =>
    user === context.me.user && isOutside(after) ? forgotten(context, room) : null,
  ),
} satisfies RoomsParts;

const forgotten = ({ inviters }: RoomsContext, room: RoomId): Partial<RoomsContext> | null => {
  if (!Object.hasOwn(inviters, room)) return null;
  const { [room]: _gone, ...others } = inviters;
  return { inviters: others };
};
