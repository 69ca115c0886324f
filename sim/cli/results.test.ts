import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
