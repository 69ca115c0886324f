/** A search of the full model: real charts, the homeserver, a server that lies four times. Run by itself, in a process of its own, it prints one. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BACKUP_SECRET } from '../../machines/paths.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { explore } from '../explorer/explore.ts';
import { aliceAndDevices } from '../testing.ts';
import type { Scenario } from '../types.ts';

const scenario = (): Scenario => {
  const plain = aliceAndDevices({
    devices: ['phone', 'laptop'],
    attackers: [{ name: 'mallory', plays: 'lying-server', of: 'example.org' }],
  });
  return {
    ...plain,
    cast: { ...plain.cast, attackers: plain.cast.attackers.map((one) => ({ ...one, budget: { moves: 4 } })) },
    explore: {
      acts: [
        { act: { who: 'alice.laptop', verb: 'reset backup', args: {} }, times: 1 },
        { act: { who: 'alice.phone', verb: 'request secret', args: { 'request secret': BACKUP_SECRET } }, times: 1 },
      ],
      faults: {},
      until: { depth: 40, worlds: 1_000_000 },
    },
  };
};

type Searched = {
  readonly worlds: number;
  readonly transitions: number;
  readonly ms: number;
  readonly bytes: number;
  readonly residentBytes: number;
};

const searchFull = (worldsMax: number): Searched => {
  const begun = performance.now();
  const { worlds, transitions, bytes } = explore(scenario(), {
    suite: makeSymbolicSuite('1'),
    guarantees: ['secret-authenticity', 'secret-confidentiality', 'backup-key-integrity'],
    bounds: { worldsMax },
  });
  return {
    worlds,
    transitions,
    bytes,
    ms: performance.now() - begun,
    residentBytes: process.resourceUsage().maxRSS * 1024,
  };
};

/** Prints what such a search costs: a hundred thousand worlds, or with `long` a million, and how the cost of a world grows. */
export const printFull = (long = false): void => {
  const sizes = long ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
  const runs = sizes.map((size) => {
    const { stdout, status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(size)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`a search of the full model failed: ${stderr}`);
    return JSON.parse(stdout) as Searched;
  });
  console.log('The full model (charts, homeserver, a lying server), one thread');
  const [first] = runs;
  for (const { worlds, transitions, ms, bytes, residentBytes } of runs)
    console.log(
      `  ${worlds} worlds, ${transitions} transitions: ${(ms / 1000).toFixed(1)} s, ${Math.round(worlds / (ms / 1000))} worlds a second, ${Math.round(bytes / worlds)} bytes a world, ${Math.round(residentBytes / 2 ** 20)} MiB resident; a world costs ${(ms / worlds / ((first?.ms ?? ms) / (first?.worlds ?? worlds))).toFixed(2)} times what one of ${first?.worlds} does`,
    );
};

if (import.meta.main) console.log(JSON.stringify(searchFull(Number(process.argv[2] ?? 100_000))));
