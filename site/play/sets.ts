/** Sets of clauses, as whoever defends a story switches them on. */
import type { ClauseId, Turn } from '../../sim/engine/types.ts';

/** At most so many can be switched on and off: all sets of them are run where somebody asks. */
export const clausesMost = 6;

/** All sets of some clauses, smaller ones first. */
export const setsOf = (clauses: readonly ClauseId[]): readonly (readonly ClauseId[])[] =>
  Array.from({ length: 2 ** clauses.length }, (_, bits) =>
    clauses.filter((__, nth) => ((bits >> nth) & 1) === 1),
  ).toSorted((one, other) => one.length - other.length);

/** What is turned where clients keep `on` and no others of `clauses`. */
export const withoutOthers = (clauses: readonly ClauseId[], on: readonly ClauseId[]): readonly Turn[] =>
  clauses.filter((clause) => !on.includes(clause)).map((clause) => ({ turn: 'off', clause }));
