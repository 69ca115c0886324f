/**
 * What a device is made of: facts, and the store. What it hears is in `events.ts`, what it causes in `effects.ts`.
 * Everything here is plain JSON, so that a device is a value.
 */
import type { Reply } from './events.ts';
import type { Json, JsonObject } from './json.ts';
import type { Identifiers } from './names.ts';
import type {
  HeldRoomKey,
  Membership,
  OutboundRoomKey,
  RoomId,
  RoomView,
  UnreadEvent,
  Withheld,
} from './room-types.ts';
import type { OlmAccount, OlmSession, Term } from './suite.ts';

export type { HeldRoomKey } from './room-types.ts';

/** Virtual milliseconds since the scenario began. */
export type Ms = number;
/** `@alice:example.org`. */
export type UserId = string;
/** `PHONE`. */
export type DeviceId = string;
/** A sentence of the ledger, e.g. `4385-push-cross-signed-only`. */
export type ClauseId = string;
/**
 * What a sentence is. A guard permits, a duty is done, a format is how something is written, `ui` is what somebody is shown. These ask for
 * something; the others ask for nothing: an `admission` concedes what goes wrong or is left to others, what is `open` the text leaves
 * undecided, an `aside` speaks of a design that it does not take, or of others. Where a client goes by one of these all the same it has a
 * part, and can be switched off.
 */
export const clauseKinds = ['guard', 'duty', 'format', 'ui', 'admission', 'open', 'aside'] as const;
export type ClauseKind = (typeof clauseKinds)[number];

// --- facts -----------------------------------------------------------------------------------------

/** What is true of some device's identity keys, whoever reads it. */
export type DeviceFacts = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly curve25519: Term;
  readonly ed25519: Term;
  /** Signed by its own Ed25519 key. */
  readonly selfSigned: boolean;
  /** The master key at the end of a valid chain master → self-signing → device; `null` without one. */
  readonly crossSignedBy: Term | null;
  /** It has a signature filed under the self-signing key, valid or not. */
  readonly claimsCrossSigning?: boolean;
  /** Whether that master key is the one this device has pinned for that user. */
  readonly byPinnedIdentity: boolean;
  /** Where the keys are known from: the device list, the message itself, or both in agreement. */
  readonly source: 'listed' | 'embedded' | 'both';
};

/** What is true of the device keys that an Olm plaintext carries (MSC4147). Of what is no device keys object nothing is. */
export type EmbeddedFacts = {
  /** `ed25519` there is `keys.ed25519` of the plaintext. */
  readonly ed25519Matches: boolean;
  /** `curve25519` there is `sender_key` of the event. */
  readonly curve25519Matches: boolean;
  /** `keys.ed25519` of the plaintext is `sender_key` of the event: two keys of different kinds, so that it never is. */
  readonly ed25519IsSenderKey: boolean;
  /** `user_id` there is the sender. */
  readonly userMatches: boolean;
  readonly selfSigned: boolean;
  readonly byPinnedIdentity: boolean;
  /** Whether the device list has that device. */
  readonly isListed: boolean;
};

/** What an Olm plaintext says of itself, beside what is so ("m.olm.v1.curve25519-aes-sha2"). */
export type PlaintextFacts = {
  /** `sender` inside is the sender whom the server names. */
  readonly senderMatches: boolean;
  /** `recipient` is one's own user. */
  readonly recipientMatches: boolean;
  /** `recipient_keys.ed25519` is this device's. */
  readonly recipientKeyMatches: boolean;
  /** `keys.ed25519` is that of the listed device with the sender key; `null`: no device that is listed has it. */
  readonly ed25519Matches: boolean | null;
  /** Whether the sender's device list and identity are known: they could be fetched. */
  readonly isSenderKnown: boolean;
};

/** What is true of a to-device event that arrived. */
export type EnvelopeFacts = {
  /** It came through Olm and opened (and is what its envelope says it is). */
  readonly encrypted: boolean;
  /** The user whom the server names as sender. */
  readonly claimedSender: UserId;
  /** Whether the sending device's user (claimed sender when in the clear) is one's own. */
  readonly ownUser: boolean;
  /**
   * The sending device. Encrypted: the one that owns the Olm sender key. In the clear: the one whose
   * `sender_device_keys` the event shows, which proves nothing about who sent it. `null`: cannot be told.
   */
  readonly sender: DeviceFacts | null;
  /** `content.secret`'s public half as Curve25519 (backup) or Ed25519 (cross-signing), by `content.name`. */
  readonly secretPublic: Term | null;
  /** Device keys within the Olm plaintext (MSC4147), and how they go with what the server says and the rest of it. */
  readonly embedded?: EmbeddedFacts | null;
  /** Of a letter: how its plaintext goes with its envelope. */
  readonly plaintext?: PlaintextFacts;
  /** The public half this device knows to be published for that name (cross-signing keys of its pinned identity). */
  readonly publishedPublic: Term | null;
};

/** What is true of a backup version as the server describes it. */
export type BackupFacts = {
  readonly version: string;
  readonly publicKey: Term | null;
  readonly signedByPinnedMaster: boolean;
  /** Own devices, cross-signed by the pinned identity, whose signature on `auth_data` is valid. */
  readonly signedByDevices: readonly DeviceId[];
  /** Whether the backup secret this device holds has this public half. */
  readonly matchesHeldSecret: boolean;
  /** Where the held secret came from, if it matches. */
  readonly heldFrom: SecretOrigin | null;
};

/** How a secret came into a store. */
export type SecretOrigin =
  | { readonly how: 'made' }
  | { readonly how: 'entered' }
  | { readonly how: 'verification' }
  | { readonly how: 'request'; readonly device: DeviceId; readonly user: UserId }
  | { readonly how: 'push'; readonly device: DeviceId | null; readonly user: UserId };

// --- the store -------------------------------------------------------------------------------------

export type KnownDevice = { readonly keys: JsonObject };
/** A user's cross-signing identity: public keys as served (signed JSON), and the master key we pinned. */
export type KnownIdentity = {
  readonly master: JsonObject | null;
  readonly selfSigning: JsonObject | null;
  readonly userSigning: JsonObject | null;
  /** First seen, or accepted since (trust on first use); for oneself: the verified one. */
  readonly pinned: Term | null;
  /** The master key that its user has verified, here or on another device of theirs; it stays known when another one is served. */
  readonly verified?: Term;
};
export type KnownUser = {
  readonly outdated: boolean;
  readonly devices: Readonly<Record<DeviceId, KnownDevice>>;
  readonly identity: KnownIdentity;
};
export type HeldSecret = { readonly secret: Term; readonly public: Term | null; readonly origin: SecretOrigin };
export type HeldBackup = { readonly version: string; readonly publicKey: Term };
/** A to-device message that has not left yet: its recipients may still lack an Olm session. */
export type Outgoing = {
  readonly id: string;
  readonly type: string;
  readonly content: JsonObject;
  readonly encrypt: boolean;
  readonly to: readonly Recipient[];
  /** The name under which the Olm plaintext carries the device's own keys (MSC4147); `false`: it does not. */
  readonly embed?: string | false;
  /** Whom to tell that it left. */
  readonly reply?: Reply;
};
export type Recipient = { readonly user: UserId; readonly device: DeviceId };

/** What more than one flow needs, or what outlives a flow. Patched only by effects. */
export type Store = {
  readonly me: {
    readonly user: UserId;
    readonly device: DeviceId;
    readonly server: string;
    readonly accessToken: string;
  };
  readonly account: OlmAccount;
  /** By the peer's Curve25519 key, oldest first. */
  readonly olm: Readonly<Record<Term, readonly OlmSession[]>>;
  readonly users: Readonly<Record<UserId, KnownUser>>;
  /** By secret name (`m.megolm_backup.v1`, `m.cross_signing.master` …). */
  readonly secrets: Readonly<Record<string, HeldSecret>>;
  /** The backup this device uploads to. */
  readonly backup: HeldBackup | null;
  /** By `roomKeyName`. */
  readonly roomKeys: Readonly<Record<string, HeldRoomKey>>;
  /** By `roomKeyName`: sessions that somebody has said will not be given. */
  readonly withheld: Readonly<Record<string, Withheld>>;
  readonly rooms: Readonly<Record<RoomId, RoomView>>;
  readonly outbound: Readonly<Record<RoomId, OutboundRoomKey>>;
  /** Room events that wait for a key, oldest first. */
  readonly unread: readonly UnreadEvent[];
  /** `<session id> <index>` → the event that had it: a second one is a replay. */
  readonly readIndexes: Readonly<Record<string, string>>;
  readonly outbox: readonly Outgoing[];
  /** The `since` of the next sync. */
  readonly nextBatch: string | null;
  /** Something that this device asked for reached nobody: it syncs as soon as it can, and whoever waits for that asks again. */
  readonly awaitsSync: boolean;
  /** How many of each thing this device has named so far (transactions, requests, keys). */
  readonly counts: Readonly<Record<string, number>>;
};

// --- what guarantees and pictures see --------------------------------------------------------------

/** What a person is shown. Guarantees read these. */
export type Notice = { readonly about: string; readonly text: string; readonly [field: string]: Json };

/** A change of the store. The patch itself is evidence: guarantees and pictures read it. */
export type StorePatch =
  | { readonly patch: 'secret'; readonly name: string; readonly held: HeldSecret }
  | { readonly patch: 'forget secret'; readonly name: string }
  | { readonly patch: 'backup'; readonly backup: HeldBackup | null }
  | { readonly patch: 'backed up'; readonly sessions: readonly string[]; readonly version: string }
  /** Whether this device backs up room keys from now on, and on whose word: evidence, the store has it not. */
  | {
      readonly patch: 'backup preference';
      readonly isOn: boolean;
      readonly why: 'preference' | 'own default' | 'user';
    }
  | { readonly patch: 'pin'; readonly user: UserId; readonly master: Term }
  /** By `roomKeyName`. */
  | { readonly patch: 'room keys'; readonly keys: Readonly<Record<string, HeldRoomKey>> }
  /** A room this device has just made, as it made it: for as long as no sync has told of it. */
  | { readonly patch: 'room made'; readonly room: RoomId; readonly view: RoomView }
  /** `m.room.history_visibility` as this device has just set it in a room that it knows. */
  | { readonly patch: 'room visibility'; readonly room: RoomId; readonly visibility: string }
  /** Who somebody is in a room that this device knows, as it has just changed that. */
  | { readonly patch: 'room member'; readonly room: RoomId; readonly user: UserId; readonly membership: Membership }
  | { readonly patch: 'withheld'; readonly entries: Readonly<Record<string, Withheld>> }
  /**
   * A Megolm session of one's own is given to devices from `index` on. `flag`: the `shared_history` it goes with; `visibility`:
   * what its maker takes the room's history visibility to be.
   */
  | {
      readonly patch: 'room key given';
      readonly room: RoomId;
      readonly sessionId: string;
      readonly index: number;
      readonly flag: boolean;
      readonly visibility: string | null;
      readonly to: readonly Recipient[];
    }
  /** A key bundle was made for `user` and its pointer goes to `devices`. Sessions by id. */
  | {
      readonly patch: 'history shared';
      readonly room: RoomId;
      readonly user: UserId;
      readonly devices: readonly DeviceId[];
      readonly sessions: readonly string[];
      /** Session id → code. */
      readonly withheld: Readonly<Record<string, string>>;
      readonly url: string;
    };

// --- dials as a device sees them -------------------------------------------------------------------

/** Which text a device implements, and how. */
export type DeviceSettings = {
  /** Proposal → revision, or `none`. */
  readonly implements: Readonly<Record<string, string>>;
  readonly identifiers: Identifiers;
  readonly off: readonly ClauseId[];
  /** Question → reading. */
  readonly readings: Readonly<Record<string, 'A' | 'B'>>;
  /** MAYs, by name. */
  readonly options: Readonly<Record<string, Json>>;
};
