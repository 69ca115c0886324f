/** What a page fetches to run a story: measured packed, as a server sends it. */
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { median } from '../../sim/bench/measure.ts';
import { load } from '../../sim/cli/library.ts';
import { arenaFiles, libraryFiles } from '../../sim/cli/places.ts';
import type { Scenario } from '../../sim/engine/types.ts';
import { guaranteesIn } from '../../sim/scenario/claims.ts';
import { mayLie } from '../worker/verbs.ts';
import { bundleParts } from './bundle.ts';

/**
 * Bytes of what plays and judges any one story of the library: machines, engine, cryptography, homeserver, verbs, the guarantees it asks
 * about, and the packages all of these stand on. No sentence of the ledger and no parser is among them. The bar is 130 kB, and is not met:
 * what a story goes through is 115 kB in the median even where each file of the source is had by itself.
 */
const playedMax = 197_000;
/**
 * The same for the one in the middle: a few arenas ask about nearly all guarantees, most stories about two or three, and in two of three
 * no attacker acts.
 */
const playedMedianMax = 180_600;
/** Bytes of the words and pictures that a run is told in. */
const toldMax = 59_500;

let parts: ReadonlyMap<string, string>;
beforeAll(async () => {
  parts = await bundleParts(`import { ask } from '/site/scripts/asking.ts'; globalThis.ask = ask;`);
});

const isCalled =
  (name: string) =>
  (path: string): boolean =>
    basename(path).replace(/-[\w-]{8}\.js$/, '') === name;
const fileOf = (name: string): string => {
  const found = [...parts.keys()].find(isCalled(name));
  if (found === undefined) throw new Error(`there is no file of "${name}" among ${[...parts.keys()].join(', ')}`);
  return found;
};
/** What comes with a file by itself. */
const importsOf = (file: string): readonly string[] =>
  [...(parts.get(file) ?? '').matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+)["'`]/g)].map(
    ([, name = '']) => [...parts.keys()].find((path) => basename(path) === name) ?? name,
  );
/** These files and all that comes with them, each once. */
const withImports = (files: readonly string[]): readonly string[] => {
  const all = new Set(files);
  for (const file of all) for (const one of importsOf(file)) all.add(one);
  return [...all];
};
const packed = (file: string): number => gzipSync(parts.get(file) ?? '', { level: 9 }).length;

const stories = [...libraryFiles(), ...arenaFiles()].map((path) => load(path).scenario);
/** The file of a guarantee; one that others go by is in the simulator. */
const judgeOf = (guarantee: string): string => [...parts.keys()].find(isCalled(guarantee)) ?? fileOf('simulator');
/** The files that play and judge a story; those that tell of it are weighed by themselves. */
const filesFor = (scenario: Scenario): readonly string[] =>
  withImports([
    ...['main', 'simulator', 'calling', ...(mayLie(scenario) ? ['lies'] : [])].map(fileOf),
    ...guaranteesIn(scenario.expect).map(judgeOf),
  ]);

describe('the worker of a page', () => {
  it('fetches what plays, and of the guarantees only those that the story asks about', () => {
    const weights = new Map<string, number>();
    const weightOf = (file: string): number => {
      const weight = weights.get(file) ?? packed(file);
      weights.set(file, weight);
      return weight;
    };
    const bytes = stories.map((scenario) => filesFor(scenario).reduce((sum, file) => sum + weightOf(file), 0));
    expect(bytes.length).toBeGreaterThan(350);
    expect(median(bytes)).toBeLessThanOrEqual(playedMedianMax);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(playedMax);
    expect(packed(fileOf('telling'))).toBeLessThanOrEqual(toldMax);
  });

  it('brings no guarantee that the story does not ask about, no verb of attackers where none acts, and fetches all it needs in one go', () => {
    const [main, simulator, calling, telling] = ['main', 'simulator', 'calling', 'telling'].map(fileOf);
    const helper = fileOf('rolldown-runtime');
    // The worker calls for the files of a run itself: none has to be read before another is known of.
    expect(importsOf(main ?? '')).toEqual([]);
    for (const file of ['simulator', 'calling', 'telling'])
      expect(parts.get(main ?? '')).toContain(`./${basename(fileOf(file))}`);
    expect(importsOf(simulator ?? '')).toEqual([helper]);
    expect(importsOf(calling ?? '')).toEqual([helper]);
    expect([...importsOf(telling ?? '')].sort()).toEqual([helper, simulator, calling].sort());
    expect([...importsOf(fileOf('lies'))].sort()).toEqual([helper, simulator].sort());
    const own = new Set(stories.flatMap(({ expect }) => guaranteesIn(expect)).map(judgeOf));
    own.delete(simulator ?? '');
    expect(own.size).toBeGreaterThan(20);
    for (const file of own) expect([...importsOf(file)].sort()).toEqual([helper, simulator].sort());
  });

  it('fetches no sentence of the ledger for it, no parser of files, and no other suite', () => {
    const honest = stories.find((scenario) => !mayLie(scenario) && guaranteesIn(scenario.expect).length === 1);
    if (honest === undefined) throw new Error('there is no story in which no attacker acts');
    const code = filesFor(honest)
      .concat(fileOf('telling'))
      .map((file) => parts.get(file));
    const lie = 'Lists a device that no person logged in';
    expect(code.join('\n')).not.toContain(lie);
    expect(parts.get(fileOf('lies'))).toContain(lie);
    expect(code.join('\n')).toContain('4385-push-cross-signed-only');
    expect(code.join('\n')).not.toContain('the sibling that sent it must be cross-signed');
    expect(code.join('\n')).not.toContain('YAMLParseError');
    expect(code.join('\n')).not.toContain("'symbolic'");
  });
});
