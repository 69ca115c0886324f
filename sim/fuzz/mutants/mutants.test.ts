/** That a mutant falls where a test notices it, lives where none does, and harms no other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gathering } from './gathering.ts';
import { type Planted, plant } from './planting.ts';
import { trialsOf, triesWith } from './trying.ts';
import type { DryFile } from './worker.ts';

const mutant = (id: string, file = 'sim/a.ts'): Planted => ({
  id,
  file,
  mutant: { mutatorName: 'X', location: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } } },
});

describe('mutants of a file', () => {
  it('leave what is declared there for the lines below', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'planted-'));
    const file = join(folder, 'apart.ts');
    const text = "const { [name ?? '']: _, ...others } = all ?? {};\nexport const left = others;\n";
    writeFileSync(file, text);
    try {
      const { planted, mutants } = await plant([file]);
      expect(mutants.map(({ mutant }) => mutant.location.start.column)).toEqual([40]);
      expect(planted.get(file)).not.toMatch(/if \(stryMutAct/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are planted asleep, each with its place, and none in a text', async () => {
    const { sources, planted, mutants } = await plant(['sim/engine/duration.ts']);
    expect(mutants.length).toBeGreaterThan(10);
    expect(planted.get('sim/engine/duration.ts')).toContain('stryMutAct_9fa48("0")');
    const lines = (sources.get('sim/engine/duration.ts') ?? '').split('\n');
    for (const { mutant } of mutants) expect(lines[mutant.location.start.line - 1]).toBeDefined();
    expect(mutants.map((one) => one.mutant.mutatorName)).not.toContain('StringLiteral');
  });
});

/** What StrykerJS plants, by hand: mutant 1 is a wrong sum, 2 never ends, 3 spoils the thread, 4 nobody comes by, 5 stands in a constant. */
const planted = `
const ns = globalThis.__stryker__;
const isOn = (id) => {
  const hits = ns.currentTestId === undefined ? ns.mutantCoverage.static : (ns.mutantCoverage.perTest[ns.currentTestId] ??= {});
  hits[id] = (hits[id] ?? 0) + 1;
  if (ns.activeMutant !== id) return false;
  ns.hitCount += 1;
  if (ns.hitCount > ns.hitLimit) throw new Error('too often');
  return true;
};
exports.two = isOn('5') ? 3 : 2;
exports.sum = (a, b) => (isOn('1') ? a - b : a + b);
exports.count = (to) => { let n = 0; while (isOn('2') || n < to) n += 1; return n; };
exports.spoil = () => { if (isOn('3')) globalThis.isSpoilt = true; };
exports.unasked = () => isOn('4');
`;
const tests = `
const { describe, expect, it } = require('vitest');
const { sum, count, spoil, two } = require('./a');
describe('a', () => {
  it('adds', () => expect(sum(1, 2)).toBe(3));
  it.each([[1], [2]])('counts to %i', async (to) => expect(count(to)).toBe(to));
  it('is clean', () => { spoil(); expect(globalThis.isSpoilt).toBeUndefined(); });
  it('knows two', { timeout: 5 }, () => expect(two).toBe(2));
  it('knows its folder', () => expect(__dirname).toBe(process.cwd() + '/sim'));
});
`;

describe('a mutant', async () => {
  const tries = triesWith({ 'sim/a': planted, 'sim/a.test.ts': tests });
  afterAll(() => tries.end());
  const dry: readonly DryFile[] = [await tries.dryRun('sim/a.test.ts')];

  it('is come by in a run of all tests without any', () => {
    const [file] = dry;
    expect(file?.tests.map(({ name, failure }) => [name, failure])).toEqual([
      ['a > adds', null],
      ['a > counts to %i #1', null],
      ['a > counts to %i #2', null],
      ['a > is clean', null],
      ['a > knows two', null],
      ['a > knows its folder', null],
    ]);
    expect(file?.atLoad).toEqual({ 5: 1 });
    expect(file?.tests.map(({ hits }) => hits)).toEqual([{ 1: 1 }, { 2: 2 }, { 2: 3 }, { 3: 1 }, {}, {}]);
  });

  it.each([
    ['1', 'Killed', 'sim/a.test.ts: a > adds'],
    ['2', 'Killed', 'sim/a.test.ts: a > counts to %i #1'],
    ['3', 'Killed', 'sim/a.test.ts: a > is clean'],
    ['1', 'Killed', 'sim/a.test.ts: a > adds'],
    ['4', 'NoCoverage', null],
    ['5', 'Killed', 'sim/a.test.ts: a > knows two'],
  ])('%s is told as it fares, whatever others did before: %s', async (id, fate, by) => {
    const told = await tries.fateOf(mutant(id), dry, 1000);
    expect(told.fate).toBe(fate);
    if (fate !== 'Killed' || id === '1' || id === '3' || id === '5') expect(told.by).toBe(by);
  });

  it('that nothing notices lives', async () => {
    const blind = dry.map((file) => ({ ...file, tests: file.tests.filter(({ name }) => name === 'a > is clean') }));
    expect(await tries.fateOf(mutant('1'), blind, 1000)).toEqual({ fate: 'NoCoverage', by: null });
    const deaf = dry.map((file) => ({ ...file, atLoad: { 1: 1 }, tests: file.tests.slice(1, 3) }));
    // These two stand where the first two stood: the sum is among them.
    expect((await tries.fateOf(mutant('1'), deaf, 1000)).fate).toBe('Killed');
    const others = dry.map((file) => ({
      ...file,
      tests: file.tests.map((one) => ({ ...one, hits: one.name === 'a > knows two' ? { 1: 1 } : null })),
    }));
    expect(await tries.fateOf(mutant('1'), others, 1000)).toEqual({ fate: 'Survived', by: null });
  });
});

describe('the tests of a mutant', () => {
  const file = (name: string, ...ms: readonly number[]): DryFile => ({
    file: name,
    loadMs: 10,
    atLoad: {},
    tests: ms.map((one, nth) => ({ name: String(nth), ms: one, failure: null, hits: { 1: 1 } })),
  });

  it('are those of its own file, then those beside it, stories and others, as many as time allows', () => {
    const dry = [
      file('machines/b.test.ts', 5),
      file('stories.mutants.ts', 80, 20, 40),
      file('sim/c.test.ts', 5000, 1),
      file('sim/a.test.ts', 9000, 2),
    ];
    expect(trialsOf(mutant('1'), dry, 75).map((one) => [one.file, ...one.tests.map(({ nth }) => nth)])).toEqual([
      ['sim/a.test.ts', 1, 0],
      ['sim/c.test.ts', 1],
      ['stories.mutants.ts', 1, 2],
      ['machines/b.test.ts', 0],
    ]);
  });
});

describe('a stand-in for vitest', () => {
  it('says which test it cannot read', () => {
    const { module } = gathering();
    expect(() => module.it('has no body', 5)).toThrow('a test has no body');
  });
});
