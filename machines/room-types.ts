/** What a device knows of rooms and of the keys to what was said in them. Plain JSON, as everything a device is made of. */
import type { JsonObject } from './json.ts';
import type { MegolmInbound, MegolmOutbound, Term } from './suite.ts';
import type { DeviceFacts, DeviceId, Ms, UserId } from './types.ts';

/** `!den:example.org`. */
export type RoomId = string;
export type Membership = 'join' | 'invite' | 'leave' | 'ban' | 'knock';

/** A room as one's own homeserver tells of it. It is the server's word, and nothing more. */
export type RoomView = {
  /** One's own. */
  readonly membership: Membership;
  /** `m.room.encryption`, which is never unset once seen; `null`: not encrypted. */
  readonly encryption: { readonly rotationPeriodMs: Ms; readonly rotationPeriodMsgs: number } | null;
  /** `m.room.history_visibility`; `null`: there is no such event. */
  readonly historyVisibility: string | null;
  readonly members: Readonly<Record<UserId, Membership>>;
  /** Who has invited this user since they were last outside, oldest first. */
  readonly inviters: readonly UserId[];
  /** No sync has told of it yet: it is as this device made it, and the first sync of it begins with nothing. */
  readonly isUntold?: true;
};

/** One change of membership that a sync told of, or that this device's person has made. */
export type MemberChange = {
  readonly user: UserId;
  readonly before: Membership | null;
  readonly after: Membership;
  readonly sender: UserId;
  /** It came as state after a gap in the timeline: what happened in between was not told. */
  readonly inGap: boolean;
  /** This device's person has put them out, and the server has taken it: they may have been in, whatever had been heard of them. */
  readonly isPutOut?: true;
  /** One's own: when the server says that it was. */
  readonly serverMs?: Ms;
};

export const isOutside = (membership: Membership): boolean => membership === 'leave' || membership === 'ban';
/** Whether a sync tells that `user` was out meanwhile, wherever they are now. */
export const wasOut = (user: UserId, members: readonly MemberChange[]): boolean =>
  members.some((change) => change.user === user && isOutside(change.after));

/** A Megolm session of one's own, and who has been given it. */
export type OutboundRoomKey = {
  readonly session: MegolmOutbound;
  /** The flag it was given out with. */
  readonly sharedHistory: boolean;
  readonly madeMs: Ms;
  readonly messages: number;
  readonly given: Readonly<Record<UserId, readonly DeviceId[]>>;
};

/** How a room key came into a store, and so on whose word it rests. */
export type RoomKeyOrigin =
  | { readonly how: 'made' }
  /** `m.room_key`, through Olm, from that device: first-hand. */
  | { readonly how: 'room_key'; readonly user: UserId; readonly device: DeviceId | null }
  | { readonly how: 'forwarded'; readonly user: UserId; readonly device: DeviceId | null }
  | { readonly how: 'backup'; readonly version: string }
  | { readonly how: 'export' }
  /** A key bundle (MSC4268): on the word of the user who sent the pointer. `room`: the one the pointer named. */
  | {
      readonly how: 'bundle';
      readonly user: UserId;
      readonly device: DeviceId | null;
      readonly room: RoomId;
      readonly url: string;
    };

export type HeldRoomKey = {
  readonly room: RoomId;
  readonly session: MegolmInbound;
  /** Curve25519 and Ed25519 keys of the device that is said to have made it. */
  readonly senderKey: Term;
  readonly senderEd25519: Term;
  /** Whether it may be shared with people who join later (`shared_history`). */
  readonly sharedHistory: boolean;
  readonly origin: RoomKeyOrigin;
  /** The backup version it was uploaded to, if any. */
  readonly backedUpIn: string | null;
};

/** Word that a session will not be given (`m.room_key.withheld`, or an entry of a bundle). */
export type Withheld = {
  readonly room: RoomId;
  readonly sessionId: string;
  readonly senderKey: Term;
  readonly code: string;
  readonly reason: string | null;
  readonly from: UserId;
  readonly how: 'to-device' | 'bundle';
};

/** `!den:example.org <session id>`: how room keys and withheld notices are filed. */
export const roomKeyName = (room: RoomId, sessionId: string): string => `${room} ${sessionId}`;

/** One entry of a key list (a bundle, an export, an `m.room_key`), read. Facts; nothing is judged. */
export type ReadRoomKey = {
  readonly entry: JsonObject;
  readonly room: RoomId | null;
  readonly sessionId: string;
  /** `null`: its key text is none. `session` is the best of this and what is held of the same session. */
  readonly key: { readonly session: MegolmInbound; readonly firstKnownIndex: number } | null;
  /** Whether `session_id` is the public signing key within `session_key`. */
  readonly idMatches: boolean;
  readonly senderKey: Term;
  readonly senderEd25519: Term;
  /** The entry's own `shared_history`, in any spelling; `undefined` JSON values count as absent. */
  readonly flag: 'true' | 'false' | 'absent' | 'not boolean';
  /** What is held under that room and session id; `isSame`: the one advanced is the other. */
  readonly held: {
    readonly isSame: boolean;
    readonly firstKnownIndex: number;
    readonly origin: RoomKeyOrigin;
    readonly sharedHistory: boolean;
    readonly senderKey: Term;
  } | null;
};

/** One entry of a key backup, read. Facts; nothing is judged. */
export type ReadBackupEntry = {
  /** Under which it is filed. */
  readonly room: RoomId;
  readonly sessionId: string;
  /** `null`: it does not open, or its key text is none. */
  readonly key: MegolmInbound | null;
  /** Whether it is filed under the id of the session in it. */
  readonly idMatches: boolean;
  readonly senderKey: Term;
  readonly senderEd25519: Term;
  readonly flag: ReadRoomKey['flag'];
  /** Whether a room key of that room and id is held already. */
  readonly isHeld: boolean;
};

/** A held room key in the exported form, as bundles and exports have it, with what is known of it. */
export type ExportedRoomKey = {
  readonly room: RoomId;
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly senderKey: Term;
  readonly senderEd25519: Term;
  readonly sharedHistory: boolean;
  readonly origin: RoomKeyOrigin;
};

/** What came of opening a room event. */
export type Decryption =
  | {
      readonly opened: true;
      readonly type: string;
      readonly content: JsonObject;
      readonly sessionId: string;
      readonly index: number;
      readonly origin: RoomKeyOrigin;
      /** The listed device of the event's sender that has the session's `senderKey`; `null`: the sender has no such device. */
      readonly owner: DeviceFacts | null;
      readonly roomMatches: boolean;
      /** Another event had that session and index before. */
      readonly isReplay: boolean;
    }
  | { readonly opened: false; readonly sessionId: string; readonly withheld: Withheld | null };

/** A room event that could not be opened yet. */
export type UnreadEvent = { readonly room: RoomId; readonly event: JsonObject };

/** How a device writes the flag `shared_history` into backups and exports. */
export type FlagForms = {
  /** Names to write under; none: no flag is written. */
  readonly names: readonly string[];
  /** Whether a flag that is true is written so, and one that is not, not. */
  readonly keepsTrue: boolean;
  readonly keepsFalse: boolean;
  /** Question q20: what own sessions and those from bundles are (B), or only what came flagged (A). */
  readonly means: 'shareable' | 'came flagged';
};

/** How long a room key is used where the room does not say ("m.room.encryption"). */
export const usualRotation = { rotationPeriodMs: 604_800_000, rotationPeriodMsgs: 100 };
