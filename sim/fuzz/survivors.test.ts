import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countsOf, type Exclusion, type Mutant, type MutationReport, percentOf, wrongExclusions } from './survivors.ts';

const source = 'const a = 1;\n  if (a > 0) return;\n';
const mutant = (status: string, replacement: string, line = 2, from = 7, to = 12): Mutant => ({
  mutatorName: 'EqualityOperator',
  replacement,
  status,
  location: { start: { line, column: from }, end: { line, column: to } },
});
const report = (...mutants: readonly Mutant[]): MutationReport => ({ files: { 'sim/a.ts': { source, mutants } } });
const excluded: Exclusion = {
  file: 'sim/a.ts',
  mutator: 'EqualityOperator',
  line: 'if (a > 0) return;',
  reason: 'a is never 0',
};

describe('what is told of mutants', () => {
  it('counts those that fell and names each that did not with its line', () => {
    const { counts } = countsOf(
      report(mutant('Killed', 'a < 0'), mutant('Timeout', 'true'), mutant('Survived', 'a >= 0')),
      [],
    );
    expect(counts).toEqual([
      {
        file: 'sim/a.ts',
        killed: 2,
        survived: 1,
        excluded: 0,
        survivors: ['sim/a.ts:2  a > 0 → a >= 0  [EqualityOperator]'],
      },
    ]);
    expect(percentOf(counts)).toBeCloseTo(66.67, 1);
  });

  it('says where no test comes at all, and counts nowhere what was left out', () => {
    const { counts } = countsOf(
      report(mutant('NoCoverage', 'a >= 0'), mutant('Ignored', 'x'), mutant('CompileError', 'y')),
      [],
    );
    expect(counts[0]).toMatchObject({ killed: 0, survived: 1, excluded: 0 });
    expect(counts[0]?.survivors[0]).toContain('no test comes here');
  });

  it('counts what is excluded by itself, by the text of its line and not by its number', () => {
    const { counts, idle } = countsOf(report(mutant('Killed', 'a < 0'), mutant('Survived', 'a >= 0')), [excluded]);
    expect(counts[0]).toMatchObject({ killed: 1, survived: 0, excluded: 1, survivors: [] });
    expect(percentOf(counts)).toBe(100);
    expect(idle).toEqual([]);
  });

  it('excludes one replacement alone where one is named', () => {
    const one = { ...excluded, replacement: 'a >= 0' };
    const { counts } = countsOf(report(mutant('Survived', 'a >= 0'), mutant('Survived', 'true')), [one]);
    expect(counts[0]).toMatchObject({ survived: 1, excluded: 1 });
  });

  it('names exclusions that nothing needs any more, in files that were looked at', () => {
    const elsewhere = { ...excluded, file: 'sim/b.ts' };
    const { idle } = countsOf(report(mutant('Killed', 'a >= 0')), [excluded, elsewhere]);
    expect(idle).toEqual([excluded]);
  });

  it('asks a reason of every exclusion, also of those of this house', () => {
    expect(wrongExclusions({})).not.toBeNull();
    expect(wrongExclusions([excluded, { ...excluded, reason: ' ' }])).toContain('exclusion 2');
    expect(wrongExclusions([excluded])).toBeNull();
    expect(wrongExclusions(JSON.parse(readFileSync('mutants.exclusions.json', 'utf8')))).toBeNull();
  });
});
