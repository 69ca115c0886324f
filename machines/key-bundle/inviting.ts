/** MSC4268: whom the inviter deals with, in which order things happen, and the invitation itself. */
import type { Change, Part } from '../clauses.ts';
import { stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import type { DeviceEvent, DeviceFacts, Effect, UserId } from '../types.ts';
import type { Invitation, InviterContext } from './context.ts';
import { hasBundles } from './messages.ts';

type Args = [context: InviterContext, event: DeviceEvent];
type Identities = Readonly<Record<UserId, { readonly master: string | null; readonly pinned: string | null }>>;

export const roomOf = (context: InviterContext): string => context.me.room ?? '';
export const invitationOf = (context: InviterContext): Invitation => {
  if (context.invitation === null) throw new Error('key-bundle-inviter: a part runs with no invitation under way');
  return context.invitation;
};
export const write = (context: InviterContext, more: Partial<Invitation>): { readonly invitation: Invitation } => ({
  invitation: { ...invitationOf(context), ...more },
});
/** The older way of MSC3061: a forwarded room key to every device. */
export const forwards = (context: InviterContext): boolean => context.me.options['share history by'] === 'forwarding';

const begun = (user: UserId, isInvited: boolean): Invitation => ({
  user,
  shares: isInvited ? 'first' : 'never',
  isInvited,
  devices: [],
  ownKey: null,
  served: null,
  identity: null,
  identityChanged: false,
  to: [],
  known: 0,
  text: '',
  sessions: [],
  withheld: {},
  file: {},
  hasGone: false,
});

const tell = (context: InviterContext, type: string): Effect => ({
  type: 'tell',
  event: { type, room: roomOf(context) },
});
export const query = (user: UserId): Effect => ({
  type: 'request',
  method: 'POST',
  path: paths.keysQuery,
  body: { device_keys: { [user]: [] } },
  answerAs: 'core.queried',
});
const devicesOf = (context: InviterContext, answerAs: string): Effect => ({
  type: 'core',
  request: {
    ask: 'devices of',
    room: roomOf(context),
    users: [...new Set([invitationOf(context).user, context.me.user])],
    answerAs,
    with: { room: roomOf(context) },
  },
});
const devicesIn = (event: DeviceEvent): readonly DeviceFacts[] => event.devices as readonly DeviceFacts[];
const identityIn = (event: DeviceEvent, user: UserId) =>
  (event.identities as Identities)[user] ?? { master: null, pinned: null };

/** `history not shared`: the invitation goes out alone, and why. */
export const notShared = (context: InviterContext, why: string, text: string): Effect =>
  show('history not shared', text, { room: roomOf(context), user: invitationOf(context).user, why });

export const invitingParts = {
  'takes up the invitation': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({ context: { invitation: begun(stringAt(event, 'user') ?? '', false) } }),
  },
  'has them wait': {
    kind: 'plain',
    perform: (...[context, event]: Args) => ({
      context: { waiting: [...context.waiting, stringAt(event, 'user') ?? ''] },
    }),
  },
  'somebody waits to be invited': { kind: 'plain', permits: (...[context]: Args) => context.waiting.length > 0 },
  'takes up the next': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      context: { invitation: begun(context.waiting[0] ?? '', false), waiting: context.waiting.slice(1) },
    }),
  },
  'a bundle is owed': { kind: 'plain', permits: (...[context]: Args) => context.owed.length > 0 },
  'takes up what is owed': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      context: { invitation: begun(context.owed[0] ?? '', true), owed: context.owed.slice(1) },
    }),
  },
  'asks what is known of them': {
    kind: 'plain',
    perform: (...[context]: Args) => ({ effects: [devicesOf(context, 'bundle.known')] }),
  },
  /** Security considerations, MAY: a warning before somebody is invited whom the user never dealt with. */
  '4268-warn-first-contact': {
    kind: 'ui',
    perform: (...[context, event]: Args) => {
      const { user } = invitationOf(context);
      const isKnown =
        identityIn(event, user).pinned !== null || devicesIn(event).some((device) => device.user === user);
      if (context.me.options['warn first contact'] !== true || isKnown) return null;
      const text = `You have not been in touch with ${user} before. Is that the right name?`;
      return { effects: [show('first contact', text, { room: roomOf(context), user })] };
    },
  },
  /** Introduction: members may hand the keys of earlier messages to new ones. The specification goes by it without the sentence. */
  '4268-members-may-share': {
    kind: 'duty',
    isImplied: true,
    perform: (...[context]: Args): Change<InviterContext> =>
      forwards(context) || hasBundles(context.me.implements.MSC4268)
        ? { context: write(context, { shares: 'after' }) }
        : null,
  },
  /** Room key bundle format: the bundle is on its way when the invitation lands. Off: it follows when the client next syncs. */
  '4268-bundle-before-invite': {
    kind: 'duty',
    perform: (...[context]: Args): Change<InviterContext> =>
      invitationOf(context).shares === 'after' && !forwards(context)
        ? { context: write(context, { shares: 'first' }) }
        : null,
  },
  'forwards keys before it invites': {
    kind: 'plain',
    perform: (...[context]: Args): Change<InviterContext> =>
      forwards(context) ? { context: write(context, { shares: 'first' }) } : null,
  },
  'history goes first': { kind: 'plain', permits: (...[context]: Args) => invitationOf(context).shares === 'first' },
  /** `m.room_key_bundle` to-device message: the invitee's device list is current. Off: what is known of it has to do. */
  '4268-fresh-device-list': {
    kind: 'duty',
    perform: (...[context]: Args): Change<InviterContext> =>
      forwards(context) ? null : { effects: [query(invitationOf(context).user)] },
  },
  'forwards to fresh lists': {
    kind: 'plain',
    perform: (...[context]: Args): Change<InviterContext> =>
      forwards(context) ? { effects: [query(invitationOf(context).user)] } : null,
  },
  // Heard after the answer to the query, which stands before it in the queue.
  'goes on when they are listed': {
    kind: 'plain',
    perform: (...[context]: Args) => ({ effects: [tell(context, 'bundle.listed')] }),
  },
  'asks for their devices': {
    kind: 'plain',
    perform: (...[context]: Args) => ({ effects: [devicesOf(context, 'bundle.devices')] }),
  },
  'notes their devices': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const { user } = invitationOf(context);
      const { master } = identityIn(event, user);
      const own = devicesIn(event).find((one) => one.user === context.me.user && one.device === context.me.device);
      return {
        context: write(context, {
          devices: devicesIn(event).filter(
            (one) => one.user === user && !(user === context.me.user && one.device === context.me.device),
          ),
          ownKey: own?.curve25519 ?? null,
          served: master,
          identity: master,
        }),
      };
    },
  },
  /** Security considerations: cross-signing keys are compared with those seen before. Off: whatever is served will do. */
  '4268-identity-pinning': {
    kind: 'duty',
    perform: (...[context, event]: Args): Change<InviterContext> => {
      if (forwards(context)) return null;
      const { master, pinned } = identityIn(event, invitationOf(context).user);
      const identityChanged = pinned !== null && master !== null && pinned !== master;
      return { context: write(context, { identity: pinned ?? master, identityChanged }) };
    },
  },
  'their identity has changed': {
    kind: 'plain',
    permits: (...[context]: Args) => invitationOf(context).identityChanged,
  },
  /**
   * Security considerations: a changed identity is checked with the user before anything is shared. The option `identity change`
   * says what the user answers: `refuse`, `share`, or `ask` to wait for an act. Off: it goes on without a word.
   */
  '4268-identity-change-alert': {
    kind: 'ui',
    perform: (...[context]: Args) => {
      const { user, served } = invitationOf(context);
      const text = `${user} has a new identity. It may be somebody else, who would then read this room's history.`;
      const answer = context.me.options['identity change'] ?? 'refuse';
      return {
        effects: [
          show('identity changed before sharing', text, { room: roomOf(context), user, master: served }),
          ...(answer === 'share' ? [tell(context, 'bundle.identity accepted')] : []),
          ...(answer === 'refuse' ? [tell(context, 'bundle.identity refused')] : []),
        ],
      };
    },
    otherwise: (...[context]: Args) => ({ effects: [tell(context, 'bundle.unasked')] }),
  },
  'accepts their identity': {
    kind: 'plain',
    perform: (...[context]: Args): Change<InviterContext> => {
      const { user, served } = invitationOf(context);
      return {
        context: write(context, { identity: served }),
        effects: served === null ? [] : [{ type: 'store', patch: { patch: 'pin', user, master: served } }],
      };
    },
  },
  'takes the identity as it is served': {
    kind: 'plain',
    perform: (...[context]: Args) => ({ context: write(context, { identity: invitationOf(context).served }) }),
  },
  'says that their identity was not accepted': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      effects: [
        notShared(context, 'identity changed', 'They are invited without the history: their identity changed.'),
      ],
    }),
  },
  'drops the invitation': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      context: { invitation: null },
      effects: [notShared(context, 'declined', 'They were not invited.')],
    }),
  },
  'they are invited already': { kind: 'plain', permits: (...[context]: Args) => invitationOf(context).isInvited },
  invites: {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      effects: [
        {
          type: 'request',
          method: 'POST',
          path: paths.membership(roomOf(context), 'invite'),
          body: { user_id: invitationOf(context).user },
          answerAs: 'bundle.invited',
          with: { room: roomOf(context) },
        },
      ],
    }),
  },
  'the invitation was refused': { kind: 'plain', permits: (...[, event]: Args) => event.status !== 200 },
  /** Question q24: who has the bundle and no invitation counts as one who left (B), or nothing more is done (A). */
  'counts them as one who left': {
    kind: 'plain',
    perform: (...[context]: Args): Change<InviterContext> =>
      context.me.readings.q24 === 'B' && invitationOf(context).hasGone
        ? {
            effects: [
              { type: 'tell', event: { type: 'told.rotate', room: roomOf(context), why: 'invitation refused' } },
            ],
          }
        : null,
  },
  'forgets what was given': {
    kind: 'plain',
    perform: (...[context]: Args) => {
      const { [invitationOf(context).user]: _gone, ...given } = context.given;
      return { context: { given } };
    },
  },
  'is done': {
    kind: 'plain',
    perform: () => ({ context: { invitation: null } }),
  },
  'is invited, and may still be owed a bundle': {
    kind: 'plain',
    perform: (...[context]: Args) => {
      const { user, shares } = invitationOf(context);
      return { context: { invitation: null, owed: shares === 'after' ? [...context.owed, user] : context.owed } };
    },
  },
} satisfies Readonly<Record<string, Part<InviterContext>>>;
