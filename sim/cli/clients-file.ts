/** The file in which what was measured of a client is kept. */
import { isObject, type Json, type JsonObject, objectAt, objectIn, stringAt } from '../../machines/json.ts';
import { judged, modelIn } from '../clients/compare/compare.ts';
import { type Kind, seatsOf } from '../clients/compare/seats.ts';
import type { Hello } from '../clients/seat/client.ts';
import type { PlayerId, Scenario } from '../engine/types.ts';
import { type Measured, type MeasuredSeat, mergedWith } from '../ledger/clients/measured.ts';
import { oneLine } from '../scenario/showing.ts';
import { read } from './library.ts';
import { arenaFiles, idOf, isScenarioFile, isThere, libraryFiles, resolved } from './places.ts';
import { readText } from './reading.ts';
import { Mistake, plural } from './terminal.ts';
import { write } from './writing.ts';

/** Throws a `Mistake` where something else is there: before a client is asked anything. */
export const checkMeasured = (out: string): void => {
  keptIn(out);
};

const keptIn = (out: string): Measured | null => {
  const path = resolved(out);
  if (!isThere(path)) return null;
  const file = readText(path);
  if (file.ok && file.text.trim() === '') return null;
  const kept = file.ok ? objectIn(file.text) : null;
  if (kept !== null && isMeasured(kept)) return kept as unknown as Measured;
  throw new Mistake(
    `--out ${out}: what is there is not what clients writes, and is not written over: name another file, or remove it`,
  );
};

/** Whether it has the shape of what this writes, as far as it is gone on with. */
const isMeasured = ({ client, seed, day, names, scenarios }: JsonObject): boolean =>
  stringAt(client, 'name') !== undefined &&
  stringAt(client, 'version') !== undefined &&
  [seed, day, names].every((one) => typeof one === 'string') &&
  isObject(scenarios) &&
  Object.values(scenarios).every((seats) => isObject(seats) && Object.values(seats).every(isSeat));
const isSeat = (seat: Json | undefined): boolean => {
  if (!isObject(seat)) return false;
  const { is, reasons, rows } = seat;
  if (is === 'not played') return Array.isArray(reasons) && reasons.every((one) => typeof one === 'string');
  return is === 'played' && Array.isArray(rows) && rows.every(isRow);
};
const isRow = (row: Json): boolean =>
  stringAt(row, 'guarantee') !== undefined && stringAt(objectAt(row, 'model'), 'verdict') !== undefined;

type Today = (id: string) => Scenario | null;
/** Scenarios as they are today: one of the library by its id, any other by its file. */
const scenariosToday = (measured: readonly Scenario[]): Today => {
  const known = new Map(measured.map((one) => [one.id, one]));
  const library = new Map([...libraryFiles(), ...arenaFiles()].map((path) => [idOf(path), path]));
  return (id) => {
    const path = library.get(id) ?? (isScenarioFile(id) ? resolved(id) : undefined);
    const file = known.has(id) || path === undefined ? null : read(path);
    return known.get(id) ?? (file?.ok ? file.scenario : null);
  };
};

/** Whom a file is of: the client as it said hello, and what there is to know of its kind. */
type Of = Pick<Measured, 'client' | 'seed'> & { readonly hello: Hello; readonly kind: Kind };
/** A seat that is measured now: what stands in the file of it goes. */
export type IsAnew = (scenario: string, seat: PlayerId) => boolean;

/** Why what was measured of a seat does not stand beside what this model comes to; `null` where it does. */
const otherModel = (scenario: Scenario, seat: PlayerId, found: MeasuredSeat, { hello, kind }: Of): string | null => {
  const { model, reasons } = modelIn({ scenario, seat, hello, kind });
  if (found.is === 'not played')
    return found.reasons.join() === reasons.join() ? null : 'it was not played for other reasons';
  if (reasons.length > 0) return 'it cannot be played';
  for (const { guarantee, model: was } of found.rows) {
    const now = judged(model, guarantee);
    if (now?.verdict !== was.verdict || now.at !== was.at)
      return `${guarantee}: ${was.verdict}, now ${now?.verdict ?? 'not asked about'}`;
  }
  return null;
};

/** Throws a `Mistake` where what would stay was measured beside another model: its verdicts are not those that this one would be told with. */
const checkModel = (out: string, before: Measured, of: Of, today: Today, isAnew: IsAnew): void => {
  const others = Object.entries(before.scenarios).flatMap(([id, seats]) => {
    const scenario = today(id);
    if (scenario === null) return [];
    return seatsOf(scenario).flatMap((seat) => {
      const found = isAnew(id, seat) ? undefined : seats[seat];
      const why = found === undefined ? null : otherModel(scenario, seat, found, of);
      return why === null ? [] : [{ id, told: `${id} ${seat} (${why})` }];
    });
  });
  const [first] = others;
  if (first === undefined) return;
  const ids = [...new Set(others.map(({ id }) => id))];
  const more = ids.length > 5 ? `, and ${plural(ids.length - 5, 'other')}` : '';
  throw new Mistake(
    `--out ${out}: what it has of ${oneLine(first.told)} was measured beside another model: measure anew in the same command ${ids.slice(0, 5).map(oneLine).join(' ')}${more}, or name another file`,
  );
};

export type Keeping = (now: Measured, scenarios: readonly Scenario[]) => void;

/**
 * Writes what was measured, in the place of what the file has of the same seats. Throws a `Mistake` at once where what is there is none of
 * this, of another client or beside another model, before anybody waits for a long run.
 *
 * @param isAnew the seats that are going to be measured
 */
export const keepingIn = (out: string, of: Of, isAnew: IsAnew): Keeping => {
  const merging = (now: Measured, scenarios: readonly Scenario[], isNow: IsAnew): Measured => {
    const before = keptIn(out);
    if (before === null) return now;
    const today = scenariosToday(scenarios);
    const merged = mergedWith(before, now, (id) => {
      const scenario = today(id);
      return scenario === null ? [] : seatsOf(scenario);
    });
    if (!merged.ok) throw new Mistake(`--out ${out}: it ${merged.why}: name another file, or remove it`);
    checkModel(out, before, of, today, isNow);
    return merged.measured;
  };
  const { client, seed } = of;
  merging({ client, seed, day: '', names: '', scenarios: {} }, [], isAnew);
  return (now, scenarios) => {
    const measured = merging(now, scenarios, (id, seat) => now.scenarios[id]?.[seat] !== undefined);
    write(`--out ${out}`, out, `${JSON.stringify(measured, null, 2)}\n`);
  };
};
