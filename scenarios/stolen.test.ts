import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../sim/engine/types.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { isAttacker } from '../sim/runs/figures/sides.ts';
import { runStory } from '../sim/runs/run.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

const played: readonly Run[] = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .flatMap((path) => {
    const source = readFileSync(join(import.meta.dirname, path), 'utf8');
    if (!source.includes('plays: stolen-device')) return [];
    const parsed = parseScenario(source, path.replace(/\.yaml$/, ''));
    if (!parsed.ok || parsed.scenario.explore !== null) return [];
    return [runStory(parsed.scenario, { suite: 'symbolic' })];
  });

describe('stories in which a device is stolen', () => {
  test('each has that device in its picture, as the thief’s', () => {
    expect(played.length).toBeGreaterThan(40);
    for (const { scenario, players } of played) {
      const stolen = scenario.cast.attackers.flatMap(({ name, plays, of }) =>
        plays === 'stolen-device' ? [[of, name]] : [],
      );
      const drawn = players.flatMap((player) => (player.kind === 'stolen device' ? [[player.id, player.by]] : []));
      expect([scenario.id, drawn]).toEqual([scenario.id, stolen]);
    }
  });

  test('nothing that goes out from a stolen device is drawn as honest', () => {
    const wrong = played.flatMap((run) => {
      const theirs = new Set(run.players.filter(isAttacker).map(({ id }) => id));
      return rowsOf(run)
        .rows.filter(({ kind, from }) => kind === 'honest' && theirs.has(from))
        .map(({ step, label }) => `${run.scenario.id}, step ${step + 1}: ${label}`);
    });
    expect(wrong).toEqual([]);
  });
});
