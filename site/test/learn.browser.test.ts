/** The lesson in a browser: by keyboard, without a script, on paper, and from a disk without a network. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screensOf } from '../lesson/lesson.ts';
import { zipOf } from '../lesson/zip.ts';
import { lessons, toldBets } from '../lessons.ts';
import { builtSite, dist } from './built.ts';
import { launch } from './chromium.ts';
import { isOutgoing } from './outgoing.ts';

const [lesson] = lessons;
if (lesson === undefined) throw new Error('there is no lesson');
const home = `/learn/${lesson.id}/`;
const zipPath = join(dist, 'learn', `${lesson.id}.zip`);
const seen = builtSite();
const plain = { javaScriptEnabled: false };
const wide = { viewport: { width: 1440, height: 900 } };

const hashOf = (page: Page): Promise<string> => page.evaluate(() => location.hash);

describe('the page for the class', () => {
  it('has each screen at an address of its own, a picture up to the bet, and the answer in a fold, without a script', async () => {
    const [first] = toldBets(lesson);
    await seen(home, { ...plain, ...wide }, async (page) => {
      expect(await page.locator('.lesson > section').evaluateAll((all) => all.map(({ id }) => id))).toEqual(
        screensOf(lesson).map(({ id }) => id),
      );
      // The decisive step is in no picture before the bet, and in the one after it.
      const step = `.seq-wide a[href$="#s${(first?.answer.shown ?? 0) + 1}"]`;
      await expect.poll(() => page.locator(`#b1 ${step}`).count()).toBe(0);
      await expect.poll(() => page.locator(`#b1-why ${step}`).count()).toBeGreaterThan(0);
      const answer = page.locator('#b1-why .options .so');
      await expect.poll(() => answer.isVisible()).toBe(false);
      await page.locator(`#b1-bet input[value="${first?.answer.right.letter}"]`).check();
      await page.locator('#b2-bet input:not(.right)').first().check();
      await page.locator('#b1-why summary').first().click();
      await page.locator('#b2-why summary').first().click();
      await expect.poll(() => answer.textContent()).toContain(first?.answer.right.text);
      await expect.poll(() => page.locator('#b1-why .won').isVisible()).toBe(true);
      await expect.poll(() => page.locator('#b1-why .lost').isVisible()).toBe(false);
      await expect.poll(() => page.locator('#b2-why .lost').isVisible()).toBe(true);
      await expect.poll(() => page.locator('.keys').isVisible()).toBe(false);
      await page.locator('#b1 [rel="next"]').click();
      await expect.poll(() => hashOf(page)).toBe('#b1-bet');
    });
  });

  it('is led through by keyboard alone', async () => {
    await seen(home, wide, async (page) => {
      const way: string[] = [];
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) {
        await page.keyboard.press(key);
        way.push(await hashOf(page));
      }
      expect(way).toEqual(['#start', '#know', '#b1', '#b1-bet', '#b1', '#b1-bet']);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      // Within the choices the arrows choose.
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => page.locator('#b1-bet input:checked').getAttribute('value')).toBe('b');
      await expect.poll(() => hashOf(page)).toBe('#b1-bet');
      await page.locator('#b1-bet [rel="next"]').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#b1-why .options').isVisible()).toBe(true);
      await page.goBack();
      await expect.poll(() => hashOf(page)).toBe('#b1-bet');
    });
  });

  it('has no accessibility violation with every answer opened and every bet placed', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const violations = await seen(home, { ...wide, colorScheme }, async (page) => {
        for (const choice of await page.locator('.bet label:first-of-type input').all()) await choice.check();
        for (const summary of await page.locator('.reveal > summary').all()) await summary.click();
        const axe = ['#b1-bet', '#b1-why', '#b4-why', '#home'].reduce(
          (builder, part) => builder.include(part),
          new AxeBuilder({ page }),
        );
        return (await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze()).violations;
      });
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
    }
  });

  it('shows one screen at a time on a phone, and counts the bets that were won on the others, without a script', async () => {
    await seen(home, { ...plain, viewport: { width: 390, height: 844 } }, async (page) => {
      const shown = (): Promise<readonly string[]> =>
        page
          .locator('.lesson > section')
          .evaluateAll((all) =>
            all.filter((one) => getComputedStyle(one).visibility === 'visible').map(({ id }) => id),
          );
      await expect.poll(() => shown()).toEqual(['start']);
      await page.locator('#start [rel="next"]').click();
      await expect.poll(() => shown()).toEqual(['know']);
      await page.goto(`${page.url().split('#')[0]}#b1-bet`);
      await page.locator('#b1-bet input.right').check();
      await page.locator('#b1-bet [rel="next"]').click();
      await expect.poll(() => shown()).toEqual(['b1-why']);
      await page.goto(`${page.url().split('#')[0]}#home`);
      await expect.poll(() => shown()).toEqual(['home']);
      // The count is made by the sheet: only who reads the page to people knows it.
      const reader = await page.context().newCDPSession(page);
      const { nodes } = await reader.send('Accessibility.getFullAXTree');
      const said = nodes.map(({ name }) => String(name?.value ?? '').trim()).filter((text) => text !== '');
      expect(said.slice(said.indexOf('Bets won on this page:')).slice(0, 3)).toContain('1');
    });
  });

  it('is led from screen to screen by keys on a phone too', async () => {
    await seen(home, { viewport: { width: 390, height: 844 } }, async (page) => {
      const way: string[] = [];
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) {
        await page.keyboard.press(key);
        way.push(await hashOf(page));
      }
      expect(way).toEqual(['#start', '#know', '#b1', '#know']);
    });
  });

  it('is not wider than a window of 320, and weighs little', async () => {
    for (const path of ['', 'presenter/', 'handout/', 'key/'])
      expect(
        await seen(`${home}${path}`, { viewport: { width: 320, height: 700 } }, (page) =>
          page.evaluate(() => document.documentElement.scrollWidth),
        ),
        path,
      ).toBeLessThanOrEqual(320);
    const files = readdirSync(join(dist, 'learn'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(dist, 'learn', name))
      .filter((path) => path.endsWith('.html'));
    expect(files).toHaveLength(5);
    expect(files.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(400 * 1024);
  });
});

describe('the page for the presenter', () => {
  it('has the answer of every bet, what comes next, and times that fill the lesson', async () => {
    const text = await seen(`${home}presenter/`, { ...plain, ...wide }, async (page) => {
      await expect.poll(() => page.locator('.clock').isVisible()).toBe(false);
      await expect.poll(() => page.locator('.answer').count()).toBe(lesson.bets.length);
      await expect.poll(() => page.locator('.next').count()).toBe(screensOf(lesson).length - 1);
      await expect.poll(() => page.locator('.when').last().textContent()).toContain('0:41 to 0:45');
      return page.locator('.answer').allTextContents();
    });
    for (const [nth, { answer }] of toldBets(lesson).entries()) expect(text[nth]).toContain(answer.right.text);
  });

  it('has a clock that starts by a button, and leads the class page in another window', async () => {
    await seen(`${home}presenter/`, wide, async (page) => {
      const other = await page.context().newPage();
      await other.goto(page.url().replace('presenter/', ''));
      await page.getByRole('button', { name: 'Start the clock' }).click();
      await page.waitForFunction(() => document.querySelector('.elapsed')?.textContent === '0:01');
      await expect.poll(() => page.locator('.plan').textContent()).toBe('as planned');
      await page.getByRole('button', { name: 'Stop the clock' }).click();
      await page.locator('#know [rel="next"]').click();
      await other.waitForFunction(() => location.hash === '#b1', null, { timeout: 5000 });
    });
  });
});

describe('on paper', () => {
  it('the handout takes two pages of A4 and its key two at most', async () => {
    const pagesOf = (path: string): Promise<number> =>
      seen(`${home}${path}`, {}, async (page) => {
        const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
        expect(pdf).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
        return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      });
    expect(await pagesOf('handout/')).toBe(2);
    expect([1, 2]).toContain(await pagesOf('key/'));
  });

  it('has a box for every choice, a picture for every bet, and ten words', async () => {
    await seen(`${home}handout/`, {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const choices = toldBets(lesson).reduce((sum, { answer }) => sum + answer.options.length, 0);
      await expect.poll(() => page.locator('.slip .box:visible').count()).toBe(choices);
      await expect.poll(() => page.locator('.slip svg:visible').count()).toBe(6);
      await expect.poll(() => page.locator('.ten dt:visible').count()).toBe(10);
      await expect.poll(() => page.locator('.top, .foot, .crumbs').locator('visible=true').count()).toBe(0);
    });
  });
});

describe('the zip', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-lesson-'));
  let browser: Browser;
  let names: readonly string[] = [];
  beforeAll(async () => {
    if (!existsSync(zipPath)) throw new Error('there is no zip of the lesson: run npm run build first');
    const files = Object.entries(unzipSync(readFileSync(zipPath)));
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    names = files.map(([name]) => name);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  const pages = (): readonly string[] => names.filter((name) => name.endsWith('.html'));

  it('is small, and has all pages of the lesson and the bench of each bet', () => {
    expect(statSync(zipPath).size).toBeLessThan(1024 * 1024);
    for (const { scenario } of lesson.bets) expect(names).toContain(`scenarios/${scenario}/index.html`);
    for (const name of ['', 'presenter/', 'handout/', 'key/'])
      expect(names).toContain(`${home.slice(1)}${name}index.html`);
    expect(names).toContain('fonts/OFL.txt');
    expect(names.filter((name) => /^\/|(?:^|\/)\.\.(?:\/|$)/.test(name))).toEqual([]);
  });

  it('opens from a disk without a complaint, and every page looks as it does on the site', async () => {
    const context = await browser.newContext(wide);
    const page = await context.newPage();
    let complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    for (const name of pages()) {
      complaints = [];
      await page.goto(pathToFileURL(join(folder, name)).href, { waitUntil: 'load' });
      const face = await page.evaluate(async () => {
        await document.fonts.ready;
        return [getComputedStyle(document.body).fontFamily, document.fonts.check('16px "Atkinson Hyperlegible Next"')];
      });
      expect(complaints, name).toEqual([]);
      expect(face, name).toEqual([expect.stringContaining('Atkinson'), true]);
    }
    await context.close();
  });

  it('has links to its own files alone, or to the texts in public, and each leads somewhere', () => {
    const wrong: string[] = [];
    for (const name of pages()) {
      const html = readFileSync(join(folder, name), 'utf8');
      for (const [, link = ''] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
        if (isOutgoing(link)) continue;
        const target = new URL(link, pathToFileURL(join(folder, name)));
        const path = target.protocol === 'file:' ? fileURLToPath(target) : '';
        const isThere = resolve(path).startsWith(folder) && existsSync(path) && statSync(path).isFile();
        // A place in a text is named by its words.
        const anchor = decodeURIComponent(target.hash.slice(1));
        const words = anchor.startsWith(':~:text=') ? anchor.slice(8) : null;
        const named = new RegExp(`\\sid="?${anchor.replaceAll(/[^\w-]/g, '\\$&')}["\\s>]`);
        const isSaid = (text: string): boolean => (words === null ? named.test(text) : text.includes(words));
        const hasAnchor = anchor === '' || (isThere && isSaid(readFileSync(path, 'utf8')));
        if (!isThere || !hasAnchor) wrong.push(`${name}: ${link}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('plays by keyboard from the first page on', async () => {
    const context = await browser.newContext(wide);
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await page.getByRole('link', { name: 'For the class' }).click();
    await page.waitForURL(/learn\/.*index\.html$/);
    for (let nth = 0; nth < 3; nth += 1) await page.keyboard.press('ArrowRight');
    await expect.poll(() => hashOf(page)).toBe('#b1');
    await page.locator('#b1 .seq-wide a').first().click();
    await page.waitForURL(/scenarios\/.*index\.html#s\d+$/);
    await expect.poll(() => page.locator('.first-screen').isVisible()).toBe(true);
    await context.close();
  });
});

describe('a zip', () => {
  const page = (body: string): Uint8Array => strToU8(`<html><head></head><body>${body}</body></html>`);
  const built = new Map<string, Uint8Array>([
    ['learn/index.html', page('<a class="x" href="/clauses/a/">A clause</a> <a href="/learn/one/#b2">One</a>')],
    [
      'learn/one/index.html',
      page(
        '<link rel="stylesheet" href="/a.css"><a href="/learn/one/#b2">two</a><script type="module" src="/s.js"></script>',
      ),
    ],
    ['a.css', strToU8('a{background:url(fonts/x.woff2)}')],
    ['fonts/x.woff2', strToU8('x')],
    ['s.js', strToU8('{let a=1}')],
    ['other.js', strToU8('import "./s.js"')],
  ]);
  const wanted = { pages: ['/learn/', '/learn/one/'], scripted: ['/learn/one/'], also: [] } as const;
  const unzipped = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(unzipSync(zipOf(built, wanted))).map(([name, bytes]) => [name, strFromU8(bytes)]),
    );

  it('has the same bytes in every time zone and in whatever order the files come', () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Asia/Tokyo';
      const one = zipOf(built, wanted);
      process.env.TZ = 'America/New_York';
      const other = zipOf(new Map([...built].toReversed()), wanted);
      expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('has what sheets name, links that lead to files, and plain text where a link would lead out', () => {
    const files = unzipped();
    expect(Object.keys(files)).toEqual([
      'a.css',
      'fonts/x.woff2',
      'index.html',
      'learn/index.html',
      'learn/one/index.html',
      's.js',
    ]);
    expect(files['index.html']).toContain('<a class="x">A clause</a> <a href="learn/one/index.html#b2">');
    expect(files['learn/one/index.html']).toContain('<a href="#b2">two</a><script defer src="../../s.js"></script>');
  });

  it('is not made where a page or a script would not load from a disk', () => {
    expect(() => zipOf(built, { ...wanted, pages: ['/learn/', '/learn/two/'] })).toThrow(/no learn\/two\/index.html/);
    const moduled = new Map([...built, ['s.js', strToU8('import "./other.js"')] as const]);
    expect(() => zipOf(moduled, wanted)).toThrow(/is a module/);
  });
});
