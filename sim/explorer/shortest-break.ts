/** The shortest way to break what a question is about, under each of its readings, within small bounds. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Suite } from '../../machines/suite.ts';
import type { Scenario, Turn } from '../engine/types.ts';
import { type Bounds, type Exploration, explore, type Found } from './explore.ts';
import { type Freedom, unscripted } from './relax-script.ts';

/** What is searched: a file of free play as it is, or a story without its script. */
export type Ground = { readonly scenario: Scenario; readonly freedom: Freedom | 'free play' };

/** What one search came to. `breaks`: of the guarantees that were watched those that break, each with its shortest way. */
export type Sought = Ground & {
  readonly turns: readonly Turn[];
  readonly breaks: readonly Found[];
  readonly worlds: number;
  /** What cut it short; `null`: every world was seen. */
  readonly limit: Exploration['limit'];
};

export type SeekOptions = {
  readonly turns: readonly Turn[];
  readonly guarantees: readonly GuaranteeId[];
  readonly suite: Suite;
  readonly bounds?: Partial<Bounds>;
};

const search = (ground: Ground, { turns, guarantees, suite, bounds = {} }: SeekOptions): Sought => {
  const { found, worlds, limit } = explore(ground.scenario, { suite, turns, guarantees, bounds });
  return { ...ground, turns, breaks: found.filter(({ trace }) => trace !== null), worlds, limit };
};

/**
 * Searches a scenario: free play as it is; a story with its acts in any order, and, where that is too much to see all of and nothing
 * breaks, in their own.
 *
 * @returns one search or two, the last of them with what was found
 */
export const seek = (scenario: Scenario, options: SeekOptions): readonly Sought[] => {
  if (scenario.explore !== null) return [search({ scenario, freedom: 'free play' }, options)];
  const free = search({ scenario: unscripted(scenario, 'any order'), freedom: 'any order' }, options);
  if (free.breaks.length > 0 || free.limit === null) return [free];
  return [free, search({ scenario: unscripted(scenario, 'its order'), freedom: 'its order' }, options)];
};
