/**
 * What a run stands on and never changes: the scenario, its settings with some turned, the suite, how each player runs, and what there
 * is of verbs and roles. Worlds are plain JSON; what is code (charts, suites, verbs) is here.
 */
import type { Device, Env } from '../../machines/core/env.ts';
import type { Suite } from '../../machines/suite.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import type { Attacker } from './attacker.ts';
import type { Kernel } from './kernel.ts';
import type { Act, CastAttacker, CastSettings, Moment, PlayerId, Scenario, Turn } from './types.ts';
import type { Progress, Trouble, World } from './world.ts';

export type Stage = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly seed: string;
  readonly suite: Suite;
  readonly verbs: Verbs;
  readonly settings: CastSettings;
  /** What attackers can play. */
  readonly roles: readonly Role[];
  /** How devices hear and servers answer: plainly, or with what was said before remembered. */
  readonly kernel: Kernel;
  /** Free play: attackers move by themselves and `explore.acts` may be taken. A story alone has neither. */
  readonly free: boolean;
  /** How a player that is a device runs. Rogue devices run no charts: their attacker decides. */
  readonly envOf: (player: PlayerId) => Env;
  /** What a device goes by, and is held to, after updates it has had. `places`: among those that the file has, in order. */
  readonly settingsAfter: (player: PlayerId, places: readonly number[]) => DeviceSettings;
  /** The same for a device as it is now: after what it was updated to, or restored from. */
  readonly envFor: (player: PlayerId, device: Device) => Env;
};

/** What the engine is told of verbs. It knows none: every stage brings those there are, or those that its story has (`sim/verbs/port-of.ts`). */
export type Verbs = {
  /** What comes of an act. `isJudged`: what cannot be done, or comes to nothing, is said to be refused. */
  readonly perform: (stage: Stage, world: World, act: Act, isJudged: boolean) => Progress;
  /** Why an act cannot even be tried, whatever anybody would be answered; `null` when it can. What cannot is not offered. */
  readonly whyNot: (stage: Stage, world: World, act: Act) => string | null;
  /** An act as people read it: "mallory pushes secret m.megolm_backup.v1 to alice.phone". */
  readonly said: (act: Act) => string;
  /** What an attacker may do next of such moves, from what it is, has and knows: acts as a story would spell them, in a fixed order. */
  readonly offers: (stage: Stage, world: World, attacker: Attacker, moves: Moves) => readonly Act[];
  /** What free play and random walks may have go wrong, in the order it is offered. */
  readonly accidents: readonly Accident[];
  /** What an act makes of the settings of the one that acts; `null` where it is no update of a client. */
  readonly updating: (act: Act) => ((settings: DeviceSettings) => DeviceSettings) | null;
  /** Whether an act is something that goes wrong, which nobody means, or lays it. */
  readonly isFault: (act: Act) => boolean;
  /** Whether it was this act that laid a trouble. */
  readonly laid: (act: Act, trouble: Trouble) => boolean;
};

/** A verb that nobody means: each strike takes one from the budget of its name. */
export type Accident = {
  readonly name: string;
  readonly text: string;
  readonly verb: string;
  /** A device; only a sync that would bring something; what one server has for another; within a step one answer, or the client. */
  readonly strikes: 'device' | 'news' | 'transaction' | 'answer' | 'between requests';
  /** The verb by which a device is back. */
  readonly ends?: string;
  /** The verb of what happens where it does not strike. Absent: nothing does. */
  readonly spared?: string;
};

/** Where a move may be made: anywhere, or towards each user, device, other device of that user, room, or person of a room. */
export type Place = 'anywhere' | 'user' | 'device' | 'sibling' | 'room' | 'person';

/**
 * Moves by the names of their verbs, in the order in which they are offered; each verb says when, and with what (`Form.offers`). `each`:
 * all of `moves` in one such place after the other. `told`: a move that only a budget which names it has, where other roles make it unasked.
 */
export type Moves = readonly Move[];
export type Move =
  | string
  | { readonly told: string }
  | { readonly each: Exclude<Place, 'anywhere'>; readonly moves: Moves };

/**
 * What an attacker plays, as the rest of the house sees it: one value each in `sim/attackers/roles/`. The engine knows none of them by
 * name; they come with the stage. What differs between roles is a field or a function here.
 */
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
  /** What it may do by itself. */
  readonly moves: Moves;
  /**
   * What it takes in, and learns from: of any step each moment of it, and what it holds by now of a step of its own or of those who
   * collude with it (`own step`).
   */
  readonly overhear: (stage: Stage, world: World, name: PlayerId, heard: 'own step' | Moment) => Progress;
};

/** @throws where there is no such role */
export const roleOf = ({ roles }: Pick<Stage, 'roles'>, { plays }: Pick<Attacker, 'plays'>): Role => {
  const role = roles.find((one) => one.plays === plays);
  if (role === undefined) throw new Error(`nobody plays ${plays}: was the cast checked?`);
  return role;
};
