/** The same trace, the same bytes: every transcript is told again by a browser and compared. */
import { globSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runStory } from '../sim/run.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { transcript } from '../sim/transcript.ts';
import { launch } from '../site/test/chromium.ts';

const files = globSync('scenarios/**/*.yaml').sort();

/** The simulator as one script that puts `tell(text, id)` on the page. Without code made at run time, as the site's policy asks. */
const bundle = async (): Promise<string> => {
  const entry = 'virtual:tell';
  const source = `
    import { runStory } from '/sim/run.ts';
    import { parseScenario } from '/sim/scenario/parse.ts';
    import { transcript } from '/sim/transcript.ts';
    globalThis.tell = (text, id) => {
      const parsed = parseScenario(text, id);
      if (!parsed.ok) return JSON.stringify(parsed.errors);
      const { scenario } = parsed;
      return [[], ...scenario.without.map(({ turns }) => turns)].map((turns) => transcript(runStory(scenario, { turns }))).join('');
    };`;
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'tell',
        resolveId: (id) => (id === entry ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? source : null),
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      rollupOptions: { input: entry, output: { format: 'iife' } },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !('output' in result)) throw new Error('the bundler gave nothing back');
  return result.output[0].code;
};

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
  await page.addScriptTag({ content: await bundle() });
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
  const here = [[], ...scenario.without.map(({ turns }) => turns)]
    .map((turns) => transcript(runStory(scenario, { turns })))
    .join('');
  const there = await page.evaluate(
    ([source, name]) => (globalThis as unknown as { tell: (text: string, id: string) => string }).tell(source, name),
    [text, id] as const,
  );
  expect(there).toBe(here);
});
