/**
 * Asking one's other devices for a secret, and answering (MSC1946; "Sharing" in the secrets module of the client-server API).
 */

import type { ChartInput } from '../chart.ts';
import type { Change, Part } from '../clauses.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../paths.ts';
import { hasSendVariant, kindOfSend } from '../secret-push/messages.ts';
import type { DeviceEvent, DeviceFacts, DeviceId, Effect, EnvelopeFacts, UserId } from '../types.ts';

type Pending = { readonly name: string; readonly asked: readonly DeviceId[] };
type Waiting = { readonly user: UserId; readonly device: DeviceId; readonly requestId: string; readonly name: string };
export type RequestContext = {
  readonly me: ChartInput;
  /** Requests of ours by request id. */
  readonly pending: Readonly<Record<string, Pending>>;
  /** Requests of others that wait for the user or for the core. */
  readonly waiting: readonly Waiting[];
  readonly made: number;
};
type Args = [context: RequestContext, event: DeviceEvent];

const facts = (event: DeviceEvent) => event.facts as EnvelopeFacts;
const content = (event: DeviceEvent): JsonObject => objectAt(event, 'content');
const requestId = (event: DeviceEvent) => stringAt(content(event), 'request_id');
/** Everybody is asked, as clients do: a request says nothing that the server does not know. Answers are what is checked. */
const siblingsOf = (event: DeviceEvent) => event.siblings as readonly DeviceFacts[];
const to = (user: UserId, devices: readonly DeviceId[]) => devices.map((device) => ({ user, device }));

export const requestParts = {
  /** A secret of an application that its user types in: its other devices may want to know. */
  'keeps what was entered': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<RequestContext> => {
      const name = stringAt(event, 'name') ?? '';
      const secret = stringAt(event, 'secret') ?? '';
      const held = { secret, public: null, origin: { how: 'entered' } } as const;
      return {
        effects: [
          { type: 'store', patch: { patch: 'secret', name, held } },
          { type: 'tell', event: { type: 'told.secret stored', name } },
          { type: 'tell', event: { type: 'told.secret changed', name, secret } },
        ],
      };
    },
  },
  'looks for siblings to ask': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<RequestContext> => ({
      effects: [{ type: 'core', request: { ask: 'siblings', answerAs: 'request.siblings', with: wantedBy(event) } }],
    }),
  },
  'asks for secrets': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const devices = siblingsOf(event).map(({ device }) => device);
      const { names, lacking } = objectAt(event, 'with');
      const held = (event.held as readonly string[] | undefined) ?? [];
      const wanted = ((names ?? []) as readonly string[]).filter((name) => lacking !== true || !held.includes(name));
      if (devices.length === 0 || wanted.length === 0) return null;
      const pending: Record<string, Pending> = { ...context.pending };
      const effects: Effect[] = [];
      wanted.forEach((name, nth) => {
        const id = `${context.me.device}.${context.made + nth}`;
        pending[id] = { name, asked: devices };
        effects.push({
          type: 'core',
          request: {
            ask: 'send',
            type: 'm.secret.request',
            encrypt: false,
            content: { action: 'request', name, request_id: id, requesting_device_id: context.me.device },
            to: to(context.me.user, devices),
          },
        });
      });
      return { context: { pending, made: context.made + wanted.length }, effects };
    },
  },

  // --- receiving an answer ---
  /** What MSC4385 (send variant) tells from an answer, for those who have that text; to others all are meant as answers. */
  'is meant as an answer': {
    kind: 'plain',
    permits: (...[context, event]: Args) =>
      !hasSendVariant(context.me) || kindOfSend(content(event), context.me.readings) === 'answer',
  },
  'lacks a request id': {
    kind: 'plain',
    permits: (...[context, event]: Args) => !hasSendVariant(context.me) && content(event).request_id === undefined,
  },
  /**
   * MSC4385 (send variant), "Potential issues": older clients throw away what lacks `request_id`. As a permission: may it be handed
   * to the code that reads answers? It trips over the missing field, and what came behind is lost.
   */
  '4385-send-legacy-discard': { kind: 'guard', permits: () => false, isOfOthers: true },
  'loses the rest': { kind: 'plain', perform: () => ({ effects: [{ type: 'core', request: { ask: 'drop inbox' } }] }) },
  /** "m.secret.send": `request_id` and `secret` are required. */
  '1946-request-id-required': {
    kind: 'format',
    permits: (...[, event]: Args) => requestId(event) !== undefined && stringAt(content(event), 'secret') !== undefined,
  },
  /** "Sharing": an answer from a device that was not asked is ignored. Whether it is to be believed is another sentence. */
  '1946-ignore-unasked': {
    kind: 'guard',
    permits: (...[context, event]: Args) => {
      const device = facts(event).sender?.device;
      return (
        device !== undefined &&
        facts(event).ownUser &&
        Object.values(context.pending).some(({ asked }) => asked.includes(device))
      );
    },
  },
  /** "m.secret.send": `request_id` equals that of an earlier request. */
  '1946-request-id-match': {
    kind: 'guard',
    permits: (...[context, event]: Args) => Object.hasOwn(context.pending, requestId(event) ?? ''),
  },
  /** "m.secret.send": from the Olm sender key, the answer comes from a verified own device that was asked. */
  '1946-verify-responder': {
    kind: 'guard',
    permits: (...[, event]: Args) => {
      const { encrypted, ownUser, sender } = facts(event);
      return encrypted && ownUser && sender?.selfSigned === true && sender.byPinnedIdentity;
    },
  },
  'stores the answer': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const sender = facts(event).sender;
      const secret = stringAt(content(event), 'secret') ?? '';
      // Without the match the answer has no request to look its name up in: the only open one is taken.
      const name =
        context.pending[requestId(event) ?? '']?.name ?? Object.values(context.pending)[0]?.name ?? BACKUP_SECRET;
      return {
        effects: [
          {
            type: 'store',
            patch: {
              patch: 'secret',
              name,
              held: {
                secret,
                public: facts(event).secretPublic,
                origin: {
                  how: 'request',
                  user: sender?.user ?? facts(event).claimedSender,
                  device: sender?.device ?? '',
                },
              },
            },
          },
          { type: 'tell', event: { type: 'told.secret stored', name } },
        ],
      };
    },
  },
  /** "Sharing": once the secret is there, the request is cancelled at the other devices. */
  '1946-cancel-others': {
    kind: 'duty',
    perform: (...[context, event]: Args) => {
      const effects = cancellation(context, requestId(event) ?? '', facts(event).sender?.device);
      return effects.length === 0 ? null : { effects };
    },
  },
  /** Question q09: a push of the same name is what was asked for (A), or has nothing to do with it (B). */
  'a push has brought it': {
    kind: 'plain',
    permits: (...[context, event]: Args) =>
      context.me.readings.q09 === 'A' && requestsFor(context, event.name).length > 0,
  },
  'takes the push for an answer': {
    kind: 'plain',
    perform: (...[context, event]: Args): Change<RequestContext> => {
      const ids = requestsFor(context, event.name);
      const pending = Object.fromEntries(Object.entries(context.pending).filter(([id]) => !ids.includes(id)));
      return { context: { pending }, effects: ids.flatMap((id) => cancellation(context, id, event.device)) };
    },
  },
  'closes the request': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const { [requestId(event) ?? '']: _done, ...pending } = context.pending;
      return { context: { pending } };
    },
  },
  'a request is open': { kind: 'plain', permits: (...[context]: Args) => Object.keys(context.pending).length > 0 },

  // --- answering ---
  'is a request': { kind: 'plain', permits: (...[, event]: Args) => content(event).action === 'request' },
  'is a cancellation': {
    kind: 'plain',
    permits: (...[, event]: Args) => content(event).action === 'request_cancellation',
  },
  /** "m.secret.request": a request that is called off is not answered any more, if it still waits for the user. */
  'drops what was called off': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const { user, device, requestId: id } = waitingOf(event);
      const waiting = context.waiting.filter(
        (one) => one.requestId !== id || one.device !== device || one.user !== user,
      );
      return waiting.length === context.waiting.length ? null : { context: { waiting } };
    },
  },
  /** "Sharing", MUST: secrets go only to those entitled to them, which is the user herself. */
  '1946-share-entitled-only': { kind: 'guard', permits: (...[, event]: Args) => facts(event).ownUser },
  /** "Sharing", SHOULD: in practice to verified devices, whose signatures end in an identity this device has pinned. */
  '1946-share-verified-own': {
    kind: 'guard',
    permits: (...[, event]: Args) => {
      const sender = facts(event).sender;
      return sender?.selfSigned === true && sender.byPinnedIdentity;
    },
  },
  'the user confirms sharing': {
    kind: 'plain',
    permits: (...[context]: Args) => context.me.options['confirm share'] === true,
  },
  /** "Sharing", MAY: the sharing client asks its user first. */
  '1946-may-confirm-share': {
    kind: 'ui',
    perform: (...[context, event]: Args) => ({
      context: { waiting: [...context.waiting, waitingOf(event)] },
      effects: [
        show('confirm sharing', 'Another device of yours asks for a secret.', {
          device: waitingOf(event).device,
          name: waitingOf(event).name,
        }),
      ],
    }),
    otherwise: (...[, event]: Args) => ({ effects: [reply(waitingOf(event))] }),
  },
  /** "Sharing": a willing device answers with `m.secret.send`. */
  '1946-request-and-reply': { kind: 'duty', perform: (...[, event]: Args) => ({ effects: [reply(waitingOf(event))] }) },
  'answers what waited': {
    kind: 'plain',
    perform: (...[context]: Args) => ({ context: { waiting: [] }, effects: context.waiting.map(reply) }),
  },
  'refuses what waited': { kind: 'plain', perform: () => ({ context: { waiting: [] } }) },
  'holds that secret': { kind: 'plain', permits: (...[, event]: Args) => stringAt(event, 'secret') !== undefined },
  /** "m.secret.send", MUST: always Olm-encrypted, sent to-device. */
  '1946-send-encrypted': {
    kind: 'duty',
    perform: (...[context, event]: Args) => ({ effects: [answer(context, event, true)] }),
    otherwise: (...[context, event]: Args) => ({ effects: [answer(context, event, false)] }),
  },
} satisfies Readonly<Record<string, Part<RequestContext>>>;

/** The open requests for a secret of that name. */
const requestsFor = ({ pending }: RequestContext, name: unknown): readonly string[] =>
  Object.keys(pending).filter((id) => pending[id]?.name === name);
/** Calls a request off at all who were asked but the one who has answered. */
const cancellation = ({ me, pending }: RequestContext, id: string, answeredBy: unknown): readonly Effect[] => {
  const others = (pending[id]?.asked ?? []).filter((device) => device !== answeredBy);
  if (others.length === 0) return [];
  return [
    {
      type: 'core',
      request: {
        ask: 'send',
        type: 'm.secret.request',
        encrypt: false,
        content: { action: 'request_cancellation', request_id: id, requesting_device_id: me.device },
        to: to(me.user, others),
      },
    },
  ];
};
/** Its user may ask for one by name; a device that has just been verified asks for all that it lacks. */
const wantedBy = (event: DeviceEvent): JsonObject =>
  typeof event.name === 'string'
    ? { names: [event.name] }
    : { names: [...CROSS_SIGNING_SECRETS, BACKUP_SECRET], lacking: true };
const waitingOf = (event: DeviceEvent): Waiting => ({
  user: facts(event).sender?.user ?? facts(event).claimedSender,
  device: facts(event).sender?.device ?? stringAt(content(event), 'requesting_device_id') ?? '',
  requestId: requestId(event) ?? '',
  name: stringAt(content(event), 'name') ?? '',
});
const reply = ({ user, device, requestId: id, name }: Waiting): Effect => ({
  type: 'core',
  request: { ask: 'held secret', name, answerAs: 'request.held', with: { user, device, request_id: id } },
});
const answer = ({ me }: RequestContext, event: DeviceEvent, encrypt: boolean): Effect => {
  const asker = objectAt(event, 'with');
  const name = me.options['name in answers'] === true ? { name: stringAt(event, 'name') ?? '' } : {};
  return {
    type: 'core',
    request: {
      ask: 'send',
      type: 'm.secret.send',
      encrypt,
      content: { request_id: asker.request_id, ...name, secret: stringAt(event, 'secret') },
      to: [{ user: stringAt(asker, 'user') ?? '', device: stringAt(asker, 'device') ?? '' }],
    },
  };
};
