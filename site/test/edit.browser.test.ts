/** The editor in a browser: what is typed runs, what is wrong says where, the story changes by clicking. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtSite, dist } from './built.ts';

const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const from = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const planted = readFileSync(`scenarios/${from}.yaml`, 'utf8');

const seen = builtSite();
/** The same site as a folder of another one. */
const seenBelow = builtSite('some/where');

/** Until what was last written has run, or is said to be wrong. A machine that has other things to do is given another chance. */
const settled = async (page: Page, said: RegExp): Promise<string> => {
  const status = page.locator('#status');
  for (let left = 10; left > 0; left -= 1) {
    await page.locator('#status', { hasText: new RegExp(`${said.source}|two seconds`) }).waitFor({ timeout: 60_000 });
    const text = (await status.textContent()) ?? '';
    if (said.test(text)) return text;
    // It is gone once something else runs.
    await page
      .locator('#run-again')
      .click({ timeout: 2000 })
      .catch(() => undefined);
  }
  throw new Error(`it never came to ${said}`);
};
const runs = /^It runs, \d+ steps?/;
const opened = async (page: Page, text: string | Buffer, name = 'mine.yaml'): Promise<void> => {
  const buffer = typeof text === 'string' ? Buffer.from(text) : text;
  await page.locator('#file').setInputFiles({ name, mimeType: 'text/plain', buffer });
};
/** All that is written; lines that are out of sight are not in the page, so that it is read from the draft. */
const written = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.parse(sessionStorage.getItem('hearsay.draft') ?? '{"text":""}').text);
const steps = (page: Page): Promise<readonly string[]> => page.locator('#story .line').allTextContents();
const complaintsOf = (page: Page): readonly string[] => {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
};

describe('the editor without a script', () => {
  it('says what it needs, and where the schema, the format and the command line are', async () => {
    await seen('/edit/', { ...wide, javaScriptEnabled: false }, async (page) => {
      await expect.poll(() => page.locator('#needs').textContent()).toContain('needs a script');
      await expect.poll(() => page.locator('#editing').isVisible()).toBe(false);
      for (const href of ['#format', '../schema.json', '#terminal'])
        await expect.poll(() => page.locator(`#needs a[href="${href}"]`).count(), { message: href }).toBe(1);
      await expect.poll(() => page.locator('.parts dt').allTextContents()).toContain('without');
    });
    expect(JSON.parse(readFileSync(join(dist, 'schema.json'), 'utf8'))).toMatchObject({ title: 'A Hearsay scenario' });
  });
});

describe('the editor', () => {
  it('runs what is typed, below any path, and complains of nothing', async () => {
    await seenBelow('/edit/', wide, async (page) => {
      const complaints = complaintsOf(page);
      await settled(page, runs);
      await expect
        .poll(() => page.locator('#claims li').first().textContent())
        .toMatch(/Secrets are genuine.*holds.*as expected/);
      await page.locator('#turned-runs .claims li').first().waitFor();
      await expect
        .poll(() => page.locator('#turned-runs').textContent())
        .toMatch(/breaks at alice\.phone in step.*as expected/);
      // “holds” becomes “breaks”: a claim that is not so.
      await page.locator('.cm-line', { hasText: 'secret-authenticity: holds' }).click();
      await page.keyboard.press('End');
      for (let left = 'holds'.length; left > 0; left -= 1) await page.keyboard.press('Backspace');
      await page.keyboard.type('breaks');
      await settled(page, /and not as expected/);
      await expect
        .poll(() => page.locator('#claims li').first().textContent())
        .toContain('differs: breaks expected, holds found');
      await page.locator('#transcript summary').click();
      await expect
        .poll(() => page.locator('#transcript-text').textContent())
        .toMatch(/^A stolen token, and what its thief can do\n/);
      await expect.poll(() => page.locator('#picture svg').count()).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
    });
  });

  it('says what is wrong, where, and leads there', async () => {
    await seen('/edit/', wide, async (page) => {
      await settled(page, runs);
      await opened(page, planted.replace('mallory: create backup', 'mallory: crate backup'));
      expect(await settled(page, /wrong/)).toBe('One thing is wrong with the text.');
      const line = planted.split('\n').findIndex((one) => one.includes('mallory: create backup')) + 1;
      await expect
        .poll(() => page.locator('#errors li').allTextContents())
        .toEqual([
          expect.stringMatching(new RegExp(`^Line ${line}“crate backup” is not .*Did you mean “create backup”`)),
        ]);
      await expect.poll(() => page.locator('.cm-lintRange-error').textContent()).toBe('crate');
      await page.locator('#errors button').click();
      await expect.poll(() => page.locator('.cm-activeLine').textContent()).toContain('crate backup');
      await expect.poll(() => page.locator('#stale').isVisible()).toBe(true);
    });
  });

  it('offers what can stand there, puts it in, and tells what a word means, by mouse and by keyboard', async () => {
    await seen('/edit/', wide, async (page) => {
      await settled(page, runs);
      await opened(page, planted.replace(/\nstory:[\s\S]*/, '\nstory:\n  - alice.phone: syn'));
      await settled(page, /wrong/);
      await page.locator('.cm-content').focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.press('Control+Space');
      const options = page.locator('.cm-tooltip-autocomplete li');
      await options.first().waitFor();
      await expect.poll(() => options.allTextContents()).toEqual(['sync', 'sync with a gap']);
      await page.locator('.cm-completionInfo').waitFor();
      await page.waitForTimeout(150);
      await page.keyboard.press('Enter');
      await page.waitForFunction(() =>
        /alice\.phone: sync$/.test(sessionStorage.getItem('hearsay.draft')?.replace(/"\}$/, '') ?? ''),
      );
      await opened(page, planted);
      await settled(page, runs);
      await page.locator('.cm-line', { hasText: 'secret-convergence: holds' }).getByText('secret-convergence').hover();
      await page.locator('.told b').waitFor();
      await expect
        .poll(() => page.locator('.told').textContent())
        .toMatch(/^Secrets are current \(secret-convergence\).*If it breaks:/);
      await page.locator('.cm-line', { hasText: 'plays: stolen-token' }).getByText('stolen-token').click();
      await page.locator('#word', { hasText: /^stolen-token: / }).waitFor();
    });
  });

  it('changes the story by clicking: a step is put in, moved and dropped, and comments stay', async () => {
    await seen('/edit/', wide, async (page) => {
      await settled(page, runs);
      const noted = planted.replace('  - alice.phone: sync\n', '  # She hears of it.\n  - alice.phone: sync\n');
      await opened(page, noted);
      await page.locator('#story .line', { hasText: 'read backup' }).waitFor();
      const before = await steps(page);
      await page.locator('[aria-label="Drop step 8"]').click();
      await page.waitForFunction(() => document.querySelectorAll('#story .line').length === 7);
      await page.locator('[aria-label="Move up step 2"]').click();
      await page.locator('#story li.step').first().getByText('alice.phone: sync').waitFor();
      await expect
        .poll(() => written(page))
        .toContain('story:\n  # She hears of it.\n  - alice.phone: sync\n  - alice.laptop: reset backup\n');
      await page.locator('[aria-label="Put a step in before step 4"]').click();
      await page.locator('#offers-who option').first().waitFor({ state: 'attached' });
      await page.locator('#offers-who').selectOption('mallory');
      await page.locator('#offers-list button', { hasText: 'mallory creates backup' }).first().waitFor();
      await page.locator('#offers-filter').fill('creates');
      await page.locator('#offers-list button', { hasText: 'mallory creates backup' }).click();
      await page.waitForFunction(() => document.querySelectorAll('#story .line').length === 8);
      await expect.poll(() => written(page)).toContain('- mallory: create backup\n  - mallory: create backup\n');
      await settled(page, runs);
      // All of it can be taken back in the text.
      await page.locator('.cm-content').focus();
      for (let left = 3; left > 0; left -= 1) await page.keyboard.press('Control+z');
      await page.waitForFunction((count) => document.querySelectorAll('#story .line').length === count, before.length);
      await expect.poll(() => written(page)).toBe(noted);
    });
  });

  it('begins with any scenario, keeps a draft of it, and is left by Escape and Tab', async () => {
    await seen(`/edit/?from=${from}`, wide, async (page) => {
      await page.locator('#story .line', { hasText: 'read backup' }).waitFor({ timeout: 60_000 });
      await page.locator('.cm-content').focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# mine');
      await page.waitForFunction(() => sessionStorage.getItem('hearsay.draft')?.includes('# mine'));
      await page.keyboard.press('Tab');
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('text');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).not.toBe('text');
      await page.reload();
      await page.locator('#told', { hasText: 'your draft' }).waitFor();
      await expect.poll(() => written(page)).toContain('# mine');
      await page.locator('#again').click();
      await page.waitForFunction(
        (text) => JSON.parse(sessionStorage.getItem('hearsay.draft') ?? '{}').text === text,
        planted,
      );
    });
  });

  it('says so where there is no such scenario', async () => {
    await seen('/edit/?from=secret-push/there-is-none', wide, async (page) => {
      await page.locator('#told', { hasText: 'There is no scenario secret-push/there-is-none.' }).waitFor();
    });
    await seen('/edit/?from=..%2F..%2Fsecret', wide, async (page) => {
      await page.locator('#told', { hasText: 'names no scenario' }).waitFor();
    });
  });

  it('gives a text as a file and as a link, which opens as the same text; an unchanged copy goes by its name', async () => {
    await seen(`/edit/?from=${from}`, wide, async (page) => {
      await page.locator('#story .line', { hasText: 'read backup' }).waitFor({ timeout: 60_000 });
      await settled(page, runs);
      await page.locator('#link').click();
      await expect.poll(() => page.locator('#link-text').inputValue()).toMatch(new RegExp(`/edit/\\?from=${from}$`));
      await page.locator('.cm-content').focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# ünd öthers');
      await page.waitForFunction(() => sessionStorage.getItem('hearsay.draft')?.includes('öthers'));
      const text = await written(page);
      const saving = page.waitForEvent('download');
      await page.locator('#download').click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toBe('a-stolen-access-token-cannot-plant-a-backup-key.yaml');
      expect(readFileSync(await saved.path(), 'utf8')).toBe(text);
      await page.locator('#link').click();
      await page.waitForFunction(() => /#z=/.test((document.querySelector('#link-text') as HTMLInputElement).value));
      const link = await page.locator('#link-text').inputValue();
      expect(link.length).toBeLessThan(2000);
      await page.evaluate(() => sessionStorage.clear());
      await page.goto('about:blank');
      await page.goto(link);
      await page.locator('#story .line', { hasText: 'read backup' }).waitFor({ timeout: 60_000 });
      await expect.poll(() => written(page)).toBe(text);
    });
  });
});

// Hostile texts, links and files are in `hostile.browser.test.ts`.
describe('a text that takes long', () => {
  it('is ended after two seconds with a clear word', async () => {
    const long = planted.replace(
      / {2}- alice\.phone: sync\n/,
      '  - alice.laptop: reset backup\n  - everyone: settle\n'.repeat(3000),
    );
    await seen('/edit/', wide, async (page) => {
      await settled(page, runs);
      await opened(page, long);
      expect(await settled(page, /two seconds|could not/)).toContain(
        'This text took over two seconds to run, and was ended.',
      );
      await opened(page, planted);
      await settled(page, runs);
    });
  });
});

describe('the page of the editor', () => {
  it.each([
    ['light', wide],
    ['dark', wide],
    ['light', { viewport: { width: 768, height: 1000 } }],
    ['light', phone],
    ['dark', phone],
  ] as const)(
    'passes axe with a run, with what can be put in, and with errors: %s, $viewport.width wide',
    async (colorScheme, size) => {
      await seen('/edit/', { ...size, colorScheme }, async (page) => {
        const found = async (): Promise<readonly string[]> =>
          (await new AxeBuilder({ page }).analyze()).violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
          );
        await settled(page, runs);
        await page.locator('#turned-runs .claims li').first().waitFor();
        expect(await found()).toEqual([]);
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
          .toBeLessThanOrEqual(0);
        await page.locator('[aria-label="Put a step in at the end"]').click();
        await page.locator('#offers-list li').first().waitFor({ timeout: 20_000 });
        expect(await found()).toEqual([]);
        await page.keyboard.press('Escape');
        await opened(page, 'title: x');
        await settled(page, /wrong/);
        expect(await found()).toEqual([]);
      });
    },
  );

  it('has the text above the run on a phone, where a step is put in by touch', async () => {
    await seen('/edit/', phone, async (page) => {
      await settled(page, runs);
      const text = await page.locator('#text').boundingBox();
      const run = await page.locator('#run').boundingBox();
      expect((text?.y ?? 0) + (text?.height ?? 0)).toBeLessThanOrEqual(run?.y ?? 0);
      const before = (await steps(page)).length;
      await page.locator('[aria-label="Put a step in at the end"]').tap();
      await page.locator('#offers-list button', { hasText: 'alice.phone syncs' }).first().tap();
      await page.waitForFunction((count) => document.querySelectorAll('#story .line').length === count, before + 1);
    });
  });

  it('sends at most 180 kB of scripts before the worker, and nothing of it elsewhere', () => {
    if (!existsSync(dist)) throw new Error('there is no dist/: run npm run build first');
    const page = join(dist, 'edit');
    const html = readFileSync(join(page, 'index.html'), 'utf8');
    const asked = new Set<string>();
    const ask = (path: string): void => {
      if (asked.has(path)) return;
      asked.add(path);
      for (const [, to = ''] of readFileSync(path, 'utf8').matchAll(
        /\bfrom\s*["'](\.\/[^"']+\.js)["']|\bimport\s*["'](\.\/[^"']+\.js)["']/g,
      ))
        if (to !== '') ask(join(path, '..', to));
    };
    for (const [, src = ''] of html.matchAll(/<script\b[^>]*\ssrc="([^"]+)"/g)) ask(join(page, src));
    const bytes = [...asked].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
    expect(asked.size).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(180 * 1024);
  });
});
