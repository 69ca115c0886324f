/**
 * Everything a chart can cause, and what leaves a device. Questions and their answers are pairs: a chart names one of its own events
 * (`answerAs`) whose shape is that of the answer, so that a name that it does not hear does not compile.
 */
import type {
  AnyEvent,
  BareAct,
  ClaimedKey,
  CoreNews,
  HeardEvent,
  IdentityNews,
  Incoming,
  Letter,
  Message,
  News,
  PendingTask,
  QueriedUser,
  Reply,
  ToDevice,
  UserAct,
} from './events.ts';
import { type Json, type JsonObject, stringAt } from './json.ts';
import type { ExportedRoomKey, FlagForms, ReadBackupEntry, ReadRoomKey, RoomId, Withheld } from './room-types.ts';
import type { HeldBackup, StorePatch } from './store.ts';
import type { AttachmentInfo, Term } from './suite.ts';
import type {
  BackupFacts,
  ClauseId,
  ClauseKind,
  DeviceFacts,
  DeviceId,
  EnvelopeFacts,
  Ms,
  Notice,
  UserId,
} from './types.ts';

// --- questions to the core -------------------------------------------------------------------------

/** What charts ask of the core: all that needs the suite or the store. */
export type CoreAsks = {
  /** `auth`: what the user answers a server with that asks for more than the token ("User-interactive authentication"). */
  identity: { auth?: JsonObject };
  'upload keys': Nothing;
  'sign device': { device: DeviceId; keys: JsonObject };
  /** Signs somebody's master key with the user-signing key, if it is the one that was served. */
  'sign user': { user: UserId; master: Term };
  'make backup': Nothing;
  /** `filedAs`: what was uploaded to this backup before is noted under that name; absent: under its version. */
  'seal room keys': { backup: HeldBackup; flags: FlagForms; filedAs?: string };
  /** Opens what `GET room_keys/keys` answered with the backup key that is held. */
  'read backup': { rooms: JsonObject };
  /** `GET room_keys/version`, with what is true of what it describes. */
  'backup version': Nothing;
  'make room key': { room: RoomId };
  /** `POST keys/query` for these; what comes is known before the answer is heard. */
  'query users': { users: readonly UserId[] };
  /** The Megolm session to send with, a new one when `fresh` or when there is none, which is stored as a held room key too; `isForJoined`: for nobody who is only invited. */
  'outbound room key': { room: RoomId; sharedHistory: boolean; fresh: boolean; atMs: Ms; isForJoined?: boolean };
  /** The content of `m.room.encrypted`; it counts the message. */
  encrypt: { room: RoomId; type: string; content: JsonObject };
  /** What key queries have told of these. */
  'devices of': { users: readonly UserId[] };
  /** `room: null`: of all rooms. */
  'export room keys': { room: RoomId | null };
  'read room keys': { room: RoomId; entries: readonly Json[]; form: 'signed' | 'exported' };
  'seal attachment': { plaintext: string };
  'open attachment': { ciphertext: string; file: AttachmentInfo };
  /** Who is in a room now, whatever the syncs have left out: known before the answer is heard. */
  'members of': { room: RoomId };
  /** Earlier events of a room, opened one by one ("Getting events for a room"). */
  'messages of': { room: RoomId };
  siblings: Nothing;
  'held secret': { name: string };
  /** Seals a message as an envelope chart has it, or sends it in the clear. */
  send: Message;
  /** What an envelope chart has looked at: seals and sends it. `reply` as `send` left it. */
  dispatch: { message: Message; reply: Reply | null };
  /** Olm sessions are made from these, and the message that waited for them goes to whom it can. */
  'start sessions': { message: string; keys: readonly ClaimedKey[] };
  /** What key queries have told is known from now on. */
  'keep users': { users: readonly QueriedUser[] };
  /** Tries again to open the room events that wait for a key; each is heard as `room.event`. */
  'read again': { room: RoomId };
  'drop inbox': Nothing;
  /** A letter is what it says it is: heard by whoever knows its type. */
  'hand on': { letter: Letter };
  /** An event that arrived is not heard by anybody. */
  discard: { event: JsonObject; why: string; cause: DiscardCause };
};
/**
 * What a discarded letter is said to be: one that contradicts itself or what is known, one from a device that nobody known has signed,
 * or one whose sender's keys could not be had, so that nobody can tell.
 */
export type DiscardCause = 'contradiction' | 'unconfirmed' | 'keys not fetched';

type Nothing = Readonly<Record<never, never>>;

/** `wasVerified`: the pinned one was verified. */
type Identities = Readonly<
  Record<UserId, { readonly master: Term | null; readonly pinned: Term | null; readonly wasVerified?: true }>
>;
export type Outbound = {
  readonly room: RoomId;
  readonly sessionId: string;
  readonly sessionKey: string;
  /** One's own Curve25519 key. */
  readonly senderKey: Term;
  readonly index: number;
  readonly sharedHistory: boolean;
  readonly isNew: boolean;
  readonly visibility: string | null;
  /** Listed devices of those who should have it and were not given it yet. */
  readonly lacking: readonly DeviceFacts[];
  readonly outdated: readonly UserId[];
  /** Of those who should have it: whose identity, as the server has it, is not the one that is pinned. */
  readonly changed: readonly IdentityNews[];
  /** Whether somebody who was given the session that there was before asking is no longer to have it, or a device of theirs is gone. */
  readonly hasDeparted: boolean;
  /** Whether that session has been used as long or as often as the room lets one be ("m.room.encryption"). */
  readonly isSpent: boolean;
};

/** What each question is answered with. What is not here has no answer. */
export type CoreAnswers = {
  /** The body of `keys/device_signing/upload` and of `keys/signatures/upload`. */
  identity: { keys: JsonObject; signatures: JsonObject };
  'sign device': { signatures: JsonObject };
  /** `signatures: null`: this device has no user-signing key. */
  'sign user': { matches: boolean; signatures: JsonObject | null };
  'make backup': { secret: Term; public: Term; authData: JsonObject; signedAuthData: JsonObject };
  /** `sealed: null`: there is nothing that it lacks, or nothing that can be sealed for it. */
  'seal room keys': {
    sealed: { readonly version: string; readonly rooms: JsonObject; readonly sessions: readonly string[] } | null;
  };
  /** `version`: the one this device uploads to. */
  'read backup': { read: readonly ReadBackupEntry[]; version: string | null };
  'backup version': { status: number; facts: BackupFacts | null };
  'make room key': Nothing;
  'query users': { status: number };
  'outbound room key': Outbound;
  encrypt: { txn: string; content: JsonObject };
  /** `outdated`: whose list was never told, or is another one by now. */
  'devices of': { devices: readonly DeviceFacts[]; identities: Identities; outdated: readonly UserId[] };
  'export room keys': {
    keys: readonly ExportedRoomKey[];
    withheld: readonly Withheld[];
    visibility: string | null;
  };
  'read room keys': { room: RoomId; read: readonly ReadRoomKey[] };
  /** base64, and an `EncryptedFile` without its `url`. */
  'seal attachment': { ciphertext: string; file: AttachmentInfo };
  /** `plaintext` is what comes out whether or not the hash matches, `null`: nothing. */
  'open attachment': { plaintext: string | null; hashMatches: boolean };
  'members of': { status: number };
  /** `life`: which device of its name it is (`lifeOf`), for ids that an earlier one has not drawn. */
  siblings: { siblings: readonly DeviceFacts[]; held: readonly string[]; life: readonly string[] };
  'held secret': { name: string; secret: Term | null };
  /** It left, or nobody is left to send it to. */
  send: Nothing;
};
export type Answering = keyof CoreAnswers;

// --- answers as events of a chart ------------------------------------------------------------------

type Remembered<W> = [W] extends [undefined] ? unknown : { readonly with: W };
/** The answer to an HTTP request of a chart; `W`: what it wanted to remember meanwhile. */
export type HttpAnswer<T extends string, W = undefined> = {
  readonly type: T;
  readonly answers: 'request';
  readonly status: number;
  readonly body: Json;
} & Remembered<W>;
/**
 * Nothing was asked: the server has said before that it does not know this device's access token any more. It is heard as what reached
 * nobody (`status` 0), with the reason.
 */
export const unasked = { status: 0, body: { errcode: 'M_UNKNOWN_TOKEN' } } as const;
export const isUnasked = ({ status, body }: { readonly status: number; readonly body: Json }): boolean =>
  status === unasked.status && stringAt(body, 'errcode') === unasked.body.errcode;
/** The answer of the core to the question `K`. */
export type CoreAnswer<K extends Answering, T extends string, W = undefined> = {
  readonly type: T;
  readonly answers: K;
} & Readonly<CoreAnswers[K]> &
  Remembered<W>;

type AnswerTo<E, K> = E extends { readonly answers: K; readonly type: infer T extends string }
  ? { readonly answerAs: T } & (E extends { readonly with: infer W } ? { readonly with: W } : unknown)
  : never;

/** A question of a chart that hears `E`. Where nothing has to be heard of it, it may go without an answer. */
export type CoreRequest<E = AnyAnswer> = {
  [K in keyof CoreAsks]: { readonly ask: K } & Readonly<CoreAsks[K]> &
    (K extends Answering ? AnswerTo<E, K> | (K extends MayBeSilent ? { readonly answerAs?: never } : never) : unknown);
}[keyof CoreAsks];
type MayBeSilent = 'send' | 'query users';

/** Answers as the core gives them: under whatever name. */
type AnyAnswer =
  | { [K in Answering]: { readonly type: string; readonly answers: K; readonly with: unknown } }[Answering]
  | { readonly type: string; readonly answers: 'request'; readonly with: unknown };

type AnyAnswerEvent = { readonly answers: string };
/** What among the events of a chart only it tells, and to itself. */
export type OwnEvents<E> = Exclude<E, AnyAnswerEvent | UserAct | CoreNews | ToDevice | News>;

// --- effects ---------------------------------------------------------------------------------------

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type HttpRequest = {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
};

/** Everything a chart that hears `E` can cause. There is no other way out of a chart. `N`: news that only its folder knows. */
export type Effect<E = AnyAnswer, N = never> =
  | ({ readonly type: 'request' } & HttpRequest & (AnswerTo<E, 'request'> | { readonly answerAs: null }))
  | { readonly type: 'core'; readonly request: CoreRequest<E> }
  | { readonly type: 'store'; readonly patch: StorePatch }
  | { readonly type: 'wake'; readonly afterMs: Ms; readonly event: OwnEvents<E> }
  /** What was asked for reached nobody: once a sync has, `sync.done` is heard, whether or not there is any news. */
  | { readonly type: 'await sync' }
  | { readonly type: 'show'; readonly notice: Notice }
  /** Other charts hear it; this one, too, if it listens. */
  | { readonly type: 'tell'; readonly event: News | N }
  /** This chart alone hears it, after what stands in the queue already. */
  | { readonly type: 'tell self'; readonly event: OwnEvents<E> }
  /** What its person always answers to a question of this kind, as set. */
  | { readonly type: 'person answers'; readonly act: BareAct<'user.accepts' | 'user.refuses'> };

/** An effect whatever its chart hears, with who had it: as the core carries it out. */
export type AnyEffect = Effect<AnyAnswer, AnyEvent>;

// --- what leaves a device --------------------------------------------------------------------------

/** What happened inside a device while it heard an event, for pictures and guarantees. */
export type DeviceMoment =
  | {
      readonly kind: 'delivery';
      readonly event: JsonObject;
      readonly opened: { readonly type: string; readonly content: JsonObject } | null;
      readonly facts: EnvelopeFacts;
    }
  /** The core discards an event that is not what its envelope says, or does not open. */
  | {
      readonly kind: 'discarded';
      readonly event: JsonObject;
      readonly why: string;
      /** Absent: it did not open. */
      readonly cause?: DiscardCause;
    }
  /** A chart hears an event (only those it reacts to). `room`: whose instance it is, where each room has one. */
  | { readonly kind: 'heard'; readonly chart: string; readonly room?: RoomId; readonly event: HeardEvent }
  | { readonly kind: 'state'; readonly chart: string; readonly from: string; readonly to: string }
  /** A clause speaks. Off clauses are listed with what they would have said. */
  | {
      readonly kind: 'clause';
      readonly chart: string;
      /** The room it is about, where each room has an instance of the chart. */
      readonly room?: RoomId;
      readonly clause: ClauseId;
      readonly role: ClauseKind;
      readonly says: 'permits' | 'refuses' | 'done' | 'not done';
      readonly off: boolean;
    }
  /** Evidence: the store of a device changed. */
  | { readonly kind: 'stored'; readonly patch: StorePatch }
  | { readonly kind: 'shown'; readonly notice: Notice }
  /** Its person did something: `what` is the user event without its prefix. */
  | { readonly kind: 'acted'; readonly what: string; readonly detail: JsonObject };

/** What waits for the answer to a request: a chart, or a task of the core that goes on with it. */
export type Waiting = { readonly chart: Reply } | { readonly core: PendingTask } | null;
/** What leaves a device core, in order. */
export type Out =
  | ({ readonly out: 'request'; readonly waiting: Waiting } & HttpRequest)
  /** Joins the device's queue. */
  | { readonly out: 'hear'; readonly incoming: Incoming }
  /** Goes before all that waits in the queue: what an answer comes to is known before anybody goes on. */
  | { readonly out: 'hear next'; readonly incoming: Incoming }
  /** Heard once the queue is empty: what a sync brought is taken one by one, each to quiet. */
  | { readonly out: 'later'; readonly incoming: Incoming }
  /** What a sync brought by to-device events and was not heard yet is lost. */
  | { readonly out: 'drop inbox' }
  | { readonly out: 'wake'; readonly afterMs: Ms; readonly incoming: Incoming }
  | { readonly out: 'moment'; readonly moment: DeviceMoment };
