/**
 * What a device hears, by who made it: its person, whoever wrote to it, its core, another of its charts, or whoever answers.
 *
 * An event comes in a wrapping (`Incoming`) that says who made it, put around it where it is made. What is written on the wire is
 * never part of that: a letter's type stands behind `to-device `, which no inner event begins with.
 */
import type { Json, JsonObject } from './json.ts';
import type { Decryption, MemberChange, RoomId, RoomView } from './room-types.ts';
import type { Term } from './suite.ts';
import type {
  DeviceId,
  EnvelopeFacts,
  HeldSecret,
  KnownIdentity,
  Ms,
  PlaintextFacts,
  Recipient,
  UserId,
} from './types.ts';

type Nothing = Readonly<Record<never, never>>;
/** A union of events from a table of what each carries. */
type EventsOf<M, K extends keyof M = keyof M> = { [T in K]: { readonly type: T } & Readonly<M[T]> }[K];

// --- acts of its person ----------------------------------------------------------------------------

type Acts = {
  /** The client is opened: `users` are looked up. */
  'user.start': { users: readonly UserId[] };
  'user.create backup': Nothing;
  'user.reset backup': Nothing;
  'user.delete backup': Nothing;
  'user.restore backup': Nothing;
  'user.check backup': Nothing;
  'user.turn backup on': Nothing;
  'user.turn backup off': Nothing;
  'user.start room key': { room: RoomId };
  'user.request secret': { name: string };
  'user.push secret': { name: string };
  'user.enters secret': { name: string; secret: string };
  'user.accepts': Nothing;
  'user.refuses': Nothing;
  'user.confirms sharing': Nothing;
  'user.declines sharing': Nothing;
  'user.set up cross-signing': Nothing;
  /** `auth`: what the user answers a server with that asks for more than the token ("User-interactive authentication"). */
  'user.reset cross-signing': { auth: JsonObject };
  /** Out of band: this device is shown another's true keys. */
  'user.verifies': { device: DeviceId; keys: JsonObject };
  /** Out of band: this device is shown its user's identity, and is given what came along (as with a QR login). */
  'user.verified': { master: Term; secrets: Readonly<Record<string, HeldSecret>> };
  /** Out of band: this device is shown the true master key of somebody else, who takes part. */
  'user.verifies user': { user: UserId; master: Term };
  /** `allow`: the room whose members may join, where the join rule is restricted. */
  'user.create room': { room: RoomId; name: string; history: string; joinRule?: string; allow?: RoomId };
  'user.join': { room: RoomId };
  'user.leave': { room: RoomId };
  'user.decline': { room: RoomId };
  'user.knock': { room: RoomId };
  'user.invite': { room: RoomId; user: UserId };
  'user.invite by mail': { room: RoomId; address: string };
  'user.kick': { room: RoomId; user: UserId };
  'user.ban': { room: RoomId; user: UserId };
  'user.unban': { room: RoomId; user: UserId };
  'user.confirms invite': { room: RoomId };
  'user.declines invite': { room: RoomId };
  'user.send': { room: RoomId; text: string };
  'user.set history': { room: RoomId; visibility: string };
  'user.scroll back': { room: RoomId };
  'user.export room keys': Nothing;
  'user.import room keys': { keys: readonly Json[] };
  'user.forward room keys': { device: DeviceId };
};
type ActType = keyof Acts;
/** An act as a person does it; when that is, the world says. */
export type BareAct<T extends ActType = ActType> = EventsOf<Acts, T>;
/** An act as charts hear it. */
export type UserAct<T extends ActType = ActType> = BareAct<T> & { readonly atMs: Ms };

// --- what came by wire -----------------------------------------------------------------------------

type Arrived<T extends string, F extends EnvelopeFacts> = {
  readonly type: `to-device ${T}`;
  /** Whom the server names. */
  readonly sender: UserId;
  readonly content: JsonObject;
  readonly facts: F;
  /** `content.room_id`, where that is a text: the room it says it is about. */
  readonly room?: RoomId;
  readonly atMs: Ms;
};
/** A to-device event that came through Olm and opened. `T` is the type inside. */
export type Letter<T extends string = string> = Arrived<
  T,
  EnvelopeFacts & { readonly encrypted: true; readonly plaintext: PlaintextFacts }
> & {
  /** The same facts for whoever knows nothing of embedded device keys (MSC4147). */
  readonly listedFacts: EnvelopeFacts;
};
/** A to-device event that came as it was sent. */
type Cleartext<T extends string = string> = Arrived<T, EnvelopeFacts & { readonly encrypted: false }>;
export type ToDevice<T extends string = string> = Letter<T> | Cleartext<T>;

/** The Matrix event type of what arrived. */
export const wireTypeOf = ({ type }: Pick<ToDevice, 'type'>): string => type.slice('to-device '.length);

// --- what the core tells ---------------------------------------------------------------------------

/** What a `sync.room` brings: a room as one's own server now tells of it, and how it was before. */
export type RoomNews = {
  readonly room: RoomId;
  readonly atMs: Ms;
  readonly section: RoomSection;
  readonly view: RoomView;
  readonly before: RoomView | null;
  readonly limited: boolean;
  readonly members: readonly MemberChange[];
  readonly visibilities: readonly (string | null)[];
};

type FromCore = {
  'sync.device lists': { users: readonly UserId[] };
  /** Unclaimed one-time keys that the server has. */
  'sync.key counts': { onServer: number };
  'sync.account data': { name: string; content: JsonObject };
  'sync.room': RoomNews;
  /** All that a sync brought was heard: letters, and rooms. */
  'sync.done': { atMs: Ms };
  /** An event of a room's timeline, opened as far as it opens. */
  'room.event': { room: RoomId; atMs: Ms; event: JsonObject; decryption: Decryption };
  /** A letter opened; `raw` is the `m.room.encrypted` it came in. Whether it is to be believed is for a chart to say. */
  'envelope.incoming': { letter: Letter; raw: JsonObject };
  /** A message to be sealed: what goes into its envelope is for a chart to say. */
  'envelope.outgoing': { message: Message; reply: Reply | null };
  /** One-time keys that were claimed for a message that waits for sessions. */
  'keys.claimed': { message: string; keys: readonly ClaimedKey[] };
  /** What a key query has told, before it is known to the device. */
  'keys.queried': { users: readonly QueriedUser[] };
  'inbox.unknown type': { unknown: string };
  'told.identity': { news: IdentityNews };
  /** What this device has just changed of who is in a room, its server having taken that: news before any sync tells of it. */
  'told.member': { room: RoomId; change: MemberChange };
  /** A key query shows that this device's user has verified somebody, on another device of theirs. */
  'told.identity verified': { user: UserId; master: Term };
};
/** A to-device message to be sealed for each recipient (or not), and sent. */
export type Message = {
  readonly type: string;
  readonly content: JsonObject;
  readonly encrypt: boolean;
  readonly to: readonly Recipient[];
  /** `false`: without the device's own keys (MSC4147); otherwise the field that bears them. */
  readonly embed?: string | false;
};
/** A one-time or fallback key, and whether its device has signed it. */
export type ClaimedKey = Recipient & { readonly key: Term; readonly isSigned: boolean };
/** A device as a key query lists it: `keys` are device keys of that user under that id. */
export type QueriedDevice = {
  readonly device: DeviceId;
  readonly keys: JsonObject;
  /** Signed by its own Ed25519 key. */
  readonly selfSigned: boolean;
  /** Its id is its user's public master key, whose signatures would then be filed as the device's. */
  readonly isNamedAsMaster: boolean;
  /** Its device keys as they were known before, where its identity keys were others; `null`: they are the same, or it is new. */
  readonly known: JsonObject | null;
};
export type QueriedUser = {
  readonly user: UserId;
  readonly devices: readonly QueriedDevice[];
  readonly identity: Omit<KnownIdentity, 'pinned'>;
};
/** One user's identity as a key query showed it, beside what was pinned. `wasVerified`: that one was verified, and not only first seen. */
export type IdentityNews = {
  readonly user: UserId;
  readonly master: Term;
  readonly pinned: Term | null;
  readonly wasVerified?: true;
};
export type CoreNews<T extends keyof FromCore = keyof FromCore> = EventsOf<FromCore, T>;

// --- what charts tell each other -------------------------------------------------------------------

type FromCharts = {
  'told.verified': Nothing;
  'told.secret stored': { name: string };
  'told.secret changed': { name: string; secret: Term };
  /** Somebody wants a secret of that name asked for at the user's other devices. */
  'told.secret wanted': { name: string };
  'told.secret pushed': { name: string; device: DeviceId | null };
  'told.new room key': Nothing;
  'told.room keys': { room: RoomId };
  'told.rotate': { room: RoomId; why: string };
  /** What this device has just set, and its server has taken: it stands until a sync tells otherwise. `isMade`: with the room itself. */
  'told.room state': { room: RoomId; visibility: string; isMade: boolean };
  'told.joined': { room: RoomId; atMs: Ms; inviter: UserId | null };
  'told.backup untrusted': Nothing;
  'told.backup refrained': Nothing;
  /** Somebody wants room keys backed up; `isMadeIfNone`: in a new backup where there is none. */
  'told.backup wanted': { isMadeIfNone: boolean };
  /** What became of an upload of room keys; `error`: the `errcode` of a refusal. */
  'told.backup uploaded': { status: number; error: string | null };
  'told.fetch room keys': { room: RoomId };
  'told.room keys fetched': { room: RoomId };
};
/** News that several charts know. A folder of its own may tell of more (`OwnNews`). */
export type News<T extends keyof FromCharts = keyof FromCharts> = EventsOf<FromCharts, T>;

// --- how they come ---------------------------------------------------------------------------------

/** Who asked: a chart, and of which room where each has an instance. Stamped where effects leave a chart. */
export type Asker = { readonly chart: string; readonly room: RoomId | null };

/** What XState needs to know of an event; each chart has a union of its own. */
export type AnyEvent = { readonly type: string };

/** An event as pictures and guarantees see it: what many kinds have. */
export type HeardEvent = AnyEvent & {
  readonly room?: RoomId;
  readonly section?: RoomSection;
  readonly atMs?: Ms;
  readonly status?: number;
  readonly name?: string;
  /** A message that is to be sealed and sent to devices (`envelope.outgoing`), or which one that was (`keys.claimed`). */
  readonly message?: Message | string;
  /** What is so of the room key there was (`room-keys.outbound`). */
  readonly hasDeparted?: boolean;
  readonly isSpent?: boolean;
};

/** What stands in a device's queue: an event, and who made it. */
export type Incoming =
  /** `atMs` is said by the world, where it is heard. */
  | { readonly from: 'user'; readonly event: BareAct & { readonly atMs?: Ms } }
  | { readonly from: 'wire'; readonly event: ToDevice }
  | { readonly from: 'core'; readonly event: CoreNews }
  | { readonly from: 'chart'; readonly event: AnyEvent & { readonly room?: RoomId } }
  /** An answer to a chart, or what it told itself: nobody else hears it. */
  | { readonly from: 'answer' | 'self'; readonly to: Asker; readonly event: AnyEvent }
  | { readonly from: 'task'; readonly task: CoreTask };

/** What comes back to the core, or waits for it. */
export type CoreTask =
  | ({ readonly task: 'synced'; readonly atMs: Ms } & Answered)
  /** One to-device event of a sync. */
  | { readonly task: 'inbox'; readonly raw: Json; readonly atMs: Ms; readonly isLookedUp: boolean }
  /** Behind all that a sync brought: from here on the next one goes on from `nextBatch`. */
  | { readonly task: 'taken in'; readonly nextBatch: string | null; readonly atMs: Ms }
  | {
      readonly task: 'room';
      readonly room: RoomId;
      readonly section: RoomSection;
      readonly data: Json;
      readonly atMs: Ms;
    }
  /** What had not left when a sync came. */
  | { readonly task: 'retry'; readonly messages: readonly string[] }
  | (Exclude<PendingTask, { readonly task: 'synced' }> & Answered);
/** A task of the core that an answer completes. */
export type PendingTask =
  | { readonly task: 'synced' }
  | { readonly task: 'queried'; readonly then: Reply | null }
  | { readonly task: 'claimed' | 'sent'; readonly message: string }
  | { readonly task: 'messages'; readonly room: RoomId; readonly pages: number }
  | { readonly task: 'members'; readonly room: RoomId; readonly then: Reply }
  | { readonly task: 'backup version'; readonly then: Reply };
export type RoomSection = 'join' | 'invite' | 'leave' | 'knock';

/** What a server answered; `status` 0: nothing came back. */
export type Answered = { readonly status: number; readonly body: Json };

/** Whom an answer goes to, under which name, with what was to be remembered. */
export type Reply = { readonly to: Asker; readonly as: string; readonly with?: unknown };
