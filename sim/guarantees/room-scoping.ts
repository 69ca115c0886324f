import { keysStored } from './evidence/requests.ts';
import type { Guarantee } from './types.ts';
import { throughout } from './watching.ts';

export const roomScoping: Guarantee<null> = {
  id: 'room-scoping',
  kind: 'always',
  accepts: [],
  begin: null,
  see: (memory, step, witness) =>
    throughout(memory, step, (_, moment) => {
      const bundled = keysStored(moment).flatMap(({ player, held }) =>
        held.origin.how === 'bundle' && witness.honest(player)
          ? [{ player, room: held.room, meant: held.origin.room }]
          : [],
      );
      const astray = bundled.find(({ room, meant }) => room !== meant);
      return {
        memory,
        breaks:
          astray === undefined
            ? []
            : [
                {
                  at: astray.player,
                  about: { is: 'room', room: astray.room },
                  why: `${astray.player} takes a room key for ${astray.room} from a bundle about ${astray.meant}`,
                  acceptedBy: null,
                },
              ],
        shadow: bundled.some(({ room, meant }) => room === meant),
      };
    }),
};
