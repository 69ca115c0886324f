/**
 * Searches of the full model: real charts, homeservers, attackers, people in rooms. Run by itself it prints one as JSON:
 * `node sim/bench/full.ts rooms 100000`, with seconds as a third word to leave it then.
 */
import { readFileSync } from 'node:fs';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Scenario } from '../engine/types.ts';
import { explore } from '../explorer/explore.ts';
import { parseScenario } from '../scenario/parse.ts';
import { roomsOfBench } from './casts.ts';
import { node } from './processes.ts';

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

/** How many moves the thief has in the larger form of `arenas/a-stolen-token`. */
export const thiefsMoves = 12;
const token = (): Scenario => {
  const id = 'arenas/a-stolen-token';
  const read = parseScenario(readFileSync(new URL(`../../scenarios/${id}.yaml`, import.meta.url), 'utf8'), id);
  if (!read.ok) throw new Error(`the arena of the benchmark does not parse: ${read.errors[0]?.message}`);
  const { cast } = read.scenario;
  const attackers = cast.attackers.map((one) => ({ ...one, budget: { moves: thiefsMoves } }));
  return { ...read.scenario, cast: { ...cast, attackers } };
};

type Model = { readonly text: string; readonly scenario: () => Scenario; readonly guarantees: readonly GuaranteeId[] };
export const models = {
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
  token: {
    text: `arenas/a-stolen-token with ${thiefsMoves} moves`,
    scenario: token,
    guarantees: ['secret-authenticity'],
  },
} as const satisfies Readonly<Record<string, Model>>;
export type ModelName = keyof typeof models;

export type Searched = {
  readonly worlds: number;
  readonly transitions: number;
  readonly depth: number;
  readonly ms: number;
  readonly bytes: number;
  readonly residentBytes: number;
};

const searchFull = ({ scenario, guarantees }: Model, worldsMax: number, secondsMax: number): Searched => {
  const begun = performance.now();
  const { worlds, transitions, bytes, depth } = explore(scenario(), {
    suite: makeSymbolicSuite('1'),
    guarantees,
    bounds: { worldsMax, depthMax: 1000 },
    progress: () => performance.now() - begun < secondsMax * 1000,
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

/** One search in a process of its own. */
export const searchApart = (name: ModelName, worldsMax: number, secondsMax?: number): Searched => {
  const bounds = [worldsMax, ...(secondsMax === undefined ? [] : [secondsMax])].map(String);
  return JSON.parse(node('sim/bench/full.ts', name, ...bounds).out) as Searched;
};

if (import.meta.main) {
  const [name = 'lies', worldsMax = '100000', secondsMax = 'Infinity'] = process.argv.slice(2);
  const model: Model | undefined = new Map<string, Model>(Object.entries(models)).get(name);
  if (model === undefined) throw new Error(`there is no model ${name}: ${Object.keys(models).join(', ')}`);
  console.log(JSON.stringify(searchFull(model, Number(worldsMax), Number(secondsMax))));
}
