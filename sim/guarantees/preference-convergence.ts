import type { ClauseId } from '../../machines/types.ts';
import type { PlayerId } from '../types.ts';
import { noPreferences, type Preferences, preferencesAfter, takesPart } from './evidence/preferences.ts';
import { admission } from './server-distrust.ts';
import type { Break, Guarantee, Witness } from './types.ts';

/** The sentence that lets clients differ where nobody has chosen. */
const freedomOf = (player: PlayerId, witness: Witness): ClauseId | null => {
  if (witness.isMeantBy(player, '4287-default-freedom') && !witness.off(player, '4287-default-freedom'))
    return '4287-default-freedom';
  return witness.isMeantBy(player, '4287-invalid-may-decide') && !witness.off(player, '4287-invalid-may-decide')
    ? '4287-invalid-may-decide'
    : null;
};

const deciders = ({ decided }: Preferences, user: string, witness: Witness) =>
  Object.entries(decided).filter(
    ([player]) =>
      witness.ownerOf(player) === user && takesPart(player, witness) && witness.implementsText(player, 'MSC1219'),
  );

export const preferenceConvergence: Guarantee<Preferences> = {
  id: 'preference-convergence',
  kind: 'finally',
  accepts: ['4287-default-freedom', '4287-invalid-may-decide', '4287-forced-on-attack', '4287-forced-off-attack'],
  begin: noPreferences,
  see: (memory, step, witness) => {
    const now = step.moments.reduce((before, moment) => preferencesAfter(before, moment, step, witness), memory);
    const shadow = step.moments.some((moment) => {
      if (moment.kind !== 'stored' || moment.patch.patch !== 'backup preference') return false;
      const { isOn } = moment.patch;
      const all = deciders(now, witness.ownerOf(moment.player) ?? '', witness);
      return all.length > 1 && all.every(([, decision]) => decision.isOn === isOn);
    });
    return { memory: now, breaks: [], shadow };
  },
  concerns: ({ decided }) => Object.keys(decided).length > 0,
  end: (memory, witness) => {
    const users = new Set(Object.keys(memory.decided).map((player) => witness.ownerOf(player) ?? ''));
    return [...users].flatMap((user): readonly Break[] => {
      const all = deciders(memory, user, witness);
      const [first] = all;
      const other = all.findLast(([, { isOn }]) => isOn !== first?.[1].isOn);
      if (first === undefined || other === undefined) return [];
      const [player, { isOn }] = other;
      return [
        {
          at: player,
          about: { is: 'preference', user },
          why: `${player} backs up ${isOn ? 'room keys' : 'nothing'}, ${first[0]} ${isOn ? 'nothing' : 'does'}`,
          acceptedBy: all.every(([, { why }]) => why === 'own default')
            ? freedomOf(player, witness)
            : memory.lied.includes(user)
              ? admission(player, isOn, witness)
              : null,
        },
      ];
    });
  },
};
