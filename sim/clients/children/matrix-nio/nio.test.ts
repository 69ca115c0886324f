/** A stack of another language in a seat: matrix-nio on libolm, from the distribution's packages. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../../../engine/types.ts';
import { parseScenario } from '../../../scenario/parse.ts';
import { type Compared, compareSeat } from '../../compare/compare.ts';
import { olmMachineKind } from '../../compare/seats.ts';
import { PROTOCOL } from '../../seat/client.ts';
import { childProcess } from '../../seat/threads.ts';

const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import nio, olm'], { timeout: 20_000 }).status === 0,
);
/** Why it cannot be played here; `null`: it can. */
const whySkipped =
  python === undefined ? 'no Python here has matrix-nio and python-olm (python3-matrix-nio, python3-olm)' : null;
const nio = childProcess([python ?? 'python3', 'sim/clients/children/matrix-nio/main.py']);

const scenarioOf = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} cannot be read`);
  return parsed.scenario;
};
const played = (id: string, seat: string): Compared => {
  const client = nio('hello');
  const said = client.tell({ op: 'hello', protocol: PROTOCOL, seed: 'hello' });
  client.close();
  if (!('hello' in said)) throw new Error(`it does not say hello: ${JSON.stringify(said)}`);
  expect(said.hello.name).toBe('matrix-nio');
  return compareSeat({
    scenario: scenarioOf(id),
    seat,
    seating: nio,
    hello: said.hello,
    kind: olmMachineKind,
    seed: '1',
  });
};

/** Where it sits, and what is found there of a guarantee that it shows enough for. */
const seats: readonly (readonly [string, string])[] = [
  ['specification/what-ones-own-device-forwards-is-on-nobodys-word', 'bob.laptop'],
  ['specification/keys-that-their-device-did-not-sign-are-nobodys', 'bob.tablet'],
  ['room-keys/a-flag-can-be-made-up-on-the-way', 'alice.laptop'],
  ['interactions/a-removed-device-reads-nothing-more-where-its-key-came-first-hand', 'bob.tablet'],
  ['key-bundle/a-closed-session-stays-closed-on-a-second-device', 'alice.laptop'],
  ['incidents/a-signature-that-is-lost-between-servers', 'bob.tablet'],
];

for (const [id, seat] of seats)
  test(`matrix-nio plays ${seat} of ${id}, and comes to what the model comes to`, ({ skip }) => {
    if (whySkipped !== null) skip(whySkipped);
    const found = played(id, seat);
    expect(found).toMatchObject({ is: 'played', notes: [] });
    const rows = found.is === 'played' ? found.rows : [];
    expect(rows.map(({ is }) => is)).toContain('agree');
    expect(rows.filter(({ is }) => is === 'differ')).toEqual([]);
  });
