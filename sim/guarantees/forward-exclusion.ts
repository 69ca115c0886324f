import { clausesOf } from '../../machines/acceptances.ts';
import type { UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, Step } from '../engine/types.ts';
import { among, filed, userOf } from './evidence/accounts.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { goingOut, type Meant, type Unsent } from './evidence/meant.ts';
import { keysStored, sentIn, storedAs } from './evidence/requests.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import { isOut, membershipOf, noRooms, type Rooms, roomsAfter } from './evidence/rooms.ts';
import { isTold, type Leaves, leavesAfter, noLeaves, unheardOf } from './evidence/unheard-leaves.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = Rooms &
  Copied &
  Leaves & {
    /** Sessions whose keys devices give, or history with which they share, as far as that waits. */
    readonly unsent: Unsent<readonly string[]>;
    /** Session → who can hold it: they made it, were sent it or word of a bundle with it, stored or learned it. */
    readonly holders: Readonly<Record<string, readonly UserId[]>>;
  };

const withHolders = (memory: Memory, sessionId: string, ...users: readonly UserId[]): Memory => {
  const known = memory.holders[sessionId] ?? [];
  const now = among(known, ...users);
  return now === known ? memory : { ...memory, holders: filed(memory.holders, sessionId, now) };
};

/** What room keys a device gives, and what history it shares; `null` for other moments. */
const meantIn = (moment: Moment): Meant<readonly string[]> | null => {
  const given = storedAs(moment, 'room key given');
  if (given !== null) return { at: given.player, to: given.patch.to, what: [given.patch.sessionId] };
  const shared = storedAs(moment, 'history shared');
  if (shared === null) return null;
  const { user, sessions, devices } = shared.patch;
  return { at: shared.player, to: devices.map((device) => ({ user, device })), what: [...sessions].sort() };
};

/** Room keys and word of shared history go out by letter: what never left nobody can go by. */
const handing = (memory: Memory, moment: Moment, step: Step): Memory => {
  const { unsent, out } = goingOut(memory.unsent, moment, step, meantIn(moment));
  return out.reduce(
    (now, { to, what }) => what.reduce((known, id) => withHolders(known, id, ...to.map(({ user }) => user)), now),
    unsent === memory.unsent ? memory : { ...memory, unsent },
  );
};

/** Who can hold which session after a moment: who has learnt it, or keeps it. */
const holding = (memory: Memory, moment: Moment, witness: Witness): Memory => {
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

const look = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const before = asCopied(earlier, moment, 'unsent');
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
  begin: { ...noRooms, ...noneCopied, ...noLeaves, unsent: {}, holders: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
