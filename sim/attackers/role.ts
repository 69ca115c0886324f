/** What most roles share; a role's own file says what is otherwise, and which moves it has. */
import type { Move, Moves, Place, Role } from '../engine/stage.ts';
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
  moves: [],
  overhear: overhears,
  ...own,
});

/** Those moves in each such place, one place after the other. */
export const each = (each: Exclude<Place, 'anywhere'>, ...moves: Moves): Move => ({ each, moves });

/** What takes a device and no more: pushes, requests, answers, signatures. */
export const asDevice: Moves = [
  each('device', 'push secret', 'request secret', 'answer request'),
  'sign device',
  'sync',
];

/** Everything a client can be made to do. */
export const asClient: Moves = ['create backup', 'delete backup', 'read backup', ...asDevice];

/** With letters of its own in a room: bundles for those who are asked in, and keys that are forwarded. */
export const byLetter: Moves = [each('person', 'point', 'send with keys of'), each('person', 'forward room key')];
