import { describe, expect, it } from 'vitest';
import { type Part, quantile, type Row, sumOf } from './measure.ts';
import { documentOf, figure, told } from './table.ts';

const pairs = [
  { ours: 1, other: 4 },
  { ours: 3, other: 4 },
  { ours: 2, other: 8 },
];
const row: Row = { what: 'a | b', ours: 'this', other: 'that', unit: 'ms', pairs };
const part: Part = {
  name: 'test',
  title: 'A part',
  async *measure() {
    yield row;
  },
};

describe('the table of the bench', () => {
  it('has the median of what single rounds come to, and the quarters', () => {
    expect(sumOf(row)).toEqual({
      ratio: 0.25,
      low: 0.25,
      high: 0.5,
      ours: { low: 1.5, median: 2, high: 2.5 },
      other: { low: 4, median: 4, high: 6 },
    });
  });

  it.each([
    [[1, 2, 3, 4], 0.5, 2.5],
    [[5], 0.25, 5],
    [[3, 1, 2], 0.5, 2],
    [[], 0.5, 0],
  ])('takes of %j the value at %d in proportion', (values, share, value) => {
    expect(quantile(values, share)).toBe(value);
  });

  it.each([
    [0.0976, '0.0976'],
    [0.5, '0.500'],
    [18.26, '18.3'],
    [1119.4, '1 119'],
    [1234567, '1 234 567'],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it('says where there was one round only, so that nobody takes it for a median of many', () => {
    const [one] = pairs;
    const alone = { ...row, pairs: one === undefined ? [] : [one] };
    expect(told(row)).toContain('3 rounds');
    expect(told(alone)).not.toContain('rounds');
  });

  it('becomes a document with ratios first, whatever was skipped with its reason, and figures of one machine last', () => {
    const lines = [row, { what: 'beside SPIN', why: 'SPIN is not installed' }];
    const machine = { processors: 2, system: 'linux, x64', node: '24.0.0', load: [0.5, 1] } as const;
    const text = documentOf([{ part, lines }], machine, 'npm run bench -- --write');
    const places = [
      '`npm run bench -- --write`',
      '## Ratios',
      '| a \\| b | this | that | 0.250 | 0.250 to 0.500 | 3 |',
      '- beside SPIN: SPIN is not installed',
      '## Absolute figures',
      'this: 2.00 (1.50 to 2.50)',
    ].map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });
});
