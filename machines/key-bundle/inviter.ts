/** MSC4268, the inviter: what goes before an invitation, one chart a room. */
import { setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import { composingParts } from './composing.ts';
import type { InviterContext } from './context.ts';
import type { InviterEvent } from './events.ts';
import { invitingParts } from './inviting.ts';
import { pointingParts } from './pointing.ts';

export const inviterParts = { ...invitingParts, ...composingParts, ...pointingParts };
type Name = keyof typeof inviterParts;

/** Once it is known whether the bundle is where the pointer will say. */
const uploaded = [
  {
    guard: 'the server took it',
    target: 'sending',
    actions: [
      'begins the pointer',
      '4268-pointer-room-id',
      '4268-pointer-file',
      '4268-unstable-bundle-type',
      '4268-sender-device-keys-present',
      '4268-pointer-olm-encrypted',
      'sends the pointer',
      '4268-withheld-not-to-device',
    ],
  },
  { guard: 'nothing was uploaded', target: 'shared' },
  { guard: 'upload had no answer', target: 'shared', actions: 'says that the upload had no answer' },
  { target: 'shared', actions: 'says that the server did not take it' },
] as const;

const machine = setup({
  types: {} as ChartTypes<InviterContext, InviterEvent>,
  guards: guardsOf<InviterContext, InviterEvent, Name>(inviterParts),
  actions: actionsOf<InviterContext, InviterEvent, Name>(inviterParts),
}).createMachine({
  id: 'key-bundle-inviter',
  context: ({ input }) => ({ invitation: null, pointer: null, waiting: [], owed: [], given: {}, ...input }),
  initial: 'idle',
  on: {
    'user.invite': { actions: 'has them wait' },
    'sync.device lists': { guard: 'somebody invited has other devices', actions: 'looks at their devices again' },
    'bundle.listed again': { actions: 'asks for their devices again' },
    'bundle.devices again': { actions: 'tells the new ones' },
    'sync.room': { guard: 'an invitation was answered', actions: 'keeps no pointer of it' },
    'told.member': { guard: 'an invitation was answered', actions: 'keeps no pointer of it' },
  },
  states: {
    idle: {
      always: { guard: 'somebody waits to be invited', target: 'knowing', actions: 'takes up the next' },
      on: {
        'user.invite': { target: 'knowing', actions: 'takes up the invitation' },
        'sync.done': { guard: 'a bundle is owed', target: 'listing', actions: 'takes up what is owed' },
      },
    },
    knowing: {
      entry: 'asks what is known of them',
      on: {
        'bundle.known': {
          target: 'ordering',
          actions: [
            'notes whether they were seen before',
            '4268-warn-first-contact',
            '4268-members-may-share',
            '4268-bundle-before-invite',
            'forwards keys before it invites',
          ],
        },
      },
    },
    ordering: { always: [{ guard: 'history goes first', target: 'listing' }, { target: 'inviting' }] },
    listing: {
      entry: ['4268-fresh-device-list', 'forwards to fresh lists'],
      on: {
        'bundle.listed': { actions: 'asks for their devices' },
        'bundle.lists passed over': { actions: 'asks for their devices' },
        'bundle.devices': { target: 'identifying', actions: ['notes their devices', '4268-identity-pinning'] },
      },
    },
    identifying: {
      always: [
        { guard: 'they are too new', target: 'shared', actions: 'says that they were never seen before' },
        { guard: 'their identity has changed', target: 'alarmed' },
        { guard: 'forwards keys', target: 'exporting' },
        { target: 'fetching' },
      ],
    },
    alarmed: {
      entry: '4268-identity-change-alert',
      on: {
        'user.confirms invite': { target: 'fetching', actions: 'accepts their identity' },
        'bundle.identity accepted': { target: 'fetching', actions: 'accepts their identity' },
        'bundle.unasked': { target: 'fetching', actions: 'takes the identity as it is served' },
        'bundle.identity refused': { target: 'shared', actions: 'says that their identity was not accepted' },
        'user.declines invite': { target: 'idle', actions: 'drops the invitation' },
      },
    },
    fetching: {
      entry: '4268-backup-download-first',
      on: { 'told.room keys fetched': { target: 'exporting' }, 'bundle.backup passed over': { target: 'exporting' } },
    },
    exporting: {
      entry: 'asks for the room keys',
      on: {
        'bundle.exported': [
          { guard: 'forwards keys', target: 'sending', actions: 'forwards the keys' },
          {
            guard: '4268-decline-when-currently-closed',
            target: 'composing',
            actions: ['4268-share-to-each-device', 'composes the bundle'],
          },
          { target: 'shared', actions: 'says that the room is closed' },
        ],
      },
    },
    composing: {
      always: [
        { guard: 'there is nothing to tell', target: 'shared', actions: 'says that no key may be shared' },
        { guard: 'no device may have it', target: 'shared', actions: 'says that no device may have it' },
        { target: 'sealing' },
      ],
    },
    sealing: {
      entry: '4268-encrypt-attachment',
      on: {
        'bundle.sealed': { target: 'uploading', actions: 'keeps how it is opened' },
        'bundle.left open': { target: 'uploading', actions: 'keeps how it is opened' },
      },
    },
    uploading: { entry: '4268-upload-media', on: { 'bundle.uploaded': uploaded, 'bundle.kept': uploaded } },
    sending: { on: { 'bundle.pointed': { target: 'shared' }, 'bundle.nothing to forward': { target: 'shared' } } },
    shared: {
      always: [{ guard: 'they are invited already', target: 'idle', actions: 'is done' }, { target: 'inviting' }],
    },
    inviting: {
      entry: 'invites',
      on: {
        'bundle.invited': [
          {
            guard: 'the invitation was refused',
            target: 'idle',
            actions: ['counts them as one who left', 'forgets what was given', 'is done'],
          },
          { target: 'idle', actions: ['knows that they are invited', 'is invited, and may still be owed a bundle'] },
        ],
      },
    },
  },
});

/** Inviting with history. What was being done when the client closed is not done; what is owed or was given is known after. */
export const inviterChart = (without: Without) =>
  makeChart<InviterContext, InviterEvent>(
    'key-bundle-inviter',
    machine,
    inviterParts,
    without,
    keeping('owed', 'given'),
    true,
  );
