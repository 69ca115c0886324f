/**
 * Asking one's other devices for a secret, and answering (MSC1946; "Sharing" in the secrets module of the client-server API).
 */

import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../algorithms.ts';
import type { News, UserAct } from '../events.ts';
import { own, stringAt, without } from '../json.ts';
import { show } from '../notice.ts';
import { hasSendVariant, kindOfSend } from '../secret-push/messages.ts';
import type { DeviceId, HeldSecret, UserId } from '../types.ts';
import { type Pending, type RequestContext, readingOf, type Tested, type Waiting } from './context.ts';
import { type Effect, type On, type RequestParts, type Wanted, words } from './events.ts';
import { optionOf } from './options.ts';

const { causes, core, performs, permits, remembers, store, tell } = words;

type Sent = On<'to-device m.secret.send'>;
type Asked = On<'to-device m.secret.request'>;

const requestId = ({ content }: Sent | Asked) => stringAt(content, 'request_id');
const to = (user: UserId, devices: readonly DeviceId[]) => devices.map((device) => ({ user, device }));

/** Asks what is in use, which an answer is held against. */
const testing = (answer: Tested): Effect =>
  core({ ask: 'backup version', answerAs: 'request.published', with: answer });

export const requestParts = {
  /** A secret of an application that its user types in: its other devices may want to know. */
  'keeps what was entered': performs((_, { name, secret }: UserAct<'user.enters secret'>) => {
    const held = { secret, public: null, origin: { how: 'entered' } } as const;
    return {
      effects: [
        store({ patch: 'secret', name, held }),
        tell({ type: 'told.secret stored', name }),
        tell({ type: 'told.secret changed', name, secret }),
      ],
    };
  }),
  'looks for siblings to ask': causes(
    (_, event: UserAct<'user.request secret'> | News<'told.verified' | 'told.secret wanted'>) =>
      core({ ask: 'siblings', answerAs: 'request.siblings', with: wantedBy(event) }),
  ),
  /** Everybody is asked, as clients do: a request says nothing that the server does not know. Answers are what is checked. */
  'asks for secrets': performs((context, event: On<'request.siblings'>) => {
    const {
      siblings,
      held,
      life,
      with: { names, isForLacking },
    } = event;
    const devices = siblings.map(({ device }) => device);
    const wanted = names.filter((name) => !isForLacking || !held.includes(name));
    if (devices.length === 0 || wanted.length === 0) return null;
    const pending: Record<string, Pending> = { ...context.pending };
    const effects: Effect[] = [];
    wanted.forEach((name, nth) => {
      // Nobody can guess an id, and none is drawn twice: not after a copy has come up, nor by who logs in under the same name.
      const id = [context.me.device, ...life, context.made + nth].join('.');
      pending[id] = { name, asked: devices };
      effects.push(
        core({
          ask: 'send',
          type: 'm.secret.request',
          encrypt: false,
          content: { action: 'request', name, request_id: id, requesting_device_id: context.me.device },
          to: to(context.me.user, devices),
        }),
      );
    });
    return { context: { pending, made: context.made + wanted.length }, effects };
  }),

  // --- receiving an answer ---
  /** What MSC4385 (send variant) tells from an answer, for those who have that text; to others all are meant as answers. */
  'is meant as an answer': permits(
    ({ me }, { content }: Sent) => !hasSendVariant(me) || kindOfSend(content, me) === 'answer',
  ),
  'lacks a request id': permits(({ me }, { content }: Sent) => !hasSendVariant(me) && content.request_id === undefined),
  /**
   * MSC4385 (send variant), "Potential issues": older clients throw away what lacks `request_id`. As a permission: may it be handed
   * to the code that reads answers? It trips over the missing field, and what came behind is lost.
   */
  '4385-send-legacy-discard': { kind: 'guard', permits: () => false, isOfOthers: true },
  'loses the rest': causes(() => core({ ask: 'drop inbox' })),
  /** "m.secret.send": `request_id` and `secret` are required. */
  '1946-request-id-required': {
    kind: 'format',
    permits: (_, event: Sent) => requestId(event) !== undefined && stringAt(event.content, 'secret') !== undefined,
  },
  /** "Sharing": an answer from a device that was not asked is ignored. Whether it is to be believed is another sentence. */
  '1946-ignore-unasked': {
    kind: 'guard',
    permits: ({ pending }, { facts }: Sent) => {
      const device = facts.sender?.device;
      return (
        device !== undefined && facts.ownUser && Object.values(pending).some(({ asked }) => asked.includes(device))
      );
    },
  },
  /** "m.secret.send": `request_id` equals that of an earlier request. */
  '1946-request-id-match': {
    kind: 'guard',
    permits: (context, event: Sent) => requestOf(context, requestId(event) ?? '') !== undefined,
  },
  /** "m.secret.send": from the Olm sender key, the answer comes from a verified own device that was asked. */
  '1946-verify-responder': {
    kind: 'guard',
    permits: (_, { facts: { encrypted, ownUser, sender } }: Sent) =>
      encrypted && ownUser && sender?.selfSigned === true && sender.byPinnedIdentity,
  },
  'stores the answer': performs((context, event: Sent) => ({
    effects: stored(nameFor(context, event), heldOf(event)),
  })),
  /**
   * Question q58: the first answer closes the request, whatever it is worth (A), or an answer is held against what is in use, and one
   * that does not work leaves the request open (B). That is asked of the key of the backup, which others may have had replaced.
   */
  'is tested first': permits(
    (context, event: Sent) => readingOf(context.me, 'q58') === 'B' && nameFor(context, event) === BACKUP_SECRET,
  ),
  'has it tested': causes((_, event: Sent) =>
    testing({
      requestId: requestId(event) ?? '',
      held: heldOf(event),
      device: event.facts.sender?.device ?? null,
    }),
  ),
  'nobody says what is in use': permits((_, { status }: On<'request.published'>) => status === 0),
  'keeps it for another test': performs(({ untested }, { with: one }: On<'request.published'>) => ({
    context: { untested: [...untested, one] },
    effects: [{ type: 'await sync' }],
  })),
  'something is untested': permits(({ untested }) => untested.length > 0),
  'has it tested again': performs(({ untested, pending }) => ({
    context: { untested: [] },
    effects: untested.filter(({ requestId: id }) => Object.hasOwn(pending, id)).map(testing),
  })),
  'it is the one that is in use': permits(
    (_, { facts, with: { held } }: On<'request.published'>) => held.public !== null && held.public === facts?.publicKey,
  ),
  'takes the answer that works': performs(
    (context, { with: { requestId: id, held, device } }: On<'request.published'>) => ({
      context: { pending: without(context.pending, id) },
      effects: [...stored(BACKUP_SECRET, held), ...cancellation(context, id, device)],
    }),
  ),
  /** "Sharing": once the secret is there, the request is cancelled at the other devices. */
  '1946-cancel-others': {
    kind: 'duty',
    perform: (context, event: Sent) => {
      const effects = cancellation(context, requestId(event) ?? '', event.facts.sender?.device);
      return effects.length === 0 ? null : { effects };
    },
  },
  /** Question q09: a push of the same name is what was asked for (A), or has nothing to do with it (B). */
  'a push has brought it': permits(
    (context, { name }: News<'told.secret pushed'>) =>
      readingOf(context.me, 'q09') === 'A' && requestsFor(context, name).length > 0,
  ),
  'takes the push for an answer': performs((context, { name, device }: News<'told.secret pushed'>) => {
    const ids = requestsFor(context, name);
    const pending = Object.fromEntries(Object.entries(context.pending).filter(([id]) => !ids.includes(id)));
    return { context: { pending }, effects: ids.flatMap((id) => cancellation(context, id, device)) };
  }),
  'closes the request': remembers((context, event: Sent) => ({
    pending: without(context.pending, requestId(event) ?? ''),
  })),
  'a request is open': permits((context) => Object.keys(context.pending).length > 0),

  // --- answering ---
  'is a request': permits((_, { content }: Asked) => content.action === 'request'),
  'is a cancellation': permits((_, { content }: Asked) => content.action === 'request_cancellation'),
  /** "m.secret.request": a request that is called off is not answered any more, if it still waits for the user. */
  'drops what was called off': remembers((context, event: Asked) => {
    const { user, device, requestId: id } = waitingOf(event);
    const waiting = context.waiting.filter((one) => one.requestId !== id || one.device !== device || one.user !== user);
    return waiting.length === context.waiting.length ? null : { waiting };
  }),
  /** "Sharing", MUST: secrets go only to those entitled to them, which is the user herself. */
  '1946-share-entitled-only': { kind: 'guard', permits: (_, { facts }: Asked) => facts.ownUser },
  /** "Sharing", SHOULD: in practice to verified devices, whose signatures end in an identity this device has pinned. */
  '1946-share-verified-own': {
    kind: 'guard',
    permits: (_, { facts: { sender } }: Asked) => sender?.selfSigned === true && sender.byPinnedIdentity,
  },
  'notes when a sibling was verified': remembers(({ me, verified }, { device, atMs }: UserAct<'user.verifies'>) =>
    readingOf(me, 'q57') === 'B' ? { verified: { ...verified, [device]: atMs } } : null,
  ),
  /** Question q57: a verified device may ask at any time (A), or within the hour after this device has verified it (B). */
  'asks soon enough': permits(({ me, verified }, { facts: { sender }, atMs }: Asked) => {
    const since = sender === null ? undefined : own(verified, sender.device);
    return readingOf(me, 'q57') !== 'B' || (since !== undefined && atMs - since <= hourMs);
  }),
  'the user confirms sharing': permits(({ me }) => optionOf(me, 'confirm share') === true),
  /** "Sharing", MAY: the sharing client asks its user first. */
  '1946-may-confirm-share': {
    kind: 'ui',
    perform: (context, event: Asked) => ({
      context: { waiting: [...context.waiting, waitingOf(event)] },
      effects: [
        show('confirm sharing', 'Another device of yours asks for a secret.', {
          device: waitingOf(event).device,
          name: waitingOf(event).name,
        }),
      ],
    }),
    otherwise: (_, event: Asked) => ({ effects: [reply(waitingOf(event))] }),
  },
  /** "Sharing": a willing device answers with `m.secret.send`. */
  '1946-request-and-reply': { kind: 'duty', perform: (_, event: Asked) => ({ effects: [reply(waitingOf(event))] }) },
  'answers what waited': performs((context) => ({ context: { waiting: [] }, effects: context.waiting.map(reply) })),
  'something waits': permits(({ waiting }) => waiting.length > 0),
  'refuses what waited': remembers(() => ({ waiting: [] })),
  'holds that secret': permits((_, { secret }: On<'request.held'>) => secret !== null),
  /** "m.secret.send", MUST: always Olm-encrypted, sent to-device. */
  '1946-send-encrypted': {
    kind: 'duty',
    perform: (context, event: On<'request.held'>) => ({ effects: [answer(context, event, true)] }),
    otherwise: (context, event: On<'request.held'>) => ({ effects: [answer(context, event, false)] }),
  },
} satisfies RequestParts;

const hourMs = 60 * 60 * 1000;

/** Without the match an answer has no request to look its name up in: the only open one is taken. */
const nameFor = (context: RequestContext, event: Sent): string =>
  requestOf(context, requestId(event) ?? '')?.name ?? Object.values(context.pending)[0]?.name ?? BACKUP_SECRET;
const heldOf = ({ content, facts: { sender, secretPublic, claimedSender } }: Sent): HeldSecret => ({
  secret: stringAt(content, 'secret') ?? '',
  public: secretPublic,
  origin: { how: 'request', user: sender?.user ?? claimedSender, device: sender?.device ?? '' },
});
const stored = (name: string, held: HeldSecret): readonly Effect[] => [
  store({ patch: 'secret', name, held }),
  tell({ type: 'told.secret stored', name }),
];
/** The open request of that id, which somebody else may have written. */
const requestOf = ({ pending }: RequestContext, id: string): Pending | undefined =>
  Object.hasOwn(pending, id) ? pending[id] : undefined;
/** The open requests for a secret of that name. */
const requestsFor = ({ pending }: RequestContext, name: string): readonly string[] =>
  Object.keys(pending).filter((id) => pending[id]?.name === name);
/** Calls a request off at all who were asked but the one who has answered. */
const cancellation = (
  context: RequestContext,
  id: string,
  answeredBy: DeviceId | null | undefined,
): readonly Effect[] => {
  const me = context.me;
  const others = (requestOf(context, id)?.asked ?? []).filter((device) => device !== answeredBy);
  if (others.length === 0) return [];
  return [
    core({
      ask: 'send',
      type: 'm.secret.request',
      encrypt: false,
      content: { action: 'request_cancellation', request_id: id, requesting_device_id: me.device },
      to: to(me.user, others),
    }),
  ];
};
/** Its user may ask for one by name; a device that has just been verified asks for all that it lacks. */
const wantedBy = (event: UserAct<'user.request secret'> | News<'told.verified' | 'told.secret wanted'>): Wanted =>
  event.type === 'told.verified'
    ? { names: [...CROSS_SIGNING_SECRETS, BACKUP_SECRET], isForLacking: true }
    : { names: [event.name], isForLacking: false };
const waitingOf = (event: Asked): Waiting => ({
  user: event.facts.sender?.user ?? event.facts.claimedSender,
  device: event.facts.sender?.device ?? stringAt(event.content, 'requesting_device_id') ?? '',
  requestId: requestId(event) ?? '',
  name: stringAt(event.content, 'name') ?? '',
});
const reply = ({ user, device, requestId: id, name }: Waiting): Effect =>
  core({ ask: 'held secret', name, answerAs: 'request.held', with: { user, device, requestId: id } });
const answer = (
  { me }: RequestContext,
  { name, secret, with: asker }: On<'request.held'>,
  encrypt: boolean,
): Effect => {
  const named = optionOf(me, 'name in answers') === true ? { name } : {};
  return core({
    ask: 'send',
    type: 'm.secret.send',
    encrypt,
    content: { request_id: asker.requestId, ...named, secret },
    to: [{ user: asker.user, device: asker.device }],
  });
};
