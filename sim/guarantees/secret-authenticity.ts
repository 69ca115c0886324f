import { clausesOf } from '../../machines/acceptances.ts';
import { argumentForGift, type Hijacked, hijackedAfter, nobodyHijacked } from './evidence/hijacked.ts';
import { type Genuine, genuineAfter, isGenuine, secretStored } from './evidence/secrets.ts';
import type { Guarantee } from './types.ts';
import { throughout } from './watching.ts';

type Memory = { readonly genuine: Genuine; readonly hijacked: Hijacked };

export const secretAuthenticity: Guarantee<Memory> = {
  id: 'secret-authenticity',
  kind: 'always',
  accepts: clausesOf('secret-authenticity'),
  begin: { genuine: {}, hijacked: nobodyHijacked },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const now = {
        genuine: genuineAfter(before.genuine, moment, step, witness),
        hijacked: hijackedAfter(before.hijacked, moment, step, witness),
      };
      const stored = secretStored(moment);
      if (stored === null || !witness.honest(stored.player)) return { memory: now };
      const { player, patch } = stored;
      const { name, held } = patch;
      const user = witness.ownerOf(player) ?? '';
      if (held.origin.how === 'made' || held.origin.how === 'entered') return { memory: now };
      if (isGenuine(before.genuine, user, name, held.secret)) return { memory: now, shadow: [name] };
      const broken = {
        at: player,
        about: { is: 'secret', user, name } as const,
        why: `${player} stores a ${name} that no device of ${user} ever made`,
        // Nothing is conceded of what was asked for: only of what a device pushes of its own accord.
        acceptedBy: held.origin.how === 'push' ? argumentForGift(now.hijacked, player, held.secret, witness) : null,
        origin: { brought: 'secret', to: player, secret: held.secret } as const,
      };
      return { memory: now, breaks: [broken] };
    }),
};
