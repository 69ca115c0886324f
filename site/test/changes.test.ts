/** What a step changed of each player. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Moment, Run, Step } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { changesOf } from '../changes.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
if (!parsed.ok) throw new Error(`${id} is no scenario`);
const run = runStory(parsed.scenario, { suite: 'symbolic' });
const withMoments = (...steps: readonly (readonly Moment[])[]): Run => ({
  ...run,
  steps: steps.map((moments): Step => ({ ...(run.steps[0] as Step), moments })),
});
const player = 'alice.phone';
const state = (from: string, to: string): Moment =>
  ({ kind: 'state', player, chart: 'secret-push', from, to }) as Moment;
const backup = (version: string | null): Moment => ({
  kind: 'stored',
  player,
  patch: { patch: 'backup', backup: version === null ? null : { version, publicKey: 'k' } },
});

describe('what a step changed', () => {
  it('is how a player stood before it and stands after it', () => {
    expect(changesOf(withMoments([state('idle', 'testing')], [], [state('testing', 'on')]))).toEqual([
      [{ player, changes: [{ name: 'Pushes', before: 'idle', after: 'testing' }] }],
      [],
      [{ player, changes: [{ name: 'Pushes', before: 'testing', after: 'on' }] }],
    ]);
    expect(changesOf(withMoments([backup('2')], [backup('3')], [backup(null)]))).toEqual([
      [{ player, changes: [{ name: 'Backs up to', before: 'nothing', after: 'version 2' }] }],
      [{ player, changes: [{ name: 'Backs up to', before: 'version 2', after: 'version 3' }] }],
      [{ player, changes: [{ name: 'Backs up to', before: 'version 3', after: 'nothing' }] }],
    ]);
  });

  it('is nothing where what came is gone again at its end, or comes as it was', () => {
    expect(changesOf(withMoments([state('idle', 'testing'), state('testing', 'idle')], [backup(null)]))).toEqual([
      [],
      [],
    ]);
    expect(changesOf(withMoments([backup('2')], [backup('2')])).at(1)).toEqual([]);
  });

  it('is told of the secrets that a run hands on, with where they came from', () => {
    const told = changesOf(run).flatMap((all, step) =>
      all.flatMap(({ player, changes }) => changes.map(({ name, after }) => `${step + 1} ${player} ${name}: ${after}`)),
    );
    expect(told.filter((line) => line.includes('Backup key'))).toEqual([
      expect.stringMatching(/^1 alice\.laptop Backup key: .*made$/),
      expect.stringMatching(/^2 alice\.phone Backup key: .*pushed by LAPTOP$/),
    ]);
  });
});
