import { and, setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import { alarmingParts } from './alarming.ts';
import { askingParts } from './asking.ts';
import type { RoomKeysContext } from './context.ts';
import type { RoomKeysEvent } from './events.ts';
import { pinningParts } from './pinning.ts';
import { readingParts } from './reading.ts';
import { receivingParts } from './receiving.ts';
import { sendingParts } from './sending.ts';

export const roomKeysParts = {
  ...alarmingParts,
  ...askingParts,
  ...pinningParts,
  ...sendingParts,
  ...receivingParts,
  ...readingParts,
};
type Name = keyof typeof roomKeysParts;

/** What is written goes out as the room is then: its writer sees before it does who may read it. */
const asksForSession = ['4268-ui-sender-indicator', 'asks for the session'] as const;

const machine = setup({
  types: {} as ChartTypes<RoomKeysContext, RoomKeysEvent>,
  guards: guardsOf<RoomKeysContext, RoomKeysEvent, Name>(roomKeysParts),
  actions: actionsOf<RoomKeysContext, RoomKeysEvent, Name>(roomKeysParts),
}).createMachine({
  id: 'room-keys',
  context: ({ input }) => ({
    isToldOf: false,
    visibility: null,
    rotationPeriodMs: 604_800_000,
    rotationPeriodMsgs: 100,
    current: null,
    rotate: null,
    pending: [],
    hasNewSession: false,
    hasQueried: false,
    told: null,
    knownChanges: {},
    changes: [],
    ...input,
  }),
  initial: 'idle',
  on: {
    'sync.room': { actions: ['notes the room', '4268-rotate-on-leave'] },
    'told.member': { guard: 'somebody else is out, or was', actions: '4268-rotate-on-leave' },
    'told.room state': { guard: 'is about a room as it is', actions: 'notes what was set here' },
    'told.rotate': { actions: 'rotates as told' },
    'user.set history': { guard: 'pins the visibility', actions: 'pins what its person sets' },
    'user.accepts': { guard: 'has something pinned', actions: 'takes the visibility as it is' },
    'to-device m.room_key': {
      guard: and(['spec-room-key-encrypted', '4153-ignore-from-unsigned']),
      actions: 'reads the room key',
    },
    'to-device m.forwarded_room_key': {
      guard: and(['takes forwarded keys', 'spec-room-key-encrypted', 'spec-forwarded-keys-own']),
      actions: 'reads the forwarded key',
    },
    'to-device m.room_key.withheld': { actions: 'notes that it is withheld' },
    'room-keys.read': { actions: 'keeps what was read' },
    'told.room keys': { actions: 'tries to read again' },
    'room.event': [
      {
        guard: and(['is opened', 'spec-megolm-room-id', 'spec-megolm-replay', '4153-ignore-from-unsigned']),
        actions: 'shows the message',
      },
      {
        guard: and(['is opened', 'spec-megolm-room-id', 'spec-megolm-replay']),
        actions: 'shows that it is ignored',
      },
      { guard: 'is opened', actions: 'shows that it is not genuine' },
      { actions: 'shows why it cannot be read' },
    ],
  },
  states: {
    alarmed: {
      entry: '1756-notify-before-communication',
      on: {
        'user.send': { actions: 'keeps the text' },
        'room-keys.goes on': { target: 'sending', actions: ['knows that they have changed', ...asksForSession] },
        'user.accepts': {
          target: 'sending',
          actions: ['accepts who they are now', 'knows that they have changed', ...asksForSession],
        },
        'room-keys.desists': { target: 'idle', actions: 'drops what was written' },
        'user.refuses': { target: 'idle', actions: 'drops what was written' },
      },
    },
    idle: {
      on: {
        'user.send': [
          { guard: 'asks its server first', target: 'asking', actions: ['keeps the text', 'asks how the room is'] },
          { target: 'sending', actions: ['keeps the text', ...asksForSession] },
        ],
      },
    },
    asking: {
      on: {
        'user.send': { actions: 'keeps the text' },
        'room-keys.visibility': { actions: 'takes the visibility as the server has it' },
        'room-keys.asked': { target: 'sending', actions: asksForSession },
      },
    },
    sending: {
      on: {
        'user.send': { actions: 'keeps the text' },
        'room-keys.outbound': [
          { guard: 'knows too little', actions: 'looks up the devices' },
          {
            guard: 'somebody has another identity than before',
            target: 'alarmed',
            actions: 'notes who has changed',
          },
          {
            guard: 'was given to somebody who is gone',
            actions: ['4268-ui-sender-indicator', 'asks for a new session'],
          },
          { actions: 'gives it to those who lack it' },
        ],
        'room-keys.looked up': { actions: asksForSession },
        'room-keys.given': [
          { guard: 'the room is another by now', actions: asksForSession },
          { actions: 'encrypts the event' },
        ],
        'room-keys.encrypted': { actions: 'sends the event' },
        'room-keys.sent': [{ guard: 'more is to be sent', actions: asksForSession }, { target: 'idle' }],
      },
    },
  },
});

const kept = keeping<RoomKeysContext>(
  'isToldOf',
  'visibility',
  'rotationPeriodMs',
  'rotationPeriodMsgs',
  'current',
  'rotate',
  'told',
  'knownChanges',
);
const persists = (context: RoomKeysContext): Partial<RoomKeysContext> => ({
  ...kept(context),
  ...(context.pinned === undefined ? {} : { pinned: context.pinned }),
});

/** The keys of one room. A restart keeps what it knows of the room and of its own session; what was not sent is lost. */
export const roomKeysChart = (without: Without) =>
  makeChart<RoomKeysContext, RoomKeysEvent>('room-keys', machine, roomKeysParts, without, persists, true);
