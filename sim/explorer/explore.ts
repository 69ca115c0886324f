/**
 * What can happen within stated bounds, and which guarantees it breaks. Breadth first, the first break found is a shortest one.
 * Nothing is said to hold unless every reachable world was seen.
 */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Suite } from '../../machines/suite.ts';
import type { Break } from '../engine/breaks.ts';
import { saidOfUnrest } from '../engine/quiet.ts';
import type { ClauseId, PlayerId, Scenario, Step, Trace, Turn, Verdict } from '../engine/types.ts';
import { guaranteesIn } from '../scenario/claims.ts';
import { TooManyCells } from './cells.ts';
import { type Kept, keep, takeUp } from './checkpoint.ts';
import { type Moves, makeMoves } from './moves.ts';
import { walk } from './random-walk.ts';
import { type Bounds, beginSearch, type Limit, type Order, type Place, type Search, type Seen } from './search.ts';

export type { Bounds, Limit } from './search.ts';

export type Found = {
  readonly guarantee: GuaranteeId;
  readonly verdict: Verdict;
  /** A way there, when it breaks or is accepted: breadth first a shortest one. */
  readonly trace: Trace | null;
  /** How many choices of that way are acts of attackers; `null` where there is none, and of random walks. */
  readonly attacks: number | null;
  /** Whether no way is shorter, and none as short has fewer acts of attackers. */
  readonly isLeast: boolean;
  readonly at: string | null;
  readonly why: string | null;
  readonly acceptedBy: string | null;
  /** Whether the shadow happens in some world: what must be possible for `holds` to mean anything. */
  readonly shadow: boolean;
};

export type Exploration = {
  readonly scenario: string;
  readonly turns: readonly Turn[];
  readonly order: Order | 'random';
  readonly found: readonly Found[];
  /** Worlds kept; of random walks, worlds passed, each as often as it was. */
  readonly worlds: number;
  readonly transitions: number;
  /** Choices on the longest way taken. */
  readonly depth: number;
  /** What cut the search short; `null` where it came to its end (`endOf`). Random walks never do. */
  readonly limit: Limit | 'chance' | null;
  readonly bounds: Bounds;
  /**
   * A way to a world that does not come to rest by itself, what is still to come there (`saidOfUnrest`), and how many choices it takes to
   * where that can no longer be helped: two answer each other for ever, or something waits and is never let go. What must come about in the
   * end is `unsettled` then. `null`: there is none, not every reachable world was seen, or nobody looked (random walks do
   * not, nor does a search that judges nothing in the end).
   */
  readonly restless: { readonly trace: Trace; readonly unrest: string; readonly lostAfter: number } | null;
  /** Local steps really worked out, and bytes of worlds and of what is remembered of steps. */
  readonly worked: number;
  readonly bytes: number;
};

/**
 * How a search ended: `all seen` is every reachable world; `all broken`, that every guarantee it watched was broken, and nobody looked
 * further; `cut short`, by its `limit`.
 */
export type End = 'all seen' | 'all broken' | 'cut short';
export const endOf = ({
  limit,
  found,
}: Pick<Exploration, 'limit'> & { readonly found: readonly Pick<Found, 'verdict'>[] }): End => {
  if (limit !== null) return 'cut short';
  return found.length > 0 && found.every(({ verdict }) => verdict === 'breaks') ? 'all broken' : 'all seen';
};

/** How far a search has come. `worldsExpected`: how many there will be by the last levels' growth, `null` while they still grow. */
export type Now = {
  readonly worlds: number;
  readonly frontier: number;
  readonly depth: number;
  readonly worldsExpected: number | null;
};

export type ExploreOptions = {
  readonly suite: Suite;
  readonly turns?: readonly Turn[];
  readonly seed?: string;
  /** The guarantees to watch; by default those the scenario expects something of. */
  readonly guarantees?: readonly GuaranteeId[];
  readonly bounds?: Partial<Bounds>;
  readonly order?: Order | 'random';
  /** Worlds are told apart by all that is in them, also by what nobody can look at. */
  readonly isExact?: boolean;
  /** What is remembered of steps is worked out again, and an error where it comes out otherwise: for tests. */
  readonly isChecked?: boolean;
  /** Called now and then; `false` stops the search. */
  readonly progress?: (now: Now) => boolean;
  /** Told every step when it is first taken. */
  readonly onStep?: (step: Step) => void;
  /** Told when a guarantee asks whether a clause is off for a player. */
  readonly onAsk?: (player: PlayerId, clause: ClauseId) => void;
  /** A search that was left, of the same scenario and options: it goes on from there. */
  readonly kept?: Kept;
};

/** A search that can be left at any time: advanced, reported of, kept. */
export type Exploring = {
  /** Looks at about so many further worlds. `true` when it is over. */
  readonly advance: (worlds: number) => boolean;
  readonly now: () => Now;
  /** What is known so far; what a search that is not over has not found is `unsettled`. */
  readonly report: () => Exploration;
  readonly keep: () => Kept;
};

/** Cells that a world has room for to begin with; more are made room for when they are needed. */
const cellsUsual = 192;
const bytesUsual = 2 ** 30;

/** How far a search goes: as it is told, otherwise as the file says. */
export const boundsOf = (scenario: Scenario, bounds: Partial<Bounds> = {}): Bounds => {
  const until = scenario.explore?.until;
  return {
    depthMax: bounds.depthMax ?? until?.depth ?? 40,
    worldsMax: bounds.worldsMax ?? until?.worlds ?? 1_000_000,
    bytesMax: bounds.bytesMax ?? bytesUsual,
  };
};

/** Begins to search the worlds of a scenario's story, free play, attackers and faults, each world once. */
export const beginExploring = (scenario: Scenario, options: ExploreOptions): Exploring => {
  const order = options.order === 'depth first' ? 'depth first' : 'breadth first';
  const bounds = boundsOf(scenario, options.bounds);
  const begin = (cellsMax: number): { readonly moves: Moves; readonly search: Search } => {
    const moves = movesOf(scenario, options, cellsMax);
    const from = options.kept === undefined ? {} : { from: takeUp(options.kept, moves, bounds.worldsMax) };
    return { moves, search: beginSearch(moves, { order, bounds, ...from }) };
  };
  let cellsMax = options.kept?.cellsMax ?? cellsUsual;
  // A large cast may need more cells than usual before anything has happened.
  const beginRoomy = (): ReturnType<typeof begin> => {
    for (;;)
      try {
        return begin(cellsMax);
      } catch (error) {
        if (!(error instanceof TooManyCells)) throw error;
        cellsMax *= 2;
      }
  };
  let { moves, search } = beginRoomy();
  return {
    advance: (worlds) => {
      try {
        return search.advance(worlds);
      } catch (error) {
        if (!(error instanceof TooManyCells)) throw error;
        cellsMax *= 2;
        ({ moves, search } = beginRoomy());
        return false;
      }
    },
    now: () => ({
      worlds: search.worlds.size(),
      frontier: search.frontier(),
      depth: search.seen().depth,
      worldsExpected: expected(search),
    }),
    report: () => report(scenario, options, bounds, order, moves, search),
    keep: () => keep(moves, search),
  };
};

const movesOf = (scenario: Scenario, options: ExploreOptions, cellsMax: number): Moves =>
  makeMoves(scenario, {
    suite: options.suite,
    turns: options.turns ?? [],
    seed: options.seed ?? '1',
    guarantees: options.guarantees ?? guaranteesIn(scenario.expect),
    cellsMax,
    isExact: options.isExact ?? false,
    isChecked: options.isChecked ?? false,
    ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
    ...(options.onAsk === undefined ? {} : { onAsk: options.onAsk }),
  });

/** A frontier that shrinks from level to level goes on shrinking, as far as anybody can tell. */
const expected = ({ worlds, frontier }: Search): number | null => {
  const waiting = frontier();
  const done = worlds.size() - waiting;
  // New worlds for each of the last tenth of worlds looked at.
  const from = Math.floor(done * 0.9);
  if (done < 1000 || from === done) return null;
  let later = 0;
  for (let world = worlds.size() - 1; world > 0 && worlds.parentOf(world) >= from; world -= 1) later += 1;
  const growth = later / (done - from);
  return growth >= 1 ? null : Math.round(done + waiting / (1 - growth));
};

/** The choices that lead to a place, worked out again from the first world. */
const traceOf = (moves: Moves, { worlds }: Search, world: number, choice: number): readonly string[] => {
  const cells = new Int32Array(moves.cellsMax);
  const offered = (at: number, nth: number): string => {
    worlds.read(at, cells);
    return moves.open(cells)[nth]?.id ?? '';
  };
  const ids: string[] = choice < 0 ? [] : [offered(world, choice)];
  for (let at = world; at > 0; at = worlds.parentOf(at)) ids.unshift(offered(worlds.parentOf(at), worlds.choiceOf(at)));
  return ids;
};

const report = (
  scenario: Scenario,
  options: ExploreOptions,
  bounds: Bounds,
  order: Order,
  moves: Moves,
  search: Search,
): Exploration => {
  const { turns = [], seed = '1' } = options;
  const seen: Seen = search.seen();
  const limit = seen.limit ?? (seen.isDone ? null : 'stopped');
  const isOpen = moves.watched.some(({ kind }, nth) => kind === 'finally' && seen.hard[nth] === null);
  const restless = limit === null && isOpen ? search.restless() : null;
  const wayTo = (at: Pick<Place, 'world' | 'choice'>): Trace => ({
    scenario: scenario.id,
    turns,
    seed,
    choices: traceOf(moves, search, at.world, at.choice),
  });
  const found = moves.watched.map(({ id, kind }, nth): Found => {
    const place = placeToShow(seen, nth, limit);
    const way =
      place === null ? null : { trace: wayTo(place), attacks: place.attacks, isLeast: isLeast(seen, place, order) };
    return foundOf(id, nth, seen, limit, way, kind === 'finally' && restless !== null);
  });
  return {
    scenario: scenario.id,
    turns,
    order,
    found,
    worlds: search.worlds.size(),
    transitions: seen.transitions,
    depth: seen.depth,
    limit,
    bounds,
    restless:
      restless === null
        ? null
        : {
            trace: wayTo({ world: restless.world, choice: -1 }),
            unrest: saidOfUnrest(restless.unrest),
            lostAfter: search.worlds.depthOf(restless.from),
          },
    worked: moves.worked(),
    bytes: search.worlds.bytes() + moves.bytes(),
  };
};

/** What a search has seen of the nth guarantee that is worth a way there. */
const placeToShow = <P>(
  seen: Readonly<Record<'hard' | 'accepted', readonly (P | null)[]>>,
  nth: number,
  limit: Exploration['limit'],
): P | null =>
  // A worse break may lie where nobody has looked: only a break that no text accepts is certain before the end.
  seen.hard[nth] ?? (limit === null ? (seen.accepted[nth] ?? null) : null);

/** Breadth first, once all worlds have been looked at in which a way of that length ends, or from which it goes one choice on. */
const isLeast = ({ isDone, limit, depthAt }: Seen, { length }: Place, order: Order): boolean =>
  order === 'breadth first' && (depthAt > length || (isDone && limit === null));

type Sighted = Readonly<Record<'hard' | 'accepted', readonly ({ readonly broken: Break } | null)[]>> &
  Pick<Seen, 'shadows'>;

type Way = { readonly trace: Trace; readonly attacks: number | null; readonly isLeast: boolean };

/** What is said of the nth guarantee. @param way to `placeToShow` @param isRestless it is judged in the end, and not every world has one */
const foundOf = (
  guarantee: GuaranteeId,
  nth: number,
  seen: Sighted,
  limit: Exploration['limit'],
  way: Way | null,
  isRestless = false,
): Found => {
  const hard = seen.hard[nth] ?? null;
  const isUnsettled = hard === null && isRestless;
  const broken = isUnsettled ? undefined : placeToShow(seen, nth, limit)?.broken;
  return {
    guarantee,
    verdict: isUnsettled ? 'unsettled' : verdictOf(hard, seen.accepted[nth] ?? null, limit),
    trace: isUnsettled || way === null ? null : way.trace,
    attacks: isUnsettled || way === null ? null : way.attacks,
    isLeast: !isUnsettled && way?.isLeast === true,
    at: broken?.at ?? null,
    why: isUnsettled ? 'not every world comes to rest' : (broken?.why ?? null),
    acceptedBy: broken?.acceptedBy ?? null,
    shadow: seen.shadows[nth] ?? false,
  };
};

const verdictOf = (hard: object | null, accepted: object | null, limit: Exploration['limit']): Verdict =>
  hard !== null ? 'breaks' : limit !== null ? 'unsettled' : accepted !== null ? 'accepted' : 'holds';

/** Random walks: for spaces no search comes to the end of. They find breaks and settle nothing else. */
const wandering = (scenario: Scenario, options: ExploreOptions): Exploration => {
  const bounds = boundsOf(scenario, options.bounds);
  const { turns = [], seed = '1' } = options;
  for (let cellsMax = cellsUsual; ; cellsMax *= 2)
    try {
      const moves = movesOf(scenario, options, cellsMax);
      const walked = walk(
        moves,
        bounds,
        `${seed}/${scenario.id}`,
        (worlds, depth) => options.progress?.({ worlds, frontier: 0, depth, worldsExpected: bounds.worldsMax }) ?? true,
      );
      const { hard, shadows } = walked;
      const found = moves.watched.map(({ id }, nth): Found => {
        const choices = hard[nth]?.choices;
        const trace = choices === undefined ? null : { scenario: scenario.id, turns, seed, choices };
        const way = trace === null ? null : { trace, attacks: null, isLeast: false };
        return foundOf(id, nth, { hard, accepted: [], shadows }, 'chance', way);
      });
      return {
        scenario: scenario.id,
        turns,
        order: 'random',
        found,
        worlds: walked.worlds,
        transitions: walked.worlds,
        depth: walked.depth,
        limit: walked.stopped ? 'stopped' : 'chance',
        bounds,
        restless: null,
        worked: moves.worked(),
        bytes: moves.bytes(),
      };
    } catch (error) {
      if (!(error instanceof TooManyCells)) throw error;
    }
};

/** Searches to the end, or until `progress` says so. */
export const explore = (scenario: Scenario, options: ExploreOptions): Exploration => {
  if (options.order === 'random') return wandering(scenario, options);
  const exploring = beginExploring(scenario, options);
  while (!exploring.advance(1024)) if (options.progress?.(exploring.now()) === false) break;
  return exploring.report();
};
