import { and, setup } from 'xstate';
import { type ChartInput, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import type { DeviceEvent, Effect } from '../types.ts';
import type { PushContext } from './context.ts';
import { receivingParts } from './receiving.ts';
import { fieldParts, sendingParts } from './sending.ts';

export const secretPushParts = { ...sendingParts, ...fieldParts, ...receivingParts };
type Name = keyof typeof secretPushParts;

const setUp = setup({
  types: {} as {
    context: PushContext;
    events: DeviceEvent;
    input: { me: ChartInput } & Partial<PushContext>;
    emitted: Effect;
  },
  guards: guardsOf<PushContext, Name>(secretPushParts),
  actions: actionsOf<PushContext, Name>(secretPushParts),
});

/** What a push must pass before it is even a candidate. */
const believable = {
  guard: and([
    'knows that event type',
    '4385-push-name-field',
    '4385-push-secret-field',
    '4385-push-reject-plaintext',
    '4385-push-same-user',
    '4385-push-cross-signed-only',
    '4385-push-may-filter',
    '4385-push-reverify-cross-signing',
  ] as const),
  actions: 'keeps it as a candidate',
} as const;

const machine = setUp.createMachine({
  id: 'secret-push',
  context: ({ input }) => ({
    changed: null,
    draft: null,
    understands: [],
    candidates: [],
    kept: [],
    published: null,
    publishedSignedByMaster: false,
    ...input,
  }),
  initial: 'idle',
  on: {
    'told.secret changed': { actions: ['4385-both-unsolicited-share', '4385-push-no-request-needed'] },
    'm.secret.request': { guard: 'somebody asks for what changed', actions: 'pushes what changed' },
    'user.push secret': { actions: 'looks up the held secret' },
    'push.held': { actions: 'pushes the held secret' },
    'push.siblings': { actions: 'offers it to each sibling' },
    'push.offer': [
      { guard: and(['4385-both-recipient-selection-silent', 'has pushed to us before']), actions: 'composes for it' },
      { guard: '4385-both-recipient-selection-silent', actions: '4385-push-legacy-wasted' },
    ],
    'push.compose': {
      actions: [
        'begins a draft',
        '4385-push-event-type',
        '4385-push-unstable-name',
        '4385-push-name-field',
        '4385-push-secret-field',
        '4385-push-encrypted',
        'sends the draft',
      ],
    },
    'm.secret.push': believable,
    'io.element.msc4385.secret.push': believable,
    'told.backup untrusted': { actions: '4385-both-alt-notice-and-ask' },
  },
  states: {
    idle: { on: { 'sync.done': { guard: 'has candidates', target: 'testing', actions: '4385-push-pick-current' } } },
    testing: {
      entry: 'asks what is published',
      on: { 'push.published': { target: 'choosing', actions: 'notes what is published' } },
    },
    choosing: {
      always: [
        { guard: 'no candidate is left', target: 'idle' },
        {
          guard: and(['4385-push-works-test', '4385-push-backup-signature-check', 'the user is asked']),
          target: 'prompting',
        },
        {
          guard: and(['4385-push-works-test', '4385-push-backup-signature-check']),
          target: 'choosing',
          reenter: true,
          actions: ['4385-both-other-mitigations', 'takes the secret'],
        },
        { target: 'choosing', reenter: true, actions: 'sets it aside' },
      ],
    },
    prompting: {
      entry: '4385-push-may-prompt',
      on: {
        'user.accepts': { target: 'choosing', actions: ['4385-both-other-mitigations', 'takes the secret'] },
        'push.unasked': { target: 'choosing', actions: ['4385-both-other-mitigations', 'takes the secret'] },
        'user.refuses': { target: 'choosing', actions: 'drops what was refused' },
      },
    },
  },
});

/** Secret push. Candidates outlive a restart unless question q12 is read as "dropped unless accepted at once" (B). */
export const secretPushChart = (without: Without) =>
  makeChart('secret-push', machine, secretPushParts, without, ({ me, changed, understands, candidates, kept }) => ({
    changed,
    understands,
    kept,
    ...(me.readings.q12 === 'B' ? {} : { candidates }),
  }));
