/** What stands in `scenarios/clients-js-sdk.json`: whole, each difference under a kind, and still so where it is looked at again. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ledgerClause } from '../../../machines/ledger.ts';
import type { PlayerId, Scenario } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { type Compared, compareSeat } from '../compare/compare.ts';
import { olmMachineKind, seatsOf } from '../compare/seats.ts';
import { type Hello, PROTOCOL } from '../seat/client.ts';
import { jsSdk } from '../seat/threads.ts';

type Seat = Compared & { readonly line?: string };
const measured = JSON.parse(readFileSync('scenarios/clients-js-sdk.json', 'utf8')) as {
  readonly client: { readonly name: string; readonly version: string };
  readonly seed: string;
  readonly scenarios: Readonly<Record<string, Readonly<Record<PlayerId, Seat>>>>;
};
const seats = Object.entries(measured.scenarios).flatMap(([id, one]) =>
  Object.entries(one).map(([seat, found]) => ({ id, seat, found, rows: found.is === 'played' ? found.rows : [] })),
);
const scenarioOf = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  return parsed.scenario;
};

test('of at least forty scenarios something was measured with the whole client in a seat', () => {
  const taking = seats.flatMap(({ id, rows }) => (rows.some(({ is }) => is !== 'not measured') ? [id] : []));
  expect(new Set(taking).size).toBeGreaterThanOrEqual(40);
});

test('whatever agrees was measured to be the same, whatever differs is not, and what was not measured says why', () => {
  for (const row of seats.flatMap(({ rows }) => rows)) {
    const isSame = row.model.verdict === row.real.verdict && row.model.at === row.real.at;
    if (row.is === 'not measured') expect(row.because).not.toBe('');
    else expect(isSame).toBe(row.is === 'agree');
  }
});

test('each seat of each scenario is there, played with the line that has it again, or not played with the reason', () => {
  for (const [id, one] of Object.entries(measured.scenarios)) expect(Object.keys(one)).toEqual(seatsOf(scenarioOf(id)));
  for (const { id, seat, found } of seats)
    if (found.is === 'played') expect(found.line).toBe(`npx hearsay clients ${id} --seat ${seat} --client js-sdk`);
    else expect(found.reasons.length).toBeGreaterThan(0);
});

test('each difference is of a kind that is written down, and each kind is still there', () => {
  const { kinds } = JSON.parse(readFileSync('scenarios/client-differences-js-sdk.json', 'utf8')) as {
    readonly kinds: readonly {
      readonly kind: string;
      readonly of: string;
      readonly disclosure: string;
      readonly clauses: readonly string[];
      readonly evidence: string;
      readonly seats: readonly string[];
    }[];
  };
  const differing = seats.flatMap(({ id, seat, rows }) =>
    rows.some(({ is }) => is === 'differ') ? [`${id} ${seat}`] : [],
  );
  expect(kinds.flatMap((one) => one.seats).sort()).toEqual([...differing].sort());
  for (const { kind, of, clauses, evidence, disclosure, seats: those } of kinds) {
    expect(['library', 'layer', 'cast', 'untraced'], kind).toContain(of);
    expect(['public', 'pending'], kind).toContain(disclosure);
    expect(evidence, kind).not.toBe('');
    expect(those, kind).not.toEqual([]);
    for (const clause of clauses) expect(ledgerClause(clause)?.id, kind).toBe(clause);
  }
});

const verdictsOf = (one: Compared | undefined) =>
  one?.is !== 'played'
    ? one
    : one.rows.map(({ guarantee, is, model, real }) => [guarantee, is, model.verdict, model.at, real.verdict, real.at]);
/** One that agrees, two that differ, one that was not measured. */
const sample: readonly (readonly [string, PlayerId])[] = [
  ['secret-push/a-stolen-but-signed-device-is-believed', 'alice.phone'],
  ['key-bundle/a-chain-of-invitations-loses-nothing', 'carol.phone'],
  ['key-backup/a-reset-that-the-server-refuses-changes-nothing', 'alice.laptop'],
  ['backup-preference/a-backup-is-made-on-the-servers-word', 'alice.phone'],
];
test('a sample of it is measured again, and comes to the same', () => {
  const client = jsSdk('hello');
  const said = client.tell({ op: 'hello', protocol: PROTOCOL, seed: 'hello' });
  client.close();
  const hello: Hello | null = 'hello' in said ? said.hello : null;
  if (hello === null) throw new Error('it does not say hello');
  expect(measured.client).toEqual({ name: hello.name, version: hello.version });
  for (const [id, seat] of sample) {
    const scenario = scenarioOf(id);
    const found = compareSeat({ scenario, seat, seating: jsSdk, hello, kind: olmMachineKind, seed: measured.seed });
    expect(verdictsOf(found), `${id} ${seat}`).toEqual(verdictsOf(measured.scenarios[id]?.[seat]));
  }
});
