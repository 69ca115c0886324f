/** For people who choose all colours themselves (forced colours): what is told by a colour elsewhere is told all the same. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtSite } from './built.ts';

const bench = '/scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key/';
const seen = builtSite();
const window = { viewport: { width: 1300, height: 900 } };

/** The part of a switch that slides, as it is painted. */
const pillOf = async (page: Page): Promise<string> => {
  const toggle = page.locator('.turning .switch').first();
  await toggle.scrollIntoViewIfNeeded();
  const box = await toggle.boundingBox();
  if (box === null) throw new Error('there is no switch');
  const clip = { x: box.x, y: box.y, width: 40, height: box.height };
  return (await page.screenshot({ clip, animations: 'disabled' })).toString('base64');
};

describe.each(['light', 'dark'] as const)('in forced colours, %s', (colorScheme) => {
  const options = { ...window, colorScheme, forcedColors: 'active' } as const;

  it('one entry at the top has a bar, the one of this page', async () => {
    const bars = await seen('/findings/', options, (page) =>
      page.evaluate(() =>
        [...document.querySelectorAll('.top nav a')].map((entry) => ({
          isHere: entry.hasAttribute('aria-current'),
          hasBar: getComputedStyle(entry).borderBottomColor !== getComputedStyle(document.body).backgroundColor,
        })),
      ),
    );
    expect(bars.filter(({ isHere }) => isHere)).toHaveLength(1);
    expect(bars.filter(({ isHere, hasBar }) => isHere !== hasBar)).toEqual([]);
  });

  it('the chosen step, a step that breaks something and one that leads there look like no other', async () => {
    const looks = await seen(`${bench}?off=4385-push-cross-signed-only#s8`, options, async (page) => {
      await page.locator('.ticks .bad').first().waitFor();
      return page.evaluate(() => {
        const lookOf = (selector: string) => {
          const tick = document.querySelector(selector);
          if (tick === null) throw new Error(`no ${selector}`);
          const { backgroundColor, borderTopStyle, borderTopWidth } = getComputedStyle(tick);
          return `${backgroundColor} ${borderTopStyle} ${borderTopWidth}`;
        };
        return ['.tick1', '.tick8', '.ticks .bad:not(.causes)', '.ticks .causes:not(.bad)'].map(lookOf);
      });
    });
    expect(new Set(looks).size).toBe(4);
  });

  it('a switch shows whether it is on', async () => {
    await seen(bench, options, async (page) => {
      const on = await pillOf(page);
      await page.locator('.turning .switch').first().click();
      await page.locator('.turning .is-turned').first().waitFor();
      // Neither focus nor pointer tells it apart.
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.mouse.move(0, 0);
      const off = await pillOf(page);
      await page.locator('.turning .switch').first().click();
      await page.locator('.turning .is-turned').first().waitFor({ state: 'detached' });
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.mouse.move(0, 0);
      expect(off).not.toBe(on);
      expect(await pillOf(page)).toBe(on);
    });
  });
});
