/**
 * What the two workers of a search and their coordinator say to each other. All of it is plain data, whatever carries it.
 *
 * Worlds are numbered in the order in which one thread alone would have found them: by the number of the world they were
 * first reached from and their choice there. That pair is a world's key. Both workers are told a slice of numbers at a
 * time; each looks at its own worlds among them, hands over those it reached that are the other's, and says the keys of
 * the new ones that are its own. Once both lists are there, numbers follow: they do not depend on who was faster.
 */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Json } from '../../../machines/json.ts';
import type { Break } from '../../engine/breaks.ts';
import type { Scenario, Turn } from '../../engine/types.ts';

/** One end of a way for messages, which keeps their order. Whatever is transferred is gone on this side. */
export type Port<Sent, Heard> = {
  readonly post: (message: Sent, transfer?: readonly ArrayBuffer[]) => void;
  readonly onMessage: (handler: (message: Heard) => void) => void;
};
/** A worker as its coordinator sees it, and the coordinator as a worker sees it. */
export type WorkerPort = Port<Order, Answer>;
export type CoordinatorPort = Port<Answer, Order>;

/** Which of the two workers. */
export type Side = 0 | 1;

/** Choices of a world, and one: a key is the number of the parent times this, and the choice plus one (-1 is its end). */
const choicesMax = 2 ** 13;
export const keyOf = (parent: number, choice: number): number => parent * choicesMax + choice + 1;
export const parentIn = (key: number): number => Math.floor(key / choicesMax);
export const choiceIn = (key: number): number => (key % choicesMax) - 1;

/** Numbers of worlds to be looked at together: `from` and those below `to`. */
export type Slice = { readonly nth: number; readonly from: number; readonly to: number };

export type Wanted = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly seed: string;
  readonly guarantees: readonly GuaranteeId[];
  readonly cellsMax: number;
  readonly depthMax: number;
};

/** Worlds that were reached by one worker and belong to the other, in order of their keys. */
export type Batch = {
  readonly keys: Float64Array<ArrayBuffer>;
  readonly depths: Int32Array<ArrayBuffer>;
  /** For each world as many ids as `width` says, by the sender's cells. */
  readonly cells: Int32Array<ArrayBuffer>;
  readonly width: number;
  /** Paths of cells, and values with the sender's ids, that the receiver has not been told before. */
  readonly paths: readonly (readonly string[] | null)[];
  readonly values: readonly (readonly [id: number, value: Json])[];
};

/** A break that was seen for the first time by the worker, of the guarantee with that position among those watched. */
export type SeenBreak = { readonly nth: number; readonly key: number; readonly broken: Break };

/** What one worker saw of a slice. */
export type SliceSeen = {
  readonly nth: number;
  /** Of the new worlds that are the worker's own, in order. */
  readonly keys: Float64Array<ArrayBuffer>;
  /** Three numbers for each world looked at: its number, choices taken, depth. */
  readonly looked: Int32Array<ArrayBuffer>;
  /** Hard breaks and accepted ones, each guarantee once in a search. */
  readonly breaks: readonly SeenBreak[];
  /** First shadows, likewise. */
  readonly shadows: readonly { readonly nth: number; readonly key: number }[];
  /** The first world at the bound of depth from which something could have happened. */
  readonly cutAt: number | null;
  readonly worked: number;
  readonly bytes: number;
};

export type Order =
  /** Forget everything and begin: `search` is said again in every answer. */
  | { readonly do: 'begin'; readonly search: number; readonly side: Side; readonly wanted: Wanted }
  | { readonly do: 'look'; readonly slice: Slice }
  /** What the other worker reached. */
  | { readonly do: 'take'; readonly nth: number; readonly batch: Batch }
  /** The keys of the other worker's new worlds. */
  | { readonly do: 'number'; readonly nth: number; readonly keys: Float64Array<ArrayBuffer> }
  /** Asks how world `at` was reached, and what its choice is called. */
  | { readonly do: 'tell'; readonly at: number; readonly choice: number };

export type Answer = { readonly search: number } & (
  | { readonly say: 'ready'; readonly watched: readonly GuaranteeId[] }
  | { readonly say: 'reached'; readonly nth: number; readonly batch: Batch }
  | { readonly say: 'seen'; readonly seen: SliceSeen }
  /** `key`: of world `at`, `null` when it is the other's; `id`: of the choice, `null` for an end. */
  | { readonly say: 'told'; readonly key: number | null; readonly id: string | null }
  | { readonly say: 'too many cells' }
  | { readonly say: 'failed'; readonly why: string }
);

/** What of a message can be handed over instead of copied. */
export const buffersOf = ({ keys, depths, cells }: Batch): readonly ArrayBuffer[] => [
  keys.buffer,
  depths.buffer,
  cells.buffer,
];
