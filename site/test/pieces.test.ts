/** Long pictures in a browser: what is seen is drawn before anything is painted, and nothing is missing later. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { talkWith } from '../bench/diagram.ts';
import { GET } from '../pages/figures.css.ts';
import { diagramView } from '../views/diagram.ts';
import { htmlOf } from '../views/html.ts';
import { bundle } from './bundle.ts';
import { launch } from './chromium.ts';

const view = diagramView(talkWith(150), { prefix: 'd' });

let browser: Browser;
let page: Page;
let sheets: readonly string[];
let script: string;
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  const files = ['base', 'diagram'].map((name) => readFileSync(`site/styles/${name}.css`, 'utf8'));
  sheets = [await (await GET()).text(), ...files];
  script = await bundle(`
import { nodeOf } from '/site/scripts/dom.ts';
import { drawAll } from '/site/scripts/pieces.ts';
Object.assign(globalThis, { nodeOf, drawAll });`);
});
afterAll(async () => {
  await browser?.close();
});

/** Draws the picture with its folds open, scrolled down so far (px), and looks once it is painted. `calm`: without time for the rest. */
const drawn = async (scrolled: number, calm: boolean) => {
  // What was begun for a picture before would go on with this one.
  await page.goto('about:blank');
  await page.setContent('<!doctype html><title>pieces</title><body></body>');
  for (const content of sheets) await page.addStyleTag({ content });
  await page.addScriptTag({ content: script });
  return page.evaluate(
    async ([view, scrolled, calm]) => {
      const { nodeOf } = globalThis as unknown as { nodeOf: (view: unknown) => Element };
      const idle = globalThis.requestIdleCallback;
      const held: IdleRequestCallback[] = [];
      if (!calm) globalThis.requestIdleCallback = (later) => held.push(later);
      document.body.replaceChildren(nodeOf(view));
      for (const fold of document.querySelectorAll('details')) fold.open = true;
      window.scrollTo(0, scrolled);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const pieces = [...document.querySelectorAll('.seq-wide .piece')];
      const inWindow = pieces.filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      const seen = {
        pieces: pieces.length,
        inWindow: inWindow.length,
        emptyInWindow: inWindow.filter((one) => one.childElementCount === 0).length,
        empty: pieces.filter((one) => one.childElementCount === 0).length,
        scrolled: window.scrollY,
        height: document.documentElement.scrollHeight,
      };
      globalThis.requestIdleCallback = idle;
      for (const later of held) requestIdleCallback(later);
      return seen;
    },
    [view, scrolled, calm] as const,
  );
};

describe('a long picture', () => {
  it('has what is in the window drawn at once, wherever one is in it, and little else', async () => {
    for (const scrolled of [0, 3000]) {
      const seen = await drawn(scrolled, false);
      expect(seen.scrolled).toBe(scrolled);
      expect(seen.inWindow).toBeGreaterThan(0);
      expect(seen.emptyInWindow).toBe(0);
      expect(seen.empty).toBeGreaterThan(seen.pieces / 3);
    }
  });

  it('is soon drawn whole in the form that is shown, also where nobody looks, and keeps its height', async () => {
    const { height, empty } = await drawn(0, false);
    expect(empty).toBeGreaterThan(0);
    await page.waitForFunction(() => document.querySelector('.seq-wide .piece:empty') === null);
    expect(await page.locator('.seq-wide a').count()).toBe(150);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height);
    expect(await page.locator('.seq-narrow a').count()).toBe(0);
  });

  it('has the other form once there is no more room for the first', async () => {
    await drawn(0, true);
    await page.setViewportSize({ width: 390, height: 700 });
    await page.waitForFunction(() => document.querySelector('.seq-narrow :is(.other-form, .piece):empty') === null);
    expect(await page.locator('.seq-narrow a').count()).toBe(150);
    await page.setViewportSize({ width: 1200, height: 700 });
  });

  it('is whole before it is printed, and for whoever looks for something in it', async () => {
    for (const asked of ['beforeprint', 'drawAll']) {
      await drawn(0, false);
      await page.evaluate((asked) => {
        const { drawAll } = globalThis as unknown as { drawAll: () => void };
        if (asked === 'drawAll') drawAll();
        else dispatchEvent(new Event(asked));
      }, asked);
      expect(await page.locator('.other-form:empty, .piece:empty, .hundred:empty').count()).toBe(0);
      expect(await page.locator('.seq-wide a, .seq-narrow a').count()).toBe(300);
      expect(await page.locator('.ticks a').count()).toBe(talkWith(150).steps.length);
    }
  });

  it('says as elements what it says as HTML', async () => {
    const text = await page.evaluate((html) => {
      const read = new DOMParser().parseFromString(html, 'text/html');
      return [read.body, document.body].map((one) => (one.textContent ?? '').replaceAll(/\s+/g, ''));
    }, htmlOf(view));
    expect(text[1]).toBe(text[0]);
  });
});
