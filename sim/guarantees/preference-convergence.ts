import type { ClauseId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { PlayerId } from '../engine/types.ts';
import { type Decided, noPreferences, type Preferences, preferencesAfter, takesPart } from './evidence/preferences.ts';
import { storedAs } from './evidence/requests.ts';
import { admission } from './server-distrust.ts';
import type { Guarantee, Witness } from './types.ts';

type Decisions = readonly (readonly [player: PlayerId, decided: Decided])[];

/**
 * The sentence that lets clients differ where nobody has chosen and nothing is written that counts: defaults are each client's own
 * ("Alternatives"), and so is what it makes of a value that nobody can use ("Behaviour on sign-in").
 */
const freedomOf = (all: Decisions, player: PlayerId, witness: Witness): ClauseId | null => {
  if (!all.every(([, { why, found }]) => why === 'own default' && found !== 'value')) return null;
  const isGiven = (clause: ClauseId): boolean => witness.isMeantBy(player, clause) && !witness.off(player, clause);
  // Where something is written, be it useless, what to do then is what the text leaves open, and no longer what is done by default.
  const isEmpty = all.every(([, { found }]) => found === 'nothing');
  if (isEmpty && isGiven('4287-default-freedom')) return '4287-default-freedom';
  return isGiven('4287-invalid-may-decide') ? '4287-invalid-may-decide' : null;
};

const deciders = ({ decided }: Preferences, user: string, witness: Witness): Decisions =>
  Object.entries(decided).filter(
    ([player]) =>
      witness.ownerOf(player) === user && takesPart(player, witness) && witness.implementsText(player, 'MSC1219'),
  );

/** Those who differ from the first: from the first that goes by what is true, where there is one. */
const differing = (memory: Preferences, user: string, witness: Witness): readonly Break[] => {
  const all = deciders(memory, user, witness);
  const first = all.find(([, { isMisled }]) => !isMisled) ?? all[0];
  if (first === undefined) return [];
  const [model, { isOn: isModelOn }] = first;
  return all
    .filter(([, { isOn }]) => isOn !== isModelOn)
    .map(([player, { isOn, isMisled }]) => ({
      at: player,
      about: { is: 'preference', user },
      why: `${player} backs up ${isOn ? 'room keys' : 'nothing'}, ${model} ${isOn ? 'nothing' : 'does'}`,
      acceptedBy: isMisled
        ? admission(player, memory, witness)
        : named(memory.chosen, user) === undefined
          ? freedomOf(all, player, witness)
          : null,
    }));
};

export const preferenceConvergence: Guarantee<Preferences> = {
  id: 'preference-convergence',
  kind: 'finally',
  accepts: ['4287-default-freedom', '4287-invalid-may-decide', '4287-forced-on-attack', '4287-forced-off-attack'],
  begin: noPreferences,
  see: (memory, step, witness) => {
    const now = step.moments.reduce((before, moment) => preferencesAfter(before, moment, step, witness), memory);
    const shadow = step.moments.some((moment) => {
      const stored = storedAs(moment, 'backup preference');
      if (stored === null) return false;
      const { isOn } = stored.patch;
      const all = deciders(now, witness.ownerOf(stored.player) ?? '', witness);
      return all.length > 1 && all.every(([, decision]) => decision.isOn === isOn);
    });
    return { memory: now, breaks: [], shadow };
  },
  concerns: ({ decided }) => Object.keys(decided).length > 0,
  end: (memory, witness) => {
    const users = new Set(Object.keys(memory.decided).map((player) => witness.ownerOf(player) ?? ''));
    return [...users].flatMap((user) => differing(memory, user, witness));
  },
};
