import { and, setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import { requestParts } from './clauses.ts';
import type { RequestContext } from './context.ts';
import type { RequestEvent } from './events.ts';

/** What an answer must pass before it counts. */
const believed = [
  'is meant as an answer',
  '1946-request-id-required',
  '1946-ignore-unasked',
  '1946-request-id-match',
  '1946-verify-responder',
] as const;

const machine = setup({
  types: {} as ChartTypes<RequestContext, RequestEvent>,
  guards: guardsOf<RequestContext, RequestEvent, keyof typeof requestParts>(requestParts),
  actions: actionsOf<RequestContext, RequestEvent, keyof typeof requestParts>(requestParts),
}).createMachine({
  id: 'secret-request',
  context: ({ input }) => ({ pending: {}, waiting: [], untested: [], made: 0, verified: {}, ...input }),
  initial: 'idle',
  on: {
    'user.enters secret': { actions: 'keeps what was entered' },
    'user.request secret': { actions: 'looks for siblings to ask' },
    'told.verified': { actions: 'looks for siblings to ask' },
    'told.secret wanted': { actions: 'looks for siblings to ask' },
    'request.siblings': { target: '.choosing', actions: 'asks for secrets' },
    'told.secret pushed': {
      guard: 'a push has brought it',
      target: '.choosing',
      actions: 'takes the push for an answer',
    },
    'to-device m.secret.send': [
      { guard: and(['lacks a request id', '4385-send-legacy-discard']), actions: 'loses the rest' },
      { guard: and([...believed, 'is tested first']), actions: 'has it tested' },
      {
        guard: and([...believed]),
        target: '.choosing',
        actions: ['stores the answer', '1946-cancel-others', 'closes the request'],
      },
    ],
    'request.published': [
      { guard: 'nobody says what is in use', actions: 'keeps it for another test' },
      { guard: 'it is the one that is in use', target: '.choosing', actions: 'takes the answer that works' },
    ],
    'sync.done': { guard: 'something is untested', actions: 'has it tested again' },
    'user.verifies': { actions: 'notes when a sibling was verified' },
    'to-device m.secret.request': [
      { guard: 'is a cancellation', actions: 'drops what was called off' },
      {
        guard: and([
          'is a request',
          '1946-share-entitled-only',
          '1946-share-verified-own',
          'asks soon enough',
          'the user confirms sharing',
        ]),
        actions: '1946-may-confirm-share',
      },
      {
        guard: and(['is a request', '1946-share-entitled-only', '1946-share-verified-own', 'asks soon enough']),
        actions: '1946-request-and-reply',
      },
    ],
    'request.held': { guard: 'holds that secret', actions: '1946-send-encrypted' },
    'user.confirms sharing': { actions: 'answers what waited' },
    'user.declines sharing': { guard: 'something waits', actions: 'refuses what waited' },
  },
  states: {
    idle: {},
    choosing: { always: [{ guard: 'a request is open', target: 'waiting' }, { target: 'idle' }] },
    waiting: {},
  },
});

/** Secret requests. Open requests outlive a restart: the answer may come a day later. */
export const secretRequestChart = (without: Without) =>
  makeChart<RequestContext, RequestEvent>(
    'secret-request',
    machine,
    requestParts,
    without,
    keeping('pending', 'made', 'untested', 'verified'),
  );
