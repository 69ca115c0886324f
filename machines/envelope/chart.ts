/** Letters as they leave and arrive. */
import { and, setup } from 'xstate';
import { type ChartTypes, keeping, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import type { EnvelopeContext, EnvelopeEvent } from './events.ts';
import { incomingParts } from './incoming.ts';
import { outgoingParts } from './outgoing.ts';

export const envelopeParts = { ...outgoingParts, ...incomingParts };
type Name = keyof typeof envelopeParts;

/** What every letter must be, listed or not. */
const consistent = [
  'spec-olm-sender',
  'spec-olm-recipient',
  'spec-olm-recipient-keys',
  'spec-olm-sender-keys',
  '4147-ed25519-mismatch',
  '4147-ed25519-is-sender-key',
  '4147-curve25519-match',
  '4147-user-id-match',
  '4147-self-signature',
] as const;

const machine = setup({
  types: {} as ChartTypes<EnvelopeContext, EnvelopeEvent>,
  guards: guardsOf<EnvelopeContext, EnvelopeEvent, Name>(envelopeParts),
  actions: actionsOf<EnvelopeContext, EnvelopeEvent, Name>(envelopeParts),
}).createMachine({
  id: 'envelope',
  context: ({ input }) => ({ warned: [], ...input }),
  initial: 'open',
  states: { open: {} },
  on: {
    'envelope.outgoing': { actions: '4147-embed-device-keys' },
    'keys.claimed': { actions: 'makes the sessions' },
    'envelope.incoming': [
      {
        guard: and([...consistent, '4147-owner-via-cross-signing']),
        actions: ['spec-warn-unconfirmed-owner', 'hands it on'],
      },
      { guard: and([...consistent, 'is of a listed device']), actions: ['spec-warn-unconfirmed-owner', 'hands it on'] },
      { actions: 'drops it' },
    ],
  },
});

/** Envelopes. A restart keeps of which devices its person was warned. */
export const envelopeChart = (without: Without) =>
  makeChart<EnvelopeContext, EnvelopeEvent>('envelope', machine, envelopeParts, without, keeping('warned'));
