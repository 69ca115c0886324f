/**
 * What a homeserver holds: plain JSON, by area and by user, so that parts can be interned and compared separately.
 *
 * Everything that a user's devices may learn by `/sync` is stamped with a position in *that user's* stream; a sync token
 * `s7` is such a position. There is no server-wide order: what happens to Bob does not renumber what Alice sees.
 */
import type { Json, JsonObject } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';

export type ClientRequest = {
  readonly accessToken: string | null;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its prefix, segments percent-encoded: `/_matrix/client/v3/keys/upload`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
};
export type ClientResponse = { readonly status: number; readonly body: Json };

/** A place in one user's stream or in one device's inbox; the first thing that ever happens there is at 1. */
export type Position = number;

/** What a sync token stands for: how far a device has read its user's stream and its own inbox. */
export type Place = { readonly stream: Position; readonly inbox: Position };

export type Settings = {
  /** The largest upload, counted in bytes of the file and not of its base64. */
  readonly uploadBytesMax: number;
  /**
   * Whether `POST /login/get_token` asks for the password again. The specification says that it must; servers can be
   * (and are) configured not to, and then an access token alone is enough to log in a further device.
   */
  readonly loginTokenAsksPassword: boolean;
};

export type Account = {
  readonly localpart: string;
  readonly password: string;
  /** How many access tokens, device ids, login tokens and authentication sessions this account was ever given: names the next one. */
  readonly made: {
    readonly accessTokens: number;
    readonly devices: number;
    readonly loginTokens: number;
    readonly sessions: number;
  };
  /** Unused login tokens and when they expire. */
  readonly loginTokens: Readonly<Record<string, { readonly expiresMs: number }>>;
  /** User-interactive authentication under way: session → the request it is for. */
  readonly sessions: Readonly<Record<string, string>>;
  /** When somebody gave a wrong password, newest last; forgotten at the next right one. */
  readonly failedLoginsMs: readonly number[];
  /** Filters by their id, which is the index. */
  readonly filters: readonly JsonObject[];
};

export type Device = { readonly displayName: string | null; readonly accessToken: string };

export type OneTimeKey = { readonly id: string; readonly key: Json };
export type FallbackKey = OneTimeKey & { readonly used: boolean };
export type DeviceKeys = {
  /** The `device_keys` as uploaded. Signatures that came later are in `CrossSigning.made`. */
  readonly identity: JsonObject | null;
  /** In the order of upload, which is the order of claiming. Ids have their algorithm in front. */
  readonly oneTime: readonly OneTimeKey[];
  /** By algorithm. */
  readonly fallback: Readonly<Record<string, FallbackKey>>;
  /** When a key of this device was last claimed, as a position in its inbox; 0 for never. */
  readonly claimedAt: Position;
};

/** Signing key id (`ed25519:…`) → signature. */
export type Signatures = Readonly<Record<string, Json>>;
export type CrossSigning = {
  readonly master: JsonObject | null;
  readonly selfSigning: JsonObject | null;
  readonly userSigning: JsonObject | null;
  /** Signatures this user uploaded: whose key → which key (device id or public master key) → signatures. */
  readonly made: Readonly<Record<UserId, Readonly<Record<string, Signatures>>>>;
};

export type AccountData = Readonly<Record<string, { readonly content: JsonObject; readonly at: Position }>>;

export type BackupVersion = {
  readonly algorithm: string;
  readonly authData: JsonObject;
  /** Room → session → `KeyBackupData`. */
  readonly rooms: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** Counts changes of `rooms`. */
  readonly etag: number;
};
export type Backup = { readonly made: number; readonly versions: Readonly<Record<string, BackupVersion>> };

export type User = {
  readonly account: Account;
  readonly devices: Readonly<Record<DeviceId, Device>>;
  readonly keys: Readonly<Record<DeviceId, DeviceKeys>>;
  readonly crossSigning: CrossSigning;
  readonly accountData: AccountData;
  readonly backup: Backup;
  /** Users whose device lists this one is told about: those whose keys any of its devices ever asked for. */
  readonly tracks: readonly UserId[];
};

/** `{ type, sender, content }` from an honest server. Anything, when somebody tampered with the queue. */
export type ToDeviceEvent = JsonObject;
export type Inbox = {
  /** How far the device has said (by `since`) that it has everything; `null` before its first token came back. */
  readonly acknowledged: Place | null;
  /** The position of the newest thing in this inbox: it counts by itself, so that what siblings get does not renumber it. */
  readonly position: Position;
  readonly messages: readonly { readonly at: Position; readonly event: ToDeviceEvent }[];
  /** Transaction ids this device used for sending. */
  readonly sent: readonly string[];
};

export type Stream = {
  readonly position: Position;
  /** Whose device list changed, and when last. */
  readonly deviceLists: Readonly<Record<UserId, Position>>;
};

export type Media = {
  readonly made: number;
  /** By media id. `data` is b64 of the bytes as they were uploaded. */
  readonly files: Readonly<
    Record<string, { readonly contentType: string; readonly data: string; readonly by: UserId }>
  >;
};

export type Homeserver = {
  readonly name: string;
  readonly settings: Settings;
  readonly users: Readonly<Record<UserId, User>>;
  /** Access token → who it speaks for. */
  readonly tokens: Readonly<Record<string, { readonly user: UserId; readonly device: DeviceId }>>;
  readonly inboxes: Readonly<Record<UserId, Readonly<Record<DeviceId, Inbox>>>>;
  readonly streams: Readonly<Record<UserId, Stream>>;
  readonly media: Media;
};
