/** The built pages in a real browser: accessible, quiet, whole without a script, and at home below any path. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guaranteeIds, guaranteeText } from '../../machines/guarantee-texts.ts';
import { ledgerClauses as ledger, ledgerQuestions as questions } from '../../machines/ledger.ts';
import { serveFolder } from '../../sim/cli/commands/start.ts';
import { glossary } from '../../sim/ledger/glossary.ts';
import { launch } from './chromium.ts';
import { isOutgoing } from './outgoing.ts';

const dist = resolve('dist');
const bench = '/scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key/';
const finding = '/findings/a-hostile-push-and-a-forged-yes/';
const clause = '/clauses/4385-push-cross-signed-only/';
const lesson = '/learn/what-may-a-device-believe/';
const pages = [
  '/',
  '/scenarios/',
  '/about/',
  '/edit/',
  '/ablation/',
  '/ablation/msc4385/',
  '/arenas/',
  '/clients/',
  '/clauses/',
  clause,
  '/questions/',
  '/questions/q01/',
  '/guarantees/',
  '/findings/',
  finding,
  '/glossary/',
  '/play/',
  '/play/a-device-of-hers/',
  '/play/sabotage/',
  '/play/defend/',
  '/play/bet/',
  '/play/arenas/',
  '/learn/',
  lesson,
  `${lesson}presenter/`,
  `${lesson}handout/`,
  `${lesson}key/`,
  '/proposals/msc4268/',
  bench,
  '/scenarios/secret-push/a-stolen-but-signed-device-is-believed/',
];

let browser: Browser;
let server: Server;
/** `dist` as a folder of another site, to see that nothing points at the root. */
const elsewhere = mkdtempSync(join(tmpdir(), 'hearsay-site-'));
const addressOf = (path: string): string => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the test server has no address');
  return `http://127.0.0.1:${address.port}/some/where${path}`;
};

beforeAll(async () => {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no dist/: run npm run build first');
  symlinkSync(dist, join(elsewhere, 'where'));
  browser = await launch();
  server = await serveFolder(mounted(), 0);
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(elsewhere, { recursive: true });
});
const mounted = (): string => {
  const root = mkdtempSync(join(elsewhere, 'root-'));
  symlinkSync(elsewhere, join(root, 'some'));
  return root;
};

/** Opens a page and gives what it complained of: console, policy, failed requests. */
const open = async (context: BrowserContext, path: string) => {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(addressOf(path), { waitUntil: 'load' });
  return { page, complaints };
};

/** Tables so large that their rows are looked at with all rules once, in light and wide; narrow, with the rules that go by the layout. */
const largeTables: readonly string[] = ['/ablation/msc4385/'];
const byLayout = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'meta-viewport'];

const isSeenInLight = (colorScheme: 'light' | 'dark', width: number): boolean =>
  colorScheme === 'dark' && width === 1440;

describe.each([
  [
    'light',
    390,
    [
      '/',
      bench,
      '/ablation/msc4385/',
      '/clauses/',
      clause,
      '/questions/',
      '/findings/',
      '/clients/',
      finding,
      lesson,
      `${lesson}handout/`,
    ],
  ],
  [
    'dark',
    390,
    [
      '/scenarios/',
      `${bench}#s6`,
      '/proposals/msc4268/',
      '/questions/q01/',
      '/glossary/',
      '/findings/q01/',
      `${lesson}presenter/`,
      `${lesson}key/`,
    ],
  ],
  ['dark', 768, ['/', bench, lesson, `${lesson}presenter/`, '/questions/', '/guarantees/']],
  ['light', 768, ['/about/', '/learn/', `${lesson}handout/`, `${lesson}key/`, '/proposals/', '/proposals/msc4385/']],
  ['light', 1440, pages],
  ['dark', 1440, pages],
] as const)('in %s, %i wide', (colorScheme, width, shown) => {
  it.concurrent.each(shown)(
    '%s has no accessibility violation, no complaint and nothing wider than the window',
    async (path) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const { page, complaints } = await open(context, path);
      const axe = new AxeBuilder({ page });
      // The same page at the same width was looked at in light: what may be wrong in dark alone are its colours.
      if (isSeenInLight(colorScheme, width)) axe.withRules('color-contrast');
      else if (width < 1440 && largeTables.includes(path)) axe.withRules(byLayout);
      else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']);
      const { violations } = await axe.analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
      ).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await context.close();
    },
  );
});

describe('the attack matrix', () => {
  it('has a cell for every break, and each opens the attack it speaks of, step by step', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
    const { page } = await open(context, '/ablation/msc4385/');
    const cells = page.locator('.am td a');
    await expect.poll(() => cells.count()).toBeGreaterThan(30);
    const cell = page
      .locator('.am tr', { hasText: 'Only take pushes from cross-signed devices' })
      .locator('td a')
      .first();
    const told = page.locator(`[id="${(await cell.getAttribute('href'))?.replace(/^.*#/, '')}"]`);
    await expect.poll(() => told.isVisible()).toBe(false);
    await cell.click();
    await told.waitFor({ state: 'visible', timeout: 5000 });
    const steps = (await cell.textContent())?.match(/\d+/)?.[0];
    await expect.poll(() => told.locator('ol > li').count()).toBe(Number(steps));
    await expect
      .poll(() => told.locator('.replay').textContent())
      .toMatch(/^npx hearsay replay 'arenas\/[a-z-]+\?off=4385-push-cross-signed-only&/);
    await context.close();
  });
});

describe('the findings', () => {
  const headings = readFileSync('FINDINGS.md', 'utf8');

  it('are on the site as they are in the document: each has a page, with the line that replays it', () => {
    const index = readFileSync(join(dist, 'findings', 'index.html'), 'utf8');
    for (const id of [...headings.matchAll(/^### ([iq]\d+|\d+-[a-z0-9-]+)(?=[ :\n])/gm)].map(
      (match) => match[1] ?? '',
    )) {
      expect(index).toContain(`href="${id}/"`);
      expect(existsSync(join(dist, 'findings', id, 'index.html')), id).toBe(true);
    }
    expect(readFileSync(join(dist, 'findings', 'q25', 'index.html'), 'utf8')).toContain('npx hearsay ask q25');
  });

  it('lead by what is claimed to the run that shows it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
    const { page } = await open(context, '/findings/');
    await page.getByRole('link', { name: 'A hostile push and a forged yes together are worse than either' }).click();
    expect(new URL(page.url()).pathname).toBe(new URL(addressOf(finding)).pathname);
    await expect.poll(() => page.locator('.facts').textContent()).toMatch(/A pushed key is taken from a device/);
    await page.locator('.shown > li > a').first().click();
    expect(new URL(page.url()).pathname).toMatch(/scenarios\/interactions\/a-hostile-push-and-a-forged-yes/);
    await expect.poll(() => page.locator('.first-screen').textContent()).toMatch(/break/i);
    await context.close();
  });
});

describe('the glossary', () => {
  it('has every word at an address of its own, with what it means', () => {
    const html = readFileSync(join(dist, 'glossary', 'index.html'), 'utf8');
    const terms = glossary.flatMap((topic) => topic.terms);
    expect(terms.filter(({ term }) => !html.includes(`<dfn>${term}</dfn>`)).map(({ term }) => term)).toEqual([]);
    expect(html).toMatch(/ id=shadow[ >]/);
    expect(html).toContain('Not: dial, knob.');
  });
});

describe('the page of a question', () => {
  it('says what else is turned in a run as it is turned, and leads to that run', () => {
    const html = readFileSync(join(dist, 'questions', 'q33', 'index.html'), 'utf8');
    const story = 'key-bundle/a-session-is-either-given-or-said-to-be-withheld/';
    expect(html.split('without “Never list a session as both shared and withheld”')).toHaveLength(3);
    expect(html).toContain(`${story}#without-4268-one-list-only-q33-a`);
    expect(html).toContain(`${story}?off=4268-one-list-only&amp;q33=B`);
  });
});

describe('the texts', () => {
  const idsOn = (path: string): ReadonlySet<string> =>
    new Set(
      [...readFileSync(join(dist, path, 'index.html'), 'utf8').matchAll(/\sid="?([^"\s>]+)/g)].map(
        ([, id]) => id ?? '',
      ),
    );

  it('give every clause and every question of the ledger a page, and their lists lead to it', () => {
    const listOf = (path: string) => readFileSync(join(dist, path, 'index.html'), 'utf8');
    const [rows, cards] = [listOf('clauses'), listOf('questions')];
    const isHere = (folder: string, list: string, id: string) =>
      existsSync(join(dist, folder, id, 'index.html')) && list.includes(`href="${id}/"`);
    expect(ledger.map(({ id }) => id).filter((id) => !isHere('clauses', rows, id))).toEqual([]);
    expect(questions.map(({ id }) => id).filter((id) => !isHere('questions', cards, id))).toEqual([]);
  });

  it('say of every guarantee at its own address what it promises, and what it means if it breaks', () => {
    // Words of a promise that are glossed are links, with what they mean beside them.
    const html = readFileSync(join(dist, 'guarantees', 'index.html'), 'utf8')
      .replaceAll(/<span class="?means[^>]*>[^<]*<\/span>/g, '')
      .replaceAll(/<\/?(?:span|dfn|a)\b[^>]*>/g, '');
    const cards = idsOn('guarantees');
    expect(guaranteeIds.filter((id) => !cards.has(id))).toEqual([]);
    const untold = guaranteeIds.filter((id) => {
      const { promise, ifBroken, forWhom } = guaranteeText(id);
      return ![promise, ifBroken, forWhom].every((words) => html.includes(words));
    });
    expect(untold).toEqual([]);
  });

  it('show only clauses of the kind that is asked for, in the address too, and all of them without a script', async () => {
    const ui = ledger.filter(({ kind }) => kind === 'ui').length;
    const scripted = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const { page, complaints } = await open(scripted, '/clauses/');
    await page.locator('select[name="kind"]').selectOption('ui');
    await expect.poll(() => page.locator('[data-f]:visible').count()).toBe(ui);
    await expect.poll(() => page.locator('[role="status"]').textContent()).toBe(`${ui} of ${ledger.length} clauses`);
    expect(new URL(page.url()).search).toBe('?kind=ui');
    expect(complaints).toEqual([]);
    await scripted.close();
    const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
    const whole = (await open(plain, '/clauses/?kind=ui')).page;
    await expect.poll(() => whole.locator('.find').isVisible()).toBe(false);
    for (const summary of await whole.locator('summary').all()) await summary.click();
    await expect.poll(() => whole.locator('[data-f]:visible').count()).toBe(ledger.length);
    await plain.close();
  });

  it('lead from a clause to a run that ends otherwise without it, and to its row of the matrix', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const { page } = await open(context, clause);
    await expect
      .poll(() => page.locator('a', { hasText: 'In the matrix' }).getAttribute('href'))
      .toMatch(/ablation\/msc4385\/#c-4385-push-cross-signed-only$/);
    await page.locator('.runs a[href*="a-stolen-token-cannot-plant-a-backup-key"]').click();
    const { pathname, hash } = new URL(page.url());
    expect(pathname).toBe(new URL(addressOf(bench)).pathname);
    await expect.poll(() => page.locator(`[id="${hash.slice(1)}"]`).count()).toBe(1);
    await context.close();
  });

  it('say of a proposal what its last text made stronger, and draw its charts', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const { page } = await open(context, '/proposals/msc4268/');
    const last = page
      .locator('.change')
      .last()
      .locator('.changed li', { hasText: 'Only put shareable sessions into a bundle' });
    expect((await last.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(/STATED → MUST/);
    await expect.poll(() => page.locator('svg.chart').count()).toBeGreaterThanOrEqual(3);
    await context.close();
  });
});

describe('every page', () => {
  const files = existsSync(dist)
    ? readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'))
    : [];

  // What leads out leads to texts and threads, in the open, and says nothing of where it was found.
  it('leads out to the texts and nowhere else, without saying from where', () => {
    const [wrong, told] = [[] as string[], new Map<string, number>()];
    for (const name of files) {
      const tags = [
        ...readFileSync(join(dist, name), 'utf8').matchAll(/<[a-z]+\s[^<>]*?(?:href|src)="[a-z]+:[^"]*"[^<>]*>/g),
      ];
      told.set(name, tags.length);
      for (const [tag] of tags) {
        const href = tag.match(/(?:href|src)="([^"]*)"/)?.[1] ?? '';
        if (!tag.startsWith('<a ') || !isOutgoing(href) || !/\srel=noreferrer[\s>]/.test(tag) || /\starget=/.test(tag))
          wrong.push(`${name}: ${tag}`);
      }
    }
    expect(wrong).toEqual([]);
    const found = files.filter((name) => /^findings\/.+\/index\.html$/.test(name));
    expect(found.length).toBeGreaterThan(60);
    const silent = files.filter((name) => /^(?:clauses|findings|proposals|questions)\/.+\/index\.html$/.test(name));
    expect(silent.length).toBeGreaterThan(ledger.length + questions.length);
    expect(silent.filter((name) => told.get(name) === 0)).toEqual([]);
  });

  it('links only to what is there, by ways that hold below any path', () => {
    const ids = new Map<string, ReadonlySet<string>>();
    const idsOf = (file: string): ReadonlySet<string> => {
      const known =
        ids.get(file) ??
        new Set([...readFileSync(file, 'utf8').matchAll(/\sid="?([^"\s>]+)/g)].map(([, id]) => id ?? ''));
      ids.set(file, known);
      return known;
    };
    const dead: string[] = [];
    const root = process.env.HEARSAY_SITE === undefined ? '/' : new URL(process.env.HEARSAY_SITE).pathname;
    for (const name of files) {
      const from = join(dist, name);
      // What is sent for any address where nothing is has its links from the root.
      const isSentAnywhere = name === '404.html';
      for (const [, quoted, place = ''] of readFileSync(from, 'utf8').matchAll(
        /\s(?:href|src)=(?:"([^"]*)"|(#[^\s>]+))/g,
      )) {
        const link = quoted ?? place;
        if (isOutgoing(link)) continue;
        const [, path = '', id] = link.match(/^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/) ?? [];
        const beside = path === '' ? from : join(from, '..', isSentAnywhere ? path.replace(root, '') : path);
        const target = path.endsWith('/') ? join(beside, 'index.html') : beside;
        const isThere =
          (isSentAnywhere ? path === '' || path.startsWith(root) : !/^(?:\/|[a-z]+:)/.test(link)) && existsSync(target);
        const words = id?.match(/^:~:text=(.+)$/)?.[1];
        const isFound = (): boolean =>
          words === undefined
            ? id === undefined || idsOf(target).has(id)
            : readFileSync(target, 'utf8').split(`\n${decodeURIComponent(words)}. `).length === 2;
        if (!isThere || !isFound()) dead.push(`${name}: ${link}`);
      }
    }
    expect(files.length).toBeGreaterThan(20);
    expect(dead).toEqual([]);
  });

  it('has no id twice', () => {
    for (const name of files) {
      const ids = [...readFileSync(join(dist, name), 'utf8').matchAll(/\sid="?([^"\s>]+)/g)].map(([, id]) => id);
      expect(new Set(ids).size, name).toBe(ids.length);
    }
  });
});
