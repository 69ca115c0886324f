/** What a search of a scenario tries, and what it leaves out: “holds” speaks of that and of nothing else. */
import { roles } from '../attackers/roles/index.ts';
import { counted } from '../engine/names.ts';
import type { Scenario } from '../engine/types.ts';
import { accidents } from '../verbs/forms.ts';

export type Tried = {
  /** Attackers of the cast: what each plays, and how many moves of which kind it has (`moves`: of any kind). */
  readonly attackers: readonly {
    readonly name: string;
    readonly plays: string;
    readonly budget: Readonly<Record<string, number>>;
  }[];
  /** Fault → how often it may strike. */
  readonly faults: Readonly<Record<string, number>>;
  /** What nobody in the cast plays, and faults that never strike. */
  readonly not: { readonly attackers: readonly string[]; readonly faults: readonly string[] };
};

/** What happens in every world that a search of it sees, besides what people do. */
export const triedIn = ({ cast, explore, faults }: Pick<Scenario, 'cast' | 'explore' | 'faults'>): Tried => {
  const played = cast.attackers.map(({ plays }) => plays);
  const all = { ...faults, ...explore?.faults };
  const struck = Object.fromEntries(Object.entries(all).filter(([, times]) => times > 0));
  return {
    attackers: cast.attackers.map(({ name, plays, budget }) => ({ name, plays, budget })),
    faults: struck,
    not: {
      attackers: roles.map(({ plays }) => plays).filter((plays) => !played.includes(plays)),
      faults: accidents.map(({ name }) => name).filter((name) => !(name in struck)),
    },
  };
};

const budgetWords = (budget: Readonly<Record<string, number>>): string => {
  const kinds = Object.entries(budget).map(([kind, times]) =>
    kind === 'moves' ? counted(times, 'move') : `${kind} ×${times}`,
  );
  return kinds.length === 0 ? 'no moves' : kinds.join(', ');
};
const listed = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(', '));
/** What “holds” speaks of, and what it says nothing about, in two lines. */
export const triedWords = ({ attackers, faults, not }: Tried): readonly [tried: string, not: string] => {
  const tried = [
    ...attackers.map(({ name, plays, budget }) => `${name} as ${plays} with ${budgetWords(budget)}`),
    ...Object.entries(faults).map(([fault, times]) => `${fault} ×${times}`),
  ];
  return [
    `tried: ${listed(tried, 'no attacker and no fault')}`,
    `not tried: attackers: ${listed(not.attackers, 'none')}; faults: ${listed(not.faults, 'none')}`,
  ];
};
