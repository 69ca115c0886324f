/** What was measured of real clients, as the pages tell it: without what waits for somebody's maintainers. */
import differences from '../scenarios/client-differences.json?raw';
import type { DifferenceKind, Measured } from '../sim/ledger/clients/measured.ts';
import { type ToldClient, type ToldKind, type ToldSeat, toldOf } from '../sim/ledger/clients/told.ts';

const { kinds } = JSON.parse(differences) as { readonly kinds: readonly DifferenceKind[] };
const files = import.meta.glob<string>('../scenarios/clients*.json', { query: '?raw', import: 'default', eager: true });

/** The production library first. */
export const clients: readonly ToldClient[] = Object.entries(files)
  .sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
  .map(([, text]) => toldOf(JSON.parse(text) as Measured, kinds));

/** Where a kind of difference is told. */
export const kindHref = ({ id }: ToldKind): string => `/clients/#${id}`;

/** What was measured of each client in the seats of a scenario. */
export const seatsIn = (scenario: string) =>
  clients.flatMap(({ client, seats }) => {
    const there = seats.filter((one) => one.scenario === scenario);
    return there.length === 0 ? [] : [{ name: `${client.name} ${client.version}`, seats: there }];
  });
/** Where it is told what a seat's difference comes from. */
export const seatHref = (seat: ToldSeat): string => (seat.is === 'agrees' ? '/clients/' : `/clients/#${seat.kind}`);
