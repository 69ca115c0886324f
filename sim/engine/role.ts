/**
 * What an attacker plays, as the rest of the house sees it: one value each in `sim/attackers/roles/`. The engine knows none of them by name;
 * they come with the stage. What differs between roles is a field or a function here.
 */
import type { Attacker } from './attacker.ts';
import type { Stage } from './stage.ts';
import type { Act, CastAttacker, Moment, PlayerId } from './types.ts';
import type { Progress, World } from './world.ts';

export type Role = {
  /** As a cast has it: `plays: stolen-token`. */
  readonly plays: string;
  /** What `of` must name; without `of` when `optional`. */
  readonly of: readonly ('user' | 'device' | 'server')[];
  readonly optional: boolean;
  /** What it is, in a line. */
  readonly text: string;
  /** What it has before it moves, and what it may do with that, as people are told. */
  readonly has: string;
  readonly may: string;
  /**
   * An account of its own, set up as honest people's are, with a device called `phone`: `ordinary`, one whose device runs as everybody's
   * does; `driven`, one whose device does what its attacker says.
   */
  readonly account: 'none' | 'ordinary' | 'driven';
  /** `on the wire`: sees what others ask of its server, and what they are answered. `at the server`: also runs it. */
  readonly sits: 'outside' | 'on the wire' | 'at the server';
  /** Whom it writes and lies to by itself: those it lives off, or all honest users of its server. */
  readonly reaches: 'its victim' | 'its server';
  /** How much it takes to be one, to compare: a careless client is 1, as a fault of the network is. */
  readonly strength: number;
  /** Whether it is no more than an honest user whose client skips clauses (`skips`). */
  readonly isSloppy: boolean;
  /** Devices that it runs from the beginning: its own name for each → the player. */
  readonly runs: (one: Pick<CastAttacker, 'name' | 'of'>) => Attacker['runs'];
  /** The world before the story, with what lies open before it. */
  readonly begin: (stage: Stage, world: World, attacker: Attacker) => World;
  /** What it may do next, from what it is, has and knows: acts as a story would spell them, in a fixed order. */
  readonly offers: (stage: Stage, world: World, attacker: Attacker) => readonly Act[];
  /** What it takes in, and learns from: of a step of its own what it holds by now, of any step each moment of it. */
  readonly overhear: (stage: Stage, world: World, name: PlayerId, heard: 'own step' | Moment) => Progress;
};

/** @throws where there is no such role */
export const roleOf = ({ roles }: Pick<Stage, 'roles'>, { plays }: Pick<Attacker, 'plays'>): Role => {
  const role = roles.find((one) => one.plays === plays);
  if (role === undefined) throw new Error(`nobody plays ${plays}: was the cast checked?`);
  return role;
};
