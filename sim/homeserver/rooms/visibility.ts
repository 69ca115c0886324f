/** Who may read which events ("Room history visibility", server behaviour). */
import { stringAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Room, RoomEvent } from '../types.ts';
import { compare, type Membership, membershipIn } from './state.ts';

type Moment = {
  readonly visibility: string;
  readonly membership: Membership;
  readonly set: RoomEvent | undefined;
  readonly member: RoomEvent | undefined;
};
const unknown: Moment = { visibility: 'shared', membership: 'leave', set: undefined, member: undefined };

/** What counts for this user after `event`; an event that is older than what stands changes nothing. */
const past =
  (userId: UserId) =>
  (moment: Moment, event: RoomEvent): Moment => {
    const isNew = (held: RoomEvent | undefined): boolean => held === undefined || compare(held, event) <= 0;
    if (event.type === 'm.room.history_visibility' && event.state_key === '' && isNew(moment.set))
      return { ...moment, set: event, visibility: stringAt(event.content, 'history_visibility') ?? 'shared' };
    if (event.type === 'm.room.member' && event.state_key === userId && isNew(moment.member))
      return { ...moment, member: event, membership: membershipIn(event) };
    return moment;
  };

export type Sight = {
  /** Whether the entry at `index` of the timeline may be read. */
  readonly sees: (index: number) => boolean;
  /** The user's membership at that entry, before it. */
  readonly membershipAt: (index: number) => Membership;
};

/**
 * What a user may read of a room, judged for each event by the state at that event: all that is world-readable; all that was
 * sent while they were in; what was `shared` before they joined (if ever they did); what was for the `invited` while they
 * were invited. Changes of visibility and of their own membership are seen by whoever may see either side of them.
 */
export const sightOf = (room: Room, userId: UserId): Sight => {
  const step = past(userId);
  const moments: { readonly before: Moment; readonly after: Moment }[] = [];
  let now = unknown;
  for (const { event, given } of room.timeline) {
    const before: Moment = given === undefined ? now : given.reduce(step, unknown);
    now = step(before, event);
    moments.push({ before, after: now });
  }
  const lastJoin = moments.findLastIndex(({ before, after }) => after.membership === 'join' && before !== after);
  const allows = (visibility: string, membership: Membership, index: number): boolean =>
    visibility === 'world_readable' ||
    membership === 'join' ||
    (membership === 'invite' && visibility === 'invited') ||
    (visibility !== 'invited' && visibility !== 'joined' && lastJoin > index);
  return {
    membershipAt: (index) => moments[index]?.before.membership ?? now.membership,
    sees: (index) => {
      const moment = moments[index];
      if (moment === undefined) return false;
      const { before, after } = moment;
      return (
        allows(before.visibility, before.membership, index) ||
        allows(after.visibility, before.membership, index) ||
        allows(before.visibility, after.membership, index)
      );
    },
  };
};
