/** A device of the twin model, as a chart: what is local to it. twin.pml says the same in Promela. */
import { assign, createActor, initialTransition, type SnapshotFrom, setup } from 'xstate';

/** Devices are 0, 1 and 2; the rogue one is 3. */
export const rogue = 3;

export type Message = { readonly kind: 'push' | 'ack'; readonly from: number; readonly version: number };
export type Sent = { readonly to: number; readonly message: Message };
export type DeviceEvent =
  | { readonly type: 'rotate'; readonly version: number }
  | { readonly type: 'tell'; readonly peer: number }
  | { readonly type: 'tell again' }
  | { readonly type: 'push'; readonly from: number; readonly version: number }
  | { readonly type: 'ack'; readonly from: number; readonly version: number };

/** `tell`: peers a push is yet to be sent to; `wait`: peers that have not answered. Both are sets of bits. */
type Context = {
  readonly me: number;
  /** Whether pushes of devices that are not signed are refused. */
  readonly signedOnly: boolean;
  readonly held: number;
  readonly tell: number;
  readonly wait: number;
};

const bit = (peer: number): number => 1 << peer;
const without = (set: number, peer: number): number => set & ~bit(peer);
const isRefused = ({ signedOnly }: Context, { from }: { readonly from: number }): boolean =>
  from === rogue && signedOnly;

export const deviceMachine = setup({
  types: { context: {} as Context, events: {} as DeviceEvent, input: {} as Pick<Context, 'me' | 'signedOnly'> },
  actions: { send: (_, _sent: Sent) => undefined },
}).createMachine({
  context: ({ input }) => ({ ...input, held: 0, tell: 0, wait: 0 }),
  initial: 'calm',
  on: {
    rotate: {
      target: '.sharing',
      actions: assign(({ context, event }) => {
        const peers = without(7, context.me);
        return { held: event.version, tell: peers, wait: peers };
      }),
    },
    push: [
      {
        guard: ({ context, event }) => !isRefused(context, event) && event.version > context.held,
        target: '.calm',
        actions: [
          assign(({ event }) => ({ held: event.version, tell: 0, wait: 0 })),
          {
            type: 'send',
            params: ({ context, event }) => ({
              to: event.from,
              message: { kind: 'ack', from: context.me, version: event.version },
            }),
          },
        ],
      },
      {
        guard: ({ context, event }) => !isRefused(context, event) && event.version === context.held,
        actions: {
          type: 'send',
          params: ({ context, event }) => ({
            to: event.from,
            message: { kind: 'ack', from: context.me, version: context.held },
          }),
        },
      },
    ],
  },
  states: {
    calm: {},
    sharing: {
      always: { guard: ({ context }) => context.wait === 0, target: 'calm' },
      on: {
        tell: {
          guard: ({ context, event }) => (context.tell & bit(event.peer)) !== 0,
          actions: [
            {
              type: 'send',
              params: ({ context, event }) => ({
                to: event.peer,
                message: { kind: 'push', from: context.me, version: context.held },
              }),
            },
            assign(({ context, event }) => ({ tell: without(context.tell, event.peer) })),
          ],
        },
        'tell again': {
          guard: ({ context }) => context.tell !== context.wait,
          actions: assign(({ context }) => ({ tell: context.wait })),
        },
        ack: {
          guard: ({ context, event }) => event.version === context.held,
          actions: assign(({ context, event }) => ({
            tell: without(context.tell, event.from),
            wait: without(context.wait, event.from),
          })),
        },
      },
    },
  },
});

export type DeviceState = SnapshotFrom<typeof deviceMachine>;
export type DeviceStep = { readonly state: DeviceState; readonly sent: readonly Sent[] };

/** The device before anything happened. */
export const firstState = (me: number, signedOnly: boolean): DeviceState =>
  initialTransition(deviceMachine, { me, signedOnly })[0];

/** What XState's `transition` makes for every step, made once: the door through which a step's actions come out. */
const makeDoor = () => {
  const self = createActor(deviceMachine, { input: { me: 0, signedOnly: true } });
  const sent: Sent[] = [];
  const nothing = (): void => undefined;
  const scope: Parameters<typeof deviceMachine.transition>[2] = {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: ({ type, params }) => {
      if (type === 'send') sent.push(params as Sent);
    },
  };
  return { scope, sent };
};
let door: ReturnType<typeof makeDoor> | null = null;

/**
 * One local step: what the public `transition` says, in a third of its time. The same state object comes back where the
 * event changes nothing.
 */
export const stepDevice = (before: DeviceState, event: DeviceEvent): DeviceStep => {
  door ??= makeDoor();
  door.sent.length = 0;
  const state = deviceMachine.transition(before, event, door.scope);
  return { state, sent: [...door.sent] };
};

/** All that tells two states apart, as text: the context's members always come in the same order. */
export const keyOf = ({ value, context }: DeviceState): string => JSON.stringify([value, context]);
