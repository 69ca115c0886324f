/** Sync tokens, and what a position in a user's stream has behind it. */
import type { UserId } from '../../machines/types.ts';
import { streamOf } from './state.ts';
import type { Homeserver, Position } from './types.ts';

export const tokenOf = (position: Position): string => `s${position}`;

/** The position a sync token stands for; `null` for one that this user was never given. */
export const positionOf = (server: Homeserver, userId: UserId, token: string): Position | null => {
  const position = /^s(0|[1-9][0-9]*)$/.test(token) ? Number(token.slice(1)) : Number.NaN;
  return position <= streamOf(server, userId).position ? position : null;
};

/** Whose device lists changed after `since`, in the order in which this user first heard of them. */
export const changedSince = (server: Homeserver, userId: UserId, since: Position): readonly UserId[] =>
  Object.entries(streamOf(server, userId).deviceLists).flatMap(([changed, position]) =>
    position > since ? [changed] : [],
  );
