/** MSC4268, "`m.room_key_bundle` to-device message": which devices are told of a bundle, and how. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Rules } from '../clauses.ts';
import type { JsonObject } from '../json.ts';
import { writtenName } from '../names.ts';
import { forwardedRoomKey } from '../room-keys/forwarded.ts';
import type { ExportedRoomKey } from '../room-types.ts';
import type { Term } from '../suite.ts';
import type { DeviceFacts, DeviceId, UserId } from '../types.ts';
import { hasClause } from '../wording.ts';
import { uploadedTo } from './composing.ts';
import type { Given, InviterContext, Pointer } from './context.ts';
import { type InviterChange, type InviterEffect, type InviterParts, inviter, type OnInviter } from './events.ts';
import { forwards, invitationOf, roomOf, write } from './inviting.ts';
import { HISTORY_NOT_SHARED, POINTER } from './messages.ts';
import { given as said } from './notices.ts';
import { readingOf } from './options.ts';

const { causes, core, performs, permits, remembers, store, tellSelf } = inviter;

/** One device of the invitee, and the master key that was compared with what is known of them. */
type Candidate = { readonly device: DeviceFacts; readonly identity: Term | null };
const eligible = (devices: readonly DeviceFacts[], identity: Term | null, rules: Rules): readonly DeviceId[] =>
  devices
    .filter((device) => {
      const candidate: Candidate = { device, identity };
      return (
        rules.may('4268-only-cross-signed-devices', candidate) &&
        rules.may('4268-sender-verifies-signatures', candidate) &&
        rules.may('4268-recipient-care', candidate)
      );
    })
    .map(({ device }) => device);

const draftOf = (context: InviterContext): Pointer => {
  if (context.pointer === null)
    throw new Error('key-bundle-inviter: a clause writes into a pointer that was not begun');
  return context.pointer;
};
const draft = (context: InviterContext, more: Partial<Pointer>): InviterChange => ({
  context: { pointer: { ...draftOf(context), ...more } },
});
const sent = (pointer: Pointer, user: UserId, devices: readonly DeviceId[], answers: boolean): InviterEffect =>
  core({
    ask: 'send',
    type: pointer.type,
    content: pointer.content,
    encrypt: pointer.encrypt,
    to: devices.map((device) => ({ user, device })),
    ...(pointer.embeds ? {} : { embed: false }),
    ...(answers ? { answerAs: 'bundle.pointed' } : {}),
  });
const evidence = (
  context: InviterContext,
  user: UserId,
  devices: readonly DeviceId[],
  { sessions, withheld, url }: Pick<Given, 'sessions' | 'withheld' | 'url'>,
): InviterEffect => store({ patch: 'history shared', room: roomOf(context), user, devices, sessions, withheld, url });
/** Question q28: a device that is new is told as long as the invitation is fresh (B), or never (A). */
const resends = (context: InviterContext): boolean => readingOf(context.me, 'q28') === 'B';

type Uploaded = OnInviter<'bundle.uploaded' | 'bundle.kept'>;

export const pointingParts = {
  /**
   * In bold: devices that the invitee's cross-signing keys sign, and no others. Where a sentence of its own says that the signatures are
   * verified, this one asks for them; where none does, it asks that they be valid.
   */
  '4268-only-cross-signed-devices': {
    kind: 'guard',
    permitsItem: ({ me }: InviterContext, item: unknown) => {
      const { crossSignedBy, claimsCrossSigning } = (item as Candidate).device;
      return (
        crossSignedBy !== null || (claimsCrossSigning === true && hasClause(me, '4268-sender-verifies-signatures'))
      );
    },
  },
  /** Security considerations: the signatures are verified, not taken from the list. */
  '4268-sender-verifies-signatures': {
    kind: 'guard',
    permitsItem: (_: InviterContext, item: unknown) => {
      const { crossSignedBy, claimsCrossSigning, selfSigned } = (item as Candidate).device;
      return selfSigned && (crossSignedBy !== null || claimsCrossSigning !== true);
    },
  },
  /** Security considerations: real care that it is the intended person's: signed by the very identity that was looked at. */
  '4268-recipient-care': {
    kind: 'guard',
    permitsItem: (_: InviterContext, item: unknown) => {
      const { device, identity } = item as Candidate;
      return device.crossSignedBy === null || device.crossSignedBy === identity;
    },
  },
  /** Each eligible device is told. Off: the first of them. */
  '4268-share-to-each-device': {
    kind: 'duty',
    perform: (context, _event, rules) => {
      const { devices, identity } = invitationOf(context);
      return { context: write(context, { to: eligible(devices, identity, rules) }) };
    },
    otherwise: (context, _event, rules) => {
      const { devices, identity } = invitationOf(context);
      return { context: write(context, { to: eligible(devices, identity, rules).slice(0, 1) }) };
    },
  },
  'begins the pointer': remembers(() => ({ pointer: { type: POINTER, content: {}, encrypt: false, embeds: false } })),
  '4268-pointer-room-id': {
    kind: 'format',
    perform: (context) => draft(context, { content: { ...draftOf(context).content, room_id: roomOf(context) } }),
  },
  /** Off: where it is, and not what opens it. */
  '4268-pointer-file': {
    kind: 'format',
    perform: (context, event: Uploaded) => {
      const url = uploadedTo(event) ?? '';
      const file = { ...invitationOf(context).file, url };
      return draft(context, { content: { ...draftOf(context).content, file } });
    },
    otherwise: (context, event: Uploaded) => {
      const file = { url: uploadedTo(event) ?? '' };
      return draft(context, { content: { ...draftOf(context).content, file } });
    },
  },
  /** Unstable prefix: the interim type, for a device that knows no other. */
  '4268-unstable-bundle-type': {
    kind: 'format',
    isImplied: true,
    perform: (context) => {
      const type = writtenName('pointer', context.me.identifiers);
      return type === POINTER ? null : draft(context, { type });
    },
  },
  /** The inviter shows its own device keys (MSC4147), so that the pointer can be told from a forgery once it logs out. */
  '4268-sender-device-keys-present': { kind: 'duty', perform: (context) => draft(context, { embeds: true }) },
  '4268-pointer-olm-encrypted': { kind: 'duty', perform: (context) => draft(context, { encrypt: true }) },
  'sends the pointer': performs((context, event: Uploaded) => {
    const { user, to, identity, known, sessions, withheld } = invitationOf(context);
    const pointer = draftOf(context);
    const url = uploadedTo(event) ?? '';
    const given = { pointer, identity, devices: to, sessions, withheld, url };
    return {
      context: {
        ...write(context, { hasGone: true }),
        pointer: null,
        ...(resends(context) ? { given: { ...context.given, [user]: given } } : {}),
      },
      effects: [
        evidence(context, user, to, given),
        sent(pointer, user, to, true),
        // A client that does not list what it leaves out still leaves it out.
        said(roomOf(context), user, sessions.length, Math.max(Object.keys(withheld).length, known - sessions.length)),
      ],
    };
  }),
  /** New "withheld" code: it is for bundles. Off: the invitee's devices are sent a notice of each session too. */
  '4268-withheld-not-to-device': {
    kind: 'format',
    isImplied: true,
    perform: (context) => (Object.keys(invitationOf(context).withheld).length === 0 ? null : { effects: [] }),
    otherwise: (context) => {
      const { user, to, withheld, ownKey } = invitationOf(context);
      return {
        effects: Object.entries(withheld).map(([session_id, code]) =>
          core({
            ask: 'send',
            type: 'm.room_key.withheld',
            content: {
              algorithm: MEGOLM_ALGORITHM,
              room_id: roomOf(context),
              session_id,
              sender_key: ownKey ?? '',
              code: code === '' ? HISTORY_NOT_SHARED : code,
            },
            encrypt: false,
            to: to.map((device) => ({ user, device })),
          }),
        ),
      };
    },
  },
  /** MSC3061 as matrix-js-sdk had it: each shareable session, on its own, to every device in the list, signed or not. */
  'forwards the keys': performs((context, event: OnInviter<'bundle.exported'>) => {
    const { user, devices } = invitationOf(context);
    const keys = event.keys.filter(({ sharedHistory }) => sharedHistory);
    const to = devices.map(({ device }) => device);
    if (!forwards(context) || keys.length === 0 || to.length === 0)
      return { effects: [tellSelf({ type: 'bundle.nothing to forward' })] };
    const pointers = keys.map((key) => ({
      type: 'm.forwarded_room_key',
      content: forwarded(key),
      encrypt: true,
      embeds: true,
    }));
    const shared = { sessions: keys.map(({ sessionId }) => sessionId), withheld: {}, url: '' };
    return {
      context: write(context, { to, hasGone: true }),
      effects: [
        evidence(context, user, to, shared),
        ...pointers.map((one, nth) => sent(one, user, to, nth === pointers.length - 1)),
        said(roomOf(context), user, keys.length, event.keys.length - keys.length),
      ],
    };
  }),
  'somebody invited has other devices': permits(
    (context, { users }: OnInviter<'sync.device lists'>) =>
      resends(context) && users.some((user) => Object.hasOwn(context.given, user)),
  ),
  'looks at their devices again': performs((context, { users }: OnInviter<'sync.device lists'>) => ({
    effects: users
      .filter((user) => Object.hasOwn(context.given, user))
      .map((user) => core({ ask: 'query users', users: [user], answerAs: 'bundle.listed again', with: { user } })),
  })),
  'asks for their devices again': causes((_, { with: { user } }: OnInviter<'bundle.listed again'>) =>
    core({ ask: 'devices of', users: [user], answerAs: 'bundle.devices again', with: { user } }),
  ),
  'tells the new ones': performs((context, { devices, with: { user } }: OnInviter<'bundle.devices again'>, rules) => {
    const given = Object.hasOwn(context.given, user) ? context.given[user] : undefined;
    if (given === undefined) return null;
    const others = devices.filter(({ device }) => !given.devices.includes(device));
    const to = eligible(others, given.identity, rules);
    if (to.length === 0) return null;
    return {
      context: { given: { ...context.given, [user]: { ...given, devices: [...given.devices, ...to].sort() } } },
      effects: [evidence(context, user, to, given), sent(given.pointer, user, to, false)],
    };
  }),
  'an invitation was answered': permits(
    (context, event: OnInviter<'sync.room' | 'told.member'>) => answeredBy(context, event).length > 0,
  ),
  'keeps no pointer of it': remembers((context, event: OnInviter<'sync.room' | 'told.member'>) => {
    const answered = answeredBy(context, event);
    const given = Object.entries(context.given).filter(([user]) => !answered.includes(user));
    return { given: Object.fromEntries(given) };
  }),
} satisfies InviterParts;

/** Those who were sent a pointer and have come or gone since. */
const answeredBy = (context: InviterContext, event: OnInviter<'sync.room' | 'told.member'>): readonly UserId[] =>
  (event.type === 'sync.room' ? event.members : [event.change])
    .filter(({ user, after }) => after !== 'invite' && Object.hasOwn(context.given, user))
    .map(({ user }) => user);

/** With MSC3061's flag. */
const forwarded = (key: ExportedRoomKey): JsonObject =>
  forwardedRoomKey(key, { 'org.matrix.msc3061.shared_history': true });
