/** Moves of an attacker that cost no budget: acts that a scenario leaves open, for as often as it does. */
import { ownerIn } from '../../sim/engine/player.ts';
import type { PlayerId, Scenario } from '../../sim/engine/types.ts';

/** @param played how often each act of free play was taken; of those that are not in it none was */
export const actsLeft = (explore: Scenario['explore'], played: readonly number[], name: PlayerId): number =>
  (explore?.acts ?? [])
    .map(({ act, times }, nth) => (ownerIn(act.who) === name ? Math.max(0, times - (played[nth] ?? 0)) : 0))
    .reduce((sum, left) => sum + left, 0);
