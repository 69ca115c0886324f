import { clausesOf } from '../../machines/acceptances.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { PlayerId } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import {
  choseWhatStands,
  decisionIn,
  noPreferences,
  type Preferences,
  preferencesAfter,
} from './evidence/preferences.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

/** The sentence in which the text owns that a server can have a client back up, or not. */
export const owning = (isOn: boolean): ClauseId => (isOn ? '4287-forced-on-attack' : '4287-forced-off-attack');

/**
 * The sentence by which the text owns that a server can forge the value ("Security considerations"), if the client goes by it. It speaks
 * of the server: what a thief has written in the account is not conceded.
 */
export const admission = (player: PlayerId, { decided }: Preferences, witness: Witness): ClauseId | null => {
  const decision = decided[player];
  if (decision?.isMisled !== true) return null;
  return concededBy(witness, player, owning(decision.isOn));
};

export const serverDistrust: Guarantee<Preferences> = {
  id: 'server-distrust',
  kind: 'always',
  accepts: clausesOf('server-distrust'),
  begin: noPreferences,
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => {
      const now = preferencesAfter(before, moment, step, witness);
      const decision = decisionIn(moment, witness);
      if (decision === null || decision.why !== 'preference') return { memory: now };
      const { player, isOn } = decision;
      const user = witness.ownerOf(player) ?? '';
      if (choseWhatStands(now, player, isOn, witness)) return { memory: now, shadow: true };
      return {
        memory: now,
        breaks: [
          {
            at: player,
            about: { is: 'preference', user },
            why: `${player} ${isOn ? 'backs up' : 'backs up nothing'} on the word of the account data, which ${user} did not choose`,
            acceptedBy: admission(player, now, witness),
          },
        ],
      };
    }),
};
