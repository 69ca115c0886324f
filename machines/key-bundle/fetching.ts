/** MSC4268, "Actions as a receiving client": getting a bundle, and holding it to what the pointer says. */
import { type JsonObject, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import type { RoomId } from '../room-types.ts';
import type { HeldPointer, InviteeContext } from './context.ts';
import { type InviteeChange, type InviteeEffect, type InviteeParts, invitee, type OnInvitee } from './events.ts';
import { attachmentOf, fromBase64, isRoomKeyEntry, mediaOf, readBundle } from './messages.ts';
import { optionOf, readingOf } from './options.ts';
import { atMost } from './receiving.ts';

const { causes, core, performs, permits, remembers, tellSelf } = invitee;

type Current = NonNullable<InviteeContext['current']>;

/** How often a server that does not answer well is asked for one file. */
const triesMax = 3;
/** How long to wait before asking again, when nothing else is a reason to. */
const waitMs = 60_000;
const ringsAgain: InviteeEffect = { type: 'wake', afterMs: waitMs, event: { type: 'bundle.again' } };
/** No alarm is of use to whoever reaches no server. */
const awaitsSync: InviteeEffect = { type: 'await sync' };
/** The cap of a client that has one and did not say which, in bytes. */
const capUsual = 1_000_000;
/** How many bundles are remembered as imported. */
const importedMax = 8;

export const roomOf = (context: InviteeContext): RoomId => context.me.room ?? '';
export const currentOf = (context: InviteeContext): Current => {
  if (context.current === null) throw new Error('key-bundle-invitee: a part runs with no bundle under way');
  return context.current;
};
const pointerOf = (context: InviteeContext): HeldPointer => currentOf(context).pointer;
/** What else is under way. */
const others = (context: InviteeContext): readonly HeldPointer[] =>
  context.underWay.filter(({ user, url }) => user !== pointerOf(context).user || url !== pointerOf(context).url);
type Downloaded = OnInvitee<'bundle.downloaded'>;
type Opened = OnInvitee<'bundle.opened' | 'bundle.found open'>;
const dataIn = ({ body }: Downloaded): string => stringAt(body, 'data') ?? '';
const bytesIn = (base64: string): number => Math.floor((base64.replace(/={1,2}$/, '').length * 3) / 4);

/** The largest bundle this client takes, in bytes: the option `bundle size` says, and that it has a cap at all; `null`: any. */
const capOf = (me: InviteeContext['me']): number | null => {
  const reading = readingOf(me, 'q38');
  return reading === 'A' ? null : (optionOf(me, 'bundle size') ?? (reading === 'B' ? capUsual : null));
};

/** Whether the answer says that there may be another one soon; 0: none came. */
const isTemporary = ({ status }: Downloaded): boolean => status === 0 || status === 429 || status >= 500;

/** How often it was tried by now. Whoever asks unprompted and hears nothing may have reached no server, and has not tried. */
const triesAfter = (context: InviteeContext, { status }: Downloaded): number => {
  const { tries, isBlind } = pointerOf(context);
  return status === 0 && isBlind === true ? tries : tries + 1;
};

const unavailable = (context: InviteeContext, why: string, text: string): InviteeChange => {
  const { user } = pointerOf(context);
  return { effects: [show('history unavailable', text, { room: roomOf(context), user, why })] };
};

/** A session that two entries speak of. */
const isConflicting = (keys: readonly JsonObject[], withheld: readonly JsonObject[]): boolean => {
  const names = [...keys, ...withheld].map(
    (entry) => `${stringAt(entry, 'room_id') ?? ''} ${stringAt(entry, 'session_id') ?? ''}`,
  );
  return new Set(names).size < names.length;
};
const isWithheldEntry = (entry: JsonObject): boolean =>
  ['room_id', 'session_id', 'code'].every((field) => (stringAt(entry, field) ?? '') !== '');

export const fetchingParts = {
  'something is to be fetched': permits((context) => context.due.length > 0),
  'takes the next': remembers((context) => {
    const [pointer, ...due] = context.due;
    return pointer === undefined
      ? null
      : { due, current: { pointer, keys: [], withheld: [], isConflicting: false, isBundle: false } };
  }),
  /** Download and import outlive the client being closed. Off: what is under way is known to nobody after. */
  '4268-restart-resilient': {
    kind: 'duty',
    perform: (context) => ({ context: { underWay: atMost([...others(context), pointerOf(context)]) } }),
  },
  'downloads it': causes((context) => {
    const media = mediaOf(pointerOf(context).url);
    if (media === null) throw new Error('key-bundle-invitee: a pointer to no file was kept');
    return {
      type: 'request',
      method: 'GET',
      path: paths.mediaDownload(media.server, media.id),
      answerAs: 'bundle.downloaded',
    };
  }),
  'it was there': permits((_, { status, body }: Downloaded) => status === 200 && stringAt(body, 'data') !== undefined),
  /** Security considerations: huge files. Question q38: the server's bound is enough (A), or the client has a cap of its own (B). */
  '4268-dos-large-file': {
    kind: 'guard',
    isImplied: true,
    applies: ({ me }) => capOf(me) !== null,
    permits: (context, event: Downloaded) => bytesIn(dataIn(event)) <= (capOf(context.me) ?? 0),
  },
  'says that it is too large': performs((context) =>
    unavailable(context, 'too large', 'The history that was shared is too large for this device.'),
  ),
  /** A file that is gone is given up; one that could not be had is asked for again, a few times. Off: for ever. */
  '4268-expired-media-graceful': {
    kind: 'guard',
    permits: (context, event: Downloaded) => isTemporary(event) && triesAfter(context, event) < triesMax,
  },
  'keeps it for another try': performs((context, event: Downloaded) => {
    const { isBlind: _blind, isUnanswered: _unanswered, ...pointer } = pointerOf(context);
    const isUnanswered = event.status === 0;
    const tries = triesAfter(context, event);
    const again: HeldPointer = { ...pointer, tries, ...(isUnanswered ? { isUnanswered } : {}) };
    const isKnown = others(context).length < context.underWay.length;
    return {
      context: {
        failed: atMost([...context.failed, again]),
        current: null,
        underWay: isKnown ? [...others(context), again] : context.underWay,
      },
      effects: isTemporary(event) ? [isUnanswered ? awaitsSync : ringsAgain] : [],
    };
  }),
  /** Receiving, MAY: the user is told that the file is gone, where the option `warn expired` says so. */
  '4268-expired-media-warn': {
    kind: 'ui',
    perform: (context, event: Downloaded) => {
      if (optionOf(context.me, 'warn expired') !== true) return null;
      // A server that stumbles each time, or lets one not, may have it all the same.
      return event.status === 404
        ? unavailable(context, 'expired', 'The history that was shared with you is no longer to be had.')
        : unavailable(context, 'not fetched', 'The history that was shared with you could not be fetched.');
    },
  },
  'lets it go': remembers((context) => ({ current: null, underWay: others(context) })),
  'has it imported': remembers((context) => ({
    imported: [...context.imported, pointerOf(context).url].slice(-importedMax),
  })),
  // What the pointer gives no key for can only be the bundle itself.
  'opens it': causes((context, event: Downloaded) => {
    const file = attachmentOf(pointerOf(context).file);
    const ciphertext = dataIn(event);
    const opening: InviteeEffect =
      file === null
        ? tellSelf({ type: 'bundle.found open', plaintext: fromBase64(ciphertext), hashMatches: null })
        : core({ ask: 'open attachment', ciphertext, file, answerAs: 'bundle.opened' });
    return opening;
  }),
  /** Encrypted attachments: what came has the hash that was announced. Where none was, the pointer was no good. */
  '4268-verify-attachment-hash': { kind: 'guard', permits: (_, { hashMatches }: Opened) => hashMatches !== false },
  'says that it is not what was announced': performs((context) =>
    unavailable(context, 'hash', 'The history that was shared was altered on its way, and is not used.'),
  ),
  /** Receiving: entries of another room than the one announced are dropped. */
  '4268-relevant-room-only': {
    kind: 'guard',
    permitsItem: (context, entry) => stringAt(entry, 'room_id') === context.me.room,
  },
  /** Room key bundle format: an entry without all its fields is none. */
  '4268-room-keys-fields': { kind: 'format', permitsItem: (_, entry) => isRoomKeyEntry(entry) },
  'takes it apart': remembers((context, { plaintext }: Opened, rules) => {
    const bundle = readBundle(plaintext);
    const keys = (bundle?.room_keys ?? []).filter(
      (entry) => rules.may('4268-relevant-room-only', entry) && rules.may('4268-room-keys-fields', entry),
    );
    const withheld = (bundle?.withheld ?? [])
      .filter(isWithheldEntry)
      .filter((entry) => rules.may('4268-relevant-room-only', entry));
    return {
      current: {
        pointer: pointerOf(context),
        keys,
        withheld,
        isConflicting: isConflicting(keys, withheld),
        isBundle: bundle !== null,
      },
    };
  }),
  'it is a bundle': permits((context) => currentOf(context).isBundle),
  'says that it is none': performs((context) =>
    unavailable(context, 'broken', 'The history that was shared cannot be read.'),
  ),
  /**
   * Room key bundle format: what a receiver does with a bundle that has a session twice is its own affair. Question q33: all of
   * it is refused (A), or the key is preferred, of several the first (B, as production has it).
   */
  '4268-conflict-impl-defined': {
    kind: 'open',
    isImplied: true,
    applies: (context) => currentOf(context).isConflicting,
    permits: (context) => readingOf(context.me, 'q33') !== 'A',
  },
  // Withheld entries are read as well, so that it is known which of their sessions are held.
  'has it read': causes((context) => {
    const { keys, withheld } = currentOf(context);
    return core({
      ask: 'read room keys',
      room: roomOf(context),
      entries: [...keys, ...withheld],
      form: 'exported',
      answerAs: 'bundle.read',
    });
  }),
} satisfies InviteeParts;
