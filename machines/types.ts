/**
 * What is known of devices, users and secrets. What a device keeps is in `store.ts`, what it hears in `events.ts`, what it causes in
 * `effects.ts`. Everything here is plain JSON, so that a device is a value.
 */
import type { Json, JsonObject } from './json.ts';
import type { Identifiers } from './names.ts';
import type { Term } from './suite.ts';

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
export type ClauseKind = 'guard' | 'duty' | 'format' | 'ui' | 'admission' | 'open' | 'aside';

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

// --- what is kept ----------------------------------------------------------------------------------

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
export type HeldSecret = { readonly secret: Term; readonly public: Term | null; readonly origin: SecretOrigin };
export type Recipient = { readonly user: UserId; readonly device: DeviceId };

// --- what guarantees and pictures see --------------------------------------------------------------

/** What a person is shown. Guarantees read these. */
export type Notice = { readonly about: string; readonly text: string; readonly [field: string]: Json };

// --- settings as a device sees them -------------------------------------------------------------------

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
