import { clausesOf } from '../../machines/acceptances.ts';
import { keysCome, type Pointings, pointingsAfter, pointingsOf } from './evidence/arrivals.ts';
import type { Guarantee } from './types.ts';
import { throughout } from './watching.ts';

type Memory = { readonly pointers: Pointings };

export const roomScoping: Guarantee<Memory> = {
  id: 'room-scoping',
  kind: 'always',
  accepts: clausesOf('room-scoping'),
  begin: { pointers: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const pointers = pointingsAfter(before.pointers, moment, witness);
      const bundled = keysCome(step, moment, witness).flatMap((come) => {
        const { player, held } = come;
        const rooms = pointingsOf(pointers, come).map(({ room }) => room);
        // Of several pointers to one file it is not known which the device has followed.
        const meant = rooms.find((room) => room === held.room) ?? rooms[0];
        return meant !== undefined && witness.honest(player) ? [{ player, room: held.room, meant }] : [];
      });
      const astray = bundled.filter(({ room, meant }) => room !== meant);
      return {
        memory: pointers === before.pointers ? before : { pointers },
        breaks: astray.map(({ player, room, meant }) => ({
          at: player,
          about: { is: 'room', room },
          why: `${player} takes a room key for ${room} from a bundle about ${meant}`,
          acceptedBy: null,
        })),
        shadow: bundled.some(({ room, meant }) => room === meant),
      };
    }),
};
