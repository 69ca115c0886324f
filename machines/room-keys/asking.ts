/**
 * Questions q18 and q27: a client goes by what syncs have told it of a room (A), or asks its server for the room as it is before it
 * writes (B): who may read what was said, and who is there.
 */
import { stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import { roomOf } from './context.ts';
import { type Effect, type On, type RoomKeysParts, words } from './events.ts';
import { readingOf } from './options.ts';

const { core, performs, permits, remembers, tellSelf } = words;

export const askingParts = {
  'asks its server first': permits(({ me }) => readingOf(me, 'q18') === 'B' || readingOf(me, 'q27') === 'B'),
  'asks how the room is': performs((context) => {
    const room = roomOf(context);
    const visibility: Effect = {
      type: 'request',
      method: 'GET',
      path: paths.roomState(room, 'm.room.history_visibility'),
      answerAs: 'room-keys.visibility',
    };
    const members: Effect = core({ ask: 'members of', room, answerAs: 'room-keys.asked' });
    return {
      effects: [
        ...(readingOf(context.me, 'q18') === 'B' ? [visibility] : []),
        readingOf(context.me, 'q27') === 'B' ? members : tellSelf({ type: 'room-keys.asked' }),
      ],
    };
  }),
  'takes the visibility as the server has it': remembers((_, { status, body }: On<'room-keys.visibility'>) =>
    status === 200 ? { visibility: stringAt(body, 'history_visibility') ?? null } : null,
  ),
} satisfies RoomKeysParts;
