import { clausesOf } from '../../machines/acceptances.ts';
import { keysStored } from './evidence/requests.ts';
import type { Guarantee } from './types.ts';
import { throughout } from './watching.ts';

export const roomScoping: Guarantee<null> = {
  id: 'room-scoping',
  kind: 'always',
  accepts: clausesOf('room-scoping'),
  begin: null,
  see: (memory, step, witness) =>
    throughout(memory, step, (_, moment) => {
      const bundled = keysStored(moment).flatMap(({ player, held }) =>
        held.origin.how === 'bundle' && witness.honest(player)
          ? [{ player, room: held.room, meant: held.origin.room }]
          : [],
      );
      const astray = bundled.filter(({ room, meant }) => room !== meant);
      return {
        memory,
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
