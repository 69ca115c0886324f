import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { root } from './io.ts';
import { wholeNumber } from './words.ts';

describe('a script of the project’s own', () => {
  it.each(['', '0', '-3', '1.5', '1e3', 'many', '99999999999999999999'])('takes %j for no count', (given) => {
    expect(() => wholeNumber('--most', given)).toThrow(`--most ${given}: a whole number from 1 on is expected`);
  });

  it('takes a whole number', () => {
    expect(wholeNumber('--most', '2500')).toBe(2500);
  });

  it.each([
    [['--most', 'x'], 'a whole number from 1 on is expected'],
    [['arenas/a-stolen-tokn'], 'there is no arena arenas/a-stolen-tokn'],
    [['--seeds', '3'], 'Unknown option'],
  ])('that is called by %j says what is wrong and how it is called, and nothing is searched', (words, why) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['sim/cli/plain-main.ts', ...words], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
    expect(stderr).toContain('npm run plain -- [ARENA …]');
    expect(stderr).not.toContain('    at ');
  });
});
