/** What comes late, in another order than it was asked for, or not at all: what a page shows is still so, and it goes on from there. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { heldBack, lateSite, withheld } from './late.ts';

const bench = '/scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key/';
const wide = { viewport: { width: 1440, height: 900 } };
const patience = { timeout: 60_000 };

const seen = lateSite();
const firstSwitch = (page: Page) => page.locator('.turning [role="switch"]').first();
const bar = (page: Page) => page.locator('.bar');
/** How many parts of a page are said to be of the run before. */
const busyParts = (page: Page) => page.locator('[aria-busy="true"]').count();
const barIs = (page: Page, state: string) => page.locator(`.bar[data-state="${state}"]`).waitFor({ state: 'attached' });

describe('on the page of a scenario', () => {
  it.each(['simulator', 'telling', 'secret-authenticity'])(
    'a part of the simulator (%s) that could not be fetched is fetched the next time',
    async (part) => {
      await seen(bench, wide, async (page) => {
        const come = await withheld(page, new RegExp(`/${part}[^/]*\\.js$`));
        await firstSwitch(page).click();
        await barIs(page, 'refused');
        expect(await bar(page).textContent()).toContain('the simulator could not be loaded.');
        expect(await busyParts(page)).toBe(0);
        come();
        await page.goBack();
        await barIs(page, 'written');
        await firstSwitch(page).click();
        await barIs(page, 'turned');
      });
    },
  );

  it('a run stays that was computed, where the list of all settings does not come; the list is fetched when it is opened anew', async () => {
    await seen(bench, wide, async (page) => {
      const come = await withheld(page, /settings\.json\.gz$/);
      const fold = page.locator('.all-settings > summary');
      await fold.click();
      const status = page.locator('.all-settings .trying');
      await expect.poll(() => status.textContent()).toMatch(/^the settings could not be fetched: [^.]+\.$/);
      await firstSwitch(page).click();
      await barIs(page, 'turned');
      await page.waitForFunction(() => document.querySelector('.inspector .letters') !== null);
      const answered = page.waitForEvent('requestfailed');
      await fold.click();
      await fold.click();
      await answered;
      expect(await bar(page).getAttribute('data-state')).toBe('turned');
      expect(await page.locator('.sight .computed').count()).toBe(1);
      come();
      await fold.click();
      await fold.click();
      await expect.poll(() => page.locator('.all-settings .group').count()).toBeGreaterThan(2);
    });
  });

  it('it is said that the page still shows the run before, for as long as a run is awaited', async () => {
    await seen(bench, wide, async (page) => {
      const before = 'The page still shows the run before.';
      const letGo = await heldBack(page);
      await firstSwitch(page).click();
      await expect.poll(() => bar(page).textContent()).toContain(before);
      expect(await busyParts(page)).toBe(2);
      await letGo();
      await barIs(page, 'turned');
      expect([(await bar(page).textContent())?.includes(before), await busyParts(page)]).toEqual([false, 0]);
    });
  });

  it('a run stays that was computed, where what is beside it does not come, and that is had by asking again', async () => {
    await seen(bench, wide, async (page) => {
      await firstSwitch(page).click();
      await barIs(page, 'turned');
      const come = await withheld(page, /\/(?:fork|comment)[^/]*\.js$/);
      const compare = page.getByRole('button', { name: 'Compare' });
      await compare.click();
      await expect.poll(() => bar(page).textContent()).toContain('What stands beside it cannot be computed here');
      expect(await bar(page).getAttribute('data-state')).toBe('turned');
      const copied = page.locator('details.copied');
      await copied.locator('summary').click();
      await expect.poll(() => copied.textContent()).toContain('This cannot be computed here');
      expect(await copied.locator('textarea').count()).toBe(0);
      come();
      await copied.locator('summary').click();
      await copied.locator('summary').click();
      await expect.poll(() => copied.locator('textarea').count()).toBe(1);
      await compare.click();
      await compare.click();
      await page.locator('.besides .fork').waitFor();
      expect(await bar(page).textContent()).not.toContain('cannot be computed here');
    });
  });

  it.each([
    ['says no', 'reject'],
    ['has no such thing, as where the site is no secure one', 'lack'],
  ])('what is to be copied is chosen, and it is said so, where the browser %s', async (_, how) => {
    await seen(bench, wide, async (page) => {
      await page.evaluate((lacks) => {
        const value = lacks ? undefined : { writeText: () => Promise.reject(new Error('not allowed')) };
        Object.defineProperty(navigator, 'clipboard', { value });
      }, how === 'lack');
      await page.locator('details.copied > summary').click();
      await page.locator('details.copied .copy').click();
      await expect.poll(() => page.locator('details.copied').textContent()).toContain('The browser does not copy it');
      expect(
        await page.evaluate(() => {
          const area = document.activeElement as HTMLTextAreaElement;
          return area.selectionEnd === area.value.length && area.selectionStart === 0;
        }),
      ).toBe(true);
    });
  });
});

describe('on the page of a finding', () => {
  it('its comment that could not be fetched is fetched when the fold is opened anew', async () => {
    await seen('/findings/1946-cancel-others/', wide, async (page) => {
      const come = await withheld(page, /\.txt$/);
      const copied = page.locator('details.copied');
      await copied.locator('summary').click();
      await expect.poll(() => copied.textContent()).toContain('This could not be fetched');
      come();
      await copied.locator('summary').click();
      await copied.locator('summary').click();
      await expect.poll(() => copied.locator('textarea').count()).toBe(1);
    });
  });
});

describe('in the editor', () => {
  const runs = (page: Page) =>
    page.waitForFunction(
      () => /^It runs/.test(document.querySelector('#status')?.textContent ?? ''),
      undefined,
      patience,
    );
  const written = (page: Page) =>
    page.evaluate(() => document.querySelector('#text')?.shadowRoot?.querySelector('.cm-content')?.textContent ?? '');

  it('a text that came in a link is there still when the page is loaded anew with a step chosen', async () => {
    await seen('/edit/', wide, async (page) => {
      await runs(page);
      await page.locator('.cm-content').focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('# mine');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => sessionStorage.getItem('hearsay.draft')?.includes('# mine\\n'));
      await page.locator('#link').click();
      await page.waitForFunction(() => /#z=/.test((document.querySelector('#link-text') as HTMLInputElement).value));
      const link = await page.locator('#link-text').inputValue();
      await page.goto('about:blank');
      await page.evaluate(() => undefined);
      await page.goto(link);
      await runs(page);
      await page.locator('#picture a[href="#s3"]').first().click();
      await page.waitForFunction(() => location.hash === '#s3');
      // Run anew, as whoever goes on writing has it.
      await page.locator('.cm-content').focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('# and ');
      await page.waitForFunction(() => sessionStorage.getItem('hearsay.draft')?.includes('# and # mine'));
      await runs(page);
      await page.reload();
      await runs(page);
      expect(new URL(page.url()).hash).toBe('#s3');
      expect(await written(page)).toContain('# and # mine');
      // Without the draft there is the text of the link.
      await page.evaluate(() => sessionStorage.clear());
      await page.reload();
      await runs(page);
      expect(await written(page)).toContain('# mine');
      expect(await written(page)).not.toContain('# and');
    });
  });

  it('two clicks on a list that is not yet drawn anew are one change, of the text that it tells of', async () => {
    await seen('/edit/', wide, async (page) => {
      await runs(page);
      const before = await page.locator('#story li.step .line').allInnerTexts();
      const go = await heldBack(page);
      const first = page.locator('#story li.step').first().getByRole('button', { name: /^Drop/ });
      const last = page.locator('#story li.step').last().getByRole('button', { name: /^Drop/ });
      await last.click();
      await first.click();
      await go();
      await expect.poll(() => page.locator('#told').textContent()).toContain('That was not done');
      await expect.poll(() => page.locator('#story li.step .line').allInnerTexts()).toEqual(before.slice(0, -1));
    });
  });

  it('what stands beside another text says so until that has run, and the first screen knows of the settings then', async () => {
    await seen('/edit/?from=secret-push/a-stolen-token-cannot-plant-a-backup-key', wide, async (page) => {
      await runs(page);
      await expect.poll(() => page.locator('#sight').textContent(), patience).toContain('with it off');
      const go = await heldBack(page);
      await page.locator('#template').selectOption({ index: 1 });
      await expect.poll(() => page.locator('#status').textContent()).toBe('It is being run …');
      expect(await page.locator('#stale').isVisible()).toBe(true);
      expect(await page.locator('#shown').getAttribute('class')).toContain('stale');
      await go();
      await runs(page);
      expect(await page.locator('#stale').isVisible()).toBe(false);
      const again = await heldBack(page);
      await page.locator('.cm-content').focus();
      await page.keyboard.type('# mine');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#stale').isVisible()).toBe(true);
      await again();
      await runs(page);
      expect(await page.locator('#stale').isVisible()).toBe(false);
    });
  });

  it('a file with faults is downloaded by its own name', async () => {
    await seen('/edit/', wide, async (page) => {
      await runs(page);
      await page
        .locator('#file')
        .setInputFiles({ name: 'mine.yaml', mimeType: 'text/yaml', buffer: Buffer.from('title: Not yet\n') });
      await expect.poll(() => page.locator('#status').textContent()).toMatch(/wrong with the text/);
      const saving = page.waitForEvent('download');
      await page.locator('#download').click();
      expect((await saving).suggestedFilename()).toBe('mine.yaml');
    });
  });
});

it.each(['/play/sabotage/', bench])('nothing is wider than a window of 390, with every fold open: %s', async (path) => {
  await seen(path, { viewport: { width: 390, height: 844 }, hasTouch: true }, async (page) => {
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
    });
    await page
      .locator(path === bench ? '.copied textarea' : '.sabotage select')
      .first()
      .waitFor();
    if (path === bench) await page.locator('.all-settings .accident select').first().waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
