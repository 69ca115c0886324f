/** MSC4385: whether a device believes a secret that it did not ask for, and which of several is live. */

import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../algorithms.ts';
import { show } from '../notice.ts';
import { type Candidate, type PushContext, readingOf } from './context.ts';
import { type Arrival, type On, type PushParts, words } from './events.ts';
import { nameOf, secretOf } from './messages.ts';
import { optionOf } from './options.ts';

const { causes, core, performs, permits, remembers, store, tell, tellSelf } = words;

/** How many candidates are kept while none works (q07 B): a bound on what a sender can make us hold. */
const keptMax = 5;

const isCrossSigning = (name: string | undefined) => CROSS_SIGNING_SECRETS.some((known) => known === name);
const head = (context: PushContext): Candidate | undefined => context.candidates[0];
const others = (context: PushContext): readonly Candidate[] =>
  context.candidates.filter(({ name }) => name !== head(context)?.name);
const prompt = (context: PushContext) => optionOf(context.me, 'prompt') ?? 'never';

const known: readonly string[] = [BACKUP_SECRET, ...CROSS_SIGNING_SECRETS];
/** Question q13: an empty string is no value, and unknown names are not taken (B), or all is taken that comes (A). */
export const isValue = ({ me }: PushContext, event: Arrival): boolean => {
  const secret = secretOf(event);
  const q13 = readingOf(me, 'q13');
  if (q13 === 'B' && !known.includes(nameOf(event) ?? '')) return false;
  return secret !== undefined && (secret !== '' || q13 === 'A');
};
/** Question q04: what did not come through Olm is dropped (B), or only senders are told to encrypt (A). */
export const isSealed = ({ me }: PushContext, { facts }: Arrival): boolean =>
  facts.encrypted || readingOf(me, 'q04') === 'A';

/** What both variants say of receiving, each under sentences of its own: `push-variant.ts` and `send-variant.ts` give these their ids. */
export const receivingRules = {
  /** Proposal: the sending device is one of the receiving user's own. */
  sameUser: { kind: 'guard', permits: (_, { facts }: Arrival) => facts.ownUser },
  /**
   * Proposal and Security considerations: the sending device carries a valid cross-signing signature.
   * Question q01: by whatever identity the server serves (A), or by the pinned one (B).
   * Question q02: judged by the device list now (A), or by the keys embedded when it was sent (B).
   */
  crossSignedOnly: {
    kind: 'guard',
    permits: ({ me }, { facts: { sender } }: Arrival) => {
      if (sender === null || !sender.selfSigned) return false;
      const signed = readingOf(me, 'q01') === 'A' ? sender.crossSignedBy !== null : sender.byPinnedIdentity;
      return signed && (readingOf(me, 'q02') === 'B' || sender.source !== 'embedded');
    },
  },
  /** Proposal, MAY: only some secret names are taken in. */
  mayFilter: {
    kind: 'guard',
    applies: ({ me }) => optionOf(me, 'accept') !== undefined,
    permits: ({ me }, event: Arrival) => (optionOf(me, 'accept') ?? []).includes(nameOf(event) ?? ''),
  },
  /** Proposal, MAY: cross-signing keys are not taken from a push but by verifying again. */
  reverifyCrossSigning: {
    kind: 'guard',
    applies: ({ me }) => optionOf(me, 'reverify') === true,
    permits: (_, event: Arrival) => !isCrossSigning(nameOf(event)),
  },
  /** Potential issues: of several pushes find the live one. Off: the first that came is settled on. */
  pickCurrent: {
    kind: 'duty',
    perform: (context) => ({ context: { candidates: [...context.kept, ...context.candidates].reverse(), kept: [] } }),
    otherwise: (context) => ({
      context: {
        candidates: [...context.kept, ...context.candidates].filter(
          (one, nth, all) => all.findIndex(({ name }) => name === one.name) === nth,
        ),
        kept: [],
      },
    }),
  },
  /**
   * Potential issues: the value is tested against its published public half. Names without one: question q08,
   * the last to arrive wins (A), or it is never taken by itself (B).
   */
  worksTest: {
    kind: 'guard',
    permits: (context) => {
      const candidate = head(context);
      if (candidate === undefined) return false;
      if (candidate.name === BACKUP_SECRET) return candidate.public !== null && candidate.public === context.published;
      if (isCrossSigning(candidate.name)) return candidate.public !== null && candidate.public === candidate.published;
      return readingOf(context.me, 'q08') === 'A';
    },
  },
  /** Proposal, MAY: the user is asked before a push is taken in. */
  mayPrompt: {
    kind: 'ui',
    perform: (context) => ({
      effects: [
        show('secret pushed', 'Another device of yours has sent a new secret. Use it?', {
          name: head(context)?.name,
          device: head(context)?.device,
          public: head(context)?.public,
        }),
        ...(prompt(context) === 'accept' ? [{ type: 'person answers', act: { type: 'user.accepts' } } as const] : []),
        ...(prompt(context) === 'refuse' ? [{ type: 'person answers', act: { type: 'user.refuses' } } as const] : []),
      ],
    }),
    otherwise: () => ({ effects: [tellSelf({ type: 'push.unasked' })] }),
  },
} satisfies PushParts;

/** What neither text says by itself, or both say in the same sentence. */
export const receivingParts = {
  /** Question q10: a pushed backup key needs no more than to be the one of the version there is (A), or the master key has signed that (B). */
  'rests on the master key where it must': permits(
    (context) =>
      readingOf(context.me, 'q10') !== 'B' || head(context)?.name !== BACKUP_SECRET || context.publishedSignedByMaster,
  ),
  'keeps it as a candidate': remembers((context, event: Arrival) => {
    const { sender, secretPublic, publishedPublic, claimedSender } = event.facts;
    const candidate: Candidate = {
      name: nameOf(event) ?? '',
      secret: secretOf(event) ?? '',
      public: secretPublic,
      published: publishedPublic,
      user: sender?.user ?? claimedSender,
      device: sender?.device ?? null,
    };
    const understands =
      candidate.device === null ? context.understands : [...new Set([...context.understands, candidate.device])].sort();
    return { candidates: [...context.candidates, candidate], understands };
  }),
  'has candidates': permits((context) => context.candidates.length + context.kept.length > 0),
  'asks what is published': performs((context) => ({
    effects: context.candidates.some(({ name }) => name === BACKUP_SECRET)
      ? [core({ ask: 'backup version', answerAs: 'push.published' })]
      : [tellSelf({ type: 'push.published', facts: null })],
  })),
  'notes what is published': remembers((_, { facts }: On<'push.published'>) => ({
    published: facts?.publicKey ?? null,
    publishedSignedByMaster: facts?.signedByPinnedMaster ?? false,
  })),
  /** Where no answer came nothing can be held against what is published: candidates wait for the next sync. */
  'nobody says what is published': permits((_, event: On<'push.published'>) => 'status' in event && event.status === 0),
  'waits for a sync': causes(() => ({ type: 'await sync' })),
  'no candidate is left': permits((context) => context.candidates.length === 0),
  'the user is asked': permits((context) => prompt(context) !== 'never'),
  'takes the secret': performs((context) => {
    const candidate = head(context);
    if (candidate === undefined) return null;
    const { name, secret, user, device } = candidate;
    return {
      context: { candidates: others(context) },
      effects: [
        store({
          patch: 'secret',
          name,
          held: { secret, public: candidate.public, origin: { how: 'push', user, device } },
        }),
        tell({ type: 'told.secret stored', name }),
        tell({ type: 'told.secret pushed', name, device }),
      ],
    };
  }),
  /** Security considerations, MAY: the user is told that a secret was replaced. The words are true also where none was held before. */
  '4385-both-other-mitigations': {
    kind: 'ui',
    perform: (context) =>
      optionOf(context.me, 'notify') === false
        ? null
        : {
            effects: [
              show(
                'secret replaced',
                'This device keeps a secret that another device of yours sent, in place of any that it had.',
                {
                  name: head(context)?.name,
                  device: head(context)?.device,
                },
              ),
            ],
          },
  },
  'sets it aside': remembers((context) => {
    const candidate = head(context);
    const keeps = candidate !== undefined && readingOf(context.me, 'q07') === 'B';
    return {
      candidates: context.candidates.slice(1),
      kept: keeps ? [candidate, ...context.kept].slice(0, keptMax) : context.kept,
    };
  }),
  'drops what was refused': remembers((context) => ({ candidates: others(context) })),
  /** Alternatives (not adopted): a device that notices a new version asks its siblings for the key. An option here. */
  '4385-both-alt-notice-and-ask': {
    kind: 'aside',
    perform: (context) =>
      optionOf(context.me, 'notice and ask') === true
        ? { effects: [tell({ type: 'told.secret wanted', name: BACKUP_SECRET })] }
        : null,
  },
} satisfies PushParts;
