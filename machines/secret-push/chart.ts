/** Shares that nobody asked for, as each variant of MSC4385 has them: one flow, under the sentences of one text or the other. */
import { and, setup } from 'xstate';
import { type ChartTypes, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import { type PushContext, readingOf } from './context.ts';
import type { PushEvent } from './events.ts';
import { pushVariantParts } from './push-variant.ts';
import { receivingParts } from './receiving.ts';
import { sendVariantParts } from './send-variant.ts';
import { sendingParts } from './sending.ts';

export const secretPushParts = { ...sendingParts, ...pushVariantParts, ...receivingParts };
export const secretSendParts = { ...sendingParts, ...sendVariantParts, ...receivingParts };
const allParts = { ...secretPushParts, ...secretSendParts };
type Name = keyof typeof allParts;

const setUp = setup({
  types: {} as ChartTypes<PushContext, PushEvent>,
  guards: guardsOf<PushContext, PushEvent, Name>(allParts),
  actions: actionsOf<PushContext, PushEvent, Name>(allParts),
});
type Transitions = NonNullable<Parameters<typeof setUp.createMachine>[0]['on']>;

/** What a text says in its own words of the flow that both share. */
type Text = {
  readonly id: string;
  readonly ofItsOwnAccord: Name;
  readonly legacyWasted: Name;
  /** What writes a draft, in order. */
  readonly writes: readonly Name[];
  /** How what was sent is heard, up to being a candidate. */
  readonly hears: Transitions;
  readonly pickCurrent: Name;
  /** What a candidate must pass to be taken. */
  readonly tests: readonly Name[];
  readonly mayPrompt: Name;
};

const machineOf = ({ id, ofItsOwnAccord, legacyWasted, writes, hears, pickCurrent, tests, mayPrompt }: Text) =>
  setUp.createMachine({
    id,
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
      'told.secret changed': { actions: ['4385-both-unsolicited-share', ofItsOwnAccord] },
      'to-device m.secret.request': { guard: 'somebody asks for what changed', actions: 'pushes what changed' },
      'user.push secret': { actions: 'looks up the held secret' },
      'push.held': { actions: 'pushes the held secret' },
      'push.siblings': { actions: 'offers it to each sibling' },
      'push.offer': [
        { guard: and(['4385-both-recipient-selection-silent', 'has pushed to us before']), actions: 'composes for it' },
        { guard: '4385-both-recipient-selection-silent', actions: legacyWasted },
      ],
      'push.compose': { actions: ['begins a draft', ...writes, 'sends the draft'] },
      ...hears,
      'told.backup untrusted': { actions: '4385-both-alt-notice-and-ask' },
    },
    states: {
      idle: { on: { 'sync.done': { guard: 'has candidates', target: 'testing', actions: pickCurrent } } },
      testing: {
        entry: 'asks what is published',
        on: {
          'push.published': [
            { guard: 'nobody says what is published', target: 'idle', actions: 'waits for a sync' },
            { target: 'choosing', actions: 'notes what is published' },
          ],
        },
      },
      choosing: {
        always: [
          { guard: 'no candidate is left', target: 'idle' },
          { guard: and([...tests, 'the user is asked']), target: 'prompting' },
          {
            guard: and([...tests]),
            target: 'choosing',
            reenter: true,
            actions: ['4385-both-other-mitigations', 'takes the secret'],
          },
          { target: 'choosing', reenter: true, actions: 'sets it aside' },
        ],
      },
      prompting: {
        entry: mayPrompt,
        on: {
          'user.accepts': { target: 'choosing', actions: ['4385-both-other-mitigations', 'takes the secret'] },
          'push.unasked': { target: 'choosing', actions: ['4385-both-other-mitigations', 'takes the secret'] },
          'user.refuses': { target: 'choosing', actions: 'drops what was refused' },
        },
      },
    },
  });

/** What a push must pass before it is even a candidate. */
const believedPush = {
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

const pushMachine = machineOf({
  id: 'secret-push',
  ofItsOwnAccord: '4385-push-no-request-needed',
  legacyWasted: '4385-push-legacy-wasted',
  writes: [
    '4385-push-event-type',
    '4385-push-unstable-name',
    '4385-push-name-field',
    '4385-push-secret-field',
    '4385-push-encrypted',
  ],
  hears: { 'to-device m.secret.push': believedPush, 'to-device io.element.msc4385.secret.push': believedPush },
  pickCurrent: '4385-push-pick-current',
  tests: ['4385-push-works-test', '4385-push-backup-signature-check', 'rests on the master key where it must'],
  mayPrompt: '4385-push-may-prompt',
});

const sendMachine = machineOf({
  id: 'secret-send',
  ofItsOwnAccord: '4385-send-without-request',
  legacyWasted: '4385-send-legacy-wasted',
  writes: [
    '4385-send-no-unstable-name',
    '4385-send-name-required',
    'writes the secret',
    '4385-send-omit-request-id',
    '1946-send-encrypted',
  ],
  hears: {
    'to-device m.secret.send': [
      {
        guard: and([
          'has a request id',
          'says what it is',
          '4385-send-solicited-unchanged',
          'comes sealed from a signed device of ours',
        ]),
        actions: 'keeps it as a candidate',
      },
      { actions: '4385-send-request-id-optional' },
    ],
    'push.share': {
      guard: and([
        'has a value',
        '4385-send-name-required',
        'came through Olm',
        '4385-send-same-user',
        '4385-send-cross-signed-only',
        '4385-send-may-filter',
        '4385-send-reverify-cross-signing',
      ]),
      actions: 'keeps it as a candidate',
    },
  },
  pickCurrent: '4385-send-pick-current',
  tests: ['4385-send-works-test', 'rests on the master key where it must'],
  mayPrompt: '4385-send-may-prompt',
});

/** Candidates outlive a restart unless question q12 is read as "dropped unless accepted at once" (B). */
const persists = ({ me, changed, understands, candidates, kept }: PushContext): Partial<PushContext> => ({
  changed,
  understands,
  kept,
  ...(readingOf(me, 'q12') === 'B' ? {} : { candidates }),
});

/** Secret push, as the push variant and the head of the pull request have it. */
export const secretPushChart = (without: Without) =>
  makeChart<PushContext, PushEvent>('secret-push', pushMachine, secretPushParts, without, persists);
/** The same by `m.secret.send` without `request_id`, as the send variant has it. */
export const secretSendChart = (without: Without) =>
  makeChart<PushContext, PushEvent>('secret-send', sendMachine, secretSendParts, without, persists);
