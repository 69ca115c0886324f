/**
 * Arenas: a small cast, an attacker with a few moves, and what people may do in any order. Sorted by how much the
 * attacker has to have, so that the first arena in which a guarantee breaks names the weakest attacker.
 */
import type { Scenario } from '../engine/types.ts';
import type { Arena } from './arenas-build.ts';
import { preferenceArenas } from './arenas-preference.ts';
import { roomArenas } from './arenas-rooms.ts';
import { attackedRoomArenas } from './arenas-rooms-attacked.ts';
import { roomTextArenas } from './arenas-rooms-texts.ts';
import { secretArenas } from './arenas-secrets.ts';

export { type Arena, bounds } from './arenas-build.ts';

/** From the weakest to the strongest. */
const strengths = [
  'eavesdropper',
  'other-user',
  'typosquatter',
  'departed-member',
  'malicious-inviter',
  'stolen-token',
  'lying-server',
  'stolen-device',
];
/** What an attacker has to have, as a number to compare; a careless client is as common as a fault of the network. */
export const strengthOfRole = (plays: string): number => strengths.indexOf(plays) + 2;
/** What it takes: 0 nobody, 1 faults of the network or a careless client, then by attacker, of several the strongest. */
export const strengthOf = ({ cast, explore, faults }: Pick<Scenario, 'cast' | 'explore' | 'faults'>): number => {
  const isFaulty = Object.keys({ ...faults, ...explore?.faults }).length > 0;
  return Math.max(isFaulty ? 1 : 0, ...cast.attackers.map(({ plays }) => strengthOfRole(plays)));
};
/** The strongest of a cast's attackers; `null` where nobody attacks. */
export const strongestIn = ({ cast }: Pick<Scenario, 'cast'>): string | null =>
  cast.attackers
    .map(({ plays }) => plays)
    .filter((plays) => strengths.includes(plays))
    .toSorted((one, other) => strengthOfRole(other) - strengthOfRole(one))[0] ?? null;

export const arenas: readonly Arena[] = [
  ...secretArenas,
  ...roomArenas,
  ...roomTextArenas,
  ...attackedRoomArenas,
  ...preferenceArenas,
].toSorted((one, other) => strengthOf(one.scenario) - strengthOf(other.scenario));

/** The arena of that id (`arena/nobody`), to replay what was found there. */
export const arenaOf = (id: string): Arena | undefined => arenas.find(({ scenario }) => scenario.id === id);
