/** An empty page on which pictures are drawn and timed: with the site's sheets and faces, its script or mermaid's, and nothing to fetch. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { GET } from '../pages/figures.css.ts';
import { bundle } from '../test/bundle.ts';

/** Who draws on a page: our sheets stand where we do, mermaid's script where it does. */
export type Drawer = 'ours' | 'mermaid';

const faces = ['Atkinson Hyperlegible Next', 'Atkinson Hyperlegible Mono', 'trebuchet ms'];
/** Text in each face and weight that pictures have: on a page there is text before a picture. */
const written = faces
  .flatMap((face) => [400, 600, 650, 700].map((weight) => `<p style="font:${weight} 13.5px '${face}'">Step 1</p>`))
  .join('');

const sheets = async (): Promise<readonly string[]> => {
  const figures = (await (await GET()).text()).replaceAll(
    /url\((fonts\/[\w-]+\.woff2)\)/g,
    (_, file) => `url(data:font/woff2;base64,${readFileSync(`site/public/${file}`).toString('base64')})`,
  );
  return [figures, ...['base', 'diagram'].map((name) => readFileSync(`site/styles/${name}.css`, 'utf8'))];
};

/** What every page needs, made once. */
export type Kit = { readonly sheets: readonly string[]; readonly script: string };
export const kitOf = async (): Promise<Kit> => ({
  sheets: await sheets(),
  script: await bundle(`
import { mermaidBench, pageBench } from '/site/bench/in-page.ts';
globalThis.bench = { ...pageBench(), ...(globalThis.mermaid === undefined ? {} : mermaidBench(globalThis.mermaid)) };
`),
});

/** A page in a window of its own, cold as a browser makes it; its scripts are there, and its faces have been drawn with. */
export const drawingPage = async (
  browser: Browser,
  { sheets, script }: Kit,
  drawers: readonly Drawer[],
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.setContent(`<!doctype html><title>bench</title><body>${written}</body>`);
  for (const content of drawers.includes('ours') ? sheets : []) await page.addStyleTag({ content });
  if (drawers.includes('mermaid'))
    await page.addScriptTag({ path: resolve('node_modules/mermaid/dist/mermaid.min.js') });
  await page.addScriptTag({ content: script });
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  return page;
};
