/** What is true of rooms, whatever a server tells: who was asked in, joined and left, and who may read what was said before. */

import { stringAt } from '../../../machines/json.ts';
import type { Membership, RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import { type Accounts, accountsAfter, among, filed, filedIn, noAccounts, noted, userOf } from './accounts.ts';
import { doneAs, type RequestMoment } from './asked.ts';
import { roomActs } from './requests.ts';

export type RoomTruth = {
  readonly members: Readonly<Record<UserId, Membership>>;
  /** Who has asked a user in since they were last outside. */
  readonly inviters: Readonly<Record<UserId, readonly UserId[]>>;
  /** Every history visibility it has had, as people set it; the last one holds. */
  readonly visibilities: readonly string[];
};
/** An e-mail address as a homeserver's identity server knows it: whose it is, and who has asked it into which room as long as it is nobody's. */
type Address = {
  readonly owner: UserId | null;
  readonly waiting: Readonly<Record<RoomId, readonly UserId[]>>;
};
export type Rooms = {
  readonly accounts: Accounts;
  readonly rooms: Readonly<Record<RoomId, RoomTruth>>;
  /** Homeserver → address. */
  readonly addresses: Readonly<Record<PlayerId, Readonly<Record<string, Address>>>>;
};
export const noRooms: Rooms = { accounts: noAccounts, rooms: {}, addresses: {} };

const empty: RoomTruth = { members: {}, inviters: {}, visibilities: [] };

export const isOpen = (visibility: string | null | undefined): boolean =>
  visibility === 'shared' || visibility === 'world_readable';

export const visibilityOf = ({ rooms }: Rooms, room: RoomId): string | null => rooms[room]?.visibilities.at(-1) ?? null;
/** Whether somebody ever set it so: what a device believes may be old news, but no lie. */
export const wasEver = ({ rooms }: Rooms, room: RoomId, visibility: string): boolean =>
  rooms[room]?.visibilities.includes(visibility) === true;
export const membershipOf = ({ rooms }: Rooms, room: RoomId, user: UserId): Membership | null =>
  rooms[room]?.members[user] ?? null;
export const invitersOf = ({ rooms }: Rooms, room: RoomId, user: UserId): readonly UserId[] =>
  rooms[room]?.inviters[user] ?? [];

/** A member's change, and by whom it is. */
export type Change = {
  readonly room: RoomId;
  readonly user: UserId;
  readonly is: Membership;
  readonly by: UserId | null;
};

/** Whoever is asked in by an address that is theirs; whom `before` already knows it of. An owner who is in, or banned, is not. */
const askedInBy = ({ rooms }: Rooms, owner: UserId, room: RoomId, by: UserId | null): readonly Change[] => {
  const is = rooms[room]?.members[owner];
  return is === 'join' || is === 'ban' ? [] : [{ room, user: owner, is: 'invite', by }];
};

const addressAt = ({ addresses }: Rooms, server: PlayerId, address: string): Address =>
  named(named(addresses, server) ?? {}, address) ?? { owner: null, waiting: {} };

/** What a request changes about members of rooms, those included who are asked in by an address; `before` knows its accounts already. */
export const changesIn = (before: Rooms, moment: Moment): readonly Change[] => {
  if (moment.kind !== 'request') return [];
  const asker = userOf(before.accounts, moment.from);
  const bound = addressBoundIn(moment);
  if (bound !== null)
    return asker === null
      ? []
      : Object.entries(addressAt(before, moment.to, bound).waiting).flatMap(([room, inviters]) =>
          inviters.flatMap((by) => askedInBy(before, asker, room, by)),
        );
  return roomActs(moment).flatMap((act): readonly Change[] => {
    if (act.act === 'visibility') return [];
    if (act.act === 'member') {
      const user = act.user ?? asker;
      return user === null ? [] : [{ room: act.room, user, is: act.is, by: asker }];
    }
    const { owner } = addressAt(before, moment.to, act.address);
    return owner === null ? [] : askedInBy(before, owner, act.room, asker);
  });
};

/** The address that a request has bound to the account of whoever asked ("POST account/3pid/bind"); `null` for other moments. */
const addressBoundIn = (moment: Moment): string | null => stringAt(doneAs(moment, 'bind address')?.body, 'sid') ?? null;

/** Rooms after a moment. Those that nobody created are none: casts without rooms leave this as it is. */
export const roomsAfter = <M extends Rooms>(before: M, moment: Moment): M => {
  const accounts = accountsAfter(before.accounts, moment);
  const known = accounts === before.accounts ? before : { ...before, accounts };
  // Nine in ten ask for something else.
  if (moment.kind !== 'request' || (roomActs(moment).length === 0 && addressBoundIn(moment) === null)) return known;
  return changesIn(known, moment).reduce<M>(changed, addressing(setting(known, moment), moment));
};

const setting = <M extends Rooms>(before: M, moment: Moment): M =>
  roomActs(moment).reduce<M>((now, act) => {
    if (act.act !== 'visibility') return now;
    const truth = now.rooms[act.room] ?? empty;
    return truth.visibilities.at(-1) === act.is
      ? now
      : withRoom(now, act.room, { ...truth, visibilities: [...truth.visibilities, act.is] });
  }, before);

export const isOut = (is: string | null): boolean => is === 'leave' || is === 'ban';

const changed = <M extends Rooms>(now: M, { room, user, is, by }: Change): M => {
  const truth = now.rooms[room] ?? empty;
  const invited = truth.inviters[user] ?? [];
  const inviters = isOut(is) ? [] : is === 'invite' && by !== null ? among(invited, by) : invited;
  const members = truth.members[user] === is ? truth.members : filed(truth.members, user, is);
  const invitersNow = inviters.join() === invited.join() ? truth.inviters : filed(truth.inviters, user, inviters);
  return members === truth.members && invitersNow === truth.inviters
    ? now
    : withRoom(now, room, { ...truth, members, inviters: invitersNow });
};

/** Whose addresses are, and who waits for whoever they turn out to belong to. */
const addressing = <M extends Rooms>(before: M, moment: RequestMoment): M => {
  const asker = userOf(before.accounts, moment.from);
  if (asker === null) return before;
  const bound = addressBoundIn(moment);
  if (bound !== null) return withAddress(before, moment.to, bound, { owner: asker, waiting: {} });
  return roomActs(moment).reduce<M>((now, act) => {
    if (act.act !== 'address') return now;
    const { owner, waiting } = addressAt(now, moment.to, act.address);
    const more = owner === null ? noted(waiting, act.room, asker) : waiting;
    return more === waiting ? now : withAddress(now, moment.to, act.address, { owner, waiting: more });
  }, before);
};

const withAddress = <M extends Rooms>(before: M, server: PlayerId, address: string, known: Address): M => ({
  ...before,
  addresses: filedIn(before.addresses, server, address, known),
});
const withRoom = <M extends Rooms>(before: M, room: RoomId, truth: RoomTruth): M => ({
  ...before,
  rooms: filed(before.rooms, room, truth),
});
