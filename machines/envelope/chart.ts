/**
 * Who a message through Olm is from: the device keys that its plaintext carries (MSC4147, and "Validation of incoming decrypted
 * events" of the client-server API). What does not go together is heard by nobody.
 */
import { and, setup } from 'xstate';
import { type ChartInput, makeChart } from '../chart.ts';
import { actionsOf, type Change, guardsOf, type Part, type Without } from '../clauses.ts';
import { type JsonObject, objectAt } from '../json.ts';
import type { DeviceEvent, Effect, EmbeddedFacts, EnvelopeFacts, SendRequest } from '../types.ts';

type EnvelopeContext = { readonly me: ChartInput };
type Args = [context: EnvelopeContext, event: DeviceEvent];

const incoming = (event: DeviceEvent): DeviceEvent & { readonly facts: EnvelopeFacts } =>
  event.incoming as DeviceEvent & { readonly facts: EnvelopeFacts };
const embedded = (event: DeviceEvent): EmbeddedFacts | null => incoming(event).facts.embedded ?? null;
const outgoing = (event: DeviceEvent): SendRequest => event.outgoing as SendRequest;

const carries = (...[, event]: Args): boolean => embedded(event) !== null;
const dispatch = (request: SendRequest): Change<EnvelopeContext> => ({
  effects: [{ type: 'core', request: { ask: 'dispatch', outgoing: request } }],
});
const fieldOf = ({ me }: EnvelopeContext, isUnstable: boolean): string =>
  isUnstable && me.identifiers === 'unstable' ? 'org.matrix.msc4147.device_keys' : 'sender_device_keys';

export const envelopeParts = {
  /** MSC4147, "Proposal": an Olm payload has a copy of what a key query would return, cross-signing signatures included. */
  '4147-embed-device-keys': {
    kind: 'duty',
    perform: (context, event, rules) => {
      const request = outgoing(event);
      const field = fieldOf(context, rules.does('4147-unstable-name'));
      return dispatch(request.embed === false ? request : { ...request, embed: field });
    },
    otherwise: (_context, event) => dispatch({ ...outgoing(event), embed: false }),
  },
  /** MSC4147, "Unstable prefix". */
  '4147-unstable-name': {
    kind: 'format',
    perform: () => null,
    isDoneBy: '4147-embed-device-keys',
    isImplied: true,
  },
  /** MSC4147, "Proposal": on another Ed25519 key than the payload's the event is discarded. */
  '4147-ed25519-mismatch': {
    kind: 'guard',
    applies: carries,
    permits: (...[, event]) => embedded(event)?.ed25519Matches === true,
  },
  /** "Validation of incoming decrypted events": the Curve25519 key is `sender_key` of the event. */
  '4147-curve25519-match': {
    kind: 'guard',
    applies: carries,
    permits: (...[, event]) => embedded(event)?.curve25519Matches === true,
  },
  /** "Validation of incoming decrypted events": `user_id` is the sender. */
  '4147-user-id-match': {
    kind: 'guard',
    applies: carries,
    permits: (...[, event]) => embedded(event)?.userMatches === true,
  },
  /** "Validation of incoming decrypted events": signed by the device's own key. */
  '4147-self-signature': {
    kind: 'guard',
    applies: carries,
    permits: (...[, event]) => embedded(event)?.selfSigned === true,
  },
  /**
   * "Verification of the sending user for incoming events": the key's owner is confirmed through a self-signing key of the pinned
   * identity. Asked of devices that only the message tells of: those in the list are the list's.
   */
  '4147-owner-via-cross-signing': {
    kind: 'guard',
    applies: (...[, event]) => embedded(event)?.isListed === false,
    permits: (...[, event]) => embedded(event)?.byPinnedIdentity === true,
  },
  'hands it on': {
    kind: 'plain',
    perform: (context, event): Change<EnvelopeContext> => {
      const { listedFacts, ...heard } = incoming(event);
      const knows = (context.me.implements.MSC4147 ?? 'none') !== 'none';
      const facts = knows ? heard.facts : (listedFacts as EnvelopeFacts);
      return { effects: [{ type: 'tell', event: { ...heard, facts } }] };
    },
  },
  'drops it': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<EnvelopeContext> => ({
      effects: [
        {
          type: 'core',
          request: {
            ask: 'discard',
            event: objectAt(event, 'raw') as JsonObject,
            why: 'the device keys it shows are not those of its sender',
          },
        },
      ],
    }),
  },
} satisfies Readonly<Record<string, Part<EnvelopeContext>>>;

const machine = setup({
  types: {} as { context: EnvelopeContext; events: DeviceEvent; input: { me: ChartInput }; emitted: Effect },
  guards: guardsOf<EnvelopeContext, keyof typeof envelopeParts>(envelopeParts),
  actions: actionsOf<EnvelopeContext, keyof typeof envelopeParts>(envelopeParts),
}).createMachine({
  id: 'envelope',
  context: ({ input }) => ({ ...input }),
  initial: 'open',
  states: { open: {} },
  on: {
    'envelope.outgoing': { actions: '4147-embed-device-keys' },
    'envelope.incoming': [
      {
        guard: and([
          '4147-ed25519-mismatch',
          '4147-curve25519-match',
          '4147-user-id-match',
          '4147-self-signature',
          '4147-owner-via-cross-signing',
        ] as const),
        actions: 'hands it on',
      },
      { actions: 'drops it' },
    ],
  },
});

export const envelopeChart = (without: Without) => makeChart('envelope', machine, envelopeParts, without, () => ({}));
