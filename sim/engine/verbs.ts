/** What the engine is told of verbs. It knows none: every stage brings those there are (`sim/verbs/index.ts`). */
import type { DeviceSettings } from '../../machines/types.ts';
import type { Stage } from './stage.ts';
import type { Act, PlayerId } from './types.ts';
import type { Progress, Trouble, World } from './world.ts';

export type Verbs = {
  /** What comes of an act. `isJudged`: what cannot be done, or comes to nothing, is said to be refused. */
  readonly perform: (stage: Stage, world: World, act: Act, isJudged: boolean) => Progress;
  /** The devices that have to be there for an act, besides the one that acts. */
  readonly needs: (act: Act) => readonly PlayerId[];
  /** An act as people read it: "mallory pushes secret m.megolm_backup.v1 to alice.phone". */
  readonly said: (act: Act) => string;
  /** What free play and random walks may have go wrong, in the order it is offered. */
  readonly accidents: readonly Accident[];
  /** What an act makes of the dials of the one that acts; `null` where it is no update of a client. */
  readonly updating: (act: Act) => ((dials: DeviceSettings) => DeviceSettings) | null;
  /** Whether it was this act that laid a trouble. */
  readonly laid: (act: Act, trouble: Trouble) => boolean;
};

/** A verb that nobody means: each strike takes one from the budget of its name. */
export type Accident = {
  readonly name: string;
  readonly text: string;
  readonly verb: string;
  /** A device; only a sync that would bring something; what one server has for another. */
  readonly strikes: 'device' | 'news' | 'transaction';
  /** The verb by which a device is back. */
  readonly ends?: string;
};
