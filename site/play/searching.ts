/** A search of a scenario's worlds in slices, so that it can be watched and left. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Scenario, Turn, Verdict } from '../../sim/engine/types.ts';
import {
  type Bounds,
  beginExploring,
  type End,
  type Exploration,
  type Exploring,
  endOf,
  type Found,
} from '../../sim/explorer/explore.ts';
import { triedIn, triedWords } from '../../sim/explorer/tried.ts';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { speechOf } from '../../sim/runs/telling/speech.ts';
import { guaranteesIn } from '../../sim/scenario/claims.ts';
import { firstPosition, runSoFar, tableOf } from './position.ts';

export type ExploreAsked = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  /** What is watched; `null`: what the scenario expects something of. */
  readonly guarantees: readonly GuaranteeId[] | null;
  /** Smaller bounds than the scenario's own; larger ones are cut to what a page can hold. */
  readonly depth: number | null;
  readonly worlds: number | null;
};
/** How far a search has come, and what it has found broken by now. `expected`: how many worlds there will be; `null`: nobody can say. */
export type ExploreProgress = {
  readonly worlds: number;
  readonly depth: number;
  readonly expected: number | null;
  readonly broken: readonly GuaranteeId[];
};
export type ExploreFound = {
  readonly guarantee: GuaranteeId;
  readonly name: string;
  readonly verdict: Verdict;
  readonly at: string | null;
  readonly why: string | null;
  readonly acceptedBy: string | null;
  /** Whether its shadow happened in some world: where it did not, that it holds says nothing. */
  readonly shadow: boolean;
  /** Ids of the choices that lead there. */
  readonly choices: readonly string[] | null;
};
export type ExploreAnswered = {
  readonly found: readonly ExploreFound[];
  readonly worlds: number;
  readonly depth: number;
  readonly limit: Exploration['limit'];
  readonly end: End;
  /** What “holds” speaks of, and what it says nothing about. */
  readonly tried: readonly string[];
  readonly bounds: Pick<Bounds, 'depthMax' | 'worldsMax'>;
};

/** No page searches further. */
export const boundsMost = { depthMax: 60, worldsMax: 200_000, bytesMax: 384 * 2 ** 20 } as const;

const least = (asked: number | null, own: number, most: number): number =>
  Math.max(1, Math.min(most, asked !== null && Number.isFinite(asked) ? Math.floor(asked) : own));

/** The bounds of a search: what is asked, else the scenario's own, and never more than a page can hold. */
export const boundsFor = ({ scenario, depth, worlds }: Pick<ExploreAsked, 'scenario' | 'depth' | 'worlds'>): Bounds => {
  const until = scenario.explore?.until;
  return {
    depthMax: least(depth, until?.depth ?? 40, boundsMost.depthMax),
    worldsMax: least(worlds, until?.worlds ?? 20_000, boundsMost.worldsMax),
    bytesMax: boundsMost.bytesMax,
  };
};

export const beginSearching = (asked: ExploreAsked): Exploring =>
  beginExploring(asked.scenario, {
    suite: makeSymbolicSuite('1'),
    turns: asked.turns,
    guarantees: asked.guarantees ?? guaranteesIn(asked.scenario.expect),
    bounds: boundsFor(asked),
  });

const foundOf = (
  { guarantee, verdict, at, why, acceptedBy, shadow, trace }: Found,
  plain: (text: string) => string,
): ExploreFound => ({
  guarantee,
  name: guaranteeWords(guarantee),
  verdict,
  at,
  why: why === null ? null : plain(why),
  acceptedBy,
  shadow,
  choices: trace?.choices ?? null,
});

export const progressOf = (search: Exploring): ExploreProgress => {
  const { worlds, depth, worldsExpected } = search.now();
  const broken = search.report().found.flatMap(({ verdict, guarantee }) => (verdict === 'breaks' ? [guarantee] : []));
  return { worlds, depth, expected: worldsExpected, broken };
};

/** What is known of a search, over or not: what it has not settled is `unsettled`. */
export const answerOf = (search: Exploring, { scenario, turns }: ExploreAsked): ExploreAnswered => {
  const table = tableOf({ scenario, turns, guarantees: [] });
  const { plain } = speechOf(runSoFar(table, firstPosition(table)));
  const report = search.report();
  const { found, worlds, depth, limit } = report;
  const { depthMax, worldsMax } = report.bounds;
  return {
    found: found.map((one) => foundOf(one, plain)),
    worlds,
    depth,
    limit,
    end: endOf(report),
    tried: triedWords(triedIn(scenario)),
    bounds: { depthMax, worldsMax },
  };
};
