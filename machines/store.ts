/** What a device keeps: plain JSON, and no way to change it but by a patch. */
import type { Reply } from './events.ts';
import type { JsonObject } from './json.ts';
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
import type { DeviceId, HeldSecret, KnownIdentity, Recipient, UserId } from './types.ts';

export type KnownDevice = { readonly keys: JsonObject };
export type KnownUser = {
  readonly outdated: boolean;
  readonly devices: Readonly<Record<DeviceId, KnownDevice>>;
  readonly identity: KnownIdentity;
};
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
  /** Who somebody is in a room that this device knows, as it has just changed that. `isUnban`: a ban was lifted, and nobody was put out. */
  | {
      readonly patch: 'room member';
      readonly room: RoomId;
      readonly user: UserId;
      readonly membership: Membership;
      readonly isUnban?: true;
    }
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
