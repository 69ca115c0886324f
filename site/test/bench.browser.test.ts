/** The page of a scenario, in a browser: whole without a script, one step at a time, and what is fetched when it is opened. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { writtenPart } from '../../sim/runs/brief-parts.ts';
import { builtSite, dist } from './built.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const bench = `/scenarios/${id}/`;
const variant = 'without-4385-push-cross-signed-only';
const html = (): string => readFileSync(join(dist, bench, 'index.html'), 'utf8');
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 } };

const seen = builtSite();
const plain = { javaScriptEnabled: false };
/** Numbers of the steps that the inspector shows. */
const stepsShown = (page: Page): Promise<readonly string[]> =>
  page.locator('.inspector > article:visible > header b').allTextContents();

describe('a bench without a script', () => {
  it('has every step in its inspector and as text, and its picture leads to the steps', async () => {
    const text = writtenPart(readFileSync(join(dist, bench, 'run.txt'), 'utf8'));
    const steps = html().match(/<article class="?i\d+/g)?.length ?? 0;
    expect(steps).toBeGreaterThan(5);
    expect(text.match(/^\d+\. /gm)).toHaveLength(steps);
    const drawn = [...html().matchAll(/<a(?: class=k-[a-z]+)? href=#s(\d+)><(?:desc|rect)/g)].map(([, step]) =>
      Number(step),
    );
    expect(new Set(drawn).size).toBeGreaterThan(steps / 2);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(steps);
  });

  it('tells of each turned setting where it parts, how it ends, and where its text is', () => {
    const part = html().split(` id=${variant} `)[1]?.split('</article>')[0] ?? '';
    expect(part).toMatch(/They part in <a href=#s6>step 6<\/a>/);
    expect(part).toMatch(/Secrets are genuine<\/b>\s*breaks at step 6/);
    expect(part).toContain('href="run.txt#:~:text=Turned%201"');
    const told = readFileSync(join(dist, bench, 'run.txt'), 'utf8').split('\nTurned 1. Without “Only take pushes')[1];
    expect(told).toContain('secret-authenticity   breaks at alice.phone');
    expect(told).toContain('The first 5 steps are as above.');
  });

  it('shows the step that decides until another is chosen, and then that one alone, where the reader is', async () => {
    for (const size of [wide, phone]) {
      const { first, chosen, before, after } = await seen(bench, { ...plain, ...size }, async (page) => {
        const first = await stepsShown(page);
        const row = page.locator('.seq-wide a[href="#s5"]').first();
        await row.scrollIntoViewIfNeeded();
        const box = await row.boundingBox();
        const before = await row.evaluate((element) => element.getBoundingClientRect().top);
        await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 6);
        await page.waitForURL(/#s5$/);
        const after = await row.evaluate((element) => element.getBoundingClientRect().top);
        return { first, chosen: await stepsShown(page), before, after };
      });
      expect(first).toEqual(['Step 6']);
      expect(chosen).toEqual(['Step 5']);
      expect(Math.abs(after - before)).toBeLessThanOrEqual(1);
    }
  });

  it('has a sheet on a phone that covers at most half of the window, and folds', async () => {
    const { folded, open, again } = await seen(`${bench}#s6`, { ...plain, ...phone }, async (page) => {
      const height = async () => (await page.locator('.inspector').boundingBox())?.height ?? 0;
      const open = await height();
      await page.locator('.inspector > .fold').click();
      const folded = await height();
      await page.locator('.inspector > .unfold').click();
      return { open, folded, again: await height() };
    });
    expect(open).toBeLessThanOrEqual(844 / 2);
    expect(folded).toBeLessThan(120);
    expect(again).toBe(open);
  });

  it('has nothing in its markup that its policy would have to allow', () => {
    const scripts = [...html().matchAll(/<script\b([^>]*)>([^<]*)/g)];
    expect(scripts.filter(([, attributes = '', inner]) => !/\ssrc="/.test(attributes) || inner !== '')).toEqual([]);
    expect(html()).not.toMatch(/\sstyle="|\son[a-z]+="|<style/);
    expect(html()).toMatch(/http-equiv=content-security-policy content="default-src 'none';script-src 'self';/i);
  });
});

describe('all of a step', () => {
  const opened = async (page: Page): Promise<string> => {
    const fold = page.locator('.inspector > article:visible details.letters');
    await fold.locator('summary').first().click();
    await fold.locator(':scope > :nth-child(2)').waitFor({ timeout: 5000 });
    return (await fold.textContent()) ?? '';
  };

  it('is fetched once when it is opened, with names of clauses, JSON and bytes', async () => {
    const { told, next, asked, json } = await seen(`${bench}#s6`, wide, async (page) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const told = await opened(page);
      const json = await page.locator('.inspector > article:visible .json pre').first().textContent();
      await page.goto(page.url().replace('#s6', '#s5'));
      return { told, next: await opened(page), asked, json };
    });
    expect(told).toContain('Check that the message was written to this device');
    expect(told).toContain('Olm message for');
    expect(told).toContain('the sender’s Curve25519 key: who sealed this');
    expect(JSON.parse(json ?? '')).toMatchObject({ type: 'm.room.encrypted' });
    expect(next).toContain('Sends to devices');
    expect(asked).toEqual([`${bench}steps.json.gz`]);
  });

  it('says in plain words when it cannot be fetched', async () => {
    const told = await seen(`${bench}#s6`, wide, async (page) => {
      await page.route('**/steps.json.gz', (route) => route.fulfill({ status: 404, body: '' }));
      return opened(page);
    });
    expect(told).toContain('This could not be fetched: the server answers 404.');
  });

  it('is copied as a comment with its transcript in a fold', async () => {
    const comment = await seen(bench, wide, async (page) => {
      await page.locator('details.copied summary').click();
      return page.locator('details.copied textarea').inputValue();
    });
    expect(comment).toMatch(/^\*\*A stolen access token cannot plant a backup key\*\*/);
    expect(comment).toContain('```mermaid');
    expect(comment).toContain('6. alice.phone syncs');
    expect(comment).not.toContain('Turned 1');
    expect(comment.match(/<details>/g)).toHaveLength(comment.match(/<\/details>/g)?.length ?? 0);
  });
});

describe('at first sight', () => {
  const all = existsSync(dist)
    ? readdirSync(join(dist, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith(join('/', 'index.html')),
      )
    : [];
  /** How much stands there: the longest are the ones that may run over. */
  const lengthOf = (name: string): number =>
    (readFileSync(join(dist, 'scenarios', name), 'utf8').match(/<h1>.*?<\/dl>/s)?.[0] ?? '').replaceAll(/<[^>]*>/g, '')
      .length;
  const longest = all
    .map((name) => ({ name, length: lengthOf(name) }))
    .toSorted((one, other) => other.length - one.length || (one.name < other.name ? -1 : 1))
    .slice(0, 30)
    .map(({ name }) => name);

  it.each([wide, phone])(
    'who did what, what broke, and what stops it stand within 600 px: $viewport.width wide',
    async (size) => {
      expect(longest).toHaveLength(30);
      const over = [];
      for (const name of longest) {
        const bottom = await seen(`/scenarios/${name.replace(/index\.html$/, '')}`, size, (page) =>
          page.locator('.first-screen').evaluate((element) => element.getBoundingClientRect().bottom),
        );
        if (bottom > 600) over.push(`${name}: ${Math.round(bottom)}`);
      }
      expect(over).toEqual([]);
    },
  );
});
