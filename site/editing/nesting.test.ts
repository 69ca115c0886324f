import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isDeep } from './nesting.ts';

describe('a text that is nested too deep to be coloured', () => {
  it.each(['[{'.repeat(5000), '- '.repeat(3000), '? '.repeat(3000), `a:\n  ${'{a: '.repeat(200)}`])(
    'is told by its brackets and dashes: %.12s',
    (text) => {
      expect(isDeep(text)).toBe(true);
    },
  );

  it('is no scenario of the library, and no long list', () => {
    expect(globSync('scenarios/**/*.yaml').filter((file) => isDeep(readFileSync(file, 'utf8')))).toEqual([]);
    expect(isDeep('- a: { b: [c] }\n'.repeat(5000))).toBe(false);
  });
});
