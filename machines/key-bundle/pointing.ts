/** MSC4268, "`m.room_key_bundle` to-device message": which devices are told of a bundle, and how. */
import type { Change, Part, Rules } from '../clauses.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { MEGOLM_ALGORITHM } from '../paths.ts';
import { forwardedRoomKey } from '../room-keys/forwarded.ts';
import type { ExportedRoomKey, MemberChange } from '../room-types.ts';
import type { Term } from '../suite.ts';
import type { DeviceEvent, DeviceFacts, DeviceId, Effect, UserId } from '../types.ts';
import type { Given, InviterContext, Pointer } from './context.ts';
import { forwards, invitationOf, query, roomOf, write } from './inviting.ts';
import { HISTORY_NOT_SHARED, POINTER, UNSTABLE_POINTER } from './messages.ts';

type Args = [context: InviterContext, event: DeviceEvent];

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
const draft = (context: InviterContext, more: Partial<Pointer>): Change<InviterContext> => ({
  context: { pointer: { ...draftOf(context), ...more } },
});
const sent = (
  context: InviterContext,
  pointer: Pointer,
  user: UserId,
  devices: readonly DeviceId[],
  answers: boolean,
): Effect => ({
  type: 'core',
  request: {
    ask: 'send',
    type: pointer.type,
    content: pointer.content,
    encrypt: pointer.encrypt,
    to: devices.map((device) => ({ user, device })),
    ...(pointer.embeds ? {} : { embed: false }),
    ...(answers ? { answerAs: 'bundle.pointed', with: { room: roomOf(context) } } : {}),
  },
});
const evidence = (
  context: InviterContext,
  user: UserId,
  devices: readonly DeviceId[],
  { sessions, withheld, url }: Pick<Given, 'sessions' | 'withheld' | 'url'>,
): Effect => ({
  type: 'store',
  patch: { patch: 'history shared', room: roomOf(context), user, devices, sessions, withheld, url },
});
/** Question q28: a device that is new is told as long as the invitation is fresh (B), or never (A). */
const resends = (context: InviterContext): boolean => context.me.readings.q28 === 'B';

export const pointingParts = {
  /**
   * In bold: devices that the invitee's cross-signing keys sign, and no others. Where a sentence of its own says that the signatures are
   * verified, this one asks for them; where none does, it asks that they be valid.
   */
  '4268-only-cross-signed-devices': {
    kind: 'guard',
    permitsItem: ({ me }: InviterContext, item: unknown) => {
      const { crossSignedBy, claimsCrossSigning } = (item as Candidate).device;
      return crossSignedBy !== null || (claimsCrossSigning === true && me.implements.MSC4268 !== 'spec-v1.19');
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
    perform: (context: InviterContext, _: DeviceEvent, rules: Rules) => {
      const { devices, identity } = invitationOf(context);
      return { context: write(context, { to: eligible(devices, identity, rules) }) };
    },
    otherwise: (context: InviterContext, _: DeviceEvent, rules: Rules) => {
      const { devices, identity } = invitationOf(context);
      return { context: write(context, { to: eligible(devices, identity, rules).slice(0, 1) }) };
    },
  },
  'begins the pointer': {
    kind: 'plain',
    perform: () => ({ context: { pointer: { type: POINTER, content: {}, encrypt: false, embeds: false } } }),
  },
  '4268-pointer-room-id': {
    kind: 'format',
    perform: (...[context]: Args) =>
      draft(context, { content: { ...draftOf(context).content, room_id: roomOf(context) } }),
  },
  /** Off: where it is, and not what opens it. */
  '4268-pointer-file': {
    kind: 'format',
    perform: (...[context, event]: Args) => {
      const url = stringAt(event.body, 'content_uri') ?? '';
      const file = { ...invitationOf(context).file, url };
      return draft(context, { content: { ...draftOf(context).content, file } });
    },
    otherwise: (...[context, event]: Args) => {
      const file = { url: stringAt(event.body, 'content_uri') ?? '' };
      return draft(context, { content: { ...draftOf(context).content, file } });
    },
  },
  /** Unstable prefix: the interim type, for a device that knows no other. */
  '4268-unstable-bundle-type': {
    kind: 'format',
    isImplied: true,
    perform: (...[context]: Args) =>
      context.me.identifiers === 'unstable' ? draft(context, { type: UNSTABLE_POINTER }) : null,
  },
  /** The inviter shows its own device keys (MSC4147), so that the pointer can be told from a forgery once it logs out. */
  '4268-sender-device-keys-present': {
    kind: 'duty',
    perform: (...[context]: Args) => draft(context, { embeds: true }),
  },
  '4268-pointer-olm-encrypted': {
    kind: 'duty',
    perform: (...[context]: Args) => draft(context, { encrypt: true }),
  },
  'sends the pointer': {
    kind: 'plain',
    perform: (...[context, event]: Args): Change<InviterContext> => {
      const { user, to, identity, sessions, withheld } = invitationOf(context);
      const pointer = draftOf(context);
      const url = stringAt(event.body, 'content_uri') ?? '';
      const given = { pointer, identity, devices: to, sessions, withheld, url };
      return {
        context: {
          ...write(context, { hasGone: true }),
          pointer: null,
          ...(resends(context) ? { given: { ...context.given, [user]: given } } : {}),
        },
        effects: [evidence(context, user, to, given), sent(context, pointer, user, to, true)],
      };
    },
  },
  /** New "withheld" code: it is for bundles. Off: the invitee's devices are sent a notice of each session too. */
  '4268-withheld-not-to-device': {
    kind: 'format',
    isImplied: true,
    perform: (...[context]: Args) =>
      Object.keys(invitationOf(context).withheld).length === 0 ? null : { effects: [] },
    otherwise: (...[context]: Args) => {
      const { user, to, withheld, ownKey } = invitationOf(context);
      return {
        effects: Object.entries(withheld).map(([session_id, code]) => ({
          type: 'core',
          request: {
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
          },
        })),
      };
    },
  },
  /** MSC3061 as matrix-js-sdk had it: each shareable session, on its own, to every device in the list, signed or not. */
  'forwards the keys': {
    kind: 'plain',
    perform: (...[context, event]: Args): Change<InviterContext> => {
      const { user, devices } = invitationOf(context);
      const keys = (event.keys as readonly ExportedRoomKey[]).filter(({ sharedHistory }) => sharedHistory);
      const to = devices.map(({ device }) => device);
      if (!forwards(context) || keys.length === 0 || to.length === 0)
        return { effects: [{ type: 'tell', event: { type: 'bundle.pointed', room: roomOf(context) } }] };
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
          ...pointers.map((one, nth) => sent(context, one, user, to, nth === pointers.length - 1)),
        ],
      };
    },
  },
  'somebody invited has other devices': {
    kind: 'plain',
    permits: (...[context, event]: Args) =>
      resends(context) && (event.users as readonly UserId[]).some((user) => context.given[user] !== undefined),
  },
  'looks at their devices again': {
    kind: 'plain',
    perform: (...[context, event]: Args) => ({
      effects: (event.users as readonly UserId[])
        .filter((user) => context.given[user] !== undefined)
        .flatMap((user): readonly Effect[] => [
          query(user),
          { type: 'tell', event: { type: 'bundle.listed again', room: roomOf(context), user } },
        ]),
    }),
  },
  'asks for their devices again': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const user = stringAt(event, 'user') ?? '';
      return {
        effects: [
          {
            type: 'core',
            request: {
              ask: 'devices of',
              room: roomOf(context),
              users: [user],
              answerAs: 'bundle.devices again',
              with: { room: roomOf(context), user },
            },
          },
        ],
      };
    },
  },
  'tells the new ones': {
    kind: 'plain',
    perform: (context: InviterContext, event: DeviceEvent, rules: Rules): Change<InviterContext> => {
      const user = stringAt(event.with, 'user') ?? '';
      const given = context.given[user];
      if (given === undefined) return null;
      const others = (event.devices as readonly DeviceFacts[]).filter(({ device }) => !given.devices.includes(device));
      const to = eligible(others, given.identity, rules);
      if (to.length === 0) return null;
      return {
        context: { given: { ...context.given, [user]: { ...given, devices: [...given.devices, ...to].sort() } } },
        effects: [evidence(context, user, to, given), sent(context, given.pointer, user, to, false)],
      };
    },
  },
  'an invitation was answered': {
    kind: 'plain',
    permits: (...[context, event]: Args) => answeredBy(context, event).length > 0,
  },
  'keeps no pointer of it': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const answered = answeredBy(context, event);
      const given = Object.entries(context.given).filter(([user]) => !answered.includes(user));
      return { context: { given: Object.fromEntries(given) } };
    },
  },
} satisfies Readonly<Record<string, Part<InviterContext>>>;

/** Those who were sent a pointer and have come or gone since. */
const answeredBy = (context: InviterContext, event: DeviceEvent): readonly UserId[] =>
  (event.members as readonly MemberChange[])
    .filter(({ user, after }) => after !== 'invite' && context.given[user] !== undefined)
    .map(({ user }) => user);

/** With MSC3061's flag. */
const forwarded = (key: ExportedRoomKey): JsonObject =>
  forwardedRoomKey(key, { 'org.matrix.msc3061.shared_history': true });
