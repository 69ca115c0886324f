/** The pictures of every story: small enough for their pages, with nothing cut off, and with what is decided in sight. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Run } from '../sim/engine/types.ts';
import { besideIn } from '../sim/runs/figures/beside.ts';
import { formWidth } from '../sim/runs/figures/columns.ts';
import { layout, matterOf } from '../sim/runs/figures/layout.ts';
import { rowsOf } from '../sim/runs/figures/rows.ts';
import { sequenceParts } from '../sim/runs/figures/sequence.ts';
import { isDecisive } from '../sim/runs/figures/setup.ts';
import { replay, runStory } from '../sim/runs/run.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

const runs: readonly Run[] = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] })
  .toSorted()
  .flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    if (!parsed.ok || parsed.scenario.explore !== null) return [];
    const run = runStory(parsed.scenario, { suite: 'symbolic' });
    const { expect: expected } = parsed.scenario;
    return [
      { ...run, judgements: run.judgements.filter((one) => expected.some((e) => e.guarantee === one.guarantee)) },
    ];
  });

const pictures = runs.map((run) => {
  const { defs, pictures: both } = sequenceParts(run, ['wide', 'narrow'], { prefix: 'd' });
  const markup = both.flatMap(({ heads, bands }) => [
    heads,
    ...bands.flatMap(({ pieces, fold }) => [...pieces.map(({ svg }) => svg), fold?.bar ?? '']),
  ]);
  return { run, text: [defs, ...markup].join('') };
});
const barHeight = 34;
/** Heights as first seen, with every fold closed, in px on a screen that shows the form `scale` times as large. */
const heights = (form: 'wide' | 'narrow', scale: number): readonly number[] =>
  runs
    .map((run) => {
      const { top, bands } = layout(matterOf(run, { folded: true }), form);
      return (
        scale * (top + bands.reduce((sum, band) => sum + (band.fold === null ? band.bottom - band.top : barHeight), 0))
      );
    })
    .toSorted((one, other) => one - other);
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

describe('the pictures of all stories', () => {
  test('show what is decided without a click', () => {
    for (const run of runs)
      for (const { fold, rows } of layout(matterOf(run, { folded: true }), 'wide').bands)
        if (fold !== null) expect(rows.filter(({ row }) => isDecisive(row)).map(({ label }) => label)).toEqual([]);
  });

  test('are no longer than a screen or two', () => {
    const wide = heights('wide', 954 / formWidth.wide);
    expect(wide[Math.floor(wide.length / 2)]).toBeLessThanOrEqual(900);
    expect(heights('narrow', 380 / formWidth.narrow).at(-1)).toBeLessThanOrEqual(3500);
  });

  test('cut no label off; what a name on the wire loses is there in whole', () => {
    const cut = pictures.flatMap(({ run, text }) =>
      [...text.matchAll(/<text class="(\w+)[^"]*"[^>]*>(?!<title>)[^<]*…</g)].map(
        ([all]) => `${run.scenario.id}: ${all}`,
      ),
    );
    expect(cut).toEqual([]);
    const shortened = pictures.flatMap(({ text }) => text.match(/<text [^>]*><title>/g) ?? []);
    expect(shortened.length).toBeLessThan(runs.length * 2);
  });

  test('weigh at most 20 kB in both forms, and have at most 25 elements a row, on average', () => {
    expect(mean(pictures.map(({ text }) => text.length))).toBeLessThanOrEqual(20_000);
    const elements = pictures.reduce((sum, { text }) => sum + (text.match(/<[a-z]/g)?.length ?? 0), 0);
    const rows = runs.reduce((sum, run) => sum + layout(matterOf(run), 'wide').rows.length, 0);
    expect(elements / rows).toBeLessThanOrEqual(25);
  });

  test('say of no two steps that nobody can tell which came first, unless either may and all else stays as it is', () => {
    const moments = (run: Run): readonly string[] => run.steps.map((step) => JSON.stringify(step.moments));
    const verdicts = (run: Run): readonly string[] =>
      run.judgements.map(({ guarantee, verdict }) => guarantee + verdict);
    const sharing = runs.flatMap((run) =>
      [...besideIn(run, rowsOf(run).rows)].slice(0, 1).map((step) => ({ run, step })),
    );
    expect(sharing.length).toBeGreaterThan(100);
    for (const { run, step } of sharing.filter((_, nth) => nth % 3 === 0)) {
      const swap = <T>(list: readonly T[]): readonly T[] => [
        ...list.slice(0, step - 1),
        ...list.slice(step - 1, step + 1).toReversed(),
        ...list.slice(step + 1),
      ];
      const swapped = replay(run.scenario, { ...run.trace, choices: swap(run.trace.choices) }, 'symbolic');
      expect(swap(moments(swapped)), run.scenario.id).toEqual(moments(run));
      expect(verdicts(swapped)).toEqual(expect.arrayContaining([...verdicts(run)]));
    }
  });
});
