/** The same trace, the same bytes: every transcript is told again by a browser and compared. */
import { globSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { realSuite } from '../sim/cli/suite.ts';
import { runStories } from '../sim/runs/run.ts';
import { transcript } from '../sim/runs/transcript.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { bundle } from '../site/test/bundle.ts';
import { launch } from '../site/test/chromium.ts';

const files = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] }).sort();

/** The simulator, with `tell(text, id)` put on the page. */
const teller = `
  import { runStories } from '/sim/runs/run.ts';
  import { parseScenario } from '/sim/scenario/parse.ts';
  import { transcript } from '/sim/runs/transcript.ts';
  globalThis.tell = (text, id) => {
    const parsed = parseScenario(text, id);
    if (!parsed.ok) return JSON.stringify(parsed.errors);
    const { scenario } = parsed;
    const { story, variants } = runStories(scenario, scenario.without);
    return [story, ...variants].map(transcript).join('');
  };`;

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
  await page.addScriptTag({ content: await bundle(teller) });
});
afterAll(async () => {
  await browser.close();
});

it.each(files)('%s is told in a browser as it is here', async (file) => {
  const text = readFileSync(file, 'utf8');
  const id = file.slice('scenarios/'.length, -'.yaml'.length);
  const parsed = parseScenario(text, id);
  if (!parsed.ok) throw new Error(`${file} does not parse`);
  const { scenario } = parsed;
  // Here on Node's own curves and ciphers, there on noble's.
  const { story, variants } = runStories(scenario, scenario.without, { suite: realSuite });
  const here = [story, ...variants].map(transcript).join('');
  const there = await page.evaluate(
    ([source, name]) => (globalThis as unknown as { tell: (text: string, id: string) => string }).tell(source, name),
    [text, id] as const,
  );
  expect(there).toBe(here);
});
