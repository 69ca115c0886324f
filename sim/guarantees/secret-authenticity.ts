import type { SecretOrigin } from '../../machines/types.ts';
import { type Genuine, genuineAfter, isGenuine, secretStored } from './evidence/secrets.ts';
import type { Break, Guarantee, Witness } from './types.ts';

/** A device of the same user that is stolen and still cross-signed: MSC4385 says out loud that its pushes are believed. */
const acceptedBy = (witness: Witness, origin: SecretOrigin, user: string, at: string) => {
  if (origin.how !== 'push' || origin.device === null) return null;
  const device = origin.device;
  const stolen = witness
    .devicesOf(user)
    .some((player) => witness.stolen(player) && player.split('.')[1]?.toUpperCase() === device);
  return stolen && !witness.off(at, '4385-both-compromise-argument') ? '4385-both-compromise-argument' : null;
};

export const secretAuthenticity: Guarantee<Genuine> = {
  id: 'secret-authenticity',
  kind: 'always',
  accepts: ['4385-both-compromise-argument'],
  begin: {},
  see: (memory, step, witness) => {
    let genuine = memory;
    const breaks: Break[] = [];
    let shadow = false;
    for (const moment of step.moments) {
      const before = genuine;
      genuine = genuineAfter(genuine, moment, step, witness);
      const stored = secretStored(moment);
      const user = stored === null ? null : witness.ownerOf(stored.player);
      if (stored === null || user === null || !witness.honest(stored.player)) continue;
      const { name, held } = stored.patch;
      if (held.origin.how === 'made' || held.origin.how === 'entered') continue;
      if (isGenuine(before, user, name, held.secret)) shadow = true;
      else
        breaks.push({
          at: stored.player,
          about: { is: 'secret', user, name },
          why: `${stored.player} stores a ${name} that no device of ${user} ever made`,
          acceptedBy: acceptedBy(witness, held.origin, user, stored.player),
          origin: { brought: 'secret', to: stored.player, secret: held.secret },
        });
    }
    return { memory: genuine, breaks, shadow };
  },
};
