/** The size of pages: one of each shape, none longer than twelve windows of a phone, none wider than the narrowest. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtSite, dist } from './built.ts';

/** Benches: one whose attacker has a token, one of two servers, one in which nobody lies, one with twelve settings. */
const benches = [
  '/scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key/',
  '/scenarios/incidents/a-signature-that-is-lost-between-servers/',
  '/scenarios/incidents/backup-off-and-on/',
  '/scenarios/key-bundle/history-comes-along-with-an-invitation/',
];
const pages = [
  '/',
  '/404.html',
  '/about/',
  '/ablation/',
  '/ablation/msc4268/',
  '/arenas/',
  '/clients/',
  '/clauses/',
  '/clauses/4385-push-cross-signed-only/',
  '/clauses/4268-only-flagged-sessions/',
  '/findings/',
  '/findings/a-hostile-push-and-a-forged-yes/',
  '/findings/q01/',
  '/findings/q40/',
  '/findings/4385-send-without-request/',
  '/glossary/',
  '/guarantees/',
  '/proposals/',
  '/proposals/msc4268/',
  '/proposals/spec/',
  '/questions/',
  '/questions/q01/',
  '/questions/q40/',
  '/scenarios/',
];

const [screen, screens] = [844, 12];
const seen = builtSite();
const shown = <T>(path: string, width: number, look: (page: Page) => Promise<T>): Promise<T> =>
  seen(path, { viewport: { width, height: screen } }, look);

describe('a page on a phone', () => {
  it.each([...pages, ...benches])('%s is at most twelve windows long, without its transcript', async (path) => {
    const height = await shown(path, 390, (page) => page.evaluate(() => document.documentElement.scrollHeight));
    expect(Math.ceil((height / screen) * 10) / 10).toBeLessThanOrEqual(screens);
  });

  it.each([...pages, ...benches])(
    '%s has no more than six thousand elements, none of its words under ten pixels',
    async (path) => {
      const { count, small } = await shown(path, 390, (page) =>
        page.evaluate(() => {
          const words = [...document.querySelectorAll('main *:not(title)')].filter((element) =>
            [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ''),
          );
          /** Words of pictures are as large as the picture is drawn. */
          const sizeOf = (element: Element): number => {
            const size = Number.parseFloat(getComputedStyle(element).fontSize);
            const picture = element.closest('svg');
            const drawn = picture?.viewBox.baseVal.width ?? 0;
            const width = picture?.getBoundingClientRect().width ?? 0;
            return picture === null || drawn === 0 || width === 0 ? size : (size * width) / drawn;
          };
          return {
            count: document.querySelectorAll('*').length,
            small: words.filter((element) => sizeOf(element) < 10).map((element) => element.textContent?.slice(0, 40)),
          };
        }),
      );
      expect(count).toBeLessThanOrEqual(6000);
      expect(small).toEqual([]);
    },
  );

  it.each([...pages, ...benches])('%s runs over nowhere in a window of 320', async (path) => {
    const over = await shown(path, 320, (page) =>
      page.evaluate(() => {
        const scrolls = (one: Element | null): boolean =>
          one !== null && (/auto|scroll|clip/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
        const wide = [...document.querySelectorAll('header *, main *:not(svg *), footer *')]
          .filter((one) => one.getBoundingClientRect().right > 320.5 && !one.closest('.vh, .skip') && !scrolls(one))
          .map((one) => `${one.tagName} ${one.textContent?.trim().slice(0, 40)}`);
        return document.documentElement.scrollWidth > 320 ? ['the page itself', ...wide] : wide;
      }),
    );
    expect(over).toEqual([]);
  });
});

describe('of all pages', () => {
  /** Pages by what they tell of: `findings`, `clauses`; the heaviest of a kind first. */
  const byKind = existsSync(dist)
    ? Map.groupBy(
        readdirSync(dist, { recursive: true, encoding: 'utf8' })
          .filter((name) => /^[a-z]+\/.+\/index\.html$/.test(name))
          .map((name) => ({ path: `/${name.replace(/index\.html$/, '')}`, size: statSync(join(dist, name)).size }))
          .toSorted((one, other) => other.size - one.size),
        ({ path }) => path.split('/')[1] ?? '',
      )
    : new Map<string, readonly { readonly path: string; readonly size: number }[]>();

  it('every finding and the heaviest of each kind are at most twelve windows of a phone long', async () => {
    expect([...byKind.keys()].toSorted()).toEqual([
      'ablation',
      'clauses',
      'findings',
      'learn',
      'play',
      'proposals',
      'questions',
      'scenarios',
    ]);
    expect(byKind.get('findings')?.length).toBeGreaterThan(100);
    for (const [kind, all] of byKind) {
      const [first, ...rest] = kind === 'findings' ? all : all.slice(0, 4);
      // Pages of a kind have the same sheets: what they say is put into the first of them.
      const heights = await shown(first?.path ?? '', 390, (page) =>
        page.evaluate(
          async (paths) => {
            const found = [];
            for (const path of paths) {
              const other = new DOMParser().parseFromString(await (await fetch(path)).text(), 'text/html');
              document.querySelector('main')?.replaceWith(other.querySelector('main') ?? '');
              found.push(document.documentElement.scrollHeight);
            }
            return found;
          },
          [first, ...rest].map((one) => one?.path ?? ''),
        ),
      );
      expect(heights).toHaveLength(rest.length + 1);
      const long = heights.map((height, nth) => [all[nth]?.path, (height / screen).toFixed(1)] as const);
      expect(long.filter(([, count]) => Number(count) > screens)).toEqual([]);
    }
  });
});

describe('the matrix', () => {
  it('keeps its heads in sight while its cells scroll in both ways', async () => {
    const heads = await shown('/ablation/msc4268/', 390, async (page) => {
      const frame = page.locator('.matrix');
      await frame.evaluate((element) => element.scrollTo(400, 1500));
      const top = await frame.evaluate((element) => element.getBoundingClientRect());
      const column = await page.locator('.am thead th').nth(5).boundingBox();
      const row = await page.locator('.am tbody th').nth(30).boundingBox();
      return { top: Math.round((column?.y ?? 0) - top.y), left: Math.round((row?.x ?? 0) - top.x) };
    });
    expect(heads.top).toBeLessThanOrEqual(4);
    expect(heads.left).toBeLessThanOrEqual(4);
  });

  it('opens a cell beside it, and the page stays where it is', async () => {
    const { before, after, isSeen } = await shown('/ablation/msc4268/', 1440, async (page) => {
      await page.evaluate(() => scrollTo(0, 260));
      const before = await page.evaluate(() => scrollY);
      const cell = page.locator('.am td a').first();
      const told = page.locator(`[id="${(await cell.getAttribute('href'))?.replace(/^.*#/, '')}"]`);
      await cell.click();
      await told.waitFor({ state: 'visible', timeout: 5000 });
      const box = await told.boundingBox();
      return {
        before,
        after: await page.evaluate(() => scrollY),
        isSeen: box !== null && box.y >= 0 && box.y + box.height <= screen,
      };
    });
    expect(after).toBe(before);
    expect(isSeen).toBe(true);
  });
});

describe('on paper', () => {
  it('the clauses are an index: all of them, without what leads about the site', async () => {
    const seen = await shown('/clauses/', 800, async (page) => {
      await page.emulateMedia({ media: 'print' });
      return {
        nav: await page.locator('.top').isVisible(),
        find: await page.locator('.find').isVisible(),
        rows: await page.locator('.rows > li:visible').count(),
        all: await page.locator('.rows > li').count(),
      };
    });
    expect(seen).toMatchObject({ nav: false, find: false });
    expect(seen.all).toBeGreaterThan(200);
    expect(seen.rows).toBe(seen.all);
  });

  it('a picture has the colours that it has for whoever prefers light, also for whoever prefers dark', async () => {
    const coloursFor = (colorScheme: 'light' | 'dark') =>
      shown(benches[0] ?? '', 1300, async (page) => {
        await page.emulateMedia({ media: 'print', colorScheme });
        return page.evaluate(() =>
          [...document.querySelectorAll('.seq *')].map((part) => {
            const { fill, stroke, color } = getComputedStyle(part);
            return `${part.tagName} ${fill} ${stroke} ${color}`;
          }),
        );
      });
    const light = await coloursFor('light');
    expect(light.length).toBeGreaterThan(50);
    expect(await coloursFor('dark')).toEqual(light);
  });
});

describe('a preview elsewhere', () => {
  it('has the words of each page; its title once more, and a picture, only where the site knows its own address', async () => {
    for (const path of ['/', '/clauses/4385-push-cross-signed-only/', '/findings/q01/', benches[0] ?? '']) {
      const html = readFileSync(join(dist, path, 'index.html'), 'utf8');
      const said = (name: string) => html.match(new RegExp(`property=og:${name} content="([^"]+)"`))?.[1];
      const title = /<title>([^<]+)<\/title>/.exec(html)?.[1] ?? '';
      expect(title).toMatch(/Hearsay/);
      const isKnown = process.env.HEARSAY_SITE !== undefined;
      expect(said('title') === undefined).toBe(!isKnown);
      if (isKnown) expect(title.startsWith(said('title') ?? 'no title')).toBe(true);
      // One element says it to searches and to previews.
      expect(html).toMatch(/<meta name=description content="[^"]{40,}" property=og:description>/);
      expect(said('image') === undefined).toBe(!isKnown);
    }
  });

  it('has a picture for each kind of page, none over 60 kB', () => {
    const folder = join(import.meta.dirname, '../public/og');
    const pictures = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size] as const);
    expect(pictures.map(([name]) => name)).toEqual([
      'clause.png',
      'finding.png',
      'home.png',
      'matrix.png',
      'scenario.png',
    ]);
    expect(pictures.filter(([, size]) => size > 60 * 1024)).toEqual([]);
  });
});
