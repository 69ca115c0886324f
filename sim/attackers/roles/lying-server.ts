import { asServer } from '../offers.ts';
import { hoardsAll } from '../overhear.ts';
import { all, role } from '../role.ts';
import { atServer, byLetter, inRooms } from '../room-offers.ts';

export const lyingServer = role({
  plays: 'lying-server',
  of: ['server'],
  text: 'Runs a homeserver: drops, delays, replays, injects, lies about devices, keys and backups, to all or to one device alone.',
  has: 'A homeserver: all that lies on it, and all that is asked of it.',
  may: 'Drop, delay, replay, reorder and make up letters; list other devices, keys and identities; say other things of rooms, backups, account data and files; to everybody, or to one device alone.',
  strength: 8,
  sits: 'at the server',
  reaches: 'its server',
  begin: hoardsAll,
  offers: all(asServer, inRooms(byLetter, atServer)),
});
