/** Places in a room's timeline as clients hold them. */
import type { UserId } from '../../../machines/types.ts';
import type { Room } from '../types.ts';

/** `t12`: before the thirteenth event that this server has of the room. */
export const timelineToken = (index: number): string => `t${index}`;

/** How many entries of a room a user has been told of up to a position in their stream. */
export const toldUpTo = (room: Room, userId: UserId, position: number): number =>
  room.timeline.findLastIndex(({ told }) => (told[userId] ?? Number.POSITIVE_INFINITY) <= position) + 1;

/** The index a token stands for: one of a timeline, or one of a sync; `null` for any other text. */
export const indexOf = (room: Room, userId: UserId, token: string): number | null => {
  const [, index] = /^t(0|[1-9][0-9]*)$/.exec(token) ?? [];
  if (index !== undefined) return Math.min(Number(index), room.timeline.length);
  const [, position] = /^s(0|[1-9][0-9]*)(?:_[0-9]+)?$/.exec(token) ?? [];
  return position === undefined ? null : toldUpTo(room, userId, Number(position));
};
