/** What is true of rooms, whatever a server tells: who was asked in, joined and left, and who may read what was said before. */
import type { Membership, RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment } from '../../engine/types.ts';
import { type Accounts, accountsAfter, among, filed, noAccounts, userOf } from './accounts.ts';
import { roomActs } from './requests.ts';

export type RoomTruth = {
  readonly members: Readonly<Record<UserId, Membership>>;
  /** Who has asked a user in since they were last outside. */
  readonly inviters: Readonly<Record<UserId, readonly UserId[]>>;
  /** Every history visibility it has had, as people set it; the last one holds. */
  readonly visibilities: readonly string[];
};
export type Rooms = { readonly accounts: Accounts; readonly rooms: Readonly<Record<RoomId, RoomTruth>> };
export const noRooms: Rooms = { accounts: noAccounts, rooms: {} };

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

/** Rooms after a moment. Those that nobody created are none: casts without rooms leave this as it is. */
export const roomsAfter = (before: Rooms, moment: Moment): Rooms => {
  const accounts = accountsAfter(before.accounts, moment);
  let now = accounts === before.accounts ? before : { ...before, accounts };
  if (moment.kind !== 'request') return now;
  for (const act of roomActs(moment)) {
    const truth = now.rooms[act.room] ?? empty;
    const asker = userOf(now.accounts, moment.from);
    if (act.act === 'visibility') {
      if (truth.visibilities.at(-1) === act.is) continue;
      now = withRoom(now, act.room, { ...truth, visibilities: [...truth.visibilities, act.is] });
      continue;
    }
    const user = act.user ?? asker;
    if (user === null) continue;
    const invited = truth.inviters[user] ?? [];
    const isOut = act.is === 'leave' || act.is === 'ban';
    const inviters = isOut ? [] : act.is === 'invite' && asker !== null ? among(invited, asker) : invited;
    const members = truth.members[user] === act.is ? truth.members : filed(truth.members, user, act.is);
    const invitersNow = inviters.join() === invited.join() ? truth.inviters : filed(truth.inviters, user, inviters);
    if (members === truth.members && invitersNow === truth.inviters) continue;
    now = withRoom(now, act.room, { ...truth, members, inviters: invitersNow });
  }
  return now;
};

const withRoom = (before: Rooms, room: RoomId, truth: RoomTruth): Rooms => ({
  ...before,
  rooms: filed(before.rooms, room, truth),
});
