/** What pages say of a level before it is played. */

import type { Scenario } from '../../sim/engine/types.ts';
import { large } from '../../sim/runs/figures/counted.ts';
import { counted, guaranteeWords } from '../../sim/runs/figures/words.ts';
import { attackerWords } from '../ablation.ts';
import { actsLeft } from './acts-left.ts';
import { type Level, levels } from './levels.ts';
import filed from './pars.json' with { type: 'json' };
import { ownMoves, type Par, type Pars } from './pars.ts';
import { idleWords } from './stand-words.ts';

const pars = filed as Pars;

/** What the explorer found of a level. Throws where nobody has looked. */
export const parFor = ({ id }: Pick<Level, 'id'>): Par => {
  const par = pars[id];
  if (par === undefined) throw new Error(`no par of the level ${id}: was \`node site/play/pars-main.ts\` run?`);
  return par;
};

export const levelHref = ({ id }: Pick<Level, 'id'>): string => `/play/${id}/`;
export const levelAfter = ({ id }: Pick<Level, 'id'>): Level | null =>
  levels[levels.findIndex((one) => one.id === id) + 1] ?? null;

/** `4 moves, 3 of them hers`, or `no way in 1 422 worlds`. */
export const parWords = ({ way, worlds }: Par): string =>
  way === null
    ? `no way in ${large(worlds)} worlds`
    : `${counted(way.length, 'move')}, ${ownMoves(way)} of them the attacker’s`;

/** What an exhausted search says: all worlds within which bounds, and how deep. */
export const searchedWords = ({ worlds, depth, limit, idle }: Par, { explore }: Scenario): string => {
  const bounds =
    explore === null
      ? ''
      : ` (no search goes further than ${explore.until.depth} moves and ${large(explore.until.worlds)} worlds)`;
  const found =
    limit === null
      ? `${large(worlds)} worlds, depth ${depth}, none breaks. These are all the worlds there are${bounds}.`
      : `${large(worlds)} worlds, depth ${depth}, none of them breaks, and the search was cut short by its bound of ${limit}${bounds}.`;
  return [found, ...idleWords(idle.map(guaranteeWords))].join(' ');
};

/** Who attacks, with how many moves, those that the scenario puts in their hand among them: `mallory: a stolen token, 3 moves`. */
export const attackersIn = ({ cast, explore }: Scenario): string =>
  cast.attackers
    .map(({ name, plays, budget }) => {
      const moves = (budget.moves ?? 0) + actsLeft(explore, [], name);
      return `${name}: ${attackerWords(plays)}, ${counted(moves, 'move')}`;
    })
    .join('; ');
