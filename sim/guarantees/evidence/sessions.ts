/** What is true of Megolm sessions: who made them, for whom, and whether their makers let people who come later read them. */
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../types.ts';
import type { Witness } from '../types.ts';
import { among, filed, isGenuineDevice, userOf } from './accounts.ts';
import { isBesideRooms, keysStored, sentIn, shownAs, storedAs, syncedIn } from './requests.ts';
import { isOpen, membershipOf, noRooms, type Rooms, roomsAfter, visibilityOf, wasEver } from './rooms.ts';

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
  /** Whether the room was open, and its maker knew, whenever it was given out or written under. */
  readonly isMeant: boolean;
  /** Who was given it first-hand while in the room, or asked in. */
  readonly to: readonly UserId[];
  /** Whether it was also given to a device that its user never logged in. */
  readonly toGhosts: boolean;
};

/** `at`: which of the room's visibilities that is; a lie leaves it where it was. */
type Told = { readonly is: string; readonly at: number; readonly isLie: boolean };

export type Sessions = Rooms & {
  readonly sessions: Readonly<Record<string, SessionTruth>>;
  /** Device → room → the visibility it was last told of. */
  readonly believed: Readonly<Record<PlayerId, Readonly<Record<RoomId, Told>>>>;
  /** `<device> <room>`: its user was shown that what they write can be read by those who come later. */
  readonly warned: readonly string[];
};
export const noSessions: Sessions = { ...noRooms, sessions: {}, believed: {}, warned: [] };

/** Sessions after a moment, with the rooms and accounts they rest on. */
export const sessionsAfter = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  if (isBesideRooms(moment)) return before;
  const now: Sessions = moment.kind === 'request' ? withRooms(before, moment) : before;
  const heard = hearing(now, moment, witness);
  const warned = warning(heard, moment);
  return sent(given(made(warned, moment, witness), moment, witness), moment);
};

const withRooms = (before: Sessions, moment: Moment): Sessions => {
  const after = roomsAfter(before, moment);
  return after === before ? before : { ...before, accounts: after.accounts, rooms: after.rooms };
};

const hearing = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  if (moment.kind !== 'request' || !witness.honest(moment.from)) return before;
  let believed = before.believed;
  for (const { room, visibilities } of syncedIn(moment)) {
    for (const is of visibilities) {
      const known = believed[moment.from]?.[room];
      const told = placed(before.rooms[room]?.visibilities ?? [], known?.at ?? 0, is);
      if (known?.is === told.is && known.at === told.at && known.isLie === told.isLie) continue;
      believed = filed(believed, moment.from, filed(believed[moment.from] ?? {}, room, told));
    }
  }
  return believed === before.believed ? before : { ...before, believed };
};

/** What a device is told can be old, never older than what it was told before: nobody takes that back but by lying. */
const placed = (visibilities: readonly string[], from: number, is: string): Told => {
  const at = visibilities.indexOf(is, from);
  return at < 0 ? { is, at: from, isLie: true } : { is, at, isLie: false };
};

const warning = (before: Sessions, moment: Moment): Sessions => {
  const shown = shownAs(moment, 'history visible');
  if (shown === null) return before;
  const warned = among(before.warned, `${shown.player} ${String(shown.notice.room)}`);
  return warned === before.warned ? before : { ...before, warned };
};

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
    if (held.origin.how !== 'made' || user === null || now.rooms[held.room] === undefined) continue;
    if (!witness.honest(player) || now.sessions[id] !== undefined) continue;
    now = withSession(now, id, {
      room: held.room,
      maker: player,
      user,
      flag: held.sharedHistory,
      later: held.sharedHistory ? 'yes' : 'no',
      isMeant: witness.implementsText(player, 'MSC4268'),
      to: [user],
      toGhosts: false,
    });
  }
  return now;
};

/** Whether the room lets those read who come later, as its people made it and as far as the maker can know. */
const consent = (now: Sessions, player: PlayerId, room: RoomId, believed: string | null): SessionTruth['later'] => {
  if (isOpen(visibilityOf(now, room))) return 'yes';
  if (!isOpen(believed)) return 'no';
  // Old news is nobody's fault: it was said while the maker could not know better.
  const told = now.believed[player]?.[room];
  const isOld = believed !== null && wasEver(now, room, believed) && told?.isLie !== true;
  return isOld ? 'yes' : 'deceived';
};

const given = (before: Sessions, moment: Moment, witness: Witness): Sessions => {
  const stored = storedAs(moment, 'room key given');
  if (stored === null || !witness.honest(stored.player)) return before;
  const { player, patch } = stored;
  const session = before.sessions[patch.sessionId];
  if (session === undefined || session.maker !== player) return before;
  const { accounts } = before;
  const isMember = (user: UserId): boolean => membershipOf(before, patch.room, user) !== null;
  const users = patch.to.map(({ user }) => user).filter(isMember);
  const later = patch.flag ? consent(before, player, patch.room, patch.visibility) : 'no';
  return withSession(before, patch.sessionId, {
    ...session,
    flag: patch.flag,
    later: session.later === 'yes' || session.later === later ? later : session.later,
    isMeant: session.isMeant && isOpen(visibilityOf(before, patch.room)) && isOpen(patch.visibility),
    to: among(session.to, ...users),
    toGhosts: session.toGhosts || patch.to.some(({ user, device }) => !isGenuineDevice(accounts, user, device)),
  });
};

/** What is written while the room is closed closes the session it is written in. */
const sent = (before: Sessions, moment: Moment): Sessions => {
  const message = sentIn(moment);
  const session = message === null ? undefined : before.sessions[message.sessionId];
  if (message === null || session === undefined || session.maker !== message.player) return before;
  const believed = before.believed[message.player]?.[message.room]?.is ?? null;
  const later = session.later === 'yes' ? consent(before, message.player, message.room, believed) : session.later;
  const isMeant = session.isMeant && isOpen(visibilityOf(before, message.room));
  return later === session.later && isMeant === session.isMeant
    ? before
    : withSession(before, message.sessionId, { ...session, later, isMeant });
};

/** Whether a user was given a session first-hand, or made it. */
export const isFirstHand = (session: SessionTruth, user: UserId): boolean => session.to.includes(user);

/** Whether its maker was shown that people who come later can read along in that room. */
export const wasWarned = ({ warned }: Sessions, { maker, room }: SessionTruth): boolean =>
  warned.includes(`${maker} ${room}`);
