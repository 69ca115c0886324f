/** What a client does with a to-device event whose type no flow of it knows. */
import { setup } from 'xstate';
import { type ChartInput, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Part, type Without } from '../clauses.ts';
import type { DeviceEvent, Effect } from '../types.ts';

type InboxContext = { readonly me: ChartInput };

export const inboxParts = {
  /**
   * MSC4385, "Potential issues": clients that do not know the type skip it. As a permission: may an unknown type be
   * handed to the client's event handling at all? A client that does so trips over it and loses what came behind.
   */
  '4385-push-legacy-ignore': { kind: 'guard', permits: () => false, isOfOthers: true },
  'loses the rest': { kind: 'plain', perform: () => ({ effects: [{ type: 'core', request: { ask: 'drop inbox' } }] }) },
} satisfies Readonly<Record<string, Part<InboxContext>>>;

const machine = setup({
  types: {} as { context: InboxContext; events: DeviceEvent; input: { me: ChartInput }; emitted: Effect },
  guards: guardsOf<InboxContext, keyof typeof inboxParts>(inboxParts),
  actions: actionsOf<InboxContext, keyof typeof inboxParts>(inboxParts),
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

export const inboxChart = (without: Without) => makeChart('inbox', machine, inboxParts, without, () => ({}));
