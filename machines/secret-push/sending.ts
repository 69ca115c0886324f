/** MSC4385: what a device that changed a secret does. */
import type { Change, Part } from '../clauses.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { DeviceEvent, DeviceFacts, Effect } from '../types.ts';
import type { PushContext } from './context.ts';
import { type Draft, nameOf, SEND } from './messages.ts';

type Args = [context: PushContext, event: DeviceEvent];

const askSiblings = (name: string, secret: string): Effect => ({
  type: 'core',
  request: { ask: 'siblings', answerAs: 'push.siblings', with: { name, secret } },
});
const offered = (event: DeviceEvent) => event.sibling as DeviceFacts;
/** The draft that is being written. */
export const draftOf = (context: PushContext): Draft => {
  if (context.draft === null) throw new Error('secret-push: a clause writes into a draft that was not begun');
  return context.draft;
};
/** The draft with more in it. */
export const write = (context: PushContext, more: Partial<Draft>): Change<PushContext> => ({
  context: { draft: { ...draftOf(context), ...more } },
});
const compose = (event: DeviceEvent): Effect => ({
  type: 'tell',
  event: { type: 'push.compose', device: offered(event).device, name: event.name, secret: event.secret },
});

/** What both variants say of sending, each under sentences of its own: `push-variant.ts` and `send-variant.ts` give these their ids. */
export const sendingRules = {
  /** Proposal: of its own accord, not paired with a request. Off: it waits to be asked. */
  ofItsOwnAccord: {
    kind: 'duty',
    perform: (...[context]: Args) =>
      context.changed === null
        ? null
        : { context: { changed: null }, effects: [askSiblings(context.changed.name, context.changed.secret)] },
  },
  /** Potential issues: devices that may not know the type are sent to all the same. */
  legacyWasted: { kind: 'duty', perform: (...[, event]: Args) => ({ effects: [compose(event)] }) },
  /** Proposal: the secret is named, where it is written and where it is read. */
  nameField: {
    kind: 'format',
    perform: (...[context]: Args) =>
      write(context, { content: { ...draftOf(context).content, name: draftOf(context).name } }),
    permits: (...[, event]: Args) => (nameOf(event) ?? '') !== '',
  },
} satisfies Readonly<Record<string, Part<PushContext>>>;

/** What neither text says by itself, or both say in the same sentence. */
export const sendingParts = {
  /** Introduction: the device that changes a secret hands the new value to its siblings. */
  '4385-both-unsolicited-share': {
    kind: 'duty',
    perform: (...[, event]: Args): Change<PushContext> => ({
      context: { changed: { name: stringAt(event, 'name') ?? '', secret: stringAt(event, 'secret') ?? '' } },
    }),
  },
  'somebody asks for what changed': {
    kind: 'plain',
    permits: (...[context, event]: Args) =>
      context.changed !== null && objectAt(event, 'content').name === context.changed.name,
  },
  'pushes what changed': {
    kind: 'plain',
    perform: (...[context]: Args) =>
      context.changed === null
        ? null
        : { context: { changed: null }, effects: [askSiblings(context.changed.name, context.changed.secret)] },
  },
  'looks up the held secret': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      effects: [
        {
          type: 'core',
          request: { ask: 'held secret', name: stringAt(event, 'name') ?? '', answerAs: 'push.held', with: {} },
        },
      ],
    }),
  },
  'pushes the held secret': {
    kind: 'plain',
    perform: (...[, event]: Args) => {
      const secret = stringAt(event, 'secret');
      return secret === undefined ? null : { effects: [askSiblings(stringAt(event, 'name') ?? '', secret)] };
    },
  },
  'offers it to each sibling': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      effects: (event.siblings as readonly DeviceFacts[]).map((sibling) => ({
        type: 'tell',
        event: { ...(objectAt(event, 'with') as JsonObject), type: 'push.offer', sibling },
      })),
    }),
  },
  /**
   * Neither variant has a recipient rule; MSC1946's "entitled devices only" is what is left (question q03: reading A
   * takes the receiver's rule to be the only one).
   */
  '4385-both-recipient-selection-silent': {
    kind: 'guard',
    permits: (...[context, event]: Args) =>
      context.me.readings.q03 === 'A' || (offered(event).selfSigned && offered(event).byPinnedIdentity),
  },
  'has pushed to us before': {
    kind: 'plain',
    permits: (...[context, event]: Args) => context.understands.includes(offered(event).device),
  },
  'composes for it': { kind: 'plain', perform: (...[, event]: Args) => ({ effects: [compose(event)] }) },
  'begins a draft': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      context: {
        draft: {
          device: stringAt(event, 'device') ?? '',
          name: stringAt(event, 'name') ?? '',
          secret: stringAt(event, 'secret') ?? '',
          types: [SEND],
          content: {},
          encrypt: false,
        },
      },
    }),
  },
  'sends the draft': {
    kind: 'plain',
    perform: (...[context]: Args) => {
      const { device, types, content, encrypt } = draftOf(context);
      return {
        context: { draft: null },
        effects: types.map((type) => ({
          type: 'core',
          request: { ask: 'send', type, content, encrypt, to: [{ user: context.me.user, device }] },
        })),
      };
    },
  },
} satisfies Readonly<Record<string, Part<PushContext>>>;
