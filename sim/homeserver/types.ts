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

/** A question of one server to another that needs an answer at once, with the server-server API's own path and body. */
export type FederationRequest = {
  readonly to: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Json;
};
export type FederationAnswer = { readonly asked: FederationRequest; readonly response: ClientResponse };

/** A place in one user's stream or in one device's inbox; the first thing that ever happens there is at 1. */
export type Position = number;

/** What a sync token stands for: how far a device has read its user's stream and its own inbox. */
export type Place = { readonly stream: Position; readonly inbox: Position };

export type HomeserverConfig = {
  /** The largest upload, counted in bytes of the file and not of its base64. */
  readonly uploadBytesMax: number;
  /** The most that all files of one user together may take, in bytes; `null` for no quota. */
  readonly mediaBytesMax: number | null;
  /** How long a file is kept after its upload; `null` for ever. */
  readonly mediaKeptMs: number | null;
  /** The server name in addresses of files, where that is another's, with whom they lie (and whom other servers here do not reach); `null`: its own. */
  readonly mediaName: string | null;
  /**
   * Whether `POST /login/get_token` asks for the password again. The specification says that it must; servers can be
   * (and are) configured not to, and then an access token alone is enough to log in a further device.
   */
  readonly loginTokenAsksPassword: boolean;
  /** Whether it answers for users of other servers out of a copy of their device lists (`copies.ts`). Absent: it asks each time. */
  readonly keepsDeviceLists?: true;
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

type AccountData = Readonly<Record<string, { readonly content: JsonObject; readonly at: Position }>>;

export type BackupVersion = {
  readonly algorithm: string;
  readonly authData: JsonObject;
  /** Room → session → `KeyBackupData`. */
  readonly rooms: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** Counts changes of `rooms`. */
  readonly etag: number;
};
export type Backup = {
  readonly made: number;
  readonly versions: Readonly<Record<string, BackupVersion>>;
  /** The version that was deleted last, without its keys: of no use but to an operator who lies. Absent: none was. */
  readonly deleted?: { readonly version: string; readonly held: BackupVersion };
};

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
  /** Who shares no encrypted room with this user any more, and since when. Nobody stands here and in `deviceLists`. */
  readonly departed: Readonly<Record<UserId, Position>>;
  /** The newest that there is for this user in each room, by room id. */
  readonly rooms: Readonly<Record<RoomId, Position>>;
};

export type RoomId = string;
/** A room's event as servers exchange it. Clients see neither `depth` nor, in a sync, `room_id`. */
export type RoomEvent = {
  readonly event_id: string;
  readonly room_id: RoomId;
  readonly type: string;
  readonly sender: UserId;
  readonly state_key?: string;
  readonly content: JsonObject;
  /** Virtual milliseconds. */
  readonly origin_server_ts: number;
  /** One more than that of the newest event its server knew when it made this one. */
  readonly depth: number;
};
/** Event type → state key → event. */
export type RoomState = Readonly<Record<string, Readonly<Record<string, RoomEvent>>>>;
export type RoomEntry = {
  readonly event: RoomEvent;
  /** The users of this server who are told of it by `/sync`, and where in their streams. */
  readonly told: Readonly<Record<UserId, Position>>;
  /** The request that made it, when that was one of this server's devices. */
  readonly sent?: { readonly user: UserId; readonly device: DeviceId; readonly txn: string };
  /** There is a gap before it: the state before this event, as another server gave it when somebody here was invited or joined. */
  readonly given?: readonly RoomEvent[];
};
/** One server's copy of a room. Copies on two servers may differ while transactions are under way. */
export type Room = {
  /** Events of this room that were made on this server: names the next one. */
  readonly made: number;
  /** The greatest depth there is. */
  readonly depth: number;
  readonly state: RoomState;
  /** In the order of arrival at this server. */
  readonly timeline: readonly RoomEntry[];
  /** State events of other servers that the state here does not allow (yet): see `rooms/resolve.ts`. */
  readonly refused: readonly RoomEvent[];
  /** Users who left and want to hear no more of it. */
  readonly forgotten: readonly UserId[];
};

/** What servers send each other of their own accord ("Transactions"): events of rooms, and what is about no room. */
export type Transaction = {
  readonly id: string;
  readonly pdus: readonly RoomEvent[];
  readonly edus: readonly { readonly edu_type: string; readonly content: JsonObject }[];
};
/** What this server has with another one. */
export type Link = {
  /** Transactions ever made for it: names the next one. */
  readonly made: number;
  /** Not delivered yet, oldest first. */
  readonly outgoing: readonly Transaction[];
  /** The number of the newest transaction that came from it; older ones come again only when an answer was lost. */
  readonly received: number;
  /** Nothing goes out to it until somebody lets it. */
  readonly heldUp?: true;
};

export type Media = {
  readonly made: number;
  /** By media id. */
  readonly files: Readonly<Record<string, File>>;
};
export type File = {
  readonly contentType: string;
  /** b64 of the bytes as they were uploaded; `null` while the upload is announced and has not come. */
  readonly data: string | null;
  readonly by: UserId;
  /** When it is gone, or when an announced upload may no longer come; virtual milliseconds, `null` for never. */
  readonly expiresMs: number | null;
};

/** An address outside Matrix ("Third-party identifiers"): `medium` is `email`. */
export type ThirdPartyId = { readonly medium: string; readonly address: string };
/** Who has asked that address into which room, under a token that names the invitation. */
export type StoredInvite = ThirdPartyId & { readonly token: string; readonly room: RoomId; readonly sender: UserId };
export type IdentityServer = {
  /** Invitations it ever stored: names the next one. */
  readonly made: number;
  /** Of addresses without an owner. */
  readonly pending: readonly StoredInvite[];
  /** `<medium> <address>` → whose it is. */
  readonly owners: Readonly<Record<string, UserId>>;
};

export type Homeserver = {
  readonly name: string;
  readonly config: HomeserverConfig;
  readonly users: Readonly<Record<UserId, User>>;
  /** Access token → who it speaks for. */
  readonly tokens: Readonly<Record<string, { readonly user: UserId; readonly device: DeviceId }>>;
  readonly inboxes: Readonly<Record<UserId, Readonly<Record<DeviceId, Inbox>>>>;
  readonly streams: Readonly<Record<UserId, Stream>>;
  readonly media: Media;
  readonly rooms: Readonly<Record<RoomId, Room>>;
  /** By the other server's name. */
  readonly links: Readonly<Record<string, Link>>;
  /** What it last heard of the keys of users of other servers, where it keeps that: `device_keys`, `master_key`, `self_signing_key`. */
  readonly copies?: Readonly<Record<UserId, JsonObject>>;
  /** What the identity server of its users holds. Absent: nothing. */
  readonly identityServer?: IdentityServer;
};
