/** The moves of a scenario over cells: what may happen in a world, what comes of it, and what each guarantee makes of that. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import type { Break } from '../engine/breaks.ts';
import { choiceGroups, choiceOf, honestPlayers, type OpenChoice } from '../engine/choices.ts';
import { interruptedWays, interruptionsIn, mayInterrupt } from '../engine/open-choices.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import { type Unrest, unrestIn } from '../engine/quiet.ts';
import type { Accident } from '../engine/stage.ts';
import { counted, perform } from '../engine/taking.ts';
import type { ClauseId, PlayerId, Scenario, Step, Turn } from '../engine/types.ts';
import { firstReleases, type Releases, releasesAfter, updatesIn } from '../engine/updated.ts';
import type { World } from '../engine/world.ts';
import { guarantees } from '../guarantees/index.ts';
import type { Guarantee, Witness } from '../guarantees/types.ts';
import { gravest } from '../guarantees/watching.ts';
import { witnessOf } from '../runs/judging/judge.ts';
import { stageWith } from '../verbs/port.ts';
import { inForm, partsOf } from './canonical.ts';
import { makeForming } from './forming.ts';
import { makeRecall } from './memo/memo.ts';

export type MovesOptions = {
  readonly suite: Suite;
  readonly turns: readonly Turn[];
  readonly seed: string;
  /** Guarantees to watch, by id. */
  readonly guarantees: readonly GuaranteeId[];
  /** Cells that a world has room for, a multiple of 64. */
  readonly cellsMax: number;
  /** Worlds are told apart by all that is in them, and not brought into their canonical form. */
  readonly isExact?: boolean;
  /** Nothing that is remembered of steps is believed: all is worked out again, and an error where it comes out otherwise. For tests. */
  readonly isChecked?: boolean;
  /** Told every step when it is first taken: the same step may be taken in many worlds. */
  readonly onStep?: (step: Step) => void;
  /** Told when a guarantee asks whether a clause is off for a player, once or more often. */
  readonly onAsk?: (player: PlayerId, clause: ClauseId) => void;
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
  /** What is still to come in a world, as `sim/engine/quiet.ts` has it; `null` where all is quiet. */
  readonly unrest: (world: Int32Array) => Unrest | null;
  /** What the nth guarantee says of a world in which all is quiet. */
  readonly end: (world: Int32Array, nth: number) => Break | null;
  /** The path of each cell so far, in order; `null` for a guarantee's memory. */
  readonly cellPaths: () => readonly (readonly string[] | null)[];
  /** Makes the same cells in the same order. Throws when those that are there already are others. */
  readonly takeCells: (paths: readonly (readonly string[] | null)[]) => void;
  /** The cell of that path, made when it was not there; the branch it is in must be there. */
  readonly cellOf: (path: readonly string[]) => number;
  readonly valueOf: (id: number) => Json;
  readonly idOf: (value: Json) => number;
  /** Local steps really worked out. */
  readonly worked: () => number;
  readonly bytes: () => number;
};

/** What was worked out before, by guarantee: of a memory and a step, and of a memory in the end. */
type Looked = {
  readonly seen: readonly Map<number, Sight>[];
  readonly ends: readonly Map<number, Break | null>[];
};

/** Calls that belong to a choice: what it uses up, and what comes of it. */
type Calls = { readonly count: number | null; readonly perform: number };

const overheard = (witness: Witness, onAsk: MovesOptions['onAsk']): Witness =>
  onAsk === undefined
    ? witness
    : {
        ...witness,
        off: (player, clause) => {
          onAsk(player, clause);
          return witness.off(player, clause);
        },
      };

const kept = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

/** Throws `TooManyCells` when worlds outgrow their room. */
export const makeMoves = (scenario: Scenario, options: MovesOptions): Moves => {
  const { suite, turns, seed, cellsMax } = options;
  const recall = makeRecall(cellsMax, options.isChecked);
  const { interner, cells, now } = recall;
  const plain = stageWith(scenario, { turns, seed, suite, free: true });
  const stage = stageWith(scenario, { turns, seed, suite, free: true, kernel: recall.kernel });
  const first = new Int32Array(cellsMax);
  const begun = begin(plain);
  cells.split(options.isExact === true ? begun : inForm(plain, begun), first);

  const witnesses = new Map<number, Witness>();
  /** The witness of a time when devices ran that. */
  const witnessWhen = (releases: number): Witness => {
    const known = witnesses.get(releases);
    if (known !== undefined) return known;
    const running = interner.valueOf(releases) as Releases;
    const made = overheard(witnessOf(plain, undefined, undefined, running), options.onAsk);
    witnesses.set(releases, made);
    return made;
  };
  const atFirst = interner.idOf(firstReleases);
  const watched = guarantees.filter(({ id }) => options.guarantees.includes(id));
  const memories = watched.map((guarantee) => {
    const cell = cells.further();
    first[cell] = interner.idOf(guarantee.see(guarantee.begin, beforehand(plain), witnessWhen(atFirst)).memory);
    return cell;
  });
  // What devices run is seen from worlds too: the cell is for who looks on, where there are updates at all.
  const releasesCell = updatesIn(plain.verbs, scenario).length === 0 ? null : cells.further();
  if (releasesCell !== null) first[releasesCell] = atFirst;
  const runningIn = (world: Int32Array): number => (releasesCell === null ? atFirst : (world[releasesCell] as number));
  /** By what devices ran: nth guarantee → what it saw of each step, and what it says in the end. */
  const lookedAt = new Map<number, Looked>();
  const lookedWhen = (releases: number): Looked => {
    const known = lookedAt.get(releases);
    if (known !== undefined) return known;
    const made = { seen: watched.map(() => new Map()), ends: watched.map(() => new Map()) };
    lookedAt.set(releases, made);
    return made;
  };

  const groups = choiceGroups.map((group) =>
    recall.callOf((world) => ({ world: null, result: group(stage, world) }), null),
  );
  const counting = (world: World, choice: OpenChoice) => ({ world: counted(stage, world, choice), result: null });
  const performing = (world: World, choice: OpenChoice) => {
    const done = perform(stage, world, choice);
    return { world: done.world, result: { choice: choiceOf(choice), moments: done.moments } satisfies Step };
  };
  const bringIntoForm = options.isExact === true ? null : makeForming(cells, interner, partsOf(plain, begun));
  const unrest = recall.callOf((world) => ({ world: null, result: unrestIn(stage, world) }), null);
  const lists = new Map<number, readonly OpenChoice[]>();
  const callsOf = new Map<OpenChoice, Calls>();

  const byThemselves = (world: Int32Array): readonly OpenChoice[] => {
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
    const calls: Calls = {
      count: choice.do === 'act' || choice.do === 'interrupted' ? recall.callOf(counting, choice) : null,
      perform: recall.callOf(performing, choice),
    };
    callsOf.set(choice, calls);
    return calls;
  };

  const striking = recall.callOf(
    (world) => ({ world: null, result: { faults: interruptionsIn(stage, world), honest: honestPlayers(world) } }),
    null,
  );
  /** What strikes → choice → what came of it by itself → how it may be interrupted. */
  const ways = new Map<number, Map<OpenChoice, Map<number, readonly OpenChoice[]>>>();
  const interrupted = (world: Int32Array, list: readonly OpenChoice[]): readonly OpenChoice[] => {
    now.set(world);
    const strikes = recall.run(striking);
    const { faults, honest } = interner.valueOf(strikes) as {
      readonly faults: readonly Accident[];
      readonly honest: readonly PlayerId[];
    };
    if (faults.length === 0) return [];
    const struck = kept(ways, strikes, () => new Map());
    return list.flatMap((of) => {
      now.set(world);
      const step = recall.run(callsFor(of).perform);
      const ofStep = kept(struck, of, () => new Map());
      return kept(ofStep, step, () => interruptedWays(faults, honest, of, (interner.valueOf(step) as Step).moments));
    });
  };
  const open = mayInterrupt(plain)
    ? (world: Int32Array): readonly OpenChoice[] => {
        const list = byThemselves(world);
        const more = interrupted(world, list);
        return more.length === 0 ? list : [...list, ...more];
      }
    : byThemselves;

  const told = new Set<number>();

  /** Numbers of a memory and a step as one. Sixty-seven million values are more than any memory holds. */
  const both = (memory: number, step: number): number => {
    if (step >= 2 ** 26 || memory >= 2 ** 26) throw new Error('a search holds more values than it can tell apart');
    return memory * 2 ** 26 + step;
  };
  const look = (nth: number, memory: number, step: number, releases: number): Sight => {
    const { seen } = lookedWhen(releases);
    const known = seen[nth]?.get(both(memory, step));
    if (known !== undefined) return known;
    const one = watched[nth] as Guarantee;
    const sight = one.see(interner.valueOf(memory) as Json, interner.valueOf(step) as Step, witnessWhen(releases));
    const result = { memory: interner.idOf(sight.memory), broken: gravest(sight.breaks), shadow: sight.shadow };
    seen[nth]?.set(both(memory, step), result);
    return result;
  };

  return {
    watched,
    cellsMax,
    first,
    open,
    step: (world, choice, sights) => {
      now.set(world);
      const calls = callsFor(choice);
      if (calls.count !== null) recall.run(calls.count);
      const step = recall.run(calls.perform);
      bringIntoForm?.(world, now);
      if (options.onStep !== undefined && !told.has(step)) {
        told.add(step);
        options.onStep(interner.valueOf(step) as Step);
      }
      if (releasesCell !== null) {
        const before = interner.valueOf(now[releasesCell] as number) as Releases;
        now[releasesCell] = interner.idOf(releasesAfter(before, interner.valueOf(step) as Step));
      }
      const releases = runningIn(now);
      for (let nth = 0; nth < memories.length; nth += 1) {
        const cell = memories[nth] as number;
        const sight = look(nth, now[cell] as number, step, releases);
        now[cell] = sight.memory;
        sights[nth] = sight;
      }
      return now;
    },
    unrest: (world) => {
      now.set(world);
      return interner.valueOf(recall.run(unrest)) as Unrest | null;
    },
    end: (world, nth) => {
      const memory = world[memories[nth] as number] as number;
      const releases = runningIn(world);
      const { ends } = lookedWhen(releases);
      const known = ends[nth]?.get(memory);
      if (known !== undefined) return known;
      const broken = gravest(watched[nth]?.end?.(interner.valueOf(memory) as Json, witnessWhen(releases)) ?? []);
      ends[nth]?.set(memory, broken);
      return broken;
    },
    cellPaths: cells.paths,
    takeCells: (paths) => {
      const there = cells.paths();
      if (there.some((path, nth) => path?.join() !== paths[nth]?.join()))
        throw new Error('a search that was kept belongs to another scenario, or to another version of this program');
      for (const path of paths.slice(there.length)) if (path !== null) cells.make(path);
    },
    cellOf: cells.make,
    valueOf: (id) => interner.valueOf(id) as Json,
    idOf: interner.idOf,
    worked: recall.worked,
    bytes: recall.bytes,
  };
};
