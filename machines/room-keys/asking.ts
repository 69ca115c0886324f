/**
 * Questions q18 and q27: a client goes by what syncs have told it of a room (A), or asks its server for the room as it is before it
 * writes (B): who may read what was said, and who is there.
 */
import type { Change, Part } from '../clauses.ts';
import { stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { Effect } from '../types.ts';
import { type Args, type RoomKeysContext, roomOf } from './context.ts';

export const askingParts = {
  'asks its server first': {
    kind: 'plain',
    permits: ({ me }: RoomKeysContext) => me.readings.q18 === 'B' || me.readings.q27 === 'B',
  },
  'asks how the room is': {
    kind: 'plain',
    perform: (...[context]: Args): Change<RoomKeysContext> => {
      const room = roomOf(context);
      const { q18, q27 } = context.me.readings;
      const told = 'room-keys.asked';
      const visibility: Effect = {
        type: 'request',
        method: 'GET',
        path: paths.roomState(room, 'm.room.history_visibility'),
        answerAs: 'room-keys.visibility',
        with: { room },
      };
      const members: Effect = {
        type: 'request',
        method: 'GET',
        path: paths.members(room),
        answerAs: 'core.members',
        with: { room, told },
      };
      return {
        effects: [
          ...(q18 === 'B' ? [visibility] : []),
          q27 === 'B' ? members : { type: 'tell', event: { type: told, room } },
        ],
      };
    },
  },
  'takes the visibility as the server has it': {
    kind: 'plain',
    perform: (...[, event]: Args) =>
      event.status === 200 ? { context: { visibility: stringAt(event.body, 'history_visibility') ?? null } } : null,
  },
} satisfies Readonly<Record<string, Part<RoomKeysContext>>>;
