import type { ChartInput } from '../chart.ts';
import type { JsonObject } from '../json.ts';
import type { Term } from '../suite.ts';
import type { DeviceFacts, DeviceId, Ms, UserId } from '../types.ts';

/** One invitation under way. */
export type Invitation = {
  readonly user: UserId;
  /** When the history goes: before the invitation, once it is made, or not at all. */
  readonly shares: 'first' | 'after' | 'never';
  readonly isInvited: boolean;
  /** No identity of theirs had been seen before this invitation. */
  readonly isUnseen: boolean;
  /** Their devices as listed, and the Curve25519 key of one's own (`null` as long as one is not listed oneself). */
  readonly devices: readonly DeviceFacts[];
  /** That list was never told, or is another one by now. */
  readonly isListOutdated: boolean;
  readonly ownKey: Term | null;
  /** Their master key as the server has it now, and the one their devices must be signed by. */
  readonly served: Term | null;
  readonly identity: Term | null;
  readonly identityChanged: boolean;
  /** The identity it was before had been verified. */
  readonly wasVerified: boolean;
  /** Who gets the pointer. */
  readonly to: readonly DeviceId[];
  /** What is known of the room's sessions, sorted; `text` is the bundle until it is sealed. */
  readonly known: number;
  readonly text: string;
  readonly sessions: readonly string[];
  readonly withheld: Readonly<Record<string, string>>;
  /** The sealed bundle's `EncryptedFile`, without its `url`. */
  readonly file: JsonObject;
  readonly hasGone: boolean;
};

/** A pointer message being written, and once sent what would be sent again. */
export type Pointer = {
  readonly type: string;
  readonly content: JsonObject;
  readonly encrypt: boolean;
  readonly embeds: boolean;
};

/** What was sent to somebody who is invited (question q28, reading B). */
export type Given = {
  readonly pointer: Pointer;
  readonly identity: Term | null;
  readonly devices: readonly DeviceId[];
  readonly sessions: readonly string[];
  readonly withheld: Readonly<Record<string, string>>;
  readonly url: string;
};

export type InviterContext = {
  readonly me: ChartInput;
  readonly invitation: Invitation | null;
  readonly pointer: Pointer | null;
  /** To be invited when the one under way is done with. */
  readonly waiting: readonly UserId[];
  /** Invited, and still to be given the bundle. */
  readonly owed: readonly UserId[];
  readonly given: Readonly<Record<UserId, Given>>;
};

/** A pointer that arrived. */
export type HeldPointer = {
  readonly user: UserId;
  readonly device: DeviceId | null;
  readonly url: string;
  readonly file: JsonObject;
  /** How often its bundle could not be had. */
  readonly tries: number;
  /** Asked for again with no word from the server in between: where nothing comes back, no server may have been reached. */
  readonly isBlind?: true;
  /** No answer came. */
  readonly isUnanswered?: true;
};

export type InviteeContext = {
  readonly me: ChartInput;
  /** Who has invited this user, oldest first, as the last sync had it. */
  readonly inviters: readonly UserId[];
  /** The invitation accepted last, and by whom it was. */
  readonly acceptance: { readonly atMs: Ms; readonly inviters: readonly UserId[] } | null;
  /** Kept for later, the newest of each sender, oldest first. */
  readonly pointers: readonly HeldPointer[];
  /** Came since the last sync was done, to be followed if what that sync tells of the room leaves the invitation as it was. */
  readonly arrived: readonly HeldPointer[];
  /** To be fetched now. */
  readonly due: readonly HeldPointer[];
  readonly current: {
    readonly pointer: HeldPointer;
    readonly keys: readonly JsonObject[];
    readonly withheld: readonly JsonObject[];
    /** A session is in both lists, or twice in one. */
    readonly isConflicting: boolean;
    readonly isBundle: boolean;
  } | null;
  /** Could not be had, and may be tried again. A restart forgets them. */
  readonly failed: readonly HeldPointer[];
  /** Begun and not done with, as a restart leaves it. */
  readonly underWay: readonly HeldPointer[];
  /** Where the last bundles imported were: the same file is not fetched again. */
  readonly imported: readonly string[];
};
