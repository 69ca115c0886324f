/** Ways through the steps of a run, in a browser: by key, by touch, by playing; and none of it without a script. */
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readingTime } from '../scripts/steps/reading-time.ts';
import { builtSite } from './built.ts';

const bench = '/scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key/';
const broken = '/scenarios/interactions/a-hostile-push-and-a-forged-yes-open-the-next-sign-in/';
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const seen = builtSite();
/** What is seen on a page on which nothing goes wrong: no error, and nothing that its policy forbids. */
const seenClean = async <T>(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> =>
  seen(path, options, async (page) => {
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.reload();
    const result = await look(page);
    expect(wrong).toEqual([]);
    return result;
  });

/** The step that is shown: in the inspector, in the address, in the row of ticks, on the slider. */
const shown = async (page: Page): Promise<number> => {
  const told = await page.locator('.inspector > article:visible header b').allTextContents();
  expect(told).toHaveLength(1);
  const step = Number(told[0]?.replace('Step ', ''));
  await expect.poll(() => page.locator('.step-bar input').inputValue()).toBe(`${step}`);
  return step;
};
const press = async (page: Page, ...keys: readonly string[]): Promise<number> => {
  for (const key of keys) await page.keyboard.press(key);
  return shown(page);
};
/** From then on no time passes but what is said to. */
const stopClock = async (page: Page): Promise<void> => {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 3_600_000);
};
const isPlaying = (page: Page): Promise<boolean> => page.getByRole('button', { name: 'Pause' }).isVisible();

describe('keys on the page of a scenario', () => {
  it('go step by step, to the ends, to what breaks and to what is learned', async () => {
    await seenClean(bench, wide, async (page) => {
      expect(await press(page)).toBe(6);
      expect(await press(page, 'j')).toBe(7);
      expect(await press(page, 'ArrowRight')).toBe(8);
      expect(await press(page, 'k')).toBe(7);
      expect(await press(page, 'ArrowLeft', 'ArrowLeft')).toBe(5);
      expect(await press(page, 'Home')).toBe(1);
      expect(await press(page, 'k')).toBe(1);
      expect(await press(page, 'l')).toBe(4);
      expect(await press(page, 'End')).toBe(9);
      expect(await press(page, 'j')).toBe(9);
      expect(await press(page, 'b')).toBe(9);
    });
    await seenClean(`${broken}#s1`, wide, async (page) => {
      const step = await press(page, 'b');
      await expect(page.locator('.inspector > article:visible .why.bad').count()).resolves.toBeGreaterThan(0);
      expect(step).toBeGreaterThan(1);
    });
  });

  it('compare: lead to where the runs part, and back', async () => {
    await seenClean(`${bench}#s5`, wide, async (page) => {
      const focused = () => page.evaluate(() => document.activeElement?.className ?? '');
      await page.keyboard.press('c');
      await expect.poll(() => focused()).toContain('fork');
      await page.keyboard.press('c');
      await expect.poll(() => focused()).toContain('inspector');
      await expect.poll(() => shown(page)).toBe(5);
    });
  });

  it('keep what they mean while somebody types, with modifiers, on a fold and on a link', async () => {
    await seenClean(`${bench}#s5`, wide, async (page) => {
      const comment = page.locator('details.copied');
      await comment.locator('summary').focus();
      await page.keyboard.press('Space');
      await expect.poll(() => comment.getAttribute('open')).not.toBeNull();
      await expect.poll(() => isPlaying(page)).toBe(false);
      await comment.locator('textarea').focus();
      expect(await press(page, 'j', 'ArrowRight', 'End', '?')).toBe(5);
      await page.locator('.inspector').focus();
      expect(await press(page, 'Control+j', 'Alt+k', 'Meta+b', 'Shift+ArrowRight')).toBe(5);
      await page.locator('.crumbs a').first().focus();
      await page.keyboard.press('Space');
      await expect.poll(() => isPlaying(page)).toBe(false);
    });
  });

  it('are listed in a dialog that passes axe, and switched off there for good', async () => {
    await seenClean(`${bench}#s5`, wide, async (page) => {
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keys' });
      await expect.poll(() => dialog.isVisible()).toBe(true);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      await dialog.locator('dt').first().click();
      await page.keyboard.press('j');
      await page.keyboard.press('Escape');
      await expect.poll(() => dialog.isVisible()).toBe(false);
      expect(await press(page, 'j')).toBe(6);
      await page.getByRole('button', { name: 'Keys' }).click();
      await dialog.getByRole('checkbox').uncheck();
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(await press(page, 'j', 'End', 'ArrowLeft')).toBe(6);
      await page.reload();
      expect(await press(page, 'j')).toBe(6);
      await page.getByRole('button', { name: 'Keys' }).click();
      await dialog.getByRole('checkbox').check();
      await page.keyboard.press('Escape');
      expect(await press(page, 'j')).toBe(7);
    });
  });

  it('work where the browser keeps nothing', async () => {
    await seenClean(`${bench}#s5`, wide, async (page) => {
      await page.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get: () => {
            throw new DOMException('denied', 'SecurityError');
          },
        });
      });
      await page.reload();
      expect(await press(page, 'j')).toBe(6);
      await page.keyboard.press('?');
      await page.getByRole('checkbox').uncheck();
      await page.keyboard.press('Escape');
      expect(await press(page, 'j')).toBe(6);
    });
  });
});

describe('the chosen step', () => {
  it('stands in the address: a link is gone back from, what follows it takes its place', async () => {
    await seenClean(bench, wide, async (page) => {
      const hash = () => page.evaluate(() => location.hash);
      await page.locator('.ticks a').nth(1).click();
      await page.locator('.ticks a').nth(3).click();
      await expect.poll(() => shown(page)).toBe(4);
      await page.locator('main').focus();
      expect(await press(page, 'j', 'j', 'j')).toBe(7);
      await page.locator('.ticks a').nth(8).click();
      expect([await shown(page), await hash()]).toEqual([9, '#s9']);
      await page.goBack();
      expect([await shown(page), await hash()]).toEqual([7, '#s7']);
      await page.goBack();
      expect([await shown(page), await hash()]).toEqual([2, '#s2']);
      await page.goForward();
      expect([await shown(page), await hash()]).toEqual([7, '#s7']);
      await page.goBack();
      await page.goBack();
      expect([await shown(page), await hash()]).toEqual([6, '']);
    });
  });

  it('is scrubbed without a move of anything but the selection, and the slider keeps the focus', async () => {
    await seenClean(bench, wide, async (page) => {
      const slider = page.getByRole('slider', { name: 'Step' });
      const boxes = () =>
        page.evaluate(() =>
          ['.stage', '.ticks', '.step-bar'].map((name) => document.querySelector(name)?.getBoundingClientRect().height),
        );
      await slider.focus();
      // What is told aloud a while later is told by the clock, however long this takes.
      await stopClock(page);
      const before = await boxes();
      for (let times = 0; times < 3; times += 1) await page.keyboard.press('ArrowLeft');
      await expect.poll(() => shown(page)).toBe(3);
      expect(await slider.evaluate((one) => one === document.activeElement)).toBe(true);
      await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('Step 3 of 9: Mallory logs in as tablet');
      await expect.poll(() => page.locator('body > [role="status"]').textContent()).toBe('');
      await expect.poll(() => boxes()).toEqual(before);
      await page.keyboard.press('End');
      await expect.poll(() => shown(page)).toBe(9);
      await expect.poll(() => page.locator('details[open]').count()).toBe(0);
    });
  });

  it('is told aloud once after keys that follow one another', async () => {
    await seenClean(`${bench}#s4`, wide, async (page) => {
      const status = page.locator('body > [role="status"]');
      await stopClock(page);
      await press(page, 'j', 'j');
      await expect.poll(() => status.textContent()).toBe('');
      await page.clock.runFor(600);
      await expect.poll(() => status.textContent()).toBe('Step 6 of 9: Alice’s phone syncs');
    });
  });

  it('has its row in sight, not beneath heads or ticks', async () => {
    await seenClean(`${broken}#s1`, wide, async (page) => {
      for (const key of ['End', 'Home', 'b', 'j', 'j', 'j', 'j']) {
        const step = await press(page, key);
        const place = await page.evaluate((step) => {
          const tops = (name: string) => document.querySelector(`.seq-wide ${name}`)?.getBoundingClientRect();
          const link = document.querySelector(`.seq-wide a[href="#s${step}"]`);
          const row = link?.closest('details:not([open])')?.querySelector('summary') ?? link;
          const top = row?.getBoundingClientRect().top ?? 0;
          const ticks = document.querySelector('.ticks')?.getBoundingClientRect().top ?? 0;
          return { isDrawn: row !== null, below: top - (tops('.heads')?.bottom ?? 0), above: ticks - top };
        }, step);
        if (!place.isDrawn) continue;
        expect(place.below, `step ${step}`).toBeGreaterThanOrEqual(-2);
        expect(place.above, `step ${step}`).toBeGreaterThan(10);
      }
    });
  });

  it('greys what comes later among what is held and known, and nothing where none is chosen', async () => {
    await seenClean(bench, { ...wide, colorScheme: 'dark' }, async (page) => {
      const later = () => page.locator('.later').count();
      await expect.poll(() => later()).toBe(0);
      await page.locator('.more > details').first().locator('summary').click();
      await press(page, 'Home');
      await expect
        .poll(() => page.locator('.later-note').allTextContents())
        .toEqual(Array.from({ length: 2 }, () => 'Grey: only after step 1.'));
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const [first, gone] = [await later(), await page.locator('.beliefs .gone').count()];
      expect(first).toBeGreaterThan(1);
      await press(page, 'End');
      await expect.poll(() => later()).toBe(0);
      await expect.poll(() => page.locator('.beliefs .gone').count()).toBeGreaterThanOrEqual(gone);
      await expect.poll(() => page.locator('.know-tree li').first().getAttribute('class')).not.toContain('later');
    });
  });

  it('is that of another run where one is drawn: with one bar, for as many steps as that has', async () => {
    await seenClean(`${bench}#s3`, wide, async (page) => {
      await page.locator('.inspector').evaluate((inspector) => {
        const other = inspector.cloneNode(true) as Element;
        other.querySelector('.step-bar')?.remove();
        for (const article of [...other.querySelectorAll('article')].slice(4)) article.remove();
        inspector.replaceWith(other);
        other.dispatchEvent(new CustomEvent('redrawn', { bubbles: true }));
      });
      await expect.poll(() => page.locator('.step-bar').count()).toBe(1);
      await expect.poll(() => page.locator('.step-bar input').getAttribute('max')).toBe('4');
      expect(await press(page, 'j', 'j', 'j')).toBe(4);
    });
  });

  it('stays where a setting is turned', async () => {
    await seenClean(`${bench}#s4`, wide, async (page) => {
      await page.locator('[role="switch"]').first().waitFor();
      await page.locator('main').focus();
      expect(await press(page, 'j', 'j')).toBe(6);
      await page.locator('[role="switch"]').first().click();
      await page.locator('.computed').first().waitFor();
      await expect.poll(() => shown(page)).toBe(6);
      await expect.poll(() => page.locator('.step-bar').count()).toBe(1);
      await page.locator('main').focus();
      await press(page, 'b');
      await expect.poll(() => page.locator('.inspector > article:visible .why.bad').count()).toBeGreaterThan(0);
      await page.goBack();
      await page.locator('.computed').first().waitFor({ state: 'detached' });
      await expect.poll(() => page.evaluate(() => location.hash)).toBe('#s6');
      await expect.poll(() => shown(page)).toBe(6);
    });
  });

  it('says what it changed of each player', async () => {
    await seenClean(`${bench}#s1`, wide, async (page) => {
      const changed = page.locator('.inspector > article:visible .changed');
      await expect.poll(() => changed.textContent()).toContain('Backup key: none → ');
      await expect.poll(() => changed.locator('dt').allTextContents()).toEqual(['Alice’s laptop']);
    });
  });

  it('has drawers from the outside in, each of which says who opens it', async () => {
    await seenClean(`${bench}#s6`, wide, async (page) => {
      const fold = page.locator('.inspector > article:visible details.letters');
      await fold.locator('summary').first().click();
      const sealed = fold.locator('details.drawer').first();
      await sealed.locator('> summary').click();
      await expect
        .poll(() => sealed.locator('> .hint').textContent())
        .toContain('Only Alice’s phone, whose Curve25519 key');
      await sealed.locator('.in > summary').click();
      await expect.poll(() => sealed.locator('.in > .hint').textContent()).toBe('Alice’s phone opened it in step 6.');
      await expect.poll(() => sealed.locator('.in pre').isVisible()).toBe(true);
    });
  });
});

describe('playing', () => {
  it('shows each step for as long as it takes to read, and stops at the last', async () => {
    expect(readingTime(40)).toBeGreaterThan(readingTime(5));
    expect(readingTime(10_000)).toBeLessThanOrEqual(20_000);
    await seenClean(`${bench}#s7`, wide, async (page) => {
      await stopClock(page);
      await page.keyboard.press('Space');
      await expect.poll(() => isPlaying(page)).toBe(true);
      await page.clock.runFor(1000);
      await expect.poll(() => shown(page)).toBe(7);
      await page.clock.runFor(20_000);
      await expect.poll(() => shown(page)).toBeGreaterThan(7);
      await page.clock.runFor(60_000);
      await expect.poll(() => shown(page)).toBe(9);
      await expect.poll(() => isPlaying(page)).toBe(false);
      await expect.poll(() => page.locator('body > [role="status"]').textContent()).toMatch(/^Paused\. Step 9 of 9: /);
    });
  });

  it('stops when somebody does something, and starts anew from the end', async () => {
    await seenClean(`${bench}#s2`, wide, async (page) => {
      const acts: readonly (() => Promise<unknown>)[] = [
        () => page.mouse.wheel(0, 20),
        () => page.locator('.lede').click(),
        () => page.keyboard.press('Tab'),
        () => page.keyboard.press('j'),
        () => page.keyboard.press('?').then(() => page.keyboard.press('Escape')),
      ];
      for (const act of acts) {
        await page.getByRole('button', { name: 'Play' }).click();
        await expect.poll(() => isPlaying(page)).toBe(true);
        await act();
        await expect.poll(() => isPlaying(page)).toBe(false);
      }
      await page.locator('main').focus();
      await press(page, 'End', 'Space');
      await expect.poll(() => shown(page)).toBe(1);
      await page.keyboard.press('Space');
      await expect.poll(() => isPlaying(page)).toBe(false);
    });
  });

  it.each(['reduce', 'no-preference'] as const)('moves the page gently, or at once: %s', async (reducedMotion) => {
    const moves = await seenClean(`${bench}#s3`, { ...wide, reducedMotion }, async (page) => {
      await page.evaluate(() => {
        const { scrollIntoView } = Element.prototype;
        Element.prototype.scrollIntoView = function (this: Element, how) {
          document.body.dataset.moves = typeof how === 'object' ? how.behavior : '';
          scrollIntoView.call(this, how);
        };
      });
      await stopClock(page);
      await page.keyboard.press('Space');
      await page.clock.runFor(20_000);
      return page.evaluate(() => document.body.dataset.moves);
    });
    expect(moves).toBe(reducedMotion === 'reduce' ? 'instant' : 'smooth');
  });
});

describe('by touch, 390 px wide', () => {
  it('the bar leads through the steps, on the sheet that stays at most half of the window', async () => {
    await seenClean(`${bench}#s5`, phone, async (page) => {
      await page.getByRole('button', { name: 'Next step' }).tap();
      await expect.poll(() => shown(page)).toBe(6);
      await page.getByRole('button', { name: 'Previous step' }).tap();
      await expect.poll(() => shown(page)).toBe(5);
      const slider = page.getByRole('slider', { name: 'Step' });
      const box = await slider.boundingBox();
      await page.touchscreen.tap((box?.x ?? 0) + 10, (box?.y ?? 0) + (box?.height ?? 0) / 2);
      await expect.poll(() => shown(page)).toBe(1);
      await page.getByRole('button', { name: 'Play' }).tap();
      await expect.poll(() => isPlaying(page)).toBe(true);
      await page.getByRole('button', { name: 'Pause' }).tap();
      await expect.poll(() => isPlaying(page)).toBe(false);
      const sizes = await page
        .locator('.step-bar button:visible')
        .evaluateAll((buttons) =>
          buttons.map((button) =>
            Math.min(button.getBoundingClientRect().width, button.getBoundingClientRect().height),
          ),
        );
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
      expect((await page.locator('.inspector').boundingBox())?.height).toBeLessThanOrEqual(844 / 2);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    });
  });
});

describe('without a script', () => {
  it('there is no bar, nothing is grey, and the steps have their own ways on', async () => {
    await seen(`${bench}#s5`, { ...wide, javaScriptEnabled: false }, async (page) => {
      await expect.poll(() => page.locator('.step-bar, dialog, .later, [role="status"]').count()).toBe(0);
      await page.locator('.inspector > article:visible header a[href="#s6"]').click();
      await expect.poll(() => page.locator('.inspector > article:visible header b').textContent()).toBe('Step 6');
      await expect.poll(() => page.locator('.inspector > article:visible .changed').count()).toBeLessThanOrEqual(1);
    });
  });
});
