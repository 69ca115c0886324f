import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const flags = ['--until-depth', '--worlds', '--seconds', '--without'];

describe('the name that is meant', () => {
  it.each([
    ['--worls', '--worlds'],
    ['--secnods', '--seconds'],
    ['--unt', '--until-depth'],
    ['--depth', '--until-depth'],
    ['--deep', null],
    ['--wi', '--without'],
    ['', null],
  ])('%s: %s', (word, name) => {
    expect(nearest(word, flags)).toBe(name);
  });

  it('is none where two have the word, or where it is a word of two letters', () => {
    expect(nearest('leave', ['they-leave-early', 'does-not-leave-it'])).toBeNull();
    expect(nearest('of', ['out-of-reach'])).toBeNull();
  });
});
