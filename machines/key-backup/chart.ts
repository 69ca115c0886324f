import { and, setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import { backupParts } from './clauses.ts';
import type { BackupContext } from './context.ts';
import type { BackupEvent } from './events.ts';

const machine = setup({
  types: {} as ChartTypes<BackupContext, BackupEvent>,
  guards: guardsOf<BackupContext, BackupEvent, keyof typeof backupParts>(backupParts),
  actions: actionsOf<BackupContext, BackupEvent, keyof typeof backupParts>(backupParts),
}).createMachine({
  id: 'key-backup',
  context: ({ input }) => ({
    described: null,
    trustedBy: null,
    making: null,
    used: null,
    refused: null,
    untrusted: null,
    isRefraining: false,
    turnedDown: [],
    isMadeIfNone: false,
    isUnsent: false,
    ...input,
  }),
  initial: 'off',
  on: {
    'user.create backup': { target: '.making', actions: ['is to back up', 'makes a backup key'] },
    'user.reset backup': { target: '.making', actions: ['is to back up', 'makes a backup key'] },
    'user.delete backup': [
      { guard: 'deletes it for good', target: '.deleting', actions: ['will back up no more', 'deletes the version'] },
      { target: '.deleting', actions: 'deletes the version' },
    ],
    'user.turn backup on': { target: '.asking', actions: ['is to back up', 'reads the version'] },
    // Question q40: off for the account, whose backup is deleted (A), or on this client alone (B).
    'user.turn backup off': [
      { guard: 'is turned off here alone', target: '.refraining', actions: 'is to refrain' },
      { target: '.deleting', actions: ['will back up no more', 'deletes the version'] },
    ],
    'told.backup wanted': { target: '.asking', actions: ['is to back up', 'reads the version'] },
    'told.backup refrained': { target: '.refraining', actions: 'is to refrain' },
    'user.start': { target: '.asking', actions: 'reads the version' },
    'user.check backup': { target: '.asking', actions: 'reads the version' },
    'told.secret stored': { guard: 'is the backup secret', target: '.asking', actions: 'reads the version' },
    'user.start room key': { actions: 'starts a room key' },
    'user.restore backup': { actions: 'asks for the entries' },
    'told.fetch room keys': { actions: 'asks for the entries of a room' },
    'backup.entries': { actions: 'opens the entries' },
    'backup.read': { actions: 'keeps what it lacks' },
    'backup.uploaded': { actions: 'tells how the upload went' },
  },
  states: {
    off: {},
    making: {
      on: {
        'backup.made': { actions: ['keeps the new key aside', '1219-auth-data-signed'] },
        'backup.created': [
          { guard: 'another key was made since' },
          { guard: 'version was created', target: 'confirming', actions: 'takes the new backup into use' },
          { target: 'asking', actions: ['drops the new key', 'reads the version'] },
        ],
      },
    },
    // The server's own description of the version just made. Where it describes another one, that is weighed as any other.
    confirming: {
      entry: 'reads the version',
      on: {
        'backup.described': [
          {
            guard: 'is the version just made',
            target: 'on',
            actions: ['notes what was described', 'trusts by private key'],
          },
          { guard: 'there is a version', target: 'weighing', actions: 'notes what was described' },
          { guard: 'nobody answered', target: 'away', actions: 'waits for a sync' },
          { target: 'off', actions: 'stops using a backup' },
        ],
        'backup.sealed': { actions: 'uploads what was sealed' },
      },
    },
    deleting: {
      on: {
        'backup.described': [
          { guard: 'there is a version', actions: 'deletes what was described' },
          { guard: 'nobody answered', target: 'away', actions: 'waits for a sync' },
          { target: 'off' },
        ],
        'backup.deleted': [
          { guard: 'version is gone', target: 'off', actions: 'forgets the backup' },
          { guard: 'deletion was not asked for', target: 'off', actions: 'stops using a backup' },
          {
            guard: 'deletion had no answer',
            target: 'off',
            actions: ['stops using a backup', 'tells that it may stand'],
          },
          { target: 'off', actions: ['stops using a backup', 'tells that it stands'] },
        ],
      },
    },
    asking: {
      on: {
        'backup.described': [
          { guard: 'there is a version to use', target: 'weighing', actions: 'notes what was described' },
          { guard: 'makes one if there is none', target: 'making', actions: 'makes a backup key' },
          { guard: 'nobody answered', target: 'away', actions: 'waits for a sync' },
          { target: 'off', actions: 'stops using a backup' },
        ],
      },
    },
    // Whether there is a backup nobody has said. What was in use stays so, and the question is put again.
    away: { on: { 'sync.done': { target: 'asking', actions: 'reads the version' } } },
    weighing: {
      always: [
        { guard: '1219-trust-by-signature', target: 'deciding', actions: 'trusts by signature' },
        { guard: '1219-trust-by-private-key', target: 'deciding', actions: 'trusts by private key' },
        { target: 'deciding' },
      ],
    },
    deciding: {
      always: [
        { guard: 'is told to refrain', target: 'refraining', actions: 'refrains again' },
        {
          guard: and(['1219-trust-before-upload', 'was turned down before']),
          target: 'declined',
          actions: 'does without it',
        },
        {
          guard: and(['1219-trust-before-upload', 'the user is asked about it']),
          target: 'prompting',
          actions: 'asks about the new version',
        },
        {
          guard: '1219-trust-before-upload',
          target: 'on',
          actions: ['1219-confirm-new-version', 'uses the described version'],
        },
        { target: 'untrusted', actions: 'uploads nothing' },
      ],
    },
    on: {
      on: {
        'backup.room key begun': [
          { guard: 'looks before it uploads', target: 'asking', actions: 'reads the version' },
          { actions: 'seals again' },
        ],
        'told.new room key': [
          { guard: 'looks before it uploads', target: 'asking', actions: 'reads the version' },
          { actions: 'seals again' },
        ],
        'told.room keys': [
          { guard: 'looks before it uploads', target: 'asking', actions: 'reads the version' },
          { actions: 'seals again' },
        ],
        'backup.sealed': { actions: 'uploads what was sealed' },
        'backup.uploaded': [
          { guard: 'upload was taken', actions: ['tells how the upload went', 'notes what is backed up'] },
          {
            guard: 'version is wrong',
            target: 'asking',
            actions: ['tells how the upload went', '1219-wrong-version-flow'],
          },
          { guard: 'upload had no answer', actions: ['tells how the upload went', 'waits to upload again'] },
          { actions: 'tells how the upload went' },
        ],
        'sync.done': [
          {
            guard: and(['something is unsent', 'looks before it uploads']),
            target: 'asking',
            actions: ['has sent it', 'reads the version'],
          },
          { guard: 'something is unsent', actions: ['has sent it', 'seals again'] },
        ],
      },
    },
    prompting: {
      on: {
        'user.accepts': { target: 'on', actions: ['1219-confirm-new-version', 'uses the described version'] },
        'user.refuses': { target: 'declined', actions: ['1219-remember-refusal', 'does without it'] },
      },
    },
    declined: {},
    untrusted: {},
    refraining: {},
  },
});

/** Key backup. A restart keeps which version was used last, which ones were turned down, and whether it is told to refrain; the version itself is read anew. */
export const keyBackupChart = (without: Without) =>
  makeChart<BackupContext, BackupEvent>(
    'key-backup',
    machine,
    backupParts,
    without,
    keeping('used', 'turnedDown', 'isRefraining'),
  );
