/** Who is out of which room, and whether a device has heard of it, or was kept from hearing of it. */
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import { concededBy } from '../conceded.ts';
import type { Witness } from '../types.ts';
import { among, filed } from './accounts.ts';
import { askedIn, type RequestMoment, toldAs } from './asked.ts';
import { asCopied, type Copied } from './beginning.ts';
import { roomActs, syncedIn } from './requests.ts';
import { type Change, changesIn, isOut, type Rooms } from './rooms.ts';

export type Leaves = {
  /** Room → server → who left as far as it can know: they, or whoever put them out, said so there. */
  readonly left: Readonly<Record<RoomId, Readonly<Record<string, readonly UserId[]>>>>;
  /** Device → room → who it has been told is out. */
  readonly told: Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
  /** Device → room → who its server knew to be out and kept quiet about, in a sync without a gap. */
  readonly kept: Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
};
export const noLeaves: Leaves = { left: {}, told: {}, kept: {} };

const changed = (list: readonly UserId[], user: UserId, isIn: boolean): readonly UserId[] =>
  isIn ? among(list, user) : list.includes(user) ? list.filter((one) => one !== user) : list;

/** Who a server can know to be out: what was asked of it, and what other servers handed to it. */
const leaving = <M extends Leaves>(memory: M, moment: Moment, before: Rooms): M => {
  if (moment.kind !== 'request' || moment.status !== 200) return memory;
  const changes = askedIn(moment)?.asks === 'hand over' ? handedOver(moment) : changesIn(before, moment);
  let { left } = memory;
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

const withIn = <M extends Leaves>(
  memory: M,
  which: 'told' | 'kept',
  player: PlayerId,
  room: RoomId,
  now: readonly UserId[],
): M => {
  const inRoom = memory[which][player] ?? {};
  return inRoom[room] === now || (inRoom[room] === undefined && now.length === 0)
    ? memory
    : { ...memory, [which]: filed(memory[which], player, filed(inRoom, room, now)) };
};

/**
 * Who a device has been told is out: said in a sync, or passed over in one that leaves a gap where its server knew. A server that
 * knew, and leaves no gap, has kept quiet.
 */
const hearing = <M extends Leaves>(before: M, moment: Moment, witness: Witness): M => {
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
const doing = <M extends Leaves>(memory: M, moment: Moment): M => {
  if (moment.kind !== 'request' || moment.lost === true) return memory;
  return roomActs(moment).reduce((now, act) => {
    if (act.act !== 'member' || act.user === null) return now;
    const known = now.told[moment.from]?.[act.room] ?? [];
    return withIn(now, 'told', moment.from, act.room, changed(known, act.user, isOut(act.is)));
  }, memory);
};

/** What is known of leaves after a moment. `before`: the rooms as they were. */
export const leavesAfter = <M extends Leaves & Copied>(memory: M, moment: Moment, before: Rooms, witness: Witness): M =>
  doing(hearing(leaving(asCopied(memory, moment, 'told', 'kept'), moment, before), moment, witness), moment);

export const isTold = ({ told }: Leaves, player: PlayerId, room: RoomId, user: UserId): boolean =>
  told[player]?.[room]?.includes(user) === true;

/**
 * "m.megolm.v1.aes-sha2": a session is replaced once somebody "is seen to leave the room". Until the news has reached a sender its
 * messages go out under the old one, and the text asks no more. Of a server that has the news and keeps quiet it says nothing.
 *
 * The clause, where a device that sends now has not heard that the user is out; `null`: it has, or should have.
 */
export const unheardOf = (memory: Leaves, player: PlayerId, room: RoomId, user: UserId, witness: Witness) =>
  isTold(memory, player, room, user) || memory.kept[player]?.[room]?.includes(user) === true
    ? null
    : concededBy(witness, player, 'spec-rotate-once-seen');
