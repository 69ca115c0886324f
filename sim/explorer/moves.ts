/** The moves of a scenario over cells: what may happen in a world, what comes of it, and what each guarantee makes of that. */
import type { Json } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import { choiceGroups, type OpenChoice } from '../choices.ts';
import { witnessOf } from '../judge.ts';
import { beforehand, begin } from '../prologue.ts';
import { guarantees } from '../properties/index.ts';
import type { Break, Guarantee } from '../properties/types.ts';
import { setStage } from '../stage.ts';
import { counted, perform } from '../step.ts';
import type { Scenario, Step, Turn } from '../types.ts';
import { makeRecall } from './recall.ts';

export type MovesOptions = {
  readonly suite: Suite;
  readonly turns: readonly Turn[];
  readonly seed: string;
  /** Guarantees to watch, by id. */
  readonly guarantees: readonly string[];
  /** Cells that a world has room for, a multiple of 64. */
  readonly cellsMax: number;
};

/** What one guarantee saw in one step. */
export type Sight = { readonly memory: number; readonly broken: Break | null; readonly shadow: boolean };

export type Moves = {
  readonly watched: readonly Guarantee[];
  readonly cellsMax: number;
  /** The cells of the first world. */
  readonly first: Int32Array;
  /** What may happen in a world, in the order it is offered. */
  readonly open: (world: Int32Array) => readonly OpenChoice[];
  /**
   * The world after a choice, in an array that the next call overwrites.
   *
   * @param sights is filled with what each guarantee saw
   */
  readonly step: (world: Int32Array, choice: OpenChoice, sights: Sight[]) => Int32Array;
  /** What the nth guarantee says of a world in which all is quiet. */
  readonly end: (world: Int32Array, nth: number) => Break | null;
  /** Local steps really worked out. */
  readonly worked: () => number;
  readonly bytes: () => number;
};

/** Whether nothing is left to happen but what people and attackers may still decide to do, by what may happen. */
export const isQuietWith = (open: readonly OpenChoice[]): boolean =>
  open.every((choice) => choice.do === 'act' && choice.taken.from !== 'story');

/** Calls that belong to a choice: what it uses up, and what comes of it. */
type Calls = { readonly count: number | null; readonly perform: number };

/** Throws `TooManyCells` when worlds outgrow their room. */
export const makeMoves = (scenario: Scenario, options: MovesOptions): Moves => {
  const { suite, turns, seed, cellsMax } = options;
  const recall = makeRecall(cellsMax);
  const { interner, cells, now } = recall;
  const plain = setStage(scenario, { turns, seed, suite, free: true });
  const stage = setStage(scenario, { turns, seed, suite, free: true, kernel: recall.kernel });
  const first = new Int32Array(cellsMax);
  cells.split(begin(plain), first);

  const witness = witnessOf(plain);
  const watched = guarantees.filter(({ id }) => options.guarantees.includes(id));
  const memories = watched.map((guarantee) => {
    const cell = cells.further();
    first[cell] = interner.idOf(guarantee.see(guarantee.begin, beforehand(plain), witness).memory);
    return cell;
  });
  const seen = watched.map(() => new Map<number, Sight>());
  const ends = watched.map(() => new Map<number, Break | null>());

  const groups = choiceGroups.map((group, nth) =>
    recall.callOf(`choices ${nth}`, (world) => ({ world: null, result: group(stage, world) })),
  );
  const lists = new Map<number, readonly OpenChoice[]>();
  const callsOf = new Map<OpenChoice, Calls>();

  const open = (world: Int32Array): readonly OpenChoice[] => {
    now.set(world);
    let all: readonly OpenChoice[] | null = null;
    for (const group of groups) {
      const id = recall.run(group);
      let list = lists.get(id);
      if (list === undefined) {
        list = interner.valueOf(id) as readonly OpenChoice[];
        lists.set(id, list);
      }
      if (list.length > 0) all = all === null ? list : [...all, ...list];
    }
    return all ?? [];
  };

  const callsFor = (choice: OpenChoice): Calls => {
    const known = callsOf.get(choice);
    if (known !== undefined) return known;
    const { id, who, sentence } = choice;
    const calls = {
      count:
        choice.do === 'act'
          ? recall.callOf(`count ${interner.idOf(choice)}`, (world) => ({
              world: counted(stage, world, choice),
              result: null,
            }))
          : null,
      perform: recall.callOf(`perform ${id} ${sentence}`, (world) => {
        const done = perform(stage, world, choice);
        return { world: done.world, result: { choice: { id, who, sentence }, moments: done.moments } satisfies Step };
      }),
    };
    callsOf.set(choice, calls);
    return calls;
  };

  /** Numbers of a memory and a step as one. */
  const both = (memory: number, step: number): number => memory * 2 ** 26 + step;
  const look = (nth: number, memory: number, step: number): Sight => {
    const known = seen[nth]?.get(both(memory, step));
    if (known !== undefined) return known;
    const one = watched[nth] as Guarantee;
    const sight = one.see(interner.valueOf(memory) as Json, interner.valueOf(step) as Step, witness);
    const result = { memory: interner.idOf(sight.memory), broken: sight.broken, shadow: sight.shadow };
    seen[nth]?.set(both(memory, step), result);
    return result;
  };

  return {
    watched,
    cellsMax,
    first,
    open,
    step: (world, choice, sights) => {
      const calls = callsFor(choice);
      now.set(world);
      if (calls.count !== null) recall.run(calls.count);
      const step = recall.run(calls.perform);
      for (let nth = 0; nth < memories.length; nth += 1) {
        const cell = memories[nth] as number;
        const sight = look(nth, now[cell] as number, step);
        now[cell] = sight.memory;
        sights[nth] = sight;
      }
      return now;
    },
    end: (world, nth) => {
      const memory = world[memories[nth] as number] as number;
      const known = ends[nth]?.get(memory);
      if (known !== undefined) return known;
      const broken = watched[nth]?.end?.(interner.valueOf(memory) as Json, witness) ?? null;
      ends[nth]?.set(memory, broken);
      return broken;
    },
    worked: recall.worked,
    bytes: recall.bytes,
  };
};
