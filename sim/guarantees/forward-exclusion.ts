import { clausesOf } from '../../machines/acceptances.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { among, filed, filedOrNot, userOf } from './evidence/accounts.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { isSettled } from './evidence/claims.ts';
import { isLetterTo, keysStored, sentIn, storedAs } from './evidence/requests.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import { isOut, membershipOf, noRooms, type Rooms, roomsAfter } from './evidence/rooms.ts';
import { isTold, type Leaves, leavesAfter, noLeaves, unheardOf } from './evidence/unheard-leaves.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = Rooms &
  Copied &
  Leaves & {
    /** Device → room keys that it gives, and history that it shares, of which no letter has gone out yet. */
    readonly sharing: Readonly<Record<PlayerId, readonly Shared[]>>;
    /** Session → who can hold it: they made it, were sent it or word of a bundle with it, stored or learned it. */
    readonly holders: Readonly<Record<string, readonly UserId[]>>;
  };

type Shared = {
  readonly is: 'room key' | 'history';
  readonly room: RoomId;
  readonly user: UserId;
  readonly sessions: readonly string[];
};

const withHolders = (memory: Memory, sessionId: string, ...users: readonly UserId[]): Memory => {
  const known = memory.holders[sessionId] ?? [];
  const now = among(known, ...users);
  return now === known ? memory : { ...memory, holders: filed(memory.holders, sessionId, now) };
};

/** Who can hold which session after a moment. */
const holding = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const given = storedAs(moment, 'room key given');
  if (given !== null) {
    const { room, sessionId, to } = given.patch;
    const users = [...new Set(to.map(({ user }) => user))];
    const sessions = [sessionId];
    return sharing(memory, given.player, ...users.map((user): Shared => ({ is: 'room key', room, user, sessions })));
  }
  const shared = storedAs(moment, 'history shared');
  if (shared !== null) {
    const { room, user, sessions, devices } = shared.patch;
    return devices.length === 0 || sessions.length === 0
      ? memory
      : sharing(memory, shared.player, { is: 'history', room, user, sessions: [...sessions].sort() });
  }
  if (moment.kind === 'learned') {
    const id = sessionIdIn(moment.term);
    const own = memory.accounts.logins.find(({ user }) => witness.personOf(user) === moment.player)?.user;
    return id === null || own === undefined ? memory : withHolders(memory, id, own);
  }
  return keysStored(moment).reduce((now, { player, held }) => {
    const user = userOf(now.accounts, player);
    return user === null ? now : withHolders(now, held.session.sessionId, user);
  }, memory);
};

const sharing = (memory: Memory, player: PlayerId, ...more: readonly Shared[]): Memory =>
  withSharing(memory, player, [...(memory.sharing[player] ?? []), ...more]);
const withSharing = (memory: Memory, player: PlayerId, sharing: readonly Shared[]): Memory => ({
  ...memory,
  sharing: filedOrNot(memory.sharing, player, sharing.length === 0 ? null : sharing),
});

/** Whether a device is done with sending: what has not gone out by now does not. */
const isDone = (memory: Memory, moment: Moment, player: PlayerId, { is, room }: Shared): boolean =>
  is === 'history' || moment.kind !== 'heard'
    ? isSettled(memory, moment, player, room)
    : moment.player === player && moment.event.type === 'room-keys.given' && moment.room === room;

/**
 * Room keys and word of shared history go out by letter: to whom is known, what it says is not. What never left nobody can go by. A real
 * client in a seat says what it gave and shared once its letters are out.
 */
const handing = (memory: Memory, moment: Moment, step: Step): Memory =>
  Object.entries(memory.sharing).reduce((now, [player, sharing]) => {
    const isSaid = (storedAs(moment, 'history shared') ?? storedAs(moment, 'room key given'))?.player === player;
    const isHanded = ({ user }: Shared): boolean =>
      isLetterTo(moment, player, user) || (isSaid && step.moments.some((one) => isLetterTo(one, player, user)));
    const left = sharing.filter((one) => !isHanded(one) && !isDone(now, moment, player, one));
    if (left.length === sharing.length) return now;
    return sharing
      .filter(isHanded)
      .reduce(
        (known, { user, sessions }) => sessions.reduce((then, id) => withHolders(then, id, user), known),
        withSharing(now, player, left),
      );
  }, memory);

const look = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const before = asCopied(earlier, moment, 'sharing');
  const known = roomsAfter(before, moment);
  const memory = leavesAfter(handing(holding(known, moment, witness), moment, step), moment, before, witness);
  const message = sentIn(moment);
  if (message === null || !witness.honest(message.player)) return { memory };
  const { player, room, sessionId } = message;
  const sender = userOf(memory.accounts, player);
  const others = (memory.holders[sessionId] ?? []).filter((user) => user !== sender);
  const readers = others.filter((user) => isOut(membershipOf(memory, room, user)));
  const breaks = readers.map((user): Break => {
    const acceptedBy = unheardOf(memory, player, room, user, witness);
    const asTold = isTold(memory, player, room, user) ? ', as it was told' : '';
    const why = `${user} is out of ${room}${asTold}, and holds the room key that ${player} writes under`;
    return { at: player, about: { is: 'member', room, user }, why, acceptedBy };
  });
  return { memory, breaks, shadow: breaks.length === 0 && others.length > 0 };
};

export const forwardExclusion: Guarantee<Memory> = {
  id: 'forward-exclusion',
  kind: 'always',
  accepts: clausesOf('forward-exclusion'),
  begin: { ...noRooms, ...noneCopied, ...noLeaves, sharing: {}, holders: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
