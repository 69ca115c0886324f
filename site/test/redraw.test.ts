/** Another run on the page of a scenario: all of it is drawn anew, and the chosen step stays. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runStory } from '../../sim/runs/run.ts';
import { inQuestion } from '../../sim/runs/telling/first-screen.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { benchViews } from '../views/bench.ts';
import { builtSite } from './built.ts';
import { bundle } from './bundle.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
if (!parsed.ok) throw new Error(`${id} is no scenario`);
const { scenario } = parsed;
const written = inQuestion(runStory(scenario));
const turned = inQuestion(runStory(scenario, { turns: scenario.without[0]?.turns ?? [] }));
const viewsOf = (run: typeof written, sibling: typeof written): string =>
  JSON.stringify(benchViews(run, [sibling], null));

const seen = builtSite();

describe('another run on the page of a scenario', () => {
  it('is shown in all its parts, with the step that was chosen, and can be turned back', async () => {
    const script = await bundle(
      `import '/site/scripts/bench.ts'; import { redraw } from '/site/scripts/redraw.ts'; globalThis.redraw = redraw;`,
    );
    await seen(`/scenarios/${id}/#s6`, { viewport: { width: 1440, height: 900 } }, async (page) => {
      await page.route('**/_astro/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
      await page.reload();
      const parts = async () => ({
        sight: await page.locator('.sight .bad').count(),
        why: await page.locator('.inspector > article:visible .why.bad').count(),
        ticks: await page.locator('.ticks .bad').count(),
        known: await page.locator('.knowledge .know-tree li').count(),
        beliefs: await page.locator('.beliefs tr').count(),
        step: await page.locator('.step-bar input').inputValue(),
        shown: await page.locator('.inspector > article:visible header b').textContent(),
        bars: await page.locator('.step-bar').count(),
        folds: await page.locator('.inspector > article:visible .letters').count(),
      });
      const before = await parts();
      const letter = { who: 'Alice', title: 'A letter', detail: '', json: [], sealed: [] };
      const steps = JSON.stringify(Array.from({ length: 20 }, () => [letter]));
      await page.evaluate(`redraw(${viewsOf(turned, written)}, async () => ({ steps: ${steps} }))`);
      const after = await parts();
      expect([before.sight, before.why, before.ticks]).toEqual([0, 0, 0]);
      expect(Math.min(after.sight, after.why, after.ticks)).toBeGreaterThan(0);
      expect({ step: after.step, shown: after.shown, bars: after.bars, folds: after.folds }).toEqual({
        step: '6',
        shown: 'Step 6',
        bars: 1,
        folds: 1,
      });
      await page.locator('.inspector > article:visible .letters summary').click();
      await page.getByText('A letter').waitFor();
      await page.keyboard.press('j');
      expect(await page.locator('.inspector > article:visible header b').textContent()).toBe('Step 7');
      await page.keyboard.press('k');
      await page.evaluate(`redraw(${viewsOf(written, turned)}, async () => 'no')`);
      expect(await parts()).toEqual(before);
    });
  });
});
