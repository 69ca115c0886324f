/** MSC4268, the invitee: what becomes of a pointer, one chart a room. */
import { and, setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import type { InviteeContext } from './context.ts';
import type { InviteeEvent } from './events.ts';
import { fetchingParts } from './fetching.ts';
import { importingParts } from './importing.ts';
import { receivingParts } from './receiving.ts';

export const inviteeParts = { ...receivingParts, ...fetchingParts, ...importingParts };
type Name = keyof typeof inviteeParts;

const setUp = setup({
  types: {} as ChartTypes<InviteeContext, InviteeEvent>,
  guards: guardsOf<InviteeContext, InviteeEvent, Name>(inviteeParts),
  actions: actionsOf<InviteeContext, InviteeEvent, Name>(inviteeParts),
});

/** What a pointer must pass before it is even kept. */
const believable = [
  'knows what a bundle is',
  '4268-unstable-bundle-type',
  '4268-pointer-olm-encrypted',
  '4268-pointer-room-id',
  '4268-pointer-file',
  'it points to a file',
  'it is not imported already',
  '4268-sender-device-keys-required-rx',
  'the keys it shows are signed',
] as const;

/** Once the file is open. */
const opened = [
  { guard: '4268-verify-attachment-hash', target: 'judging', actions: 'takes it apart' },
  { target: 'idle', actions: ['says that it is not what was announced', 'lets it go'] },
] as const;

const pointer = [
  {
    guard: and([
      ...believable,
      'the invitation is accepted',
      '4268-inviter-match',
      '4268-recent-24h',
      '4268-recent-client-choice',
      '4268-recent-undefined',
    ]),
    actions: '4268-recent-accept-download',
  },
  { guard: and([...believable, '4268-defer-download']), actions: 'fetches it whoever sent it' },
  { guard: and([...believable]), actions: '4268-store-pointer' },
] as const;

const machine = setUp.createMachine({
  id: 'key-bundle-invitee',
  context: ({ input }) => ({
    inviters: [],
    acceptance: null,
    pointers: [],
    arrived: [],
    due: [],
    current: null,
    failed: [],
    underWay: [],
    imported: [],
    ...input,
  }),
  initial: 'idle',
  on: {
    'to-device m.room_key_bundle': pointer,
    'to-device io.element.msc4268.room_key_bundle': pointer,
    'told.joined': { actions: ['notes the acceptance', '4268-process-on-accept'] },
    'sync.room': [
      {
        guard: 'a join is seen',
        actions: [
          'lays aside what came for the time before',
          'notes the join as an acceptance',
          'takes the time of the join from the server',
          'notes who has invited',
          '4268-process-on-accept',
        ],
      },
      { guard: 'has left', actions: ['lays aside what came', 'forgets the acceptance', 'notes who has invited'] },
      {
        guard: 'the sync is of interest',
        actions: ['takes the time of the join from the server', 'notes who has invited', 'takes it up again'],
      },
    ],
    'told.member': {
      guard: 'its person has gone',
      actions: ['lays aside what came', 'forgets the acceptance', 'forgets who has invited'],
    },
    'sync.done': [
      { guard: 'a pointer has arrived', actions: ['follows what has arrived', 'takes up what had no answer'] },
      { guard: 'something had no answer', actions: 'takes up what had no answer' },
    ],
    'user.start': { guard: 'something was left undone', actions: 'takes it up again' },
    'bundle.again': { guard: 'something was left undone', actions: 'takes it up again' },
  },
  states: {
    idle: { always: { guard: 'something is to be fetched', target: 'fetching', actions: 'takes the next' } },
    fetching: {
      entry: ['4268-restart-resilient', 'downloads it'],
      on: {
        'bundle.downloaded': [
          { guard: and(['it was there', '4268-dos-large-file']), target: 'opening' },
          { guard: 'it was there', target: 'idle', actions: ['says that it is too large', 'lets it go'] },
          { guard: '4268-expired-media-graceful', target: 'idle', actions: 'keeps it for another try' },
          { target: 'idle', actions: ['4268-expired-media-warn', 'lets it go'] },
        ],
      },
    },
    opening: { entry: 'opens it', on: { 'bundle.opened': opened, 'bundle.found open': opened } },
    judging: {
      always: [
        { guard: and(['it is a bundle', '4268-conflict-impl-defined']), target: 'reading' },
        { target: 'idle', actions: ['says that it is none', 'lets it go'] },
      ],
    },
    reading: {
      entry: 'has it read',
      on: { 'bundle.read': { target: 'idle', actions: ['4268-import-like-export', 'has it imported', 'lets it go'] } },
    },
  },
});

/** Being invited with history. Pointers, who invited, when that was accepted, and what is under way or done outlive a restart. */
export const inviteeChart = (without: Without) =>
  makeChart<InviteeContext, InviteeEvent>(
    'key-bundle-invitee',
    machine,
    inviteeParts,
    without,
    keeping('inviters', 'acceptance', 'pointers', 'arrived', 'underWay', 'imported'),
    true,
  );
