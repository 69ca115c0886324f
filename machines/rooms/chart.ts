import { setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import type { RoomsContext } from './context.ts';
import type { RoomsEvent } from './events.ts';
import { roomsParts } from './parts.ts';

const machine = setup({
  types: {} as ChartTypes<RoomsContext, RoomsEvent>,
  guards: guardsOf<RoomsContext, RoomsEvent, keyof typeof roomsParts>(roomsParts),
  actions: actionsOf<RoomsContext, RoomsEvent, keyof typeof roomsParts>(roomsParts),
}).createMachine({
  id: 'rooms',
  context: ({ input }) => ({ inviters: {}, ...input }),
  initial: 'ready',
  states: { ready: {} },
  on: {
    'user.create room': { actions: 'creates the room' },
    'rooms.created': { guard: 'was taken', actions: 'knows the room that it made' },
    'user.join': { actions: 'joins the room' },
    'rooms.joined': { guard: 'was taken', actions: 'tells that it joined' },
    'user.knock': { actions: 'knocks at the room' },
    'user.leave': { actions: 'leaves the room' },
    'user.decline': { actions: 'leaves the room' },
    'user.invite by mail': { actions: 'asks in an address' },
    'user.kick': { actions: 'kicks somebody' },
    'user.ban': { actions: 'bans somebody' },
    'user.unban': { actions: 'unbans somebody' },
    'user.scroll back': { actions: 'asks for what was said before' },
    'user.set history': { actions: 'sets the history visibility' },
    'rooms.history set': { guard: 'was taken', actions: 'knows what it has set' },
    'rooms.member set': { guard: 'was taken', actions: 'knows who is in and who is out' },
    'told.member': { actions: 'forgets who invited' },
    'sync.room': { actions: 'notes who invited' },
  },
});

/** Rooms, as a person goes in and out of them. */
export const roomsChart = (without: Without) =>
  makeChart<RoomsContext, RoomsEvent>('rooms', machine, roomsParts, without, keeping('inviters'));
