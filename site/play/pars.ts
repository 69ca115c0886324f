/** What the explorer finds of a level: its shortest way, or how much was searched without one. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { PlayerId, Scenario, Verdict } from '../../sim/engine/types.ts';
import { type Exploration, explore } from '../../sim/explorer/explore.ts';
import { replay } from '../../sim/runs/run.ts';
import { allOffered, type Side, toldIn } from './gains.ts';
import type { Level } from './levels.ts';
import { after, openIn, opening, tableOf } from './position.ts';

/** One move of a way: its number among all that was open, as a link has it, and as it reads. */
export type WayMove = { readonly nth: number; readonly side: Side; readonly words: string };

/** What is known of a level beforehand. It is checked in, and a test finds it again. */
export type Par = {
  /** Worlds that were searched, choices on the longest way to one, and what cut the search short (`null`: nothing did). */
  readonly worlds: number;
  readonly depth: number;
  readonly limit: Exploration['limit'];
  /** What has happened before the first move. */
  readonly before: readonly string[];
  /** A shortest way from there; `null`: none of those worlds breaks. */
  readonly way: readonly WayMove[] | null;
  /** Where none does: the guarantees whose shadow never happened in any of them. */
  readonly idle: readonly GuaranteeId[];
  /** Where that way ends: at whom it breaks, why, and what the same way comes to with real bytes. */
  readonly at: PlayerId | null;
  readonly why: string | null;
  readonly real: Verdict | null;
};
export type Pars = Readonly<Record<string, Par>>;

/** The moves of a way, by the ids of its choices. Throws where one is not open: then the game is not what was searched. */
const wayOf = (level: Level, scenario: Scenario, ids: readonly string[]): readonly WayMove[] => {
  const table = tableOf({ ...level, scenario });
  let position = opening(table);
  return ids.slice(position.steps.length).map((id): WayMove => {
    const offered = allOffered(table, position).find((one) => one.id === id);
    const choice = openIn(table, position)[offered?.nth ?? -1];
    if (offered === undefined || choice === undefined) throw new Error(`${level.id}: "${id}" is not open in the game`);
    position = after(table, position, choice);
    const { nth, side, words } = offered;
    return { nth, side, words };
  });
};

/** Guarantees that hold in all worlds, and of which nothing was at stake in any. */
export const idleIn = (found: Exploration['found']): readonly GuaranteeId[] =>
  found.flatMap(({ guarantee, verdict, shadow }) => (verdict === 'holds' && !shadow ? [guarantee] : []));

/** Searches a level. The first of its guarantees by the shortest way counts. */
export const parOf = (level: Level, scenario: Scenario): Par => {
  const { turns, guarantees } = level;
  const { found, worlds, depth, limit } = explore(scenario, { suite: makeSymbolicSuite('1'), turns, guarantees });
  const ways = found.flatMap(({ verdict, trace, guarantee, at, why }) =>
    verdict === 'breaks' && trace !== null ? [{ trace, guarantee, at, why }] : [],
  );
  const [best] = ways.toSorted((one, two) => one.trace.choices.length - two.trace.choices.length);
  const table = tableOf({ ...level, scenario });
  const before = toldIn(table, opening(table)).map(({ words }) => words);
  if (best === undefined) {
    const idle = idleIn(found);
    return { worlds, depth, limit, before, way: null, idle, at: null, why: null, real: null };
  }
  const { trace, guarantee, at, why } = best;
  const real = replay(scenario, trace).judgements.find((one) => one.guarantee === guarantee)?.verdict ?? null;
  return { worlds, depth, limit, before, way: wayOf(level, scenario, trace.choices), idle: [], at, why, real };
};

/** How many of a way's moves are the attacker's. */
export const ownMoves = (way: readonly Pick<WayMove, 'side'>[]): number =>
  way.filter(({ side }) => side === 'attacker').length;
