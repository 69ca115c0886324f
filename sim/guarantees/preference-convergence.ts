import { clausesOf } from '../../machines/acceptances.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { named } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, hasLeft } from './evidence/accounts.ts';
import { asCopied } from './evidence/beginning.ts';
import { type Decided, noPreferences, type Preferences, preferencesAfter, takesPart } from './evidence/preferences.ts';
import { storedAs } from './evidence/requests.ts';
import { owning } from './server-distrust.ts';
import type { Guarantee, Witness } from './types.ts';
import { throughout } from './watching.ts';

type Memory = Preferences & {
  /** Device → the sentences that its text had, when it came to what it goes by. */
  readonly conceded: { readonly [player: PlayerId]: readonly ClauseId[] };
  /** Devices that came to back up nothing, and have a backup in use all the same: a push, or a start, has brought it. */
  readonly goingOn: readonly PlayerId[];
};
const conceding = clausesOf('preference-convergence');

/** Which clients back up after all. One that goes by a yes and has no backup to use, or none that it trusts, is to back up. */
const goingOnAfter = (
  before: readonly PlayerId[],
  decided: Preferences['decided'],
  moment: Moment,
): Memory['goingOn'] => {
  const used = storedAs(moment, 'backup');
  if (used !== null && used.patch.backup !== null)
    return decided[used.player]?.isOn === false ? among(before, used.player) : before;
  const stops = used ?? storedAs(moment, 'backup preference');
  return stops !== null && before.includes(stops.player) ? before.filter((one) => one !== stops.player) : before;
};

/** A client that comes up from a copy goes by what it went by then, and by nothing where that was before. */
const comingBack = (before: Memory, moment: Moment): Memory => {
  const now = asCopied(before, moment, 'decided', 'read', 'conceded');
  return moment.kind === 'acted' && now.decided !== before.decided
    ? { ...now, goingOn: now.goingOn.filter((one) => one !== moment.player) }
    : now;
};

const remembering = (then: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const before = comingBack(then, moment);
  const preferences = preferencesAfter(before, moment, step, witness);
  const goingOn = goingOnAfter(before.goingOn, before.decided, moment);
  if (preferences === before && goingOn === before.goingOn) return before;
  let { conceded } = before;
  for (const [player, decided] of Object.entries(preferences.decided))
    if (decided !== before.decided[player]) {
      const clauses = conceding.filter((clause) => concededBy(witness, player, clause) !== null);
      conceded = filed(conceded, player, clauses);
    }
  return { ...before, ...preferences, conceded, goingOn };
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

/**
 * Who has decided and is still there, and what they end up doing: a client that is gone ends up nowhere, and one that backs up against
 * what it came to goes by nobody's word.
 */
const deciders = ({ decided, accounts, goingOn }: Memory, user: string, witness: Witness): Decisions =>
  Object.entries(decided)
    .filter(
      ([player]) =>
        !hasLeft(accounts, player) &&
        witness.ownerOf(player) === user &&
        takesPart(player, witness) &&
        witness.implementsText(player, 'MSC1219'),
    )
    .map(([player, one]) =>
      goingOn.includes(player) ? [player, { ...one, isOn: true, isMisled: false }] : [player, one],
    );

/** Those who differ from the first: from the first that goes by what is true, where there is one. */
const differing = (memory: Memory, user: string, witness: Witness): readonly Break[] => {
  const all = deciders(memory, user, witness);
  const first = all.find(([, { isMisled }]) => !isMisled) ?? all[0];
  if (first === undefined) return [];
  const [model, { isOn: isModelOn }] = first;
  // A default that is not kept is nobody's freedom.
  const isFree = named(memory.chosen, user) === undefined && !all.some(([player]) => memory.goingOn.includes(player));
  return all
    .filter(([, { isOn }]) => isOn !== isModelOn)
    .map(([player, { isOn, isMisled }]) => {
      const clauses = memory.conceded[player] ?? [];
      const misleading = clauses.includes(owning(isOn)) ? owning(isOn) : null;
      const free = isFree ? freedomOf(all, clauses) : null;
      return {
        at: player,
        about: { is: 'preference', user },
        why: `${player} backs up ${isOn ? 'room keys' : 'nothing'}, ${model} ${isOn ? 'nothing' : 'does'}`,
        acceptedBy: isMisled ? misleading : free,
      };
    });
};

const decidedIn = (moment: Moment): PlayerId | undefined => storedAs(moment, 'backup preference')?.player;

export const preferenceConvergence: Guarantee<Memory> = {
  id: 'preference-convergence',
  kind: 'finally',
  accepts: conceding,
  begin: { ...noPreferences, conceded: {}, goingOn: [] },
  see: (memory, step, witness) => {
    const { memory: now } = throughout(memory, step, (before, moment) => ({
      memory: remembering(before, moment, step, witness),
    }));
    const shadow = step.moments.some((moment) => {
      const used = storedAs(moment, 'backup')?.player;
      const player = used !== undefined && now.goingOn.includes(used) ? used : decidedIn(moment);
      if (player === undefined) return false;
      const all = deciders(now, witness.ownerOf(player) ?? '', witness);
      const own = all.find(([one]) => one === player)?.[1];
      return own !== undefined && all.length > 1 && all.every(([, { isOn }]) => isOn === own.isOn);
    });
    return { memory: now, breaks: [], shadow };
  },
  concerns: ({ decided }) => Object.keys(decided).length > 0,
  end: (memory, witness) => {
    const users = new Set(Object.keys(memory.decided).map((player) => witness.ownerOf(player) ?? ''));
    return [...users].flatMap((user) => differing(memory, user, witness));
  },
};
