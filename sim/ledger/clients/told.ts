/** What may be told of real clients, ready to be laid out: counts, reasons, and differences by what they come from. */
import { PLAYS_LIKE, profiles } from '../../../machines/profiles.ts';
import type { PlayerId } from '../../engine/types.ts';
import {
  type ComparedRow,
  type DifferenceKind,
  type DifferenceOrigin,
  isCompared,
  type Measured,
  type MeasuredRow,
  type MeasuredSeat,
  seatName,
} from './measured.ts';

/** Verdicts, by what became of the comparison, and how many seats and scenarios they are of. */
export type Counts = {
  /** Scenarios that were asked for, and those with the client in at least one seat. */
  readonly scenarios: number;
  readonly played: number;
  readonly seats: number;
  readonly agree: number;
  readonly differ: number;
  readonly notMeasured: number;
};
/** A seat in which the client came to something else than the model. */
export type Parting = {
  readonly scenario: string;
  readonly seat: PlayerId;
  /** Those that differ. */
  readonly rows: readonly ComparedRow[];
  readonly explained: readonly string[];
  readonly line: string;
};
export type ToldKind = Omit<DifferenceKind, 'seats' | 'disclosure'> & {
  /** Its place on a page. */
  readonly id: string;
  readonly partings: readonly Parting[];
};
/** A seat of which something was measured; `kind`: the place of what its difference comes from. */
export type ToldSeat = { readonly scenario: string; readonly seat: PlayerId } & (
  | { readonly is: 'agrees' }
  | { readonly is: 'differs'; readonly kind: string }
);
export type Reason = { readonly reason: string; readonly count: number };
export type ToldClient = Omit<Measured, 'scenarios' | 'seed' | 'names'> & {
  readonly counts: Counts;
  readonly folders: readonly (Counts & { readonly folder: string })[];
  readonly kinds: readonly ToldKind[];
  readonly seats: readonly ToldSeat[];
  /** Seats that differ and wait for the client's maintainers: no word of them stands anywhere else in this. */
  readonly keptBack: number;
  /** Why what was played was not measured, by verdict, and why a seat was not played; the most frequent first. */
  readonly unmeasured: readonly Reason[];
  readonly unplayed: readonly Reason[];
};

/** Where a difference comes from, in words; in the order in which they are told. */
export const originWords: Readonly<Record<DifferenceOrigin, string>> = {
  library: 'The library itself',
  layer: 'The layer above the library',
  cast: 'What was before the story',
  untraced: 'Not traced yet',
};
const origins = Object.keys(originWords) as readonly DifferenceOrigin[];

type Seat = { readonly scenario: string; readonly seat: PlayerId; readonly found: MeasuredSeat };

const rowsOf = ({ found }: Seat): readonly MeasuredRow[] => (found.is === 'played' ? found.rows : []);

const countsOf = (seats: readonly Seat[]): Counts => {
  const rows = seats.flatMap(rowsOf);
  const count = (is: MeasuredRow['is']): number => rows.filter((row) => row.is === is).length;
  const playedSeats = seats.filter(({ found }) => found.is === 'played');
  const scenariosIn = (of: readonly Seat[]): number => new Set(of.map(({ scenario }) => scenario)).size;
  return {
    scenarios: scenariosIn(seats),
    played: scenariosIn(playedSeats),
    seats: playedSeats.length,
    agree: count('agree'),
    differ: count('differ'),
    notMeasured: count('not measured'),
  };
};

const counted = (reasons: readonly string[]): readonly Reason[] =>
  [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => ({ reason, count: all.length }))
    .sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));

const partingOf = ({ scenario, seat, found }: Seat): readonly Parting[] => {
  if (found.is === 'not played') return [];
  const { explained, line } = found;
  const rows = found.rows.filter(isCompared).filter(({ is }) => is === 'differ');
  return rows.length === 0 ? [] : [{ scenario, seat, rows, explained, line }];
};

const seatOf = (one: Seat, kinds: readonly ToldKind[]): readonly ToldSeat[] => {
  const { scenario, seat } = one;
  const isIt = (parting: Parting): boolean => parting.scenario === scenario && parting.seat === seat;
  const kind = kinds.find(({ partings }) => partings.some(isIt));
  if (kind !== undefined) return [{ scenario, seat, is: 'differs', kind: kind.id }];
  return rowsOf(one).some(({ is }) => is === 'agree') ? [{ scenario, seat, is: 'agrees' }] : [];
};

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** When a client was measured, in words. */
export const daysOf = ({ day, since }: Pick<Measured, 'day' | 'since'>): string =>
  since === undefined ? day : `${since} to ${day}`;
/** How many seats are kept back in all. */
export const keptBackOf = (clients: readonly ToldClient[]): number =>
  clients.reduce((sum, { keptBack }) => sum + keptBack, 0);
/** The profile with which a device of the model comes to the same in every one of these seats; `null`: there is none. */
export const playedLike = (partings: readonly Pick<Parting, 'explained'>[]): string | null =>
  profiles.find(({ name }) => partings.every(({ explained }) => explained.includes(`${PLAYS_LIKE}: ${name}`)))?.name ??
  null;

/** The file with the kinds of a client's differences, by the name of the file with what was measured of it: `clients-….json`. */
export const differencesFile = (measured: string): string => measured.replace(/^clients/, 'client-differences');

/**
 * What may be told of a client. Seats of a kind whose disclosure is pending are only counted; so are those that differ and are of no kind
 * at all, since nobody has said yet that they may be told.
 */
export const toldOf = (
  { scenarios, seed: _, names: __, ...of }: Measured,
  kinds: readonly DifferenceKind[],
): ToldClient => {
  const publicKinds = kinds.filter(({ disclosure }) => disclosure === 'public');
  const mayBeTold = new Set(publicKinds.flatMap(({ seats }) => seats));
  const all = Object.entries(scenarios).flatMap(([scenario, seats]) =>
    Object.entries(seats).map(([seat, found]): Seat => ({ scenario, seat, found })),
  );
  const isTold = (one: Seat): boolean => partingOf(one).length === 0 || mayBeTold.has(seatName(one.scenario, one.seat));
  const told = all.filter(isTold);
  const toldKinds = publicKinds.flatMap(({ seats, disclosure: _, ...kind }): readonly ToldKind[] => {
    const partings = told.filter(({ scenario, seat }) => seats.includes(seatName(scenario, seat))).flatMap(partingOf);
    return partings.length === 0 ? [] : [{ ...kind, id: slug(`${of.client.name} ${kind.kind}`), partings }];
  });
  return {
    ...of,
    counts: countsOf(told),
    folders: [...Map.groupBy(told, ({ scenario }) => scenario.split('/')[0] ?? '')].map(([folder, seats]) => ({
      folder,
      ...countsOf(seats),
    })),
    kinds: toldKinds.toSorted((one, other) => origins.indexOf(one.of) - origins.indexOf(other.of)),
    seats: told.flatMap((one) => seatOf(one, toldKinds)),
    keptBack: all.length - told.length,
    unmeasured: counted(told.flatMap(rowsOf).flatMap((row) => (row.is === 'not measured' ? [row.because] : []))),
    unplayed: counted(told.flatMap(({ found }) => (found.is === 'not played' ? found.reasons : []))),
  };
};
