/** MSC4268: whom the inviter deals with, in which order things happen, and the invitation itself. */
import { without } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import type { RoomId } from '../room-types.ts';
import type { UserId } from '../types.ts';
import type { Invitation, InviterContext } from './context.ts';
import { type InviterEffect, type InviterParts, inviter, type OnInviter } from './events.ts';
import { hasBundles } from './messages.ts';
import { optionOf, readingOf } from './options.ts';

const { causes, core, performs, permits, remembers, store, tell, tellSelf } = inviter;

export const roomOf = (context: InviterContext): RoomId => context.me.room ?? '';
export const invitationOf = (context: InviterContext): Invitation => {
  if (context.invitation === null) throw new Error('key-bundle-inviter: a part runs with no invitation under way');
  return context.invitation;
};
export const write = (context: InviterContext, more: Partial<Invitation>): { readonly invitation: Invitation } => ({
  invitation: { ...invitationOf(context), ...more },
});
/** The older way of MSC3061: a forwarded room key to every device. */
export const forwards = (context: InviterContext): boolean => optionOf(context.me, 'share history by') === 'forwarding';

/** Whoever asks themselves in is in already, or does not come in by that: there is nobody to give the history to. */
const isOneself = (context: InviterContext): boolean => invitationOf(context).user === context.me.user;

const begun = (user: UserId, isInvited: boolean): Invitation => ({
  user,
  shares: isInvited ? 'first' : 'never',
  isInvited,
  isUnseen: false,
  devices: [],
  isListOutdated: false,
  ownKey: null,
  served: null,
  identity: null,
  identityChanged: false,
  wasVerified: false,
  to: [],
  known: 0,
  text: '',
  sessions: [],
  withheld: {},
  file: {},
  hasGone: false,
});

const lookedUp = (context: InviterContext): InviterEffect =>
  core({ ask: 'query users', users: [invitationOf(context).user], answerAs: 'bundle.listed' });
const devicesOf = (context: InviterContext) =>
  ({ ask: 'devices of', users: [...new Set([invitationOf(context).user, context.me.user])] }) as const;
type Listed = Pick<OnInviter<'bundle.known' | 'bundle.devices'>, 'devices' | 'identities'>;
const unknown: Listed['identities'][UserId] = { master: null, pinned: null };
const identityIn = ({ identities }: Listed, user: UserId) =>
  Object.hasOwn(identities, user) ? (identities[user] ?? unknown) : unknown;

/** `history not shared`: the invitation goes out alone, and why. */
export const notShared = (context: InviterContext, why: string, text: string): InviterEffect =>
  show('history not shared', text, { room: roomOf(context), user: invitationOf(context).user, why });

const itself = (type: 'bundle.identity accepted' | 'bundle.identity refused' | 'bundle.unasked'): InviterEffect =>
  tellSelf({ type });

export const invitingParts = {
  'takes up the invitation': remembers((_, { user }: OnInviter<'user.invite'>) => ({ invitation: begun(user, false) })),
  'has them wait': remembers((context, { user }: OnInviter<'user.invite'>) => ({
    waiting: [...context.waiting, user],
  })),
  'somebody waits to be invited': permits((context) => context.waiting.length > 0),
  'takes up the next': remembers((context) => ({
    invitation: begun(context.waiting[0] ?? '', false),
    waiting: context.waiting.slice(1),
  })),
  'a bundle is owed': permits((context) => context.owed.length > 0),
  'takes up what is owed': remembers((context) => ({
    invitation: begun(context.owed[0] ?? '', true),
    owed: context.owed.slice(1),
  })),
  'asks what is known of them': causes((context) => core({ ...devicesOf(context), answerAs: 'bundle.known' })),
  'notes whether they were seen before': remembers((context, event: OnInviter<'bundle.known'>) =>
    identityIn(event, invitationOf(context).user).pinned === null ? write(context, { isUnseen: true }) : null,
  ),
  /** Question q49: who is seen for the first time is who the server shows (A), or nobody yet that history is given to (B). */
  'they are too new': permits(
    (context) => readingOf(context.me, 'q49') === 'B' && invitationOf(context).isUnseen && !forwards(context),
  ),
  'says that they were never seen before': causes((context) =>
    notShared(context, 'never seen', 'They are invited without the history: nobody here has seen their keys before.'),
  ),
  /** Security considerations, MAY: a warning before somebody is invited whom the user never dealt with. */
  '4268-warn-first-contact': {
    kind: 'ui',
    perform: (context, event: OnInviter<'bundle.known'>) => {
      const { user } = invitationOf(context);
      const isKnown = identityIn(event, user).pinned !== null || event.devices.some((device) => device.user === user);
      if (optionOf(context.me, 'warn first contact') !== true || isKnown || isOneself(context)) return null;
      const text = `You have not been in touch with ${user} before. Is that the right name?`;
      return { effects: [show('first contact', text, { room: roomOf(context), user })] };
    },
  },
  /** Introduction: members may hand the keys of earlier messages to new ones. The specification goes by it without the sentence. */
  '4268-members-may-share': {
    kind: 'duty',
    isImplied: true,
    perform: (context) =>
      !isOneself(context) && (forwards(context) || hasBundles(context.me))
        ? { context: write(context, { shares: 'after' }) }
        : null,
  },
  /** Room key bundle format: the bundle is on its way when the invitation lands. Off: it follows when the client next syncs. */
  '4268-bundle-before-invite': {
    kind: 'duty',
    perform: (context) =>
      invitationOf(context).shares === 'after' && !forwards(context)
        ? { context: write(context, { shares: 'first' }) }
        : null,
  },
  'forwards keys before it invites': remembers((context) =>
    forwards(context) && !isOneself(context) ? write(context, { shares: 'first' }) : null,
  ),
  'history goes first': permits((context) => invitationOf(context).shares === 'first'),
  /** `m.room_key_bundle` to-device message: the invitee's device list is current. Off: what is known of it has to do. */
  '4268-fresh-device-list': {
    kind: 'duty',
    perform: (context) => (forwards(context) ? null : { effects: [lookedUp(context)] }),
    otherwise: () => ({ effects: [tellSelf({ type: 'bundle.lists passed over' })] }),
  },
  'forwards to fresh lists': causes((context) => (forwards(context) ? lookedUp(context) : null)),
  'asks for their devices': causes((context) => core({ ...devicesOf(context), answerAs: 'bundle.devices' })),
  'notes their devices': remembers((context, event: OnInviter<'bundle.devices'>) => {
    const { user } = invitationOf(context);
    const { master } = identityIn(event, user);
    const own = event.devices.find((one) => one.user === context.me.user && one.device === context.me.device);
    return write(context, {
      isListOutdated: event.outdated.includes(user),
      devices: event.devices.filter((one) => one.user === user),
      ownKey: own?.curve25519 ?? null,
      served: master,
      identity: master,
    });
  }),
  /** Security considerations: cross-signing keys are compared with those seen before. Off: whatever is served will do. */
  '4268-identity-pinning': {
    kind: 'duty',
    perform: (context, event: OnInviter<'bundle.devices'>) => {
      if (forwards(context)) return null;
      const { master, pinned, wasVerified = false } = identityIn(event, invitationOf(context).user);
      const identityChanged = pinned !== null && master !== null && pinned !== master;
      return { context: write(context, { identity: pinned ?? master, identityChanged, wasVerified }) };
    },
  },
  'their identity has changed': permits((context) => invitationOf(context).identityChanged),
  /**
   * Security considerations: a changed identity is checked with the user before anything is shared. The option `identity change`
   * says what the user answers: `refuse`, `share`, or `ask` to wait for an act. Nobody answers `share` beforehand for whom they have
   * verified: that waits for an act. Off: it goes on without a word.
   */
  '4268-identity-change-alert': {
    kind: 'ui',
    perform: (context) => {
      const { user, served, wasVerified } = invitationOf(context);
      const text = `${wasVerified ? `You have verified ${user}, who` : user} has a new identity. It may be somebody else, who would then read this room's history.`;
      const answer = optionOf(context.me, 'identity change') ?? 'refuse';
      return {
        effects: [
          show('identity changed before sharing', text, {
            room: roomOf(context),
            user,
            master: served,
            ...(wasVerified ? { wasVerified } : {}),
          }),
          ...(answer === 'share' && !wasVerified ? [itself('bundle.identity accepted')] : []),
          ...(answer === 'refuse' ? [itself('bundle.identity refused')] : []),
        ],
      };
    },
    otherwise: () => ({ effects: [itself('bundle.unasked')] }),
  },
  'accepts their identity': performs((context) => {
    const { user, served } = invitationOf(context);
    return {
      context: write(context, { identity: served }),
      effects: served === null ? [] : [store({ patch: 'pin', user, master: served })],
    };
  }),
  'takes the identity as it is served': remembers((context) =>
    write(context, { identity: invitationOf(context).served }),
  ),
  'says that their identity was not accepted': causes((context) =>
    notShared(context, 'identity changed', 'They are invited without the history: their identity changed.'),
  ),
  'drops the invitation': performs((context) => ({
    context: { invitation: null },
    effects: [notShared(context, 'declined', 'They were not invited.')],
  })),
  'they are invited already': permits((context) => invitationOf(context).isInvited),
  invites: causes((context) => ({
    type: 'request',
    method: 'POST',
    path: paths.membership(roomOf(context), 'invite'),
    body: { user_id: invitationOf(context).user },
    answerAs: 'bundle.invited',
  })),
  'the invitation was refused': permits((_, { status }: OnInviter<'bundle.invited'>) => status !== 200),
  /** Question q24: who has the bundle and no invitation counts as one who left (B), or nothing more is done (A). */
  'counts them as one who left': causes((context) =>
    readingOf(context.me, 'q24') === 'B' && invitationOf(context).hasGone
      ? tell({ type: 'told.rotate', room: roomOf(context), why: 'invitation refused' })
      : null,
  ),
  'forgets what was given': remembers((context) => ({
    given: without(context.given, invitationOf(context).user),
  })),
  'is done': remembers(() => ({ invitation: null })),
  /** Before any sync says so. What is said in the room from now on may be meant for them. */
  'knows that they are invited': causes((context) =>
    store({ patch: 'room member', room: roomOf(context), user: invitationOf(context).user, membership: 'invite' }),
  ),
  'is invited, and may still be owed a bundle': remembers((context) => {
    const { user, shares } = invitationOf(context);
    return { invitation: null, owed: shares === 'after' ? [...context.owed, user] : context.owed };
  }),
} satisfies InviterParts;
