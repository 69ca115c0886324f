/** What is sent where nothing is, at any depth, on a host by itself and below a path of another: it looks and leads as other pages do. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFolder } from '../../sim/cli/commands/start.ts';
import { fromRoot } from '../relative-links.ts';
import { dist } from './built.ts';
import { launch } from './chromium.ts';

const hosts = mkdtempSync(join(tmpdir(), 'hearsay-missing-'));
let browser: Browser;
beforeAll(async () => {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no dist/: run npm run build first');
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(hosts, { recursive: true });
});

/** A host that has the site below `path`, as it is built for that place, and sends its page where nothing is. */
const hostOf = (path: string): string => {
  if (path === '') return dist;
  const host = mkdtempSync(join(hosts, 'host-'));
  mkdirSync(join(host, path, '..'), { recursive: true });
  symlinkSync(dist, join(host, path));
  writeFileSync(
    join(host, '404.html'),
    fromRoot(readFileSync(join(dist, '404.html'), 'utf8'), `https://example.org${path}/`),
  );
  return host;
};

describe.skipIf(process.env.HEARSAY_SITE !== undefined).each(['', '/some/where'])('on a host, below “%s”', (below) => {
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    server = await serveFolder(hostOf(below), 0);
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the test server has no address');
    origin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each(['/nothing', '/proposals/MSC4385/', '/a/b/c/d/e'])(
    'the page that is sent for %s is dressed, accessible, as narrow as the window, and leads to what is there',
    async (path) => {
      const context = await browser.newContext({ viewport: { width: 320, height: 700 } });
      const page = await context.newPage();
      const failed: string[] = [];
      page.on('response', (response) => {
        if (response.status() >= 400) failed.push(new URL(response.url()).pathname);
      });
      await page.goto(`${origin}${below}${path}`, { waitUntil: 'load' });
      // Only the page itself is not there: its sheets, its faces and its sign are.
      expect(failed).toEqual([`${below}${path}`]);
      expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('Atkinson');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']);
      expect((await axe.analyze()).violations.map(({ id }) => id)).toEqual([]);
      const links = await page.evaluate(() =>
        [...document.links].filter(({ pathname }) => pathname !== location.pathname).map(({ href }) => href),
      );
      expect(links.length).toBeGreaterThan(7);
      const dead: string[] = [];
      for (const link of new Set(links)) if ((await fetch(link)).status !== 200) dead.push(link);
      expect(dead).toEqual([]);
      await context.close();
    },
  );

  it('leads from the address of a page without its last slash to the page, since its links go from there', async () => {
    const response = await fetch(`${origin}${below}/proposals/msc4385?of=it`);
    expect([response.status, response.url]).toEqual([200, `${origin}${below}/proposals/msc4385/?of=it`]);
  });
});
