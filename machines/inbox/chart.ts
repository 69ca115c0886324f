/** What a client does with a to-device event whose type no flow of it knows. */
import { setup } from 'xstate';
import { type ChartInput, type ChartTypes, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Parts, type Without, wordsOf } from '../clauses.ts';
import type { CoreNews } from '../events.ts';

type InboxContext = { readonly me: ChartInput };
type InboxEvent = CoreNews<'inbox.unknown type' | 'sync.done'>;
const { causes, core } = wordsOf<InboxContext, InboxEvent>();

export const inboxParts = {
  /**
   * MSC4385, "Potential issues": clients that do not know the type skip it. As a permission: may an unknown type be
   * handed to the client's event handling at all? A client that does so trips over it and loses what came behind.
   */
  '4385-push-legacy-ignore': { kind: 'guard', permits: () => false, isOfOthers: true },
  'loses the rest': causes(() => core({ ask: 'drop inbox' })),
} satisfies Parts<InboxContext, InboxEvent>;

const machine = setup({
  types: {} as ChartTypes<InboxContext, InboxEvent>,
  guards: guardsOf<InboxContext, InboxEvent, keyof typeof inboxParts>(inboxParts),
  actions: actionsOf<InboxContext, InboxEvent, keyof typeof inboxParts>(inboxParts),
}).createMachine({
  id: 'inbox',
  context: ({ input }) => ({ ...input }),
  initial: 'reading',
  states: {
    reading: {
      on: { 'inbox.unknown type': { guard: '4385-push-legacy-ignore', target: 'stalled', actions: 'loses the rest' } },
    },
    stalled: { on: { 'sync.done': 'reading' } },
  },
});

export const inboxChart = (without: Without) =>
  makeChart<InboxContext, InboxEvent>('inbox', machine, inboxParts, without, () => ({}));
