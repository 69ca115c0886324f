/** The file in which what was measured of a client is kept. */
import { isObject, type JsonObject, objectIn, stringAt } from '../../machines/json.ts';
import { seatsOf } from '../clients/compare/seats.ts';
import type { PlayerId, Scenario } from '../engine/types.ts';
import { type Measured, mergedWith } from '../ledger/clients/measured.ts';
import { read, scenariosFor } from './library.ts';
import { isScenarioFile, isThere, resolved } from './places.ts';
import { readText } from './reading.ts';
import { Mistake } from './terminal.ts';
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
  Object.values(scenarios).every((seats) => isObject(seats) && Object.values(seats).every(isObject));

/** The seats that a scenario has today: one of the library by its id, any other by its file. */
const seatsToday = (measured: readonly Scenario[]): ((id: string) => readonly PlayerId[]) => {
  const library = new Map(
    [...scenariosFor([]).map(({ scenario }) => scenario), ...measured].map((one) => [one.id, one]),
  );
  return (id) => {
    const known = library.get(id);
    if (known !== undefined) return seatsOf(known);
    const file = isScenarioFile(id) ? read(resolved(id)) : null;
    return file?.ok ? seatsOf(file.scenario) : [];
  };
};

export type Keeping = (now: Measured, scenarios: readonly Scenario[]) => void;

/**
 * Writes what was measured, in the place of what the file has of the same seats. Throws a `Mistake` at once where what is there is none of
 * this or of another client, before anybody waits for a long run.
 */
export const keepingIn = (out: string, of: Pick<Measured, 'client' | 'seed'>): Keeping => {
  const merging = (now: Measured, seats: (id: string) => readonly PlayerId[]): Measured => {
    const before = keptIn(out);
    if (before === null) return now;
    const merged = mergedWith(before, now, seats);
    if (!merged.ok) throw new Mistake(`--out ${out}: it ${merged.why}: name another file, or remove it`);
    return merged.measured;
  };
  merging({ ...of, day: '', names: '', scenarios: {} }, () => []);
  return (now, scenarios) => {
    const measured = merging(now, seatsToday(scenarios));
    write(`--out ${out}`, out, `${JSON.stringify(measured, null, 2)}\n`);
  };
};
