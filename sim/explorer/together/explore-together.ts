/**
 * A breadth-first search by two workers: the same worlds, ways and verdicts as `explore` finds on one thread, whoever of the two is
 * faster. What each has to hand over is written down in `protocol.ts`.
 */

import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Scenario, Trace } from '../../engine/types.ts';
import { guaranteesIn } from '../../scenario/claims.ts';
import {
  boundsOf,
  cellsUsual,
  type Exploration,
  type ExploreOptions,
  explore,
  foundOf,
  placeToShow,
} from '../explore.ts';
import type { Bounds, Place } from '../search.ts';
import {
  type Answer,
  buffersOf,
  choiceIn,
  type Order,
  parentIn,
  type Side,
  type Slice,
  type SliceSeen,
  type Wanted,
  type WorkerPort,
} from './protocol.ts';
import { nothingTold, type Tally, withSlice } from './tally.ts';

/** Worlds looked at between two counts, at most: few enough that little is looked at in vain, and that nobody waits long. */
const sliceMax = 4096;
/** Slices under way: while one is being settled the next is looked at, as far as its worlds have numbers. */
const underWayMax = 2;

/** Whether two workers can do such a search at all. */
export const sharesWork = ({ order = 'breadth first', reductions = [], kept, suite }: ExploreOptions): boolean =>
  order === 'breadth first' && reductions.length === 0 && kept === undefined && suite.name === 'symbolic';

const other = (side: Side): Side => (side === 0 ? 1 : 0);

/**
 * @param options as for `explore`. The suite must be that of terms, with the seed that workers make theirs of. A search in another order, with
 *   sleep sets, one taken up again, or with another suite is left to `explore`.
 * @param workers the ends of two ways, at whose other ends somebody has called `workFor`
 * @returns what `explore` returns; `worked` and `bytes` are the sums of what both worked and hold. The bound of memory is looked at now and
 *   then, and not at the same worlds. Rejects when a worker fails, which is a bug.
 */
export const exploreTogether = async (
  scenario: Scenario,
  options: ExploreOptions,
  workers: readonly [WorkerPort, WorkerPort],
): Promise<Exploration> => {
  if (!sharesWork(options)) return explore(scenario, options);
  const { turns = [], seed = '1' } = options;
  const bounds = boundsOf(scenario, options.bounds);
  const guarantees = options.guarantees ?? guaranteesIn(scenario.expect);
  const pair = pairOf(workers);
  for (let cellsMax = cellsUsual; ; cellsMax *= 2) {
    const wanted: Wanted = { scenario, turns, seed, guarantees, cellsMax, depthMax: bounds.depthMax };
    const searched = await search(pair, wanted, bounds, options.progress);
    if (searched === 'too many cells') continue;
    const { watched, tally, worked, bytes } = searched;
    const limit = tally.limit ?? (tally.isDone ? null : 'stopped');
    const found = [];
    for (const [nth, id] of watched.entries()) {
      const place = placeToShow(tally, nth, limit);
      const choices = place === null ? null : await wayTo(pair, place);
      const trace: Trace | null = choices === null ? null : { scenario: scenario.id, turns, seed, choices };
      found.push(foundOf(id, nth, tally, limit, trace));
    }
    return {
      scenario: scenario.id,
      turns,
      order: 'breadth first',
      found,
      worlds: tally.worlds,
      transitions: tally.transitions,
      depth: tally.depth,
      limit,
      bounds,
      reductions: [],
      restless: null,
      worked,
      bytes,
    };
  }
};

/** Both workers, whose answers go to whoever asked last. */
type Pair = {
  readonly tell: (side: Side, order: Order, transfer?: readonly ArrayBuffer[]) => void;
  /** Begins something new, whose answers `hear` gets: older ones are not for it. */
  readonly begin: (wanted: Wanted, hear: (side: Side, answer: Answer) => void) => void;
  readonly listen: (hear: (side: Side, answer: Answer) => void) => void;
};

const pairOf = (workers: readonly [WorkerPort, WorkerPort]): Pair => {
  let search = 0;
  let listener: (side: Side, answer: Answer) => void = () => {};
  const sides: readonly Side[] = [0, 1];
  for (const side of sides)
    workers[side].onMessage((answer) => {
      if (answer.search === search) listener(side, answer);
    });
  return {
    tell: (side, order, transfer) => workers[side].post(order, transfer),
    begin: (wanted, hear) => {
      search += 1;
      listener = hear;
      for (const side of sides) workers[side].post({ do: 'begin', search, side, wanted });
    },
    listen: (hear) => {
      listener = hear;
    },
  };
};

type Searched = {
  readonly watched: readonly GuaranteeId[];
  readonly tally: Tally;
  readonly worked: number;
  readonly bytes: number;
};

const search = (
  pair: Pair,
  wanted: Wanted,
  bounds: Bounds,
  progress: ExploreOptions['progress'],
): Promise<Searched | 'too many cells'> =>
  new Promise((over, fail) => {
    let ready = 0;
    let watched: readonly GuaranteeId[] = [];
    let tally: Tally = nothingTold(0);
    /** The first world of no slice yet, slices not settled, and the number of the next. */
    let next = 0;
    let looked = 0;
    let nth = 0;
    const underWay: Slice[] = [];
    const seen: readonly [SliceSeen[], SliceSeen[]] = [[], []];
    let isOver = false;
    const growth: Growth[] = [];

    const end = (worked: number, bytes: number): void => {
      isOver = true;
      over({ watched, tally, worked, bytes });
    };
    const send = (): void => {
      while (underWay.length < underWayMax && next < tally.worlds) {
        const many = tally.worlds - next;
        // A share of what waits, so that there is something to look at while this slice is settled.
        const to = next + Math.min(sliceMax, Math.max(64, many >> 1), many);
        const slice = { nth, from: next, to };
        nth += 1;
        next = to;
        underWay.push(slice);
        pair.tell(0, { do: 'look', slice });
        pair.tell(1, { do: 'look', slice });
      }
    };
    const settle = (slice: Slice, both: readonly [SliceSeen, SliceSeen]): void => {
      const before = tally.worlds;
      tally = withSlice(tally, both, bounds);
      looked = slice.to;
      growth.push({ to: slice.to, worlds: tally.worlds - before });
      const [worked, bytes] = [both[0].worked + both[1].worked, both[0].bytes + both[1].bytes];
      const { worlds, depth } = tally;
      if (!tally.isDone && looked === worlds) tally = { ...tally, isDone: true };
      if (!tally.isDone && bytes > bounds.bytesMax) tally = { ...tally, limit: 'memory', isDone: true };
      const now = { worlds, frontier: worlds - looked, depth, worldsExpected: expected(growth, worlds, looked) };
      if (tally.isDone || progress?.(now) === false) {
        end(worked, bytes);
        return;
      }
      pair.tell(0, { do: 'number', nth: slice.nth, keys: both[1].keys });
      pair.tell(1, { do: 'number', nth: slice.nth, keys: both[0].keys });
      send();
    };

    pair.begin(wanted, (side, answer) => {
      if (isOver) return;
      switch (answer.say) {
        case 'ready':
          ready += 1;
          if (ready < 2) return;
          watched = answer.watched;
          tally = nothingTold(watched.length);
          send();
          return;
        case 'reached':
          pair.tell(other(side), { do: 'take', nth: answer.nth, batch: answer.batch }, buffersOf(answer.batch));
          return;
        case 'seen': {
          seen[side].push(answer.seen);
          const [one, two] = [seen[0][0], seen[1][0]];
          if (one === undefined || two === undefined) return;
          seen[0].shift();
          seen[1].shift();
          settle(underWay.shift() as Slice, [one, two]);
          return;
        }
        case 'too many cells':
          isOver = true;
          over('too many cells');
          return;
        case 'failed':
          isOver = true;
          fail(new Error(`a worker of a search failed: ${answer.why}`));
      }
    });
  });

type Growth = { readonly to: number; readonly worlds: number };

/** A frontier that shrinks goes on shrinking, as far as anybody can tell: see `explore`. Whole slices are counted here. */
const expected = (growth: readonly Growth[], worlds: number, looked: number): number | null => {
  let nth = growth.length - 1;
  let later = 0;
  for (; nth > 0 && (growth[nth]?.to ?? 0) > looked * 0.9; nth -= 1) later += growth[nth]?.worlds ?? 0;
  const from = growth[nth]?.to ?? 0;
  if (looked < 1000 || from >= looked) return null;
  const rate = later / (looked - from);
  return rate >= 1 ? null : Math.round(looked + (worlds - looked) / (1 - rate));
};

/** The choices that lead to a place, asked for one after another from its end. */
const wayTo = async (pair: Pair, { world, choice }: Place): Promise<readonly string[]> => {
  const ids: string[] = [];
  let [at, taken] = [world, choice];
  while (at >= 0) {
    const { key, id } = await told(pair, at, taken);
    if (id !== null) ids.unshift(id);
    if (key < 0) break;
    [at, taken] = [parentIn(key), choiceIn(key)];
  }
  return ids;
};

/** What whoever has the world says of it. */
const told = (pair: Pair, at: number, choice: number): Promise<{ readonly key: number; readonly id: string | null }> =>
  new Promise((over, fail) => {
    let answers = 0;
    let found: { readonly key: number; readonly id: string | null } | null = null;
    pair.listen((_side, answer) => {
      if (answer.say === 'failed' || answer.say === 'too many cells')
        fail(new Error(`a worker of a search failed: ${answer.say === 'failed' ? answer.why : answer.say}`));
      if (answer.say !== 'told') return; // of slices that were looked at in vain
      answers += 1;
      if (answer.key !== null) found = { key: answer.key, id: answer.id };
      if (answers < 2) return;
      if (found === null) fail(new Error(`nobody has world ${at}: were numbers given twice?`));
      else over(found);
    });
    pair.tell(0, { do: 'tell', at, choice });
    pair.tell(1, { do: 'tell', at, choice });
  });
