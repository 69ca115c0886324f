/** Small casts drawn by lot, with attackers and faults, in which everything may happen in any order. */
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import type { Act, CastAttacker, Scenario } from '../engine/types.ts';
import type { Arena } from '../explorer/arena.ts';
import { faults } from '../verbs/forms.ts';
import { type Luck, luckOf } from './luck.ts';
import { randomScenario } from './scenarios.ts';

/** Attackers with a move or two, so that a search of few worlds sees how they end. */
const withMoves = (luck: Luck, attackers: readonly CastAttacker[]): readonly CastAttacker[] =>
  attackers.map((one) => ({ ...one, budget: { ...one.budget, moves: 1 + luck.below(2) } }));

/** What may go wrong once. */
const faultsFor = (luck: Luck): Readonly<Record<string, number>> =>
  luck.oneIn(2) ? {} : Object.fromEntries(luck.some([...faults.keys()], 2).map((fault) => [fault, 1]));

/** The `nth` arena under a seed: a random cast, of whose story the beginning is told and the next few acts may come in any order. */
export const randomArena = (seed: string, nth: number): Arena => {
  const luck = luckOf(`arena/${seed}/${nth}`);
  const drawn = randomScenario(seed, nth, nth);
  const told = luck.below(2);
  const free = drawn.story
    .slice(told)
    .flat()
    .slice(0, 2 + luck.below(2));
  const scenario: Scenario = {
    ...drawn,
    id: `fuzz/arena-${nth}`,
    cast: { ...drawn.cast, attackers: withMoves(luck, drawn.cast.attackers) },
    story: drawn.story.slice(0, told),
    faults: {},
    explore: {
      acts: free.map((act: Act) => ({ act, times: 1 })),
      faults: faultsFor(luck),
      until: { depth: 40, worlds: 100_000 },
      ...(luck.oneIn(3) ? { storyFirst: true as const } : {}),
    },
    without: [],
  };
  const turns = drawn.without.flatMap((one) => one.turns);
  return { id: `${scenario.id} of ${seed}`, title: scenario.title, scenario, turns, guarantees: guaranteeIds };
};
