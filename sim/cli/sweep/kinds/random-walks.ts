/** Random walks of `hearsay explore --order random`: so many worlds of a search, from dice of their own. */
import type { GuaranteeId } from '../../../../machines/guarantee-texts.ts';
import { isObject } from '../../../../machines/json.ts';
import { makeSymbolicSuite } from '../../../crypto/symbolic/suite.ts';
import type { Trace } from '../../../engine/types.ts';
import { type Exploration, explore, type Found } from '../../../explorer/explore.ts';
import { formatTrace, isSeed, parseTrace } from '../../../runs/trace.ts';
import type { Kind } from '../kind.ts';
import { inShell, isAmount, isCount, isGuarantee, isGuarantees, isTextOrNull, isVerdict } from '../reads.ts';
import { turnsOf, withSetting } from './setting.ts';

export type WalksTask = {
  readonly scenario: string;
  /** A key as in a scenario's `without`; `null`: as it is written. */
  readonly setting: string | null;
  readonly guarantees: readonly GuaranteeId[];
  readonly seed: string;
  /** Worlds that are passed. */
  readonly worldsMax: number;
  /** `null`: what the scenario says. */
  readonly depthMax: number | null;
  readonly bytesMax: number;
  readonly isExact: boolean;
};

/** What was found, each way as a line; and how far it went. */
export type WalksCame = Pick<Exploration, 'worlds' | 'transitions' | 'depth' | 'worked' | 'bytes'> & {
  readonly bounds: Exploration['bounds'];
  readonly found: readonly (Omit<Found, 'trace'> & { readonly line: string | null })[];
};

/** Worlds of one job: some seconds of work. */
export const blockWorlds = 10_000;

/** The jobs of so many worlds. Within one block there is one, and its dice are those of a search that is not split. */
export const blocksOf = (whole: Omit<WalksTask, 'seed'>, seed: string): readonly WalksTask[] =>
  Array.from({ length: Math.ceil(whole.worldsMax / blockWorlds) }, (_, nth) => ({
    ...whole,
    seed: nth === 0 ? seed : `${seed}-${nth}`,
    worldsMax: Math.min(blockWorlds, whole.worldsMax - nth * blockWorlds),
  }));

const traceOf = (line: string): Trace | null => {
  const read = parseTrace(line);
  return read.ok ? read.trace : null;
};

/** What all of them found: of each guarantee the break with the fewest choices, of those the first. */
export const togetherOf = (
  { scenario, turns }: Pick<Exploration, 'scenario' | 'turns'>,
  all: readonly WalksCame[],
): Exploration | null => {
  const [first] = all;
  if (first === undefined) return null;
  const sum = (of: (one: WalksCame) => number): number => all.reduce((before, one) => before + of(one), 0);
  const most = (of: (one: WalksCame) => number): number => Math.max(...all.map(of));
  const found = first.found.map(({ guarantee }): Found => {
    const each = all.flatMap((one) => one.found.filter((other) => other.guarantee === guarantee));
    const ways = each.map(({ line, ...one }) => ({ ...one, trace: line === null ? null : traceOf(line) }));
    const length = ({ trace }: Found): number => trace?.choices.length ?? Number.POSITIVE_INFINITY;
    const [shortest] = ways.toSorted((one, other) => length(one) - length(other) || 0);
    const shadow = each.some((one) => one.shadow);
    return shortest === undefined
      ? {
          guarantee,
          verdict: 'unsettled',
          trace: null,
          at: null,
          why: null,
          acceptedBy: null,
          attacks: null,
          isLeast: false,
          shadow,
        }
      : { ...shortest, shadow };
  });
  return {
    scenario,
    turns,
    order: 'random',
    found,
    worlds: sum(({ worlds }) => worlds),
    transitions: sum(({ transitions }) => transitions),
    depth: most(({ depth }) => depth),
    limit: 'chance',
    bounds: { ...first.bounds, worldsMax: sum(({ bounds }) => bounds.worldsMax) },
    restless: null,
    worked: sum(({ worked }) => worked),
    bytes: most(({ bytes }) => bytes),
  };
};

const isFound = (one: unknown, { scenario }: WalksTask): one is WalksCame['found'][number] =>
  isObject(one) &&
  isGuarantee(one.guarantee) &&
  isVerdict(one.verdict) &&
  isTextOrNull(one.at) &&
  isTextOrNull(one.why) &&
  isTextOrNull(one.acceptedBy) &&
  (one.attacks === null || isAmount(one.attacks)) &&
  typeof one.isLeast === 'boolean' &&
  typeof one.shadow === 'boolean' &&
  (one.line === null || (typeof one.line === 'string' && traceOf(one.line)?.scenario === scenario));

const amounts = ['worlds', 'transitions', 'depth', 'worked', 'bytes'] as const;
const bounds = ['depthMax', 'worldsMax', 'bytesMax'] as const;

export const randomWalksKind: Kind<WalksTask, WalksCame> = {
  id: 'random walks',
  nameOf: ({ scenario, setting, guarantees, seed, worldsMax, depthMax, bytesMax, isExact }) =>
    JSON.stringify(['random walks', scenario, setting, guarantees, seed, worldsMax, depthMax, bytesMax, isExact]),
  again: ({ scenario, setting, worldsMax, depthMax, seed }) =>
    `npx hearsay explore ${inShell(scenario)} --order random --seed ${seed} --worlds ${worldsMax}${depthMax === null ? '' : ` --until-depth ${depthMax}`}${withSetting(setting)}`,
  readTask: (value) => {
    if (!isObject(value)) return null;
    const { scenario, setting, guarantees, seed, worldsMax, depthMax, bytesMax, isExact } = value;
    return typeof scenario === 'string' &&
      isTextOrNull(setting) &&
      isGuarantees(guarantees) &&
      typeof seed === 'string' &&
      isSeed(seed) &&
      isCount(worldsMax, blockWorlds) &&
      (depthMax === null || isCount(depthMax, 10_000)) &&
      isCount(bytesMax, Number.MAX_SAFE_INTEGER) &&
      typeof isExact === 'boolean'
      ? {
          scenario,
          setting,
          guarantees,
          seed,
          worldsMax,
          depthMax,
          bytesMax,
          isExact,
        }
      : null;
  },
  work: ({ scenario: id, setting, guarantees, seed, worldsMax, depthMax, bytesMax, isExact }, shelf) => {
    const scenario = shelf.scenario(id);
    const came = explore(scenario, {
      suite: makeSymbolicSuite('1'),
      turns: turnsOf(setting, scenario),
      seed,
      guarantees,
      order: 'random',
      isExact,
      bounds: { ...(depthMax === null ? {} : { depthMax }), worldsMax, bytesMax },
    });
    const { worlds, transitions, depth, worked, bytes } = came;
    return {
      worlds,
      transitions,
      depth,
      worked,
      bytes,
      bounds: came.bounds,
      found: came.found.map(({ trace, ...one }) => ({ ...one, line: trace === null ? null : formatTrace(trace) })),
    };
  },
  readCame: (value, task) => {
    if (!isObject(value) || !isObject(value.bounds) || !Array.isArray(value.found)) return null;
    const { bounds: within, found } = value;
    return amounts.every((one) => isAmount(value[one])) &&
      bounds.every((one) => isAmount(within[one])) &&
      found.length === task.guarantees.length &&
      found.every((one) => isFound(one, task))
      ? (value as unknown as WalksCame)
      : null;
  },
  isBreak: ({ found }) => found.some(({ verdict }) => verdict === 'breaks'),
  patienceSeconds: 600,
  portionMax: 1,
  fewest: 2,
};
