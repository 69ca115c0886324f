/** The sheet alone marks the chosen step: it has to know as many steps as the longest story has. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runStory } from '../../sim/runs/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { GET } from '../pages/figures.css.ts';

const lengths = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] }).flatMap((file) => {
  const parsed = parseScenario(readFileSync(file, 'utf8'), file);
  return parsed.ok && parsed.scenario.explore === null
    ? [runStory(parsed.scenario, { suite: 'symbolic' }).steps.length]
    : [];
});

describe('the sheet of figures', () => {
  it('marks the last step of the longest story: its rows, its fold, its tick, and its part of the inspector', async () => {
    const sheet = await GET().text();
    const last = Math.max(...lengths);
    expect(last).toBeGreaterThan(40);
    for (const what of [`.seq a[href="#s${last}"]`, `.lull>.s${last}`, `.tick${last}`, `.inspector>.i${last}`])
      expect(sheet).toContain(`.bench:has(:target):has(>.side>#s${last}:target) ${what}`);
  });
});
