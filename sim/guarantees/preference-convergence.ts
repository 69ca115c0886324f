import { clausesOf } from '../../machines/acceptances.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { filed, hasLeft } from './evidence/accounts.ts';
import { type Decided, noPreferences, type Preferences, preferencesAfter, takesPart } from './evidence/preferences.ts';
import { storedAs } from './evidence/requests.ts';
import { owning } from './server-distrust.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

type Memory = Preferences & {
  /** Device → the sentences that its text had, when it came to what it goes by. */
  readonly conceded: { readonly [player: PlayerId]: readonly ClauseId[] };
};
const conceding = clausesOf('preference-convergence');

const remembering = (before: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const preferences = preferencesAfter(before, moment, step, witness);
  if (preferences === before) return before;
  let { conceded } = before;
  for (const [player, decided] of Object.entries(preferences.decided))
    if (decided !== before.decided[player]) {
      const clauses = conceding.filter((clause) => concededBy(witness, player, clause) !== null);
      conceded = filed(conceded, player, clauses);
    }
  return { ...preferences, conceded };
};

type Decisions = readonly (readonly [player: PlayerId, decided: Decided])[];

/**
 * The sentence that lets clients differ where nobody has chosen and nothing is written that counts: defaults are each client's own
 * ("Alternatives"), and so is what it makes of a value that nobody can use ("Behaviour on sign-in").
 */
const freedomOf = (all: Decisions, clauses: readonly ClauseId[]): ClauseId | null => {
  if (!all.every(([, { why, found }]) => why === 'own default' && found !== 'value')) return null;
  // Where something is written, be it useless, what to do then is what the text leaves open, and no longer what is done by default.
  const isEmpty = all.every(([, { found }]) => found === 'nothing');
  if (isEmpty && clauses.includes('4287-default-freedom')) return '4287-default-freedom';
  return clauses.includes('4287-invalid-may-decide') ? '4287-invalid-may-decide' : null;
};

/** Who has decided and is still there: a client that is gone ends up nowhere. */
const deciders = ({ decided, accounts }: Preferences, user: string, witness: Witness): Decisions =>
  Object.entries(decided).filter(
    ([player]) =>
      !hasLeft(accounts, player) &&
      witness.ownerOf(player) === user &&
      takesPart(player, witness) &&
      witness.implementsText(player, 'MSC1219'),
  );

/** Those who differ from the first: from the first that goes by what is true, where there is one. */
const differing = (memory: Memory, user: string, witness: Witness): readonly Break[] => {
  const all = deciders(memory, user, witness);
  const first = all.find(([, { isMisled }]) => !isMisled) ?? all[0];
  if (first === undefined) return [];
  const [model, { isOn: isModelOn }] = first;
  return all
    .filter(([, { isOn }]) => isOn !== isModelOn)
    .map(([player, { isOn, isMisled }]) => {
      const clauses = memory.conceded[player] ?? [];
      const misleading = clauses.includes(owning(isOn)) ? owning(isOn) : null;
      const free = named(memory.chosen, user) === undefined ? freedomOf(all, clauses) : null;
      return {
        at: player,
        about: { is: 'preference', user },
        why: `${player} backs up ${isOn ? 'room keys' : 'nothing'}, ${model} ${isOn ? 'nothing' : 'does'}`,
        acceptedBy: isMisled ? misleading : free,
      };
    });
};

export const preferenceConvergence: Guarantee<Memory> = {
  id: 'preference-convergence',
  kind: 'finally',
  accepts: conceding,
  begin: { ...noPreferences, conceded: {} },
  see: (memory, step, witness) => {
    const { memory: now } = throughout(memory, step, (before, moment) => ({
      memory: remembering(before, moment, step, witness),
    }));
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
