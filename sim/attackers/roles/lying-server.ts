import type { Moves } from '../../engine/stage.ts';
import { hoardsAll } from '../overhear.ts';
import { asDevice, byLetter, each, role } from '../role.ts';

const withMail: Moves = ['inject', 'replay', 'reorder', 'drop', { told: 'hold back' }, 'rewrite sender', 'release'];
const ofDevices = each('sibling', 'show device', 'hide device', 'swap one-time key');
const toOneAlone: Moves = ['swap identity', 'show entries', 'show account data', 'tell the truth'];
const ofRooms: Moves = ['add device', 'forge membership', 'hide membership', 'forge history', 'forge message'];
const withFiles: Moves = ['expire media', 'replace media', 'bend media'];

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
  // What it cannot do itself a ghost of its own does.
  moves: [
    each('user', 'add device'),
    ...asDevice,
    each('user', 'swap identity'),
    each('user', 'bring back backup'),
    each('user', 'create backup'),
    each('device', ...withMail, 'show backup', 'hide backup', ofDevices, ...toOneAlone),
    each('room', ...byLetter, ...ofRooms, ...withFiles, each('person', 'plant room key'), 'inject'),
  ],
});
