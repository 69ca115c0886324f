/**
 * Arenas: scenarios of a small cast, an attacker with a few moves, and what people may do in any order, every world of which is looked
 * at. Sorted by how much the attacker has to have, so that the first arena in which a guarantee breaks names the weakest attacker.
 *
 * An arena is a file like any other (`scenarios/arenas/`); whoever calls has read it.
 */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { roleNamed } from '../attackers/roles/index.ts';
import type { Scenario, Turn } from '../engine/types.ts';
import { guaranteesIn } from '../scenario/claims.ts';

export type Arena = {
  /** `arenas/nobody`, or with a text or a reading that is not as usual there `arenas/nobody (MSC4385: send-variant)`. */
  readonly id: string;
  readonly title: string;
  readonly scenario: Scenario;
  /** Texts and readings that are turned. */
  readonly turns: readonly Turn[];
  /** What is watched there: what the file expects something of. */
  readonly guarantees: readonly GuaranteeId[];
};
/** By id, from the weakest attacker to the strongest. */
export type Arenas = ReadonlyMap<string, Arena>;

/** An arena for the scenario as it stands, and for each of its `without` that switches no clause off: another text, another reading. */
export const arenasIn = (scenario: Scenario): readonly Arena[] => {
  const { id, title, expect } = scenario;
  const guarantees = guaranteesIn(expect);
  const turned = scenario.without.filter(({ turns }) => turns.every(({ turn }) => turn !== 'off'));
  return [
    { id, title, scenario, turns: [], guarantees },
    ...turned.map(({ key, turns }) => ({
      id: `${id} (${key})`,
      title: `${title} (${key})`,
      scenario,
      turns,
      guarantees,
    })),
  ];
};

/** @param known ids in the order in which arenas of one strength have stood so far; what is new comes after those, by name */
export const arenasOf = (scenarios: readonly Scenario[], known: readonly string[] = []): Arenas => {
  const nth = ({ id }: Arena): number => (known.includes(id) ? known.indexOf(id) : known.length);
  const all = scenarios
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .flatMap(arenasIn)
    .toSorted((one, other) => strengthOf(one.scenario) - strengthOf(other.scenario) || nth(one) - nth(other));
  return new Map(all.map((arena) => [arena.id, arena]));
};

/** The arena of that id. Throws for one that is none. */
export const knownArena = (arenas: Arenas, id: string): Arena => {
  const arena = arenas.get(id);
  if (arena === undefined) throw new Error(`${id} is no arena: was it renamed?`);
  return arena;
};

/** What an attacker has to have, as a number to compare; a careless client is as common as a fault of the network. */
const strengthOfRole = (plays: string): number => roleNamed(plays)?.strength ?? 1;
/** What it takes: 0 nobody, 1 faults of the network or a careless client, then by attacker, of several the strongest. */
export const strengthOf = ({ cast, explore, faults }: Pick<Scenario, 'cast' | 'explore' | 'faults'>): number => {
  const isFaulty = Object.keys({ ...faults, ...explore?.faults }).length > 0;
  return Math.max(isFaulty ? 1 : 0, ...cast.attackers.map(({ plays }) => strengthOfRole(plays)));
};
/** The strongest of a cast's attackers; `null` where nobody attacks. */
export const strongestIn = ({ cast }: Pick<Scenario, 'cast'>): string | null =>
  cast.attackers
    .map(({ plays }) => plays)
    .filter((plays) => strengthOfRole(plays) > 1)
    .toSorted((one, other) => strengthOfRole(other) - strengthOfRole(one))[0] ?? null;
