/** What was measured of real clients, as the pages tell it: without what waits for somebody's maintainers. */
import type { DifferenceKind, Measured } from '../sim/ledger/clients/measured.ts';
import { differencesFile, type ToldClient, type ToldKind, type ToldSeat, toldOf } from '../sim/ledger/clients/told.ts';

const files = import.meta.glob<string>('../scenarios/client*.json', { query: '?raw', import: 'default', eager: true });
const named = new Map(Object.entries(files).map(([path, text]) => [path.split('/').at(-1) ?? '', text]));
/** Nobody has said what comes of a client's differences where there is no such file: then none of them is told. */
const kindsOf = (file: string): readonly DifferenceKind[] => {
  const text = named.get(differencesFile(file));
  return text === undefined ? [] : (JSON.parse(text) as { readonly kinds: readonly DifferenceKind[] }).kinds;
};

/** The production library first. */
export const clients: readonly ToldClient[] = [...named]
  .filter(([file]) => /^clients[.-]/.test(file))
  .sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
  .map(([file, text]) => toldOf(JSON.parse(text) as Measured, kindsOf(file)));

/** Where a kind of difference is told. */
export const kindHref = ({ id }: ToldKind): string => `/clients/#${id}`;

/** In which seats of a scenario each client came to something else. */
export const seatsIn = (scenario: string) =>
  clients.flatMap(({ client, seats }) => {
    const there = seats.flatMap((one) => (one.scenario === scenario && one.is === 'differs' ? [one] : []));
    return there.length === 0 ? [] : [{ name: `${client.name} ${client.version}`, seats: there }];
  });
/** Where it is told what a seat's difference comes from. */
export const seatHref = ({ kind }: Extract<ToldSeat, { readonly is: 'differs' }>): string => `/clients/#${kind}`;
