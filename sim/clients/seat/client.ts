/**
 * A seat: what a stack must do to play a device. All of it is plain JSON, one thing told and one thing answered, so that a client may
 * live in this process, in a worker, or in a child process in any language (`docs/clients.md`).
 *
 * Whoever sits down never speaks to a server itself: it says which requests it wants to send, is told the answers, and goes on until it
 * wants nothing more. Whatever it says, it also shows what it holds.
 */
import type { Json, JsonObject } from '../../../machines/json.ts';

/** The version of what is said between the two. */
export const PROTOCOL = 1;

/** A request of the client-server API. The access token is added for it. */
export type Wanted = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
};
/** `status` 0: nothing came back. */
export type WantedAnswer = { readonly status: number; readonly body: Json };

/** What its person does, or what happens to it: the act's name, and what it takes. They are those of `machines/events.ts`, without `user.`. */
export type Act = JsonObject & { readonly act: string };

/** What a client is told. `atMs`: virtual milliseconds since the story began; a client reads no other clock. */
export type Told =
  | { readonly op: 'hello'; readonly protocol: number; readonly seed: string }
  | {
      readonly op: 'log in';
      readonly user: string;
      readonly device: string;
      readonly server: string;
      readonly accessToken: string;
      readonly atMs: number;
    }
  /** The answer of a `GET sync` that was made in its name. */
  | { readonly op: 'sync'; readonly body: Json; readonly atMs: number }
  | { readonly op: 'act'; readonly act: Act; readonly atMs: number }
  /** The answers to what it wanted, in that order. */
  | { readonly op: 'answered'; readonly answers: readonly WantedAnswer[]; readonly atMs: number }
  /** It was closed, and comes up again from what it kept. */
  | { readonly op: 'restart'; readonly atMs: number };

/** What a client says of itself before anything else. */
export type Hello = {
  readonly name: string;
  readonly version: string;
  /** The acts it can do. `restart` among them: it keeps something to come up from. */
  readonly acts: readonly string[];
  /** What of `Shows` it can show. What is not here is not measured. */
  readonly shows: readonly ShownKind[];
  /** Proposal → the text it goes by, or `none`. The model's device beside it goes by the same. Absent: by whatever a scenario says. */
  readonly texts?: Readonly<Record<string, string>>;
};

/** On whose word it has something. */
export type Origin =
  | { readonly how: 'made' | 'verification' | 'export' }
  | { readonly how: 'backup'; readonly version: string }
  | {
      readonly how: 'request' | 'push' | 'room_key' | 'forwarded';
      readonly user: string;
      readonly device: string | null;
    }
  | {
      readonly how: 'bundle';
      readonly user: string;
      readonly device: string | null;
      readonly room: string;
      readonly url: string;
    };

export type ShownSecret = { readonly name: string; readonly secret: string; readonly origin: Origin };
export type ShownKey = {
  readonly room: string;
  readonly sessionId: string;
  /** The exported form ("Session export format"), at its first known index. */
  readonly sessionKey: string;
  readonly senderKey: string;
  readonly senderEd25519: string;
  readonly sharedHistory: boolean;
  readonly origin: Origin;
};
export type ShownMessage = {
  readonly room: string;
  readonly event: string;
  readonly session: string;
  readonly sender: string;
  /** `null`: it does not open. */
  readonly text: string | null;
  /** Who is shown to vouch for it. */
  readonly sharedBy: string | null;
  /** What is wrong with it, as its person is shown; of what does not open: the withheld code, where there is one. */
  readonly warning: string | null;
};
/** A to-device event of the last sync. */
export type ShownLetter = {
  readonly type: string;
  readonly sender: string;
  readonly device: string | null;
  /** The Curve25519 key by which it was sealed, where it opened. */
  readonly senderKey: string | null;
  readonly content: JsonObject;
  /** Whether it came sealed; `opened: false`: sealed, and it does not open. */
  readonly sealed: boolean;
  readonly opened: boolean;
};
export type Recipient = { readonly user: string; readonly device: string };
/** A session of its own that it has just given to devices. */
export type ShownGift = {
  readonly room: string;
  readonly sessionId: string;
  readonly index: number;
  readonly sharedHistory: boolean;
  readonly visibility: string | null;
  readonly to: readonly Recipient[];
};
/** A bundle that it has just made and pointed at. */
export type ShownShare = {
  readonly room: string;
  readonly user: string;
  readonly devices: readonly string[];
  readonly url: string;
  readonly sessions: readonly string[];
  readonly withheld: Readonly<Record<string, string>>;
};
/** A bundle that it has just taken in. */
export type ShownImport = {
  readonly room: string;
  readonly user: string;
  readonly url: string;
  readonly sessions: number;
  readonly withheld: number;
};

/** What a client holds, as far as it shows it; of what it has just done, what it has done since it last showed anything. */
export type Shows = {
  /** Its device keys as it published them. */
  readonly deviceKeys: JsonObject | null;
  /** Its user's master key, as far as it trusts one. */
  readonly master: string | null;
  /** What it keeps and goes by: not what merely came. */
  readonly secrets: readonly ShownSecret[];
  /** The backup it uploads to. */
  readonly backup: { readonly version: string; readonly publicKey: string } | null;
  readonly roomKeys: readonly ShownKey[];
  readonly messages: readonly ShownMessage[];
  readonly letters: readonly ShownLetter[];
  readonly gifts: readonly ShownGift[];
  readonly shares: readonly ShownShare[];
  readonly imports: readonly ShownImport[];
};
export type ShownKind = keyof Shows;
export const shownKinds: readonly ShownKind[] = [
  'deviceKeys',
  'master',
  'secrets',
  'backup',
  'roomKeys',
  'messages',
  'letters',
  'gifts',
  'shares',
  'imports',
];

/** What a client says to what it is told. */
export type Said =
  | { readonly hello: Hello }
  /** It wants these sent, in this order, before it goes on. */
  | { readonly wants: readonly Wanted[]; readonly shows: Shows }
  /** It is done. `failed`: with what it was about, and why; it goes on living. */
  | { readonly shows: Shows; readonly failed?: string }
  /** It has no way to do that. */
  | { readonly cannot: string };

/** What became of a client that does not answer as agreed: a value, whatever it did. */
export type Trouble = { readonly trouble: 'silent' | 'dead' | 'nonsense'; readonly why: string };
export const isTrouble = (said: Said | Trouble): said is Trouble => 'trouble' in said;

/** Somebody in a seat. It is told one thing at a time, and each is answered before anything else happens. Never throws. */
export type Client = {
  readonly tell: (told: Told) => Said | Trouble;
  readonly close: () => void;
};
/** The same for code that waits. */
export type SlowClient = { readonly tell: (told: Told) => Promise<Said> };
/** Somebody new for each device that logs in. `seed`: all its chance. */
export type Seating = (seed: string) => Client;
