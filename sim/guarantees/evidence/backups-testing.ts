/** For tests of guarantees about backups. */
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import { request } from '../testing.ts';

/** A device puts room keys into a backup, and the server takes them: room → session → first index. */
export const putsRoomKeys = (
  player: PlayerId,
  keys: Readonly<Record<string, Readonly<Record<string, number>>>>,
  version = '1',
): Moment => {
  const rooms = Object.fromEntries(
    Object.entries(keys).map(([room, indexes]) => [
      room,
      {
        sessions: Object.fromEntries(
          Object.entries(indexes).map(([session, first_message_index]) => [session, { first_message_index }]),
        ),
      },
    ]),
  );
  return { ...request(player, { method: 'PUT', path: paths.backupKeys, body: { rooms } }), query: { version } };
};
