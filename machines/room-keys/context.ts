import type { ChartInput } from '../chart.ts';
import type { IdentityNews } from '../events.ts';
import { implemented } from '../registration.ts';
import type { MemberChange } from '../room-types.ts';
import type { Term } from '../suite.ts';
import type { Ms, UserId } from '../types.ts';
import { readingOf } from './options.ts';

/**
 * `m.room.history_visibility` as far as it is known: `null`: there is no such event; `undefined`: nobody has told of the room yet, as where
 * one has joined and not synced.
 */
export type Heard = string | null | undefined;

/** What one device remembers of the keys of one room. */
export type RoomKeysContext = {
  readonly me: ChartInput;
  /** Whether a sync has told of the room: until then it may have been made here. */
  readonly isToldOf: boolean;
  /** `m.room.history_visibility` as one's own server tells it; `null`: there is no such event. */
  readonly visibility: string | null;
  /** Question q16, reading B: what it was before the server told of a change that this client's person has not accepted. */
  readonly pinned?: { readonly visibility: string | null } | null;
  readonly rotationPeriodMs: Ms;
  readonly rotationPeriodMsgs: number;
  /** The session last sent with. */
  readonly current: {
    readonly sharedHistory: boolean;
    /** The visibility it was made under. */
    readonly visibility: Heard;
    readonly messages: number;
    readonly madeMs: Ms;
  } | null;
  /** Why the session is to be replaced before anything more is sent; `null`: it is not. */
  readonly rotate: string | null;
  /** Written, and not sent yet. */
  readonly pending: readonly { readonly text: string; readonly atMs: Ms }[];
  /** A session was made for what is being sent, and nobody has been given it yet. */
  readonly hasNewSession: boolean;
  /** Whether device lists were looked up for what is being sent. */
  readonly hasQueried: boolean;
  /** Who has another identity than before, as its person knows: their master key as the server has it. */
  readonly knownChanges: Readonly<Record<UserId, Term>>;
  /** Of whom its person is to hear before anything is sent. */
  readonly changes: readonly IdentityNews[];
  /** The visibility its person was last told of. */
  readonly told: string | null;
};

export const roomOf = ({ me }: RoomKeysContext): string => me.room ?? '';
export const knowsProposal = ({ me }: RoomKeysContext): boolean => implemented('MSC4268')(me);

/** Whether it leaves out devices that nobody has signed (MSC4153). */
export const leavesOutUnsigned = ({ me }: RoomKeysContext): boolean => implemented('MSC4153')(me);

/**
 * Whether later members may read what is written under that visibility. Question q15: what the room does not say, or says in a word that
 * nobody knows. What was not heard yet opens nothing: MSC4268 has the visibility looked up first, and there was none to look up.
 */
export const isOpen = ({ me }: RoomKeysContext, visibility: Heard): boolean =>
  visibility === 'shared' ||
  visibility === 'world_readable' ||
  (visibility !== undefined && visibility !== 'joined' && visibility !== 'invited' && readingOf(me, 'q15') !== 'B');

/** The visibility to go by: as the server has it, or, where a closed one is pinned, that. */
export const visibilityNow = (context: RoomKeysContext): Heard => {
  const { pinned, isToldOf, visibility } = context;
  if (pinned != null && !isOpen(context, pinned.visibility)) return pinned.visibility;
  return isToldOf || visibility !== null ? visibility : undefined;
};

/** Users with whom the session may have ended up, by what a sync told of them, or by who put them out: see `4268-rotate-on-leave`. */
export const isGone = ({ before, after, isPutOut }: MemberChange): boolean =>
  isPutOut === true || (before === 'join' && after !== 'join' && after !== 'invite');
