/** The built site in a browser, for a file of tests. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { serveFolder } from '../../sim/cli/commands/start.ts';
import { launch } from './chromium.ts';

export const dist = resolve('dist');

/** Opens the page at `path` (from the root of the site) in a window of its own, and gives what was seen there. */
export type Seen = <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>) => Promise<T>;

/**
 * Serves `dist/` for as long as the tests of a file run; throws where it was not built.
 *
 * @param below a folder of another site that it is to be, as in `some/where`; it is a site by itself where this is left out
 */
export const builtSite = (below = ''): Seen => {
  let browser: Browser;
  let server: Server;
  const other = below === '' ? null : mkdtempSync(join(tmpdir(), 'hearsay-site-'));
  beforeAll(async () => {
    if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no dist/: run npm run build first');
    browser = await launch();
    if (other !== null) {
      mkdirSync(dirname(join(other, below)), { recursive: true });
      symlinkSync(dist, join(other, below));
    }
    server = await serveFolder(other ?? dist, 0);
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    if (other !== null) rmSync(other, { recursive: true });
  });
  return async (path, options, look) => {
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the test server has no address');
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${address.port}${below === '' ? '' : `/${below}`}${path}`, { waitUntil: 'load' });
    const result = await look(page);
    await context.close();
    return result;
  };
};
