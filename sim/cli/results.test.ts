import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runStories } from '../run.ts';
import { type Claim, checkClaims, expectedOf } from '../scenario/claims.ts';
import { parseTrace } from '../trace.ts';
import { load, pathsFor } from './library.ts';
import { resultsOf, resultsTogether } from './results.ts';
import { Mistake } from './terminal.ts';

const wanted = { suite: 'symbolic', withVariants: false, withPlay: false } as const;

it('two threads come to what one comes to, in the order of the files', async () => {
  const paths = pathsFor([]).slice(0, 30);
  const stories = paths.map((path) => load(path).scenario).filter(({ explore }) => explore === null);
  const alone = resultsOf(stories, 'symbolic', false);
  const together = await resultsTogether(paths, wanted);
  const brief = (results: typeof alone) =>
    results.map(({ scenario, claims, replay, ok }) => [scenario.id, claims, replay, ok]);
  expect(brief(together)).toEqual(brief(alone));
  expect(together).toHaveLength(stories.length);
});

it('a file that is no scenario is named, whichever thread came upon it, and of two the first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-'));
  const broken = ['one', 'two'].map((name) => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, 'title: [');
    return path;
  });
  const [first = '', second = ''] = broken;
  const paths = pathsFor([]);
  const given = [...paths.slice(0, 10), first, ...paths.slice(10, 25), second];
  const failing = resultsTogether(given, wanted);
  await expect(failing).rejects.toThrow(Mistake);
  await expect(failing).rejects.toThrow(/one\.yaml/);
});

it('a variant that ends once all it claims is broken comes to the same claims, and is a beginning of the whole, in a sample', () => {
  // Shadows may fall later; where it matters whether they do, nothing ends early.
  const brief = (claims: readonly Claim[]) =>
    claims.map(({ got, wrong, asExpected }) => ({ got: { ...got, shadow: null }, wrong, asExpected }));
  let ended = 0;
  for (const path of pathsFor([]).filter((_, nth) => nth % 5 === 0)) {
    const { scenario } = load(path);
    if (scenario.explore !== null) continue;
    const results = resultsOf([scenario], 'symbolic').slice(1);
    const { variants } = runStories(scenario, scenario.without, { suite: 'symbolic' });
    for (const [nth, without] of scenario.without.entries()) {
      const whole = variants[nth];
      const result = results[nth];
      if (whole === undefined || result === undefined)
        throw new Error(`${scenario.id} has fewer results than variants`);
      expect(brief(result.claims)).toEqual(brief(checkClaims(expectedOf(scenario, without), whole.judgements)));
      const read = parseTrace(result.replay ?? '');
      const choices = read.ok ? read.trace.choices : [];
      expect(choices.length).toBeGreaterThan(0);
      expect(whole.trace.choices.slice(0, choices.length)).toEqual(choices);
      if (choices.length < whole.trace.choices.length) ended += 1;
    }
  }
  expect(ended).toBeGreaterThan(5);
});
