/** Search and facets, in a browser, on a small page of the same build. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAskedFor, wordsOf } from '../scripts/filter.ts';
import { bundle } from './bundle.ts';
import { launch } from './chromium.ts';

const html = `<!doctype html><meta charset="utf-8">
<form data-find data-one="scenario" data-many="scenarios">
  <input type="search" name="q"><select name="attacker"><option value="">any<option value="nobody">nobody<option value="stolen-token">a stolen token</select>
  <input type="checkbox" name="incident" value="incident"><p role="status">3 scenarios</p><button type="reset">Show all</button>
</form>
<details data-group><summary>One <b data-count>2</b></summary><ul>
  <li data-f="nobody">A phone syncs</li><li data-f="stolen-token incident">A token plants a key</li></ul></details>
<details data-group><summary>Two <b data-count>1</b></summary><ul><li data-f="nobody incident">A laptop forgets</li></ul></details>
<script src="filter.js"></script>`;

let browser: Browser;
let script: string;
beforeAll(async () => {
  browser = await launch();
  script = await bundle(`import '/site/scripts/filter.ts'`);
});
afterAll(async () => {
  await browser?.close();
});

const open = async (query: string): Promise<{ page: Page; context: BrowserContext; alerts: string[] }> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const alerts: string[] = [];
  page.on('dialog', (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => alerts.push(error.message));
  await page.route('http://site.test/**', (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.goto(`http://site.test/list/${query}`);
  return { page, context, alerts };
};
const left = (page: Page) => page.locator('li:visible').allTextContents();
const status = (page: Page) => page.locator('[role="status"]').textContent();

describe('what is asked for', () => {
  it('is there when every word and every token is', () => {
    const item = { text: 'a token plants a key', tokens: new Set(['stolen-token']) };
    expect(isAskedFor({ words: wordsOf(' Token  KEY '), tokens: [] }, item)).toBe(true);
    expect(isAskedFor({ words: ['token', 'bundle'], tokens: [] }, item)).toBe(false);
    expect(isAskedFor({ words: [], tokens: ['stolen'] }, item)).toBe(false);
  });
});

describe('a list that is searched', () => {
  it('folds as it did before anybody asked, opens where something is found, and says how much', async () => {
    const { page, context } = await open('');
    expect(await left(page)).toEqual([]);
    await page.locator('[name="q"]').fill('key');
    expect(await left(page)).toEqual(['A token plants a key']);
    expect(await status(page)).toBe('1 of 3 scenarios');
    expect(await page.locator('summary:visible').allTextContents()).toEqual(['One 1 of 2']);
    await page.locator('[type="reset"]').click();
    expect(await left(page)).toEqual([]);
    expect(await status(page)).toBe('3 scenarios');
    await context.close();
  });

  it('has what is asked for in its address, and goes back by it', async () => {
    const { page, context } = await open('');
    await page.locator('[name="attacker"]').selectOption('nobody');
    await page.locator('[name="incident"]').check();
    expect(new URL(page.url()).search).toBe('?attacker=nobody&incident=incident');
    expect(await left(page)).toEqual(['A laptop forgets']);
    await page.goBack();
    expect(await left(page)).toEqual(['A phone syncs', 'A laptop forgets']);
    expect(await page.locator('[name="incident"]').isChecked()).toBe(false);
    await context.close();
    const again = await open('?attacker=nobody&q=laptop');
    expect(await left(again.page)).toEqual(['A laptop forgets']);
    expect(await again.page.locator('[name="q"]').inputValue()).toBe('laptop');
    await again.context.close();
  });

  it.each(['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', '(((', '\\', '%', '__proto__'])(
    'takes %s for words, from the field and from the address',
    async (hostile) => {
      const { page, context, alerts } = await open(
        `?q=${encodeURIComponent(hostile)}&attacker=${encodeURIComponent(hostile)}&x=${encodeURIComponent(hostile)}`,
      );
      expect(await page.locator('[name="q"]').inputValue()).toBe(hostile);
      expect(await status(page)).toBe('0 of 3 scenarios');
      await page.locator('[name="q"]').fill(`${hostile} ${hostile}`);
      expect(await page.locator('img, li script').count()).toBe(0);
      expect(alerts).toEqual([]);
      await context.close();
    },
  );
});
