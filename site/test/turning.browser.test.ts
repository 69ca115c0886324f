/** Settings turned on the page of a scenario, in a browser: by mouse, keys and touch, together, in links, and refused in words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { realSuite } from '../../sim/crypto/node/suite.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { formatTrace } from '../../sim/runs/trace.ts';
import { transcript } from '../../sim/runs/transcript.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { builtSite, dist } from './built.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const bench = `/scenarios/${id}/`;
const clause = '4385-push-cross-signed-only';
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const scenario = (): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  return parsed.scenario;
};
const runOf = (turns: readonly Turn[]) => runStory(scenario(), { turns, suite: realSuite });

const built = builtSite();
/** The same, and nothing was said on the console, nothing refused by the policy, and nothing asked of anybody else. */
const seen = <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> =>
  built(path, options, async (page) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', ({ message }) => said.push(message));
    await page.reload({ waitUntil: 'load' });
    const result = await look(page);
    expect(said).toEqual([]);
    return result;
  });

const stateOf = (page: Page, state: 'written' | 'turned' | 'refused') =>
  page.locator(`.bar[data-state="${state}"]`).waitFor({ state: state === 'written' ? 'attached' : 'visible' });
const firstSwitch = (page: Page) => page.locator('.turning [role="switch"]').first();
const sight = (page: Page) => page.locator('.sight').textContent();
const searchOf = (page: Page): string => new URL(page.url()).search;

describe('a setting that is turned', () => {
  it('is computed in the browser to the byte, and shown with all that the page says of a run', async () => {
    const turned = runOf([{ turn: 'off', clause }]);
    const told = await seen(bench, wide, async (page) => {
      const before = await sight(page);
      expect(page.workers()).toEqual([]);
      await firstSwitch(page).click();
      await stateOf(page, 'turned');
      await page.locator('.more .whole summary').click();
      await page.locator('details.copied summary').click();
      return {
        before,
        after: await sight(page),
        checked: await firstSwitch(page).getAttribute('aria-checked'),
        bar: await page.locator('.bar').textContent(),
        text: await page.locator('.more .transcript').textContent(),
        line: await page.locator('code.replay').textContent(),
        comment: await page.locator('.copied textarea').inputValue(),
        bad: await page.locator('.ticks .bad').count(),
        focus: await page.evaluate(() => document.activeElement?.getAttribute('role')),
      };
    });
    expect(told.before).not.toContain('breaks');
    expect(told.after).toContain('Computed in your browser, without “Only take pushes from cross-signed devices”');
    expect(told.after).toContain('“Secrets are genuine” breaks');
    expect(told.bar).toContain('“Secrets are genuine” breaks');
    expect(told.checked).toBe('false');
    expect(told.text).toBe(transcript(turned));
    expect(told.line).toBe(`npx hearsay replay '${formatTrace(turned.trace)}'`);
    expect(told.comment).toContain('(Without “Only take pushes from cross-signed devices”)');
    expect(told.comment).toContain(formatTrace(turned.trace));
    expect(told.bad).toBeGreaterThan(0);
  });

  it('is taken back, turned together with others, and gone back and forth through', async () => {
    await seen(bench, wide, async (page) => {
      const written = await page.locator('main').evaluate((main) => main.querySelector('.seq-wide')?.textContent);
      await firstSwitch(page).click();
      await stateOf(page, 'turned');
      await page.locator('.all-settings > summary').click();
      await page.locator('.all-settings input[type="search"]').fill('always encrypt a push');
      await page.locator('.all-settings [role="switch"]:visible').click();
      await page.waitForFunction(() => document.querySelector('.computed')?.textContent?.includes('Always encrypt'));
      expect(searchOf(page)).toMatch(new RegExp(`^\\?off=${clause},4385-push-encrypted&v=[0-9a-f]{8}&was=[a-z]+$`));
      await page.goBack();
      await page.waitForFunction(() => !document.querySelector('.computed')?.textContent?.includes('Always encrypt'));
      expect(searchOf(page)).toMatch(new RegExp(`^\\?off=${clause}&`));
      await page.goBack();
      await stateOf(page, 'written');
      expect(searchOf(page)).toBe('');
      expect(await page.locator('main').evaluate((main) => main.querySelector('.seq-wide')?.textContent)).toBe(written);
      await page.goForward();
      await stateOf(page, 'turned');
      await page.getByRole('button', { name: 'As written' }).click();
      await stateOf(page, 'written');
      await expect.poll(() => firstSwitch(page).getAttribute('aria-checked')).toBe('true');
    });
  });

  it('says of every other setting what it would change, and shows those alone that change something', async () => {
    const { all, telling } = await seen(bench, wide, async (page) => {
      await page.locator('.all-settings > summary').click();
      await page.waitForFunction(
        () => {
          const switches = [...document.querySelectorAll('.all-settings li > .effect')];
          return switches.length > 10 && switches.every(({ textContent }) => textContent !== '');
        },
        null,
        { timeout: 60_000 },
      );
      await page.waitForFunction(() => document.querySelector('.trying')?.textContent === '');
      await page.waitForTimeout(300);
      const all = await page.locator('.all-settings li:visible').count();
      await page.getByLabel('Only those that change a verdict').check();
      return { all, telling: await page.locator('.all-settings li:visible').allTextContents() };
    });
    expect(all).toBeGreaterThan(30);
    expect(telling.length).toBeGreaterThan(0);
    expect(telling.length).toBeLessThan(all / 2);
    for (const text of telling) expect(text).toMatch(/would (?:not )?hold|left open/);
  });

  it('leaves the chosen step chosen, and the run as written can stand beside it', async () => {
    const told = await seen(`${bench}#s5`, wide, async (page) => {
      await firstSwitch(page).click();
      await stateOf(page, 'turned');
      await page.getByRole('button', { name: 'Compare' }).click();
      const besides = await page.locator('.besides').textContent();
      return {
        besides,
        steps: await page.locator('.inspector > article:visible > header b').allTextContents(),
        search: searchOf(page),
      };
    });
    expect(told.steps).toEqual(['Step 5']);
    expect(told.besides).toContain('They part in step 6');
    expect(told.search).toContain('&beside=written');
  });

  it('says the same at first sight when the window becomes narrow, and wide again', async () => {
    const two = `${bench}?off=4385-push-works-test,4385-both-unsolicited-share`;
    await seen(two, wide, async (page) => {
      await expect.poll(() => sight(page)).toContain('Would help“Hand a changed secret');
      const before = await sight(page);
      await page.setViewportSize({ width: 700, height: 900 });
      await page.locator('.stage .seq-narrow').waitFor({ state: 'attached' });
      expect(await sight(page)).toBe(before);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.locator('.stage .seq-wide').waitFor({ state: 'attached' });
      expect(await sight(page)).toBe(before);
    });
  });

  it('is reached and turned by keys alone', async () => {
    await seen(bench, { ...wide, permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.locator('.turning [role="switch"]').first().focus();
      await page.keyboard.press('Space');
      await stateOf(page, 'turned');
      await page.keyboard.press('y');
      await page.getByText('Copied', { exact: true }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
      await page.keyboard.press('Tab');
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('As written');
      await page.keyboard.press('Enter');
      await stateOf(page, 'written');
      for (let nth = 0; nth < 4 && !(await page.evaluate(() => document.activeElement?.matches('summary'))); nth += 1)
        await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('.all-settings input[type="radio"]').first().waitFor();
    });
  });

  it('is turned by a finger on a phone, with nothing wider than the window', async () => {
    await seen(bench, phone, async (page) => {
      const box = await firstSwitch(page).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(40);
      await firstSwitch(page).tap();
      await stateOf(page, 'turned');
      await page.locator('.stage svg:visible').first().waitFor();
      await expect.poll(() => page.locator('.stage svg:visible').count()).toBeGreaterThan(0);
      await page.locator('.all-settings > summary').tap();
      await page.locator('.all-settings li').first().waitFor();
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    });
  });

  it.each(['light', 'dark'] as const)('is fit for everybody: %s', async (colorScheme) => {
    const wrong = await seen(bench, { ...wide, colorScheme }, async (page) => {
      await firstSwitch(page).click();
      await stateOf(page, 'turned');
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.locator('.all-settings > summary').click();
      await page.locator('.all-settings li').first().waitFor();
      return (await new AxeBuilder({ page }).analyze()).violations;
    });
    expect(
      wrong.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`),
    ).toEqual([]);
  });
});

describe('a link', () => {
  const link = `${bench}?off=${clause}`;

  it('opens what was turned, says it in at most 200 characters, and works below any path', async () => {
    const shared = await seen(`${link}#s5`, wide, async (page) => {
      await stateOf(page, 'turned');
      return new URL(page.url());
    });
    expect(`${shared.search}${shared.hash}`.length).toBeLessThanOrEqual(200);
    const told = await built('/404.html', wide, async (page) => {
      await page.route('http://127.0.0.1/deep/down/**', (route) => {
        const { pathname } = new URL(route.request().url());
        const name = pathname.slice('/deep/down/'.length);
        return route.fulfill({ path: join(dist, name.endsWith('/') ? `${name}index.html` : name) });
      });
      await page.goto(`http://127.0.0.1/deep/down${bench}${shared.search}`);
      await stateOf(page, 'turned');
      return sight(page);
    });
    expect(told).toContain('“Secrets are genuine” breaks');
  });

  it('that another version of the model made says what is otherwise now, and nothing where all is the same', async () => {
    const [other, same] = [
      await seen(`${link}&v=00000000&was=bhb`, wide, async (page) => {
        await stateOf(page, 'turned');
        return page.locator('.bar').textContent();
      }),
      await seen(`${link}&v=00000000&was=bbb`, wide, async (page) => {
        await stateOf(page, 'turned');
        return page.locator('.bar').textContent();
      }),
    ];
    expect(other).toMatch(/This link was made with another version of the model\. “[^”]+”: holds then, breaks now\./);
    expect(same).not.toContain('another version');
  });

  it.each([
    ['off=4385-no-such-clause', '“4385-no-such-clause” is not a clause'],
    ['off=4385-push-encrypted:nobody.phone', '“nobody.phone” is not a device of the cast'],
    ['q09=A&q09=B', 'it turns “q09” twice'],
    ['q999=A', '“q999” is not a question'],
    ['MSC4385=the-future', '“the-future” is not a revision of MSC4385'],
    [`off=${'x'.repeat(10_000)}`, 'it is longer than 2000 characters'],
    ['off=%E0%A4%A', 'stands for no text'],
    ['off=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E', 'can be no clause'],
  ])('made up is refused in a sentence, and the page is as written: %#', async (search, why) => {
    const { told, after, count } = await seen(`${bench}?${search}`, wide, async (page) => {
      await stateOf(page, 'refused');
      return {
        told: await page.locator('.bar').textContent(),
        after: await sight(page),
        count: await page.locator('.computed').count(),
      };
    });
    expect(told).toContain(why);
    expect(told).toContain('The page shows the run as written.');
    expect(after).toContain('Only take pushes');
    expect(count).toBe(0);
  });
});

describe('without a script', () => {
  it('the settings lead to where the runs part, as before', async () => {
    const told = await built(bench, { ...wide, javaScriptEnabled: false }, async (page) => ({
      nav: await page.locator('nav.settings a').first().getAttribute('href'),
      turning: await page.locator('[data-turning]').isVisible(),
    }));
    expect(told).toEqual({ nav: `#without-${clause}`, turning: false });
  });
});
