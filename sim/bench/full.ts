/** Searches of the full model: real charts, homeservers, a server that lies, people in rooms. Run by itself, in a process of its own, it prints one. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Scenario } from '../engine/types.ts';
import { explore } from '../explorer/explore.ts';
import { roomsOfBench } from './casts.ts';

const lies = (): Scenario => {
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

type Model = { readonly text: string; readonly scenario: () => Scenario; readonly guarantees: readonly GuaranteeId[] };
const models: Readonly<Record<string, Model>> = {
  lies: {
    text: 'charts, homeserver, a lying server',
    scenario: lies,
    guarantees: ['secret-authenticity', 'secret-confidentiality', 'backup-key-integrity'],
  },
  rooms: {
    text: 'two servers, three users, four devices, one room',
    scenario: roomsOfBench,
    guarantees: ['history-confidentiality', 'device-authenticity', 'room-scoping'],
  },
};

type Searched = {
  readonly worlds: number;
  readonly transitions: number;
  readonly depth: number;
  readonly ms: number;
  readonly bytes: number;
  readonly residentBytes: number;
};

const searchFull = ({ scenario, guarantees }: Model, worldsMax: number): Searched => {
  const begun = performance.now();
  const { worlds, transitions, bytes, depth } = explore(scenario(), {
    suite: makeSymbolicSuite('1'),
    guarantees,
    bounds: { worldsMax },
  });
  return {
    worlds,
    transitions,
    depth,
    bytes,
    ms: performance.now() - begun,
    residentBytes: process.resourceUsage().maxRSS * 1024,
  };
};

/** Prints what such searches cost: a hundred thousand worlds, or with `long` a million, and how the cost of a world grows. */
export const printFull = (long = false): void => {
  for (const model of Object.keys(models)) printModel(model, long);
};

const printModel = (name: string, long: boolean): void => {
  const sizes = long ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
  const runs = sizes.map((size) => {
    const given = [fileURLToPath(import.meta.url), name, String(size)];
    const { stdout, status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`a search of the full model failed: ${stderr}`);
    return JSON.parse(stdout) as Searched;
  });
  console.log(`The full model (${models[name]?.text ?? name}), one thread`);
  const [first] = runs;
  for (const { worlds, transitions, depth, ms, bytes, residentBytes } of runs)
    console.log(
      `  ${worlds} worlds, ${transitions} transitions, depth ${depth}: ${(ms / 1000).toFixed(1)} s, ${Math.round(worlds / (ms / 1000))} worlds a second, ${Math.round(bytes / worlds)} bytes a world, ${Math.round(residentBytes / 2 ** 20)} MiB resident; a world costs ${(ms / worlds / ((first?.ms ?? ms) / (first?.worlds ?? worlds))).toFixed(2)} times what one of ${first?.worlds} does`,
    );
};

if (import.meta.main) {
  const model = models[process.argv[2] ?? 'lies'];
  if (model === undefined) throw new Error(`there is no model ${process.argv[2]}: ${Object.keys(models).join(', ')}`);
  console.log(JSON.stringify(searchFull(model, Number(process.argv[3] ?? 100_000))));
}
