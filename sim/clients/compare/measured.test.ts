/** What stands in `scenarios/clients.json` and `clients-matrix-nio.json`: whole, and still so where it is looked at again. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ledgerClause } from '../../../machines/ledger.ts';
import {
  type DifferenceKind,
  type Measured,
  type MeasuredRow,
  type MeasuredSeat,
  seatName,
} from '../../ledger/clients/measured.ts';
import { parseScenario } from '../../scenario/parse.ts';
import type { Hello } from '../seat/client.ts';
import { olmMachine } from '../seat/threads.ts';
import { type Compared, compareSeat } from './compare.ts';
import { olmMachineKind, seatsOf } from './seats.ts';

const read = (file: string): Measured => JSON.parse(readFileSync(`scenarios/${file}`, 'utf8')) as Measured;
const measured = read('clients.json');

const scenarioOf = (id: string) => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  return parsed.scenario;
};
const libraryIds = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.yaml') && !file.startsWith('arenas/'))
  .map((file) => file.slice(0, -'.yaml'.length));
const seatsIn = ({ scenarios }: Measured) =>
  Object.entries(scenarios).flatMap(([id, seats]) =>
    Object.entries(seats).map(([seat, found]) => ({ id, seat, found })),
  );
const rowsIn = (one: Measured): readonly MeasuredRow[] =>
  seatsIn(one).flatMap(({ found }) => (found.is === 'played' ? found.rows : []));

test('at least eighty scenarios have a production client in a seat of which something was measured, and five one of another language', () => {
  const taking = (one: Measured) =>
    new Set(
      seatsIn(one).flatMap(({ id, found }) =>
        found.is === 'played' && found.rows.some(({ is }) => is !== 'not measured') ? [id] : [],
      ),
    ).size;
  expect(taking(measured)).toBeGreaterThanOrEqual(80);
  expect(taking(read('clients-matrix-nio.json'))).toBeGreaterThanOrEqual(5);
});

test('all stories of the library were asked of the production library: one that is new is added by npx hearsay clients ID --out scenarios/clients.json', () => {
  expect(libraryIds.length).toBeGreaterThan(300);
  expect(libraryIds.filter((id) => measured.scenarios[id] === undefined)).toEqual([]);
});

test('whatever agrees was measured to be the same, whatever differs is not, and what was not measured says why', () => {
  for (const row of [...rowsIn(measured), ...rowsIn(read('clients-matrix-nio.json'))]) {
    const isSame = row.model.verdict === row.real.verdict && row.model.at === row.real.at;
    if (row.is === 'not measured') expect(row.because).not.toBe('');
    else expect(isSame).toBe(row.is === 'agree');
  }
});

test('each seat of each scenario is there, played with the line that has it again, or not played with the reason', () => {
  for (const [id, seats] of Object.entries(measured.scenarios))
    expect(Object.keys(seats)).toEqual(seatsOf(scenarioOf(id)));
  for (const { id, seat, found } of seatsIn(measured))
    if (found.is === 'played') expect(found.line).toBe(`npx hearsay clients ${id} --seat ${seat}`);
    else expect(found.reasons.length).toBeGreaterThan(0);
});

const { kinds } = JSON.parse(readFileSync('scenarios/client-differences.json', 'utf8')) as {
  readonly kinds: readonly DifferenceKind[];
};
test('each difference is of a kind that is written down, and each kind is still there', () => {
  const differing = seatsIn(measured).flatMap(({ id, seat, found }) =>
    found.is === 'played' && found.rows.some(({ is }) => is === 'differ') ? [seatName(id, seat)] : [],
  );
  expect(kinds.flatMap(({ seats }) => seats).sort()).toEqual([...differing].sort());
  for (const { kind, clauses, evidence, disclosure } of kinds) {
    expect(evidence, kind).not.toBe('');
    expect(['public', 'pending']).toContain(disclosure);
    for (const clause of clauses) expect(ledgerClause(clause)?.id, kind).toBe(clause);
  }
});

test('at least twenty kinds of difference have been traced, each to something that was looked up', () => {
  expect(kinds.filter(({ of }) => of !== 'untraced').length).toBeGreaterThanOrEqual(20);
});

const verdictsOf = (one: Compared | MeasuredSeat) =>
  one.is === 'not played'
    ? one
    : one.rows.map(({ guarantee, is, model, real }) => [guarantee, is, model.verdict, model.at, real.verdict, real.at]);

/** One that agrees about a push, one about a bundle, one that differs, one that was not measured. */
const sample: readonly (readonly [string, string])[] = [
  ['secret-push/a-stolen-token-cannot-plant-a-backup-key', 'alice.phone'],
  ['key-bundle/a-chain-of-invitations-loses-nothing', 'bob.phone'],
  ['key-bundle/an-id-that-is-not-the-keys-own-is-refused', 'bob.phone'],
  ['backup-preference/a-backup-is-made-on-the-servers-word', 'alice.phone'],
];
test('a sample of it is measured again, and comes to the same', () => {
  const client = olmMachine('hello');
  const said = client.tell({ op: 'hello', protocol: 1, seed: 'hello' });
  client.close();
  const hello: Hello | null = 'hello' in said ? said.hello : null;
  if (hello === null) throw new Error('it does not say hello');
  expect(measured.client).toEqual({ name: hello.name, version: hello.version });
  for (const [id, seat] of sample) {
    const found = compareSeat({
      scenario: scenarioOf(id),
      seat,
      seating: olmMachine,
      hello,
      kind: olmMachineKind,
      seed: measured.seed,
    });
    const before = measured.scenarios[id]?.[seat];
    expect(verdictsOf(found), `${id} ${seat}`).toEqual(before === undefined ? null : verdictsOf(before));
  }
});
