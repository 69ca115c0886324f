/** A guarantee: a bystander with a small memory of its own. It sees steps, never a device's private context. */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json } from '../../machines/json.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { ClauseId, DeviceId, UserId } from '../../machines/types.ts';
import type { PlayerId, Step } from '../engine/types.ts';

/** What a bystander may know of the cast: who is honest, and whose device is whose. */
export type Witness = {
  readonly honest: (player: PlayerId) => boolean;
  /** The user (name in the cast) whose device this is; `null` for servers and attackers. */
  readonly ownerOf: (player: PlayerId) => string | null;
  /** The name in the cast of whose account that is, user or attacker; `null`: nobody's there. */
  readonly personOf: (user: UserId) => string | null;
  /** Whether the device is cross-signed when the story begins. */
  readonly signedAtStart: (player: PlayerId) => boolean;
  readonly devicesOf: (user: string) => readonly PlayerId[];
  readonly implementsText: (player: PlayerId, proposal: string) => boolean;
  /** Devices in the hands of an attacker that are cross-signed all the same. */
  readonly stolen: (player: PlayerId) => boolean;
  readonly off: (player: PlayerId, clause: ClauseId) => boolean;
  /** Whether the text that the device implements has that sentence, be it dialled off or not. */
  readonly isMeantBy: (player: PlayerId, clause: ClauseId) => boolean;
  /** How a MAY is dialled there; `undefined` where it is not. */
  readonly option: (player: PlayerId, name: string) => Json | undefined;
  /** Which form of the texts a device is of: the same `text` for the same, and whether it goes by their final names. */
  readonly form: (player: PlayerId) => { readonly text: string; readonly isFinal: boolean };
};

/** What a break is about. Two breaks of one guarantee at one player about the same are one and the same. */
export type Subject =
  /** A secret (`m.megolm_backup.v1`) of a user of the cast. */
  | { readonly is: 'secret'; readonly user: string; readonly name: string }
  | { readonly is: 'room key'; readonly room: RoomId; readonly sessionId: string }
  | { readonly is: 'room'; readonly room: RoomId }
  /** Somebody and a room: who is to read there, who was asked in. */
  | { readonly is: 'member'; readonly room: RoomId; readonly user: UserId }
  | { readonly is: 'event'; readonly room: RoomId; readonly event: string }
  | { readonly is: 'device'; readonly user: UserId; readonly device: DeviceId }
  | { readonly is: 'identity'; readonly user: UserId }
  /** A file of the media repository (`mxc://…`). */
  | { readonly is: 'file'; readonly url: string }
  | { readonly is: 'backup version'; readonly version: string }
  /** The backup preference of a user of the cast. */
  | { readonly is: 'preference'; readonly user: string };

/**
 * What led to a break before the step in which it shows: a letter that opened at `to`, by what it held. A memory knows no steps; in a
 * run `sim/runs/judging/causes.ts` finds the step in which somebody sent or planted that letter.
 */
export type Origin =
  | { readonly brought: 'secret'; readonly to: PlayerId; readonly secret: string }
  /** The key of a session, from whoever made or forwards it. */
  | { readonly brought: 'room key'; readonly to: PlayerId; readonly sessionId: string }
  /** Where a key bundle lies (`mxc://…`). */
  | { readonly brought: 'bundle'; readonly to: PlayerId; readonly url: string };

/** A guarantee broken: at whom, about what, on what evidence, and the sentence of a text that accepts it, if one does. */
export type Break = {
  readonly at: PlayerId | null;
  readonly about: Subject | null;
  /** For people; nobody reads anything back out of it. */
  readonly why: string;
  readonly acceptedBy: ClauseId | null;
  /** Absent: it was done in the step in which it shows, as far as anybody can say. */
  readonly origin?: Origin;
};

export type Seen<M> = { readonly memory: M; readonly breaks: readonly Break[]; readonly shadow: boolean };

export type Guarantee<M extends Json = Json> = {
  /** Its words stand in the ledger (`machines/ledger/guarantees.json`). */
  readonly id: GuaranteeId;
  /** `always`: judged at every step. `finally`: judged when all is quiet. */
  readonly kind: 'always' | 'finally';
  /** The clauses that can concede a break of it. Each has its pair of scenarios in `scenarios/acceptances.yml`. */
  readonly accepts: readonly ClauseId[];
  readonly begin: M;
  /** A step passes. `breaks`: all that broke in it. `shadow`: what the ledger says of its shadow happened in it. */
  readonly see: (memory: M, step: Step, witness: Witness) => Seen<M>;
  /** Whether there is anything to judge in the end; where there is not, a run that stops early leaves nothing open. */
  readonly concerns?: (memory: M) => boolean;
  /** `finally` guarantees are asked once all is quiet. */
  readonly end?: (memory: M, witness: Witness) => readonly Break[];
};
