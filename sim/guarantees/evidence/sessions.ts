/** What is true of Megolm sessions: who made them, for whom, and whether their makers let people who come later read them. */
import { stringAt } from '../../../machines/json.ts';
import type { RoomId } from '../../../machines/room-types.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed, filedIn, isGenuineDevice, unnoted, userOf } from './accounts.ts';
import { asCopied, asShown, type Copied, noneCopied } from './beginning.ts';
import { isBesideRooms, keysStored, sentIn, shownAs, storedAs, visibilitiesHeard } from './requests.ts';
import {
  isOpen,
  membershipOf,
  noRooms,
  type Rooms,
  type RoomTruth,
  roomsAfter,
  visibilityOf,
  wasEver,
} from './rooms.ts';

export type SessionTruth = {
  readonly room: RoomId;
  readonly maker: PlayerId;
  readonly user: UserId;
  /** The `shared_history` it is given out with. */
  readonly flag: boolean;
  /**
   * Whether those who come later may have it. `no`: its maker never said so, or should not have: the room was closed, and they
   * knew. `deceived`: the room was closed, and a server told them otherwise.
   */
  readonly later: 'yes' | 'no' | 'deceived';
  /**
   * Whether the room was open, and its maker knew, whenever it was given out or written under. `null`: it was neither, and bears no flag:
   * nobody may share it.
   */
  readonly isMeant: boolean | null;
  /** Who was given it first-hand while in the room, or asked in → from which index on; its maker has it from the first. */
  readonly to: Readonly<Record<UserId, number>>;
  /** Account → device that its user never logged in → from which index on it was given to that one, first-hand. */
  readonly ghosts: Readonly<Record<UserId, Readonly<Record<DeviceId, number>>>>;
  /** Where its maker was deceived: whether they had been shown, before every message of it, that later members read along. */
  readonly isWarned: boolean;
};

/** `at`: which of the room's visibilities that is; a lie leaves it where it was. */
type Told = { readonly is: string; readonly at: number; readonly isLie: boolean };

export type Sessions = Rooms &
  Copied & {
    readonly sessions: Readonly<Record<string, SessionTruth>>;
    /** Device → room → the visibility it was last told of, or has last set itself. */
    readonly believed: Readonly<Record<PlayerId, Readonly<Record<RoomId, Told>>>>;
    /** Device → rooms where its user was shown, since it last took the room for closed, that those who come later can read what they write. */
    readonly warned: Readonly<Record<PlayerId, readonly RoomId[]>>;
  };
export const noSessions: Sessions = { ...noRooms, ...noneCopied, sessions: {}, believed: {}, warned: {} };

/** Sessions after a moment, with the rooms and accounts they rest on. */
export const sessionsAfter = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  if (isBesideRooms(moment)) return before;
  const now = roomsAfter(asShown(asCopied(before, moment, 'believed'), moment, 'warned'), moment);
  const warned = warning(hearing(now, moment, witness), moment);
  return sent(given(made(warned, moment, witness), moment, witness), moment);
};

const hearing = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  let { believed, warned } = before;
  for (const { player, room, visibilities } of visibilitiesHeard(moment)) {
    if (!witness.honest(player)) continue;
    // What was shown of a room while it was open is no warning for when it is open again.
    if (visibilities.some((is) => !isOpen(is))) warned = unnoted(warned, player, room);
    for (const is of visibilities) {
      const known = believed[player]?.[room];
      const told = placed(before.rooms[room], known?.at ?? 0, is);
      // What is no other news, and no lie either time or both times, stands where it stood.
      if (known?.is === told.is && known.isLie === told.isLie) continue;
      believed = filedIn(believed, player, room, told);
    }
  }
  return believed === before.believed && warned === before.warned ? before : { ...before, believed, warned };
};

/** What a device is told can be old, never older than what it was told before: nobody takes that back but by lying. */
const placed = (truth: RoomTruth | undefined, from: number, is: string): Told => {
  const at = truth?.visibilities.indexOf(is, from) ?? -1;
  return at < 0 ? { is, at: from, isLie: true } : { is, at, isLie: false };
};

const warning = (before: Sessions, moment: Moment): Sessions => {
  const shown = shownAs(moment, 'history visible');
  if (shown === null) return before;
  const rooms = before.warned[shown.player] ?? [];
  const now = among(rooms, stringAt(shown.notice, 'room') ?? '');
  return now === rooms ? before : { ...before, warned: filed(before.warned, shown.player, now) };
};

const isWarnedOf = ({ warned }: Sessions, player: PlayerId, room: RoomId): boolean =>
  warned[player]?.includes(room) === true;

const withSession = (before: Sessions, id: string, session: SessionTruth): Sessions => ({
  ...before,
  sessions: filed(before.sessions, id, session),
});

/** Sessions that honest devices make in rooms that exist. */
const made = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  let now = before;
  for (const { player, held } of keysStored(moment)) {
    const id = held.session.sessionId;
    const user = userOf(before.accounts, player);
    if (held.origin.how !== 'made' || user === null || !Object.hasOwn(now.rooms, held.room)) continue;
    if (!witness.honest(player) || Object.hasOwn(now.sessions, id)) continue;
    now = withSession(now, id, {
      room: held.room,
      maker: player,
      user,
      flag: held.sharedHistory,
      later: held.sharedHistory ? 'yes' : 'no',
      isMeant: witness.implementsText(player, 'MSC4268') && (held.sharedHistory || null),
      to: { [user]: 0 },
      ghosts: {},
      isWarned: true,
    });
  }
  return now;
};

/** Whether the room lets those read who come later, as its people made it and as far as the maker can know. */
const consent = (now: Sessions, player: PlayerId, room: RoomId, believed: string | null): SessionTruth['later'] => {
  if (isOpen(visibilityOf(now, room))) return 'yes';
  const told = now.believed[player]?.[room];
  const isTold = told !== undefined && !told.isLie && !isOpen(told.is);
  if (!isOpen(believed) || isTold) return 'no';
  // Old news is nobody's fault: it was said while the maker could not know better.
  const isOld = wasEver(now, room, believed ?? '') && told?.isLie !== true;
  return isOld ? 'yes' : 'deceived';
};

/** `known` with who is given something from an index on: an earlier one stands. */
const from = (known: Readonly<Record<string, number>>, who: string, index: number): Readonly<Record<string, number>> =>
  filed(known, who, Math.min(named(known, who) ?? index, index));

const given = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  const stored = storedAs(moment, 'room key given');
  if (stored === null || !witness.honest(stored.player)) return before;
  const { player, patch } = stored;
  const session = before.sessions[patch.sessionId];
  if (session === undefined || session.maker !== player) return before;
  const { accounts } = before;
  const isMember = (user: UserId): boolean => membershipOf(before, patch.room, user) !== null;
  const to = patch.to
    .filter(({ user }) => isMember(user))
    .reduce((known, { user }) => from(known, user, patch.index), session.to);
  const now = patch.flag ? consent(before, player, patch.room, patch.visibility) : 'no';
  const later = session.later === 'yes' ? now : session.later;
  const ghosts = patch.to
    .filter(({ user, device }) => !isGenuineDevice(accounts, user, device, witness))
    .reduce(
      (known, { user, device }) => filed(known, user, from(named(known, user) ?? {}, device, patch.index)),
      session.ghosts,
    );
  return withSession(before, patch.sessionId, {
    ...session,
    flag: patch.flag,
    later,
    isMeant: (session.isMeant ?? true) && isOpen(visibilityOf(before, patch.room)) && isOpen(patch.visibility),
    to,
    ghosts,
    isWarned: session.isWarned && (later !== 'deceived' || isWarnedOf(before, player, patch.room)),
  });
};

/** What is written while the room is closed closes the session it is written in. */
const sent = (before: Sessions, moment: Moment): Sessions => {
  const message = sentIn(moment);
  const session = message === null ? undefined : before.sessions[message.sessionId];
  if (message === null || session === undefined || session.maker !== message.player) return before;
  const believed = before.believed[message.player]?.[message.room]?.is ?? null;
  const later = session.later === 'yes' ? consent(before, message.player, message.room, believed) : session.later;
  const isMeant = (session.isMeant ?? true) && isOpen(visibilityOf(before, message.room));
  const isWarned = session.isWarned && (later !== 'deceived' || isWarnedOf(before, message.player, message.room));
  return later === session.later && isMeant === session.isMeant && isWarned === session.isWarned
    ? before
    : withSession(before, message.sessionId, { ...session, later, isMeant, isWarned });
};

/** Whether a user was given a session first-hand, or made it. */
export const isFirstHand = (session: SessionTruth, user: UserId): boolean => Object.hasOwn(session.to, user);

/** Whether they can open with that what was sealed at an index. */
export const isFirstHandAt = (session: SessionTruth, user: UserId, index: number): boolean =>
  (named(session.to, user) ?? Number.POSITIVE_INFINITY) <= index;
