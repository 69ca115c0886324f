import { and, setup } from 'xstate';
import { type ChartTypes, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import type { PreferenceContext } from './context.ts';
import { decidingParts } from './deciding.ts';
import type { PreferenceEvent } from './events.ts';
import { readingParts } from './reading.ts';
import { writingParts } from './writing.ts';

export const preferenceParts = { ...readingParts, ...writingParts, ...decidingParts };
type Name = keyof typeof preferenceParts;

const turnedOn = { target: '.settled', actions: ['notes what the user turned', '4287-write-true'] } as const;
const turnedOff = { target: '.settled', actions: ['notes what the user turned', '4287-write-false'] } as const;

const machine = setup({
  types: {} as ChartTypes<PreferenceContext, PreferenceEvent>,
  guards: guardsOf<PreferenceContext, PreferenceEvent, Name>(preferenceParts),
  actions: actionsOf<PreferenceContext, PreferenceEvent, Name>(preferenceParts),
}).createMachine({
  id: 'backup-preference',
  context: ({ input }) => ({
    isSignedIn: false,
    isPending: false,
    asked: [],
    answers: {},
    stated: null,
    question: null,
    isOn: null,
    ...input,
  }),
  initial: 'settled',
  on: {
    'user.start': [
      {
        guard: and(['is a sign-in', '4287-scope-capable-clients']),
        target: '.reading',
        actions: 'asks for the preference',
      },
      { guard: 'asks the user', target: '.asking', actions: 'asks once more' },
    ],
    'user.turn backup on': turnedOn,
    'user.create backup': turnedOn,
    'user.reset backup': turnedOn,
    'user.turn backup off': turnedOff,
    'user.delete backup': turnedOff,
    'preference.looked up': { actions: 'writes beside what is there' },
    'told.backup uploaded': [{ guard: '4287-notice-deleted-backup' }, { actions: 'tells that the backup is gone' }],
  },
  states: {
    settled: {
      on: { 'sync.account data': { actions: 'sees a change' } },
      always: { guard: 'asks the user', target: 'asking' },
    },
    reading: {
      on: { 'preference.read': { actions: 'keeps the answer' } },
      always: { guard: 'all is answered', target: 'weighing' },
    },
    weighing: {
      entry: 'weighs the preference',
      always: [
        { guard: 'is undecided', target: 'holding', actions: 'waits for a sync' },
        { guard: 'asks the user', target: 'asking' },
        { target: 'settled' },
      ],
    },
    // Nothing is backed up until the server says what the user wants.
    holding: { on: { 'sync.done': { target: 'reading', actions: 'asks for the preference' } } },
    asking: {
      on: {
        'sync.account data': { actions: 'asks no more, or of another value' },
        'user.accepts': { target: 'settled', actions: 'follows a yes' },
        'user.refuses': { target: 'settled', actions: 'follows a no' },
      },
      always: { guard: 'asks nothing', target: 'settled' },
    },
  },
});

/**
 * The backup preference. A restart keeps what was decided and whether the user was asked about a change, and begins a sign-in anew that
 * was not through.
 */
export const backupPreferenceChart = (without: Without) =>
  makeChart<PreferenceContext, PreferenceEvent>(
    'backup-preference',
    machine,
    preferenceParts,
    without,
    ({ isPending, isOn, question }) => ({
      isSignedIn: true,
      isPending,
      isOn,
      question: question?.about === 'change' ? question : null,
    }),
  );
