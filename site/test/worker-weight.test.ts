/** What a page fetches to run a story: measured packed, as a server sends it. */
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleParts } from './bundle.ts';

/** Bytes of what plays and judges: machines, engine, cryptography, homeserver, verbs, guarantees, and the packages they stand on. */
const playedMax = 203_000;
/** Bytes of the words and pictures that a run is told in. */
const toldMax = 59_000;

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
/** What comes with a file, each once. */
const importsOf = (file: string): readonly string[] =>
  [...(parts.get(file) ?? '').matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+)["'`]/g)].map(([, name = '']) => name);
const packed = (file: string): number => gzipSync(parts.get(file) ?? '', { level: 9 }).length;

describe('the worker of a page', () => {
  it('fetches for a run, whatever the scenario, no more than 203 kB that play and judge it and 59 kB that tell it', () => {
    const [main, simulator, telling] = [fileOf('main'), fileOf('simulator'), fileOf('telling')];
    expect(packed(main) + packed(simulator)).toBeLessThanOrEqual(playedMax);
    expect(packed(telling)).toBeLessThanOrEqual(toldMax);
    // Nothing else comes with them, and none waits for another but this one.
    expect(importsOf(main)).toEqual([]);
    expect(importsOf(telling)).toEqual([basename(simulator)]);
    expect(importsOf(simulator)).toEqual([]);
  });

  it('fetches no sentence of the ledger for it, no parser of files, and no other suite', () => {
    const code = ['main', 'simulator', 'telling'].map((name) => parts.get(fileOf(name))).join('\n');
    expect(code).toContain('4385-push-cross-signed-only');
    expect(code).not.toContain('the sibling that sent it must be cross-signed');
    expect(code).not.toContain('YAMLParseError');
    expect(code).not.toContain("'symbolic'");
  });
});
