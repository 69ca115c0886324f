/** What most roles share; a role's own file says what is otherwise. */
import type { Role } from '../engine/stage.ts';
import type { Offers } from './offering.ts';
import { overhears } from './overhear.ts';

type Said = 'plays' | 'of' | 'text' | 'has' | 'may' | 'strength';

/** @param own what is said of each role, and in what else it differs from somebody who has nothing and does nothing by itself */
export const role = (own: Pick<Role, Said> & Partial<Omit<Role, Said>>): Role => ({
  optional: false,
  account: 'none',
  sits: 'outside',
  reaches: 'its victim',
  isSloppy: false,
  runs: () => ({}),
  begin: (_stage, world) => world,
  offers: () => [],
  overhear: overhears,
  ...own,
});

/** What those offer, one after the other. */
export const all =
  (...offers: readonly Offers[]): Offers =>
  (stage, world, attacker) =>
    offers.flatMap((offer) => offer(stage, world, attacker));
