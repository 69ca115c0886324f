import { after, inTurn, quiet } from '../../engine/world.ts';
import { attackerOf } from '../knowledge.ts';
import { holdsStore, overhears } from '../overhear.ts';
import { asClient, byLetter, each, role } from '../role.ts';

export const stolenDevice = role({
  plays: 'stolen-device',
  of: ['device'],
  text: 'Has a cross-signed device with all its keys, also after its removal.',
  has: 'A device of a user: its account, sessions, secrets and room keys.',
  may: 'Do whatever that device may, sign with the keys it has, and keep all of it for later.',
  strength: 9,
  runs: ({ of }) => (of === null ? {} : { stolen: of }),
  moves: [...asClient, each('room', ...byLetter)],
  overhear: (stage, world, name, heard) => {
    if (heard !== 'own step') return overhears(stage, world, name, heard);
    const runs = Object.values(attackerOf(world, name).runs);
    const held = inTurn(quiet(world), runs, (now, player) => holdsStore(stage, now, name, player));
    return after(held, (now) => overhears(stage, now, name, heard));
  },
});
