/** Clauses of which a way to a break is known, and what a client makes of each. */
import { implementedClauses } from '../../../machines/parts.ts';
import type { ClauseId } from '../../../machines/types.ts';
import type { PlayerId, Scenario } from '../../engine/types.ts';
import { type Counterexample, foundIn, type KnownRow, toldIn } from './counterexamples.ts';
import { type Company, type Tried, tryAll } from './tried.ts';

/** Where ways to a break are known from: what an ablation found in arenas and stories, and what stories say themselves. */
export type Sources = {
  readonly rows: readonly KnownRow[];
  readonly stories: readonly Scenario[];
  readonly arenas: readonly Scenario[];
};

const toldClauses = (stories: readonly Scenario[]): readonly ClauseId[] =>
  stories
    .filter(({ explore }) => explore === null)
    .flatMap(({ without }) =>
      without.flatMap(({ turns: [turn, ...others], expect }) => {
        const isBad = expect.some(({ verdict }) => verdict === 'breaks' || verdict === 'accepted');
        return isBad && others.length === 0 && turn?.turn === 'off' ? [turn.clause] : [];
      }),
    );

/** All of which one is known, in the order of the charts. */
export const clausesWithAWay = ({ rows, stories }: Sources): readonly ClauseId[] => {
  const known = new Set([
    ...rows.flatMap(({ clauses: [clause = '', ...others], missed }) =>
      others.length === 0 && missed.length > 0 ? [clause] : [],
    ),
    ...toldClauses(stories),
  ]);
  const ordered = implementedClauses.map(({ clause }) => clause).filter((clause) => known.has(clause));
  return [...new Set([...ordered, ...known])];
};

export const scenarioIn =
  ({ stories, arenas }: Pick<Sources, 'stories' | 'arenas'>) =>
  (id: string): Scenario | undefined =>
    [...stories, ...arenas].find((one) => one.id === id);

/**
 * All ways that are known, tried. Not empty for a clause with one, unless a seat is asked about that none of them has.
 *
 * @param only that seat alone
 */
export const tryClause = (clause: ClauseId, sources: Sources, company: Company, only?: PlayerId): readonly Tried[] => {
  const isAsked = ({ seat }: Counterexample): boolean => only === undefined || seat === only;
  const found = foundIn(clause, sources.rows, scenarioIn(sources)).filter(isAsked);
  const told = toldIn(clause, sources.stories).filter(isAsked);
  const lines = new Set(found.map(({ line }) => line));
  const tried = tryAll([...found, ...told.filter(({ line }) => !lines.has(line))], company);
  // A break that needs several to leave it out is told where no seat has one of its own.
  const seated = new Set(tried.flatMap(({ seat, guarantee }) => (seat === null ? [] : [guarantee])));
  return tried.filter(({ seat, guarantee }) => seat !== null || !seated.has(guarantee));
};
