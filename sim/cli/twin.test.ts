/** `explore --twin` as people use it, with SPIN and without. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { missingForSpin } from '../bench/spin.ts';

const hearsay = (args: readonly string[], path = process.env.PATH) => {
  const env = { ...process.env, PATH: path };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['sim/cli/hearsay.mjs', ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr: stderr.replaceAll(/.*(ExperimentalWarning|--trace-warnings).*\n/g, '') };
};

describe('hearsay explore --twin', () => {
  it('searches the twin and says what it found and took', () => {
    const { status, stdout } = hearsay(['explore', '--twin', '10^3'], '/nowhere');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /this engine +✓ holds: 1 534 worlds, 4 770 transitions, [\d ]+ worlds a second, [\d.]+ bytes a world/,
    );
    expect(stdout).toContain('not compared with SPIN, which takes what is not installed: spin, gcc');
  });

  it('shows the same from SPIN where it is installed, and says that they agree', () => {
    const { status, stdout } = hearsay(['explore', '--twin', '10^4']);
    expect(status).toBe(0);
    if (missingForSpin().length > 0) expect(stdout).toContain('not compared with SPIN');
    else {
      expect(stdout).toMatch(/SPIN, depth first +✓ holds: 9 715 worlds, 36 171 transitions, .* bytes a world/);
      expect(stdout).toMatch(/SPIN, breadth first +✓ holds: 9 715 worlds, 36 171 transitions, .* bytes a world/);
      expect(stdout).toContain('the same worlds and transitions in all');
    }
  });

  it('takes 10^5 where no size is named', () => {
    expect(hearsay(['explore', '--twin'], '/nowhere').stdout).toContain('88 802 worlds');
  });

  it.each([
    [['10^7'], /10\^3, 10\^4, .* expected/],
    [['10^3', '10^4'], /--twin 10\^3 10\^4: one of/],
  ])('answers %s with one clear error and exit code 2', (words, error) => {
    const { status, stdout, stderr } = hearsay(['explore', '--twin', ...words]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(error);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
