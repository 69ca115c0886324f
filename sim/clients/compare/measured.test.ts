/** What stands in `scenarios/clients.json`, `clients-js-sdk.json` and `clients-matrix-nio.json`: whole, and still so where it is looked at again. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ledgerClause } from '../../../machines/ledger.ts';
import {
  type DifferenceKind,
  type Measured,
  type MeasuredRow,
  type MeasuredSeat,
  seatName,
} from '../../ledger/clients/measured.ts';
import { differencesFile } from '../../ledger/clients/told.ts';
import { parseScenario } from '../../scenario/parse.ts';
import type { Hello, Seating } from '../seat/client.ts';
import { PROTOCOL } from '../seat/client.ts';
import { jsSdk, olmMachine } from '../seat/threads.ts';
import { type Compared, compareSeat } from './compare.ts';
import { olmMachineKind, seatsOf } from './seats.ts';

const read = <T>(file: string): T => JSON.parse(readFileSync(`scenarios/${file}`, 'utf8')) as T;

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
/** How many scenarios have the client in a seat of which something was measured. */
const taking = (one: Measured): number =>
  new Set(
    seatsIn(one).flatMap(({ id, found }) =>
      found.is === 'played' && found.rows.some(({ is }) => is !== 'not measured') ? [id] : [],
    ),
  ).size;
const expectMeasured = (rows: readonly MeasuredRow[]): void => {
  for (const row of rows) {
    if (row.is === 'not measured') expect([row.because === '', Object.hasOwn(row, 'real')]).toEqual([false, false]);
    else expect(row.model.verdict === row.real.verdict && row.model.at === row.real.at).toBe(row.is === 'agree');
  }
};
const verdictsOf = (one: Compared | MeasuredSeat) =>
  one.is === 'not played'
    ? one
    : one.rows.map((row) => {
        const { guarantee, is, model } = row;
        const real = row.is === 'not measured' ? [] : [row.real.verdict, row.real.at];
        return [guarantee, is, model.verdict, model.at, ...real];
      });

type Case = {
  readonly file: string;
  readonly flags: string;
  readonly seating: Seating;
  /** Scenarios of which something was measured, at least. */
  readonly scenariosMin: number;
  readonly sample: readonly (readonly [id: string, seat: string])[];
};
const cases: readonly Case[] = [
  {
    file: 'clients.json',
    flags: '',
    seating: olmMachine,
    scenariosMin: 80,
    // One that agrees about a push, one about a bundle, one that differs, one that was not measured.
    sample: [
      ['secret-push/a-stolen-token-cannot-plant-a-backup-key', 'alice.phone'],
      ['key-bundle/a-chain-of-invitations-loses-nothing', 'bob.phone'],
      ['key-bundle/an-id-that-is-not-the-keys-own-is-refused', 'bob.phone'],
      ['backup-preference/a-backup-is-made-on-the-servers-word', 'alice.phone'],
    ],
  },
  {
    file: 'clients-js-sdk.json',
    flags: ' --client js-sdk',
    seating: jsSdk,
    scenariosMin: 40,
    // One that agrees, two that differ, one that was not measured.
    sample: [
      ['secret-push/a-stolen-but-signed-device-is-believed', 'alice.phone'],
      ['key-bundle/a-chain-of-invitations-loses-nothing', 'carol.phone'],
      ['key-backup/a-reset-that-the-server-refuses-changes-nothing', 'alice.laptop'],
      ['backup-preference/a-backup-is-made-on-the-servers-word', 'alice.phone'],
    ],
  },
];

describe.each(cases)('$file', ({ file, flags, seating, scenariosMin, sample }) => {
  const measured = read<Measured>(file);
  const { kinds } = read<{ readonly kinds: readonly DifferenceKind[] }>(differencesFile(file));

  test(`at least ${scenariosMin} scenarios have the client in a seat of which something was measured`, () => {
    expect(taking(measured)).toBeGreaterThanOrEqual(scenariosMin);
  });

  test(`all stories of the library were asked of it: one that is new is added by npx hearsay clients ID${flags} --out scenarios/${file}`, () => {
    expect(libraryIds.length).toBeGreaterThan(300);
    expect(libraryIds.filter((id) => measured.scenarios[id] === undefined)).toEqual([]);
  });

  test('whatever agrees was measured to be the same, whatever differs is not, and what was not measured says why', () => {
    expectMeasured(rowsIn(measured));
  });

  test('each seat of each scenario is there, played with the line that has it again, or not played with the reason', () => {
    for (const [id, seats] of Object.entries(measured.scenarios))
      expect(Object.keys(seats)).toEqual(seatsOf(scenarioOf(id)));
    for (const { id, seat, found } of seatsIn(measured))
      if (found.is === 'played') expect(found.line).toBe(`npx hearsay clients ${id} --seat ${seat}${flags}`);
      else expect(found.reasons.length).toBeGreaterThan(0);
  });

  test('each difference is of a kind that is written down, and each kind is still there', () => {
    const differing = seatsIn(measured).flatMap(({ id, seat, found }) =>
      found.is === 'played' && found.rows.some(({ is }) => is === 'differ') ? [seatName(id, seat)] : [],
    );
    expect(kinds.flatMap(({ seats }) => seats).sort()).toEqual([...differing].sort());
    for (const { kind, of, clauses, evidence, disclosure, seats } of kinds) {
      expect(['library', 'layer', 'cast', 'untraced'], kind).toContain(of);
      expect(['public', 'pending'], kind).toContain(disclosure);
      expect(evidence, kind).not.toBe('');
      expect(seats, kind).not.toEqual([]);
      for (const clause of clauses) expect(ledgerClause(clause)?.id, kind).toBe(clause);
    }
  });

  test('at least twenty kinds of difference have been traced, each to something that was looked up', () => {
    expect(kinds.filter(({ of }) => of !== 'untraced').length).toBeGreaterThanOrEqual(20);
  });

  test('a sample of it is measured again, and comes to the same', () => {
    const client = seating('hello');
    const said = client.tell({ op: 'hello', protocol: PROTOCOL, seed: 'hello' });
    client.close();
    const hello: Hello | null = 'hello' in said ? said.hello : null;
    if (hello === null) throw new Error('it does not say hello');
    expect(measured.client).toEqual({ name: hello.name, version: hello.version });
    for (const [id, seat] of sample) {
      const { seed } = measured;
      const found = compareSeat({ scenario: scenarioOf(id), seat, seating, hello, kind: olmMachineKind, seed });
      const before = measured.scenarios[id]?.[seat];
      expect(verdictsOf(found), `${id} ${seat}`).toEqual(before === undefined ? null : verdictsOf(before));
    }
  });
});

test('of matrix-nio at least five scenarios were measured, and nothing is said that was not', () => {
  const measured = read<Measured>('clients-matrix-nio.json');
  expect(taking(measured)).toBeGreaterThanOrEqual(5);
  expectMeasured(rowsIn(measured));
});
