import { clausesOf } from '../../machines/acceptances.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, filedOrNot, userOf } from './evidence/accounts.ts';
import { askedIn, type RequestMoment, toldAs } from './evidence/asked.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { isSettled } from './evidence/claims.ts';
import { isLetterTo, keysStored, roomActs, sentIn, storedAs, syncedIn } from './evidence/requests.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import { type Change, changesIn, membershipOf, noRooms, type Rooms, roomsAfter } from './evidence/rooms.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = Rooms &
  Copied & {
    /** Device → history that it shares, of which no word has gone out yet. */
    readonly sharing: Readonly<Record<PlayerId, readonly Shared[]>>;
    /** Session → who can hold it: they made it, were given it or word of a bundle with it, stored or learned it. */
    readonly holders: Readonly<Record<string, readonly UserId[]>>;
    /** Room → server → who left as far as it can know: they, or whoever put them out, said so there. */
    readonly left: Readonly<Record<RoomId, Readonly<Record<string, readonly UserId[]>>>>;
    /** Device → room → who it has been told is out. */
    readonly told: Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
    /** Device → room → who its server knew to be out and kept quiet about, in a sync without a gap. */
    readonly kept: Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
  };

type Shared = { readonly room: RoomId; readonly user: UserId; readonly sessions: readonly string[] };

const isOut = (is: string): boolean => is === 'leave' || is === 'ban';

const changed = (list: readonly UserId[], user: UserId, isIn: boolean): readonly UserId[] =>
  isIn ? among(list, user) : list.includes(user) ? list.filter((one) => one !== user) : list;

const withHolders = (memory: Memory, sessionId: string, ...users: readonly UserId[]): Memory => {
  const known = memory.holders[sessionId] ?? [];
  const now = among(known, ...users);
  return now === known ? memory : { ...memory, holders: filed(memory.holders, sessionId, now) };
};

/** Who can hold which session after a moment. */
const holding = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const given = storedAs(moment, 'room key given');
  if (given !== null) return withHolders(memory, given.patch.sessionId, ...given.patch.to.map(({ user }) => user));
  const shared = storedAs(moment, 'history shared');
  if (shared !== null) {
    const { room, user, sessions, devices } = shared.patch;
    const waiting = memory.sharing[shared.player] ?? [];
    return devices.length === 0 || sessions.length === 0
      ? memory
      : withSharing(memory, shared.player, [...waiting, { room, user, sessions: [...sessions].sort() }]);
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

const withSharing = (memory: Memory, player: PlayerId, sharing: readonly Shared[]): Memory => ({
  ...memory,
  sharing: filedOrNot(memory.sharing, player, sharing.length === 0 ? null : sharing),
});

/**
 * Word of shared history goes out by letter: to whom is known, of which history it is is not. What never left nobody can go by. A real
 * client in a seat says what it shared once its letters are out.
 */
const handing = (memory: Memory, moment: Moment, step: Step): Memory =>
  Object.entries(memory.sharing).reduce((now, [player, sharing]) => {
    const isSaid = storedAs(moment, 'history shared')?.player === player;
    const isTold = ({ user }: Shared): boolean =>
      isLetterTo(moment, player, user) || (isSaid && step.moments.some((one) => isLetterTo(one, player, user)));
    const left = sharing.filter((one) => !isTold(one) && !isSettled(now, moment, player, one.room));
    if (left.length === sharing.length) return now;
    return sharing
      .filter(isTold)
      .reduce(
        (known, { user, sessions }) => sessions.reduce((then, id) => withHolders(then, id, user), known),
        withSharing(now, player, left),
      );
  }, memory);

/** Who a server can know to be out: what was asked of it, and what other servers handed to it. */
const leaving = (memory: Memory, moment: Moment, before: Rooms): Memory => {
  if (moment.kind !== 'request' || moment.status !== 200) return memory;
  const changes = askedIn(moment)?.asks === 'hand over' ? handedOver(moment) : changesIn(before, moment);
  let left = memory.left;
  for (const { room, user, is } of changes) {
    const inRoom = left[room] ?? {};
    const known = named(inRoom, moment.to) ?? [];
    const now = changed(known, user, isOut(is));
    if (now !== known) left = filed(left, room, filed(inRoom, moment.to, now));
  }
  return left === memory.left ? memory : { ...memory, left };
};

const handedOver = (moment: RequestMoment): readonly Omit<Change, 'by'>[] => {
  const pdus = (moment.body as { readonly pdus?: unknown } | null)?.pdus;
  return (Array.isArray(pdus) ? pdus : []).flatMap((pdu) =>
    pdu?.type === 'm.room.member' && typeof pdu.state_key === 'string' && typeof pdu.room_id === 'string'
      ? [{ room: pdu.room_id, user: pdu.state_key, is: pdu.content?.membership }]
      : [],
  );
};

const withIn = <K extends 'told' | 'kept'>(
  memory: Memory,
  which: K,
  player: PlayerId,
  room: RoomId,
  now: readonly UserId[],
): Memory => {
  const inRoom = memory[which][player] ?? {};
  return inRoom[room] === now || (inRoom[room] === undefined && now.length === 0)
    ? memory
    : { ...memory, [which]: filed(memory[which], player, filed(inRoom, room, now)) };
};

/**
 * Who a device has been told is out: said in a sync, or passed over in one that leaves a gap where its server knew. A server that
 * knew, and leaves no gap, has kept quiet.
 */
const hearing = (before: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'request' || !witness.honest(moment.from)) return before;
  const { from: player, to: server } = moment;
  let memory = before;
  const news = syncedIn(moment);
  for (const { room, limited, members } of news) {
    const known = memory.told[player]?.[room] ?? [];
    const hidden = limited ? (named(memory.left[room] ?? {}, server) ?? []) : [];
    const now = members.reduce((list, { user, is }) => changed(list, user, isOut(is)), among(known, ...hidden));
    memory = withIn(memory, 'told', player, room, now);
  }
  if (toldAs(moment, 'sync') === null) return memory;
  for (const [room, byServer] of Object.entries(memory.left)) {
    const told = memory.told[player]?.[room] ?? [];
    const kept = (named(byServer, server) ?? []).filter((user) => !told.includes(user));
    memory = withIn(memory, 'kept', player, room, among([], ...kept));
  }
  return memory;
};

/** Whoever puts somebody out knows it before any sync says so. */
const doing = (memory: Memory, moment: Moment): Memory => {
  if (moment.kind !== 'request' || moment.lost === true) return memory;
  return roomActs(moment).reduce((now, act) => {
    if (act.act !== 'member' || act.user === null) return now;
    const known = now.told[moment.from]?.[act.room] ?? [];
    return withIn(now, 'told', moment.from, act.room, changed(known, act.user, isOut(act.is)));
  }, memory);
};

/**
 * "m.megolm.v1.aes-sha2": a session is replaced once somebody "is seen to leave the room". Until the news has reached a sender its
 * messages go out under the old one, and the text asks no more. Of a server that has the news and keeps quiet it says nothing.
 */
const acceptedFor = (memory: Memory, player: PlayerId, room: RoomId, reader: UserId, witness: Witness) =>
  memory.told[player]?.[room]?.includes(reader) === true || memory.kept[player]?.[room]?.includes(reader) === true
    ? null
    : concededBy(witness, player, 'spec-rotate-once-seen');

const look = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const before = asCopied(earlier, moment, 'sharing', 'told', 'kept');
  const known = roomsAfter(before, moment);
  const memory = doing(
    hearing(leaving(handing(holding(known, moment, witness), moment, step), moment, before), moment, witness),
    moment,
  );
  const message = sentIn(moment);
  if (message === null || !witness.honest(message.player)) return { memory };
  const { player, room, sessionId } = message;
  const sender = userOf(memory.accounts, player);
  const others = (memory.holders[sessionId] ?? []).filter((user) => user !== sender);
  const readers = others.filter((user) => isOut(membershipOf(memory, room, user) ?? ''));
  const breaks = readers.map((user): Break => {
    const acceptedBy = acceptedFor(memory, player, room, user, witness);
    const isTold = memory.told[player]?.[room]?.includes(user) === true;
    const why = `${user} is out of ${room}${isTold ? ', as it was told' : ''}, and holds the room key that ${player} writes under`;
    return { at: player, about: { is: 'member', room, user }, why, acceptedBy };
  });
  return { memory, breaks, shadow: breaks.length === 0 && others.length > 0 };
};

export const forwardExclusion: Guarantee<Memory> = {
  id: 'forward-exclusion',
  kind: 'always',
  accepts: clausesOf('forward-exclusion'),
  begin: { ...noRooms, ...noneCopied, sharing: {}, holders: {}, left: {}, told: {}, kept: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
