/** MSC4385: what a device that changed a secret does. */
import type { News, UserAct } from '../events.ts';
import { type Draft, type PushContext, readingOf } from './context.ts';
import { type Arrival, type Change, type Effect, type On, type PushParts, words } from './events.ts';
import { nameOf, SEND } from './messages.ts';

const { causes, core, performs, permits, remembers, tellSelf } = words;

const askSiblings = (name: string, secret: string): Effect =>
  core({ ask: 'siblings', answerAs: 'push.siblings', with: { name, secret } });
/** The draft that is being written. */
export const draftOf = (context: PushContext): Draft => {
  if (context.draft === null) throw new Error('secret-push: a clause writes into a draft that was not begun');
  return context.draft;
};
/** The draft with more in it. */
export const write = (context: PushContext, more: Partial<Draft>): Change => ({
  context: { draft: { ...draftOf(context), ...more } },
});
const compose = ({ sibling, name, secret }: On<'push.offer'>): Effect =>
  tellSelf({ type: 'push.compose', device: sibling.device, name, secret });

/** What both variants say of sending, each under sentences of its own: `push-variant.ts` and `send-variant.ts` give these their ids. */
export const sendingRules = {
  /** Proposal: of its own accord, not paired with a request. Off: it waits to be asked. */
  ofItsOwnAccord: {
    kind: 'duty',
    perform: (context) =>
      context.changed === null
        ? null
        : { context: { changed: null }, effects: [askSiblings(context.changed.name, context.changed.secret)] },
  },
  /** Potential issues: what devices without support are sent is conceded to be wasted. Off: whoever has not shared anything is sent nothing. */
  legacyWasted: { kind: 'admission', perform: (_, event: On<'push.offer'>) => ({ effects: [compose(event)] }) },
  /** Proposal: the secret is named, where it is written and where it is read. */
  nameField: {
    kind: 'format',
    perform: (context) => write(context, { content: { ...draftOf(context).content, name: draftOf(context).name } }),
    permits: (_, event: Arrival) => (nameOf(event) ?? '') !== '',
  },
} satisfies PushParts;

/** What neither text says by itself, or both say in the same sentence. */
export const sendingParts = {
  /** Introduction: the device that changes a secret hands the new value to its siblings. */
  '4385-both-unsolicited-share': {
    kind: 'duty',
    perform: (_, { name, secret }: News<'told.secret changed'>) => ({ context: { changed: { name, secret } } }),
  },
  'somebody asks for what changed': permits(
    ({ changed }, { content }: On<'to-device m.secret.request'>) => changed !== null && content.name === changed.name,
  ),
  'pushes what changed': performs((context) =>
    context.changed === null
      ? null
      : { context: { changed: null }, effects: [askSiblings(context.changed.name, context.changed.secret)] },
  ),
  'looks up the held secret': causes((_, { name }: UserAct<'user.push secret'>) =>
    core({ ask: 'held secret', name, answerAs: 'push.held' }),
  ),
  'pushes the held secret': causes((_, { name, secret }: On<'push.held'>) =>
    secret === null ? null : askSiblings(name, secret),
  ),
  'offers it to each sibling': performs((_, { siblings, with: { name, secret } }: On<'push.siblings'>) => ({
    effects: siblings.map((sibling) => tellSelf({ type: 'push.offer', name, secret, sibling })),
  })),
  /**
   * Neither variant has a recipient rule; MSC1946's "entitled devices only" is what is left (question q03: reading A
   * takes the receiver's rule to be the only one).
   */
  '4385-both-recipient-selection-silent': {
    kind: 'guard',
    permits: ({ me }, { sibling }: On<'push.offer'>) =>
      readingOf(me, 'q03') === 'A' || (sibling.selfSigned && sibling.byPinnedIdentity),
  },
  'has pushed to us before': permits(({ understands }, { sibling }: On<'push.offer'>) =>
    understands.includes(sibling.device),
  ),
  'composes for it': causes((_, event: On<'push.offer'>) => compose(event)),
  'begins a draft': remembers((_, { device, name, secret }: On<'push.compose'>) => ({
    draft: { device, name, secret, types: [SEND], content: {}, encrypt: false },
  })),
  'sends the draft': performs((context) => {
    const { device, types, content, encrypt } = draftOf(context);
    return {
      context: { draft: null },
      effects: types.map((type) =>
        core({ ask: 'send', type, content, encrypt, to: [{ user: context.me.user, device }] }),
      ),
    };
  }),
} satisfies PushParts;
