/** Worlds that are taken for one go on alike, whatever happens. */
import { describe, expect, it } from 'vitest';
import { readArenas } from '../cli/arenas.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { randomArena } from '../fuzz/arenas.ts';
import { guaranteesIn } from '../scenario/claims.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Arena } from './arena.ts';
import { worldsOf } from './bisimulation-testing.ts';

const worldsMax = 600;
const drawn = Array.from({ length: 16 }, (_, nth) => randomArena('canonical', nth));
const named = ({ id }: Arena): boolean =>
  [
    'a-verified-sibling',
    'two-devices-of-a-newcomer',
    'a-chain-of-invitations',
    'who-declined',
    'a-stolen-token-is-asked',
    'an-eavesdropper',
    'an-inviter-elsewhere',
    'a-ghost-of-the-inviter',
    'a-hidden-ghost-where-presence-is-enough',
    'a-stolen-device-and-a-filter',
  ].some((name) => id === `arenas/${name}`);

/** What a canonical form might leave out is looked at here: letters by who sits at the server, old tokens by a copy that comes up again. */
const written = (id: string, cast: string, acts: string): Arena => {
  const text = `title: Written for a test
about: [MSC4385]
why: Somebody looks at what others have no use for.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
${cast}explore:
  acts:
${acts}
  until: { depth: 40, worlds: 1000 }
expect:
  secret-convergence: holds
  secret-authenticity: holds
`;
  const read = parseScenario(text, id);
  if (!read.ok) throw new Error(read.errors[0]?.message);
  return { id, title: id, scenario: read.scenario, turns: [], guarantees: guaranteesIn(read.scenario.expect) };
};
const lookedAt = [
  written(
    'a server that drops what it has handed out',
    '  attackers:\n    mallory: { plays: lying-server, of: example.org, budget: { moves: 1, only: [drop, reorder, rewrite sender] } }\n',
    '    - alice.laptop: reset backup\n    - alice.phone: { request secret: m.megolm_backup.v1 }',
  ),
  written(
    'a device that comes up from a copy',
    '',
    '    - alice.phone: { copy: before }\n    - alice.laptop: reset backup\n    - alice.phone: { restore from copy: before }',
  ),
];
const cases = [...lookedAt, ...[...readArenas().values()].filter(named), ...drawn].map((one) => [one.id, one] as const);

describe('a world and its canonical form', () => {
  const merged = new Map<string, number>();

  it.each(cases)('go on alike: %s', (id, one) => {
    const known = worldsOf(one, makeSymbolicSuite('1'), worldsMax);
    if (known === null) return;
    const forms = new Set(known.map(({ form }) => form));
    merged.set(id, known.length - forms.size);
    expect(known.filter(({ form, alike }) => known[form]?.alike !== alike)).toEqual([]);
    // What is in form stays as it is.
    expect([...forms].filter((form) => known[form]?.form !== form)).toEqual([]);
  });

  it('are two worlds in many spaces, with attackers and without, and those written for it are seen as a whole', () => {
    expect([...merged.values()].filter((count) => count > 0).length).toBeGreaterThan(8);
    expect(lookedAt.every(({ id }) => (merged.get(id) ?? 0) > 0)).toBe(true);
  });
});
