/** What a person does in rooms besides writing: make, join, leave, ask others in or out. None of it is a proposal's sentence. */
import { setup } from 'xstate';
import { type ChartInput, makeChart } from '../chart.ts';
import { actionsOf, type Change, guardsOf, type Part, type Without } from '../clauses.ts';
import { type Json, type JsonObject, stringAt } from '../json.ts';
import { MEGOLM_ALGORITHM, paths } from '../paths.ts';
import type { RoomId, RoomView } from '../room-types.ts';
import type { DeviceEvent, Effect, UserId } from '../types.ts';

type RoomsContext = {
  readonly me: ChartInput;
  /** Who invited this user last, by room: whose word it is that they come on. */
  readonly inviters: Readonly<Record<RoomId, UserId>>;
};
type Args = [context: RoomsContext, event: DeviceEvent];

const roomOf = (event: DeviceEvent): RoomId => stringAt(event, 'room') ?? '';
const ask = (path: string, body: Json, answerAs: string | null = null, more?: JsonObject): Change<RoomsContext> => ({
  effects: [
    {
      type: 'request',
      method: 'POST',
      path,
      body,
      answerAs,
      ...(more === undefined ? {} : { with: more }),
    },
  ],
});
const change =
  (what: string) =>
  (...[, event]: Args): Change<RoomsContext> => {
    const user = stringAt(event, 'user');
    return ask(paths.membership(roomOf(event), what), user === undefined ? {} : { user_id: user });
  };
const atMs = (event: DeviceEvent): number => (typeof event.atMs === 'number' ? event.atMs : 0);

export const roomsParts = {
  'creates the room': {
    kind: 'plain',
    perform: (...[, event]: Args) => {
      const state = (type: string, content: JsonObject) => ({ type, state_key: '', content });
      const history = stringAt(event, 'history');
      return ask(paths.createRoom, {
        name: stringAt(event, 'name') ?? null,
        preset: 'private_chat',
        initial_state: [
          state('m.room.encryption', { algorithm: MEGOLM_ALGORITHM }),
          ...(history === undefined ? [] : [state('m.room.history_visibility', { history_visibility: history })]),
          ...(event.joinRule === undefined
            ? []
            : [state('m.room.join_rules', { join_rule: stringAt(event, 'joinRule') ?? 'invite' })]),
        ],
      });
    },
  },
  'joins the room': {
    kind: 'plain',
    perform: (...[, event]: Args) =>
      ask(paths.join(roomOf(event)), {}, 'rooms.joined', { joined: roomOf(event), atMs: atMs(event) }),
  },
  'is in': { kind: 'plain', permits: (...[, event]: Args) => event.status === 200 },
  'tells that it joined': {
    kind: 'plain',
    perform: (...[context, event]: Args): Change<RoomsContext> => {
      const room = stringAt(event.with, 'joined') ?? '';
      const when = (event.with as JsonObject).atMs;
      const inviter = context.inviters[room] ?? null;
      return { effects: [{ type: 'tell', event: { type: 'told.joined', room, atMs: when, inviter } }] };
    },
  },
  'knocks at the room': {
    kind: 'plain',
    perform: (...[, event]: Args) => ask(paths.knock(roomOf(event)), {}),
  },
  'leaves the room': { kind: 'plain', perform: change('leave') },
  'kicks somebody': { kind: 'plain', perform: change('kick') },
  'bans somebody': { kind: 'plain', perform: change('ban') },
  'unbans somebody': { kind: 'plain', perform: change('unban') },
  'sets the history visibility': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<RoomsContext> => ({
      effects: [
        {
          type: 'request',
          method: 'PUT',
          path: paths.roomState(roomOf(event), 'm.room.history_visibility'),
          body: { history_visibility: stringAt(event, 'visibility') ?? 'shared' },
          answerAs: null,
        },
      ],
    }),
  },
  /** "Getting events for a room": what was said before the timeline that a sync brought. The core opens it. */
  'asks for what was said before': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<RoomsContext> => ({
      effects: [
        {
          type: 'request',
          method: 'GET',
          path: paths.messages(roomOf(event)),
          query: { dir: 'b', limit: '100' },
          answerAs: 'core.messages',
          with: { room: roomOf(event) },
        },
      ],
    }),
  },
  'notes who invited': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const inviter = (event.view as RoomView).inviters.at(-1);
      const room = roomOf(event);
      return inviter === undefined || context.inviters[room] === inviter
        ? null
        : { context: { inviters: { ...context.inviters, [room]: inviter } } };
    },
  },
} satisfies Readonly<Record<string, Part<RoomsContext>>>;

const machine = setup({
  types: {} as {
    context: RoomsContext;
    events: DeviceEvent;
    input: { me: ChartInput } & Partial<RoomsContext>;
    emitted: Effect;
  },
  guards: guardsOf<RoomsContext, keyof typeof roomsParts>(roomsParts),
  actions: actionsOf<RoomsContext, keyof typeof roomsParts>(roomsParts),
}).createMachine({
  id: 'rooms',
  context: ({ input }) => ({ inviters: {}, ...input }),
  initial: 'ready',
  states: { ready: {} },
  on: {
    'user.create room': { actions: 'creates the room' },
    'user.join': { actions: 'joins the room' },
    'rooms.joined': { guard: 'is in', actions: 'tells that it joined' },
    'user.knock': { actions: 'knocks at the room' },
    'user.leave': { actions: 'leaves the room' },
    'user.decline': { actions: 'leaves the room' },
    'user.kick': { actions: 'kicks somebody' },
    'user.ban': { actions: 'bans somebody' },
    'user.unban': { actions: 'unbans somebody' },
    'user.scroll back': { actions: 'asks for what was said before' },
    'user.set history': { actions: 'sets the history visibility' },
    'sync.room': { actions: 'notes who invited' },
  },
});

/** Rooms, as a person goes in and out of them. */
export const roomsChart = (without: Without) =>
  makeChart('rooms', machine, roomsParts, without, ({ inviters }) => ({ inviters }));
