/** What is said where a guarantee breaks: at whom, about what, and where it came from. */
import type { RoomId } from '../../machines/room-types.ts';
import type { ClauseId, DeviceId, UserId } from '../../machines/types.ts';
import type { PlayerId } from './player.ts';

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
