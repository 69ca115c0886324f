/** A game after some moves, as plain data: what the page shows, and what the worker is asked for. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { budgetOf } from '../../sim/engine/attacking.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { speechOf } from '../../sim/runs/telling/speech.ts';
import { actsLeft } from './acts-left.ts';
import { allOffered, type Offered, type Told, toldIn } from './gains.ts';
import { after, hardIn, openIn, opening, type Position, runSoFar, type Table, tableOf } from './position.ts';

export type PlayAsked = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly guarantees: readonly GuaranteeId[];
  /** What was taken, each by its number among what was open there. The story that leads up to the game has none. */
  readonly moves: readonly number[];
};

/** A break that ended a game. It is shown once the same choices break with real bytes too. */
export type Won = {
  readonly guarantee: GuaranteeId;
  readonly words: string;
  /** Ids of all choices, those of the story before the game among them. */
  readonly choices: readonly string[];
};

export type Played = {
  /** What has happened before the first move. */
  readonly before: readonly Told[];
  /** What was taken: as many as there are moves that could be. */
  readonly line: readonly (Told & { readonly nth: number })[];
  /** Why the rest of the moves was not taken. */
  readonly wrong: string | null;
  /** What may happen next; nothing once it is won. */
  readonly offered: readonly Offered[];
  /** How many moves each attacker has left. */
  readonly left: readonly { readonly name: string; readonly moves: number }[];
  readonly won: Won | null;
};

/** The game as far as the moves can be followed. */
const follow = (
  table: Table,
  moves: readonly number[],
): { readonly position: Position; readonly wrong: string | null } => {
  let position = opening(table);
  for (const [at, nth] of moves.entries()) {
    if (hardIn(position) !== null) return { position, wrong: `the game is over after ${at} of its moves` };
    const open = openIn(table, position);
    const choice = open[nth];
    if (choice === undefined)
      return { position, wrong: `move ${at + 1} is number ${nth} of ${open.length} (counted from 0)` };
    position = after(table, position, choice);
  }
  return { position, wrong: null };
};

const leftIn = (table: Table, position: Position): Played['left'] => {
  const speech = speechOf(runSoFar(table, position));
  return Object.keys(position.world.attackers).map((name) => ({
    name: speech.plain(speech.name(name)),
    moves:
      Math.max(0, budgetOf(position.world, name).moves ?? 0) +
      actsLeft(table.stage.scenario.explore, position.world.played, name),
  }));
};

const wonIn = (table: Table, position: Position): Won | null => {
  const broken = hardIn(position);
  if (broken === null) return null;
  const { guarantee, why } = broken;
  const { plain } = speechOf(runSoFar(table, position));
  return {
    guarantee,
    words: `${guaranteeWords(guarantee)}: ${plain(why)}`,
    choices: position.steps.map(({ choice }) => choice.id),
  };
};

/** What a game has come to after some moves. Moves that cannot be followed are a value, `wrong`. */
export const played = ({ scenario, turns, guarantees, moves }: PlayAsked): Played => {
  const table = tableOf({ scenario, turns, guarantees });
  const begun = opening(table).steps.length;
  const { position, wrong } = follow(table, moves);
  const told = toldIn(table, position);
  const won = wonIn(table, position);
  return {
    before: told.slice(0, begun),
    line: told.slice(begun).map((one, at) => ({ ...one, nth: moves[at] ?? 0 })),
    wrong,
    offered: won === null ? allOffered(table, position) : [],
    left: leftIn(table, position),
    won,
  };
};
