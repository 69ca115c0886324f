/**
 * A story without its script, to be searched: the same cast and settings. Who syncs when is free, and attackers do what they do in the
 * story and nothing else.
 */
import type { Act, Explore, Scenario } from '../engine/types.ts';

/** What becomes of the order in which things are done: none of it stays, each may be left out; or all of it. */
export type Freedom = 'any order' | 'its order';

/** The folder under which such a scenario has its id: `any-order/secret-push/a-story`. */
const folders: Readonly<Record<Freedom, string>> = { 'any order': 'any-order/', 'its order': 'in-order/' };
const bounds = { depth: 40, worlds: 20_000 } as const;

/** What happens by itself where syncs and deliveries are free. */
const ofItself: readonly string[] = ['sync', 'settle', 'deliver to'];
const isDone = ({ verb }: Act): boolean => !ofItself.includes(verb);
const sameAct = (one: Act, other: Act): boolean => JSON.stringify(one) === JSON.stringify(other);

const eachAct = ({ story }: Scenario): Explore['acts'] => {
  const acts = story.flat().filter(isDone);
  return acts
    .filter((act, nth) => acts.findIndex((one) => sameAct(one, act)) === nth)
    .map((act) => ({ act, times: acts.filter((one) => sameAct(one, act)).length }));
};

/**
 * The search that a story becomes.
 *
 * @param scenario a story; free play has no script to leave out
 * @returns a scenario of which no file is: its id says which story it is of (`scriptOf`)
 */
export const unscripted = (scenario: Scenario, freedom: Freedom): Scenario => ({
  ...scenario,
  id: `${folders[freedom]}${scenario.id}`,
  cast: { ...scenario.cast, attackers: scenario.cast.attackers.map((one) => ({ ...one, budget: { moves: 0 } })) },
  story:
    freedom === 'any order' ? [] : scenario.story.map((line) => line.filter(isDone)).filter((line) => line.length > 0),
  explore: { acts: freedom === 'any order' ? eachAct(scenario) : [], faults: {}, until: bounds },
});

/** Which story a scenario of that id is of, and what is free; `null` for the id of a file. */
export const scriptOf = (id: string): { readonly story: string; readonly freedom: Freedom } | null => {
  const found = (['any order', 'its order'] as const).find((freedom) => id.startsWith(folders[freedom]));
  return found === undefined ? null : { story: id.slice(folders[found].length), freedom: found };
};
