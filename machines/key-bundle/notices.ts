/** MSC4268: what either side is told of a bundle, in numbers and in words. What has no key in it is never said to be shared. */
import { show } from '../notice.ts';
import type { RoomId } from '../room-types.ts';
import type { UserId } from '../types.ts';

const counted = (count: number): string => (count === 0 ? 'no room key' : `${count} room key${count === 1 ? '' : 's'}`);
const withheldOf = (count: number, isAll = true): string => {
  const [number, are] = count === 0 ? ['none', 'is'] : [`${count}`, count === 1 ? 'is' : 'are'];
  return `${number} ${isAll ? '' : 'that this device lacks '}${are} withheld`;
};

/** To the inviter. `history shared`, or `history withheld` where no key is given. `sessions` are given, `withheld` are not. */
export const given = (room: RoomId, user: UserId, sessions: number, withheld: number) =>
  show(
    sessions === 0 ? 'history withheld' : 'history shared',
    sessions === 0
      ? `${user} is given ${counted(0)} to this room's history: ${withheldOf(withheld)}.`
      : `${user} is given ${counted(sessions)} to this room's history; ${withheldOf(withheld)}.`,
    { room, user, sessions, withheld },
  );

/**
 * To the invitee: `bundle imported`. `offered` entries had a key; `sessions` of them were taken; `withheld` says of how many sessions
 * this device learns that they are not for newcomers. `isAllNew`: the bundle withholds no others, such
 * as this device has already.
 */
export const received = (
  { room, user, url }: { readonly room: RoomId; readonly user: UserId; readonly url: string },
  {
    offered,
    sessions,
    withheld,
    isAllNew,
  }: {
    readonly offered: number;
    readonly sessions: number;
    readonly withheld: number;
    readonly isAllNew: boolean;
  },
) => {
  const text =
    offered === 0
      ? `${user} gave you ${counted(0)} to this room's history: ${withheldOf(withheld, isAllNew)}.`
      : sessions === 0
        ? `${user} offered you ${counted(offered)} to this room's history, of which this device took none; ${withheldOf(withheld, isAllNew)}.`
        : `${user} shared ${counted(sessions)} to this room's history with you; ${withheldOf(withheld, isAllNew)}.`;
  return show('bundle imported', text, { room, user, sessions, withheld, offered, url });
};
