/**
 * The crypto port: what a device core, an attacker and knowledge may ask of cryptography.
 *
 * Two suites implement it, one on real bytes, one on symbolic terms. All values are JSON, all functions
 * are pure: state goes in and comes out. `null` means "does not open" or "is not valid"; only a bug throws.
 * Randomness is named, not drawn: a `Label` such as `alice.phone/olm/<peer key>/0` stands for the bytes that
 * the suite's seed gives to that name, so the same label always yields the same value and a new draw in
 * one place changes nothing elsewhere.
 */
import type { Json, JsonObject } from './json.ts';

/** Opaque to everybody but the suite: unpadded base64 of bytes, or a structural term. */
export type Term = string;
/** The name of one random draw: `owner/purpose/number`. */
export type Label = string;

/** A public key with its private half. Ed25519: `secret` is the 32-byte seed; Curve25519: the scalar as given. */
export type KeyPair = { readonly secret: Term; readonly public: Term };

/** A device's own Olm keys. `oneTime` and `fallback` are indexed by key id (without the `signed_curve25519:` prefix). */
export type OlmAccount = {
  readonly curve25519: KeyPair;
  readonly ed25519: KeyPair;
  readonly oneTime: Readonly<Record<string, KeyPair>>;
  readonly fallback: {
    readonly current: (KeyPair & { readonly id: string }) | null;
    readonly previous: (KeyPair & { readonly id: string }) | null;
  };
  /** How many one-time keys were ever made: names the next one. */
  readonly made: number;
};

/** An Olm session. `state` is the suite's own JSON (ratchets); everything a core may need to look at is outside it. */
export type OlmSession = {
  /** The same at both ends. */
  readonly id: string;
  /** The peer's Curve25519 identity key. */
  readonly peer: Term;
  /** Whether we have decrypted a message of this session (until then we send type 0). */
  readonly received: boolean;
  readonly state: Json;
};

/** The `ciphertext` entry of `m.olm.v1.curve25519-aes-sha2`: 0 is a pre-key message, 1 a normal one. */
export type OlmMessage = { readonly type: 0 | 1; readonly body: string };

/** An outbound Megolm session of one's own. `sessionId` is the public signing key. */
export type MegolmOutbound = { readonly sessionId: string; readonly index: number; readonly state: Json };
/** A Megolm session as a receiver holds it, from its first known index on. */
export type MegolmInbound = {
  readonly sessionId: string;
  readonly firstKnownIndex: number;
  readonly verified: boolean;
  readonly state: Json;
};

/** `session_data` of a key backup entry. */
export type BackupSessionData = { readonly ephemeral: string; readonly ciphertext: string; readonly mac: string };
/** `file` of an encrypted attachment, without its `url`. */
export type AttachmentInfo = {
  readonly v: 'v2';
  readonly key: {
    readonly kty: 'oct';
    readonly key_ops: readonly string[];
    readonly alg: 'A256CTR';
    readonly k: string;
    readonly ext: true;
  };
  readonly iv: string;
  readonly hashes: { readonly sha256: string };
};
/** `encrypted.<key id>` of a secret in account data (`m.secret_storage.v1.aes-hmac-sha2`). */
export type StoredSecret = { readonly iv: string; readonly ciphertext: string; readonly mac: string };

export type Suite = {
  readonly name: 'real' | 'symbolic';

  // --- signatures over JSON (Ed25519, "Signing JSON" of the appendices) ---
  /** A fresh Ed25519 pair. */
  signingKey(label: Label): KeyPair;
  /** The public half of an Ed25519 seed; `null` when the text is no such secret. */
  signingPublic(secret: Term): Term | null;
  /** b64 signature over the canonical JSON of `object` without `signatures` and `unsigned`. */
  sign(secret: Term, object: JsonObject): string;
  /** Whether `signature` over `object` is by `publicKey`. Strict (RFC 8032 with vodozemac's refusals). */
  verify(publicKey: Term, object: JsonObject, signature: string): boolean;

  // --- Olm ---
  newAccount(label: Label): OlmAccount;
  /** `count` further one-time keys; their ids are new. The label of each is derived from `label` and its number. */
  makeOneTimeKeys(account: OlmAccount, count: number, label: Label): OlmAccount;
  /** A new fallback key; the current one becomes the previous one. */
  makeFallbackKey(account: OlmAccount, label: Label): OlmAccount;
  /** A session towards `peer` (Curve25519 identity key) on a one-time or fallback key of his. `null`: unusable keys. */
  olmOutbound(account: OlmAccount, peer: Term, oneTimeKey: Term, label: Label): OlmSession | null;
  /**
   * The session a pre-key message asks for, with its first plaintext. The one-time key is gone from the account that
   * comes back (a fallback key stays). `null`: unknown one-time key, other identity key than `sender`, or MAC or padding wrong.
   */
  olmInbound(
    account: OlmAccount,
    sender: Term,
    message: OlmMessage,
  ): { readonly account: OlmAccount; readonly session: OlmSession; readonly plaintext: string } | null;
  /** The session id a pre-key message speaks of; `null` when it is none. */
  olmSessionIdOf(message: OlmMessage): string | null;
  olmEncrypt(
    session: OlmSession,
    plaintext: string,
    label: Label,
  ): { readonly session: OlmSession; readonly message: OlmMessage };
  olmDecrypt(
    session: OlmSession,
    message: OlmMessage,
  ): { readonly session: OlmSession; readonly plaintext: string } | null;

  // --- Megolm ---
  megolmOutbound(label: Label): MegolmOutbound;
  /** The `session_key` of `m.room_key`, at the current index (signed form). */
  megolmSessionKey(session: MegolmOutbound): string;
  megolmEncrypt(
    session: MegolmOutbound,
    plaintext: string,
  ): { readonly session: MegolmOutbound; readonly ciphertext: string };
  /** Reads either key form. `signed` says which is expected; `null`: malformed or badly signed. */
  megolmInbound(sessionKey: string, form: 'signed' | 'exported'): MegolmInbound | null;
  /** The exported form at `index` (not before the first known one); `null` if it cannot be had. */
  megolmExport(session: MegolmInbound, index: number): string | null;
  megolmDecrypt(
    session: MegolmInbound,
    ciphertext: string,
  ): { readonly plaintext: string; readonly index: number } | null;
  /** Whether two holdings are of the same session (the older, advanced, equals the newer). */
  megolmSame(a: MegolmInbound, b: MegolmInbound): boolean;

  // --- key backup (m.megolm_backup.v1.curve25519-aes-sha2) ---
  backupKey(label: Label): KeyPair;
  /** The public half of a backup private key; `null` when the text is no such secret. */
  backupPublic(secret: Term): Term | null;
  /** `null`: `publicKey` is no key anybody could hold the private half of (it comes from the server, and may be anything). */
  backupSeal(publicKey: Term, session: JsonObject, label: Label): BackupSessionData | null;
  backupOpen(secret: Term, data: BackupSessionData): JsonObject | null;

  // --- attachments, secret storage, hashes ---
  attachmentSeal(plaintext: string, label: Label): { readonly ciphertext: string; readonly info: AttachmentInfo };
  /**
   * `null`: hash or key wrong. `ciphertext` is b64 of the uploaded bytes. `whatever its hash`: what comes out for whoever does not
   * compare hashes; `null` then: nothing that is text.
   */
  attachmentOpen(ciphertext: string, info: AttachmentInfo, check?: 'whatever its hash'): string | null;
  /**
   * AES-CTR can be bent without the key by whoever knows what stands at a place: the ciphertext that opens to `to` where `from` is,
   * of the same length and `at` so many bytes from the beginning. `null`: it does not fit.
   */
  attachmentBend(ciphertext: string, at: number, from: string, to: string): string | null;
  secretStorageKey(label: Label): Term;
  secretSeal(key: Term, name: string, secret: string, label: Label): StoredSecret;
  secretOpen(key: Term, name: string, stored: StoredSecret): string | null;
  /** SHA-256 of the UTF-8 text, b64. */
  hash(text: string): string;
};
