/** Where games are played and worlds are searched: the arenas, and all other scenarios with a free part. */

import type { Scenario } from '../../sim/engine/types.ts';
import { freePlay } from '../runs.ts';

/** By id, arenas last: what was written to be found comes before what was written to be searched. */
export const grounds: readonly Scenario[] = [...freePlay.values()].toSorted(
  (one, other) =>
    Number(one.id.startsWith('arenas/')) - Number(other.id.startsWith('arenas/')) || (one.id < other.id ? -1 : 1),
);

/** The scenario of that id. Throws where it has no free part. */
export const groundOf = (id: string): Scenario => {
  const ground = freePlay.get(id);
  if (ground === undefined) throw new Error(`${id} has no free part: was it renamed?`);
  return ground;
};

/** Where the scenario stands as data, from the root. */
export const groundHref = (id: string): string => `/play/grounds/${id}.json`;
