import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { named } from '../names.ts';
import type { Moment, PlayerId, Step } from '../types.ts';
import { uploadsRoomKeys } from './evidence/requests.ts';
import type { Break, Guarantee, Witness } from './types.ts';

type Memory = {
  /** User → public keys of backups whose private key a genuine device of hers made. */
  readonly controlled: { readonly [user: string]: readonly string[] };
  /** Device → the public key it seals room keys to. */
  readonly sealsTo: { readonly [player: PlayerId]: string };
};

const remember = (memory: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  if (moment.kind !== 'stored') return memory;
  const { patch, player } = moment;
  const user = witness.ownerOf(player);
  if (user === null) return memory;
  if (patch.patch === 'secret' && patch.name === BACKUP_SECRET && patch.held.public !== null) {
    const trusted =
      (patch.held.origin.how === 'made' || patch.held.origin.how === 'entered') &&
      (step.choice.id === 'before' || witness.honest(player));
    return trusted
      ? {
          ...memory,
          controlled: { ...memory.controlled, [user]: [...(named(memory.controlled, user) ?? []), patch.held.public] },
        }
      : memory;
  }
  return patch.patch === 'backup' && patch.backup !== null
    ? { ...memory, sealsTo: { ...memory.sealsTo, [player]: patch.backup.publicKey } }
    : memory;
};

export const backupKeyIntegrity: Guarantee<Memory> = {
  id: 'backup-key-integrity',
  kind: 'always',
  accepts: ['4385-both-compromise-argument'],
  begin: { controlled: {}, sealsTo: {} },
  see: (memory, step, witness) => {
    let now = memory;
    const breaks: Break[] = [];
    let shadow = false;
    for (const moment of step.moments) {
      now = remember(now, moment, step, witness);
      if (!uploadsRoomKeys(moment) || !witness.honest(moment.from)) continue;
      const user = witness.ownerOf(moment.from);
      const key = now.sealsTo[moment.from];
      if (user === null || key === undefined) continue;
      if (named(now.controlled, user)?.includes(key)) shadow = true;
      else
        breaks.push({
          at: moment.from,
          about: null,
          why: `${moment.from} uploads room keys to a backup whose private key is not ${user}’s`,
          acceptedBy:
            witness.devicesOf(user).some(witness.stolen) && !witness.off(moment.from, '4385-both-compromise-argument')
              ? '4385-both-compromise-argument'
              : null,
        });
    }
    return { memory: now, breaks, shadow };
  },
};
