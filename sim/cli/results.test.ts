import { expect, it } from 'vitest';
import { storiesAmong } from './commands/run.ts';
import { scenariosFor } from './library.ts';
import { resultsOf, resultsTogether } from './results.ts';

it('two threads come to what one comes to, in the order of the files', async () => {
  const stories = storiesAmong(scenariosFor([]).map(({ scenario }) => scenario)).slice(0, 30);
  const alone = resultsOf(stories, 'symbolic', false);
  const together = await resultsTogether(stories, 'symbolic', false);
  const brief = (results: typeof alone) =>
    results.map(({ scenario, claims, replay, ok }) => [scenario.id, claims, replay, ok]);
  expect(brief(together)).toEqual(brief(alone));
  expect(together).toHaveLength(30);
});
