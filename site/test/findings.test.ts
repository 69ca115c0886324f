/** The page of a finding, in a browser: short at first, and to be copied as a comment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtSite, dist } from './built.ts';

const finding = '/findings/a-hostile-push-and-a-forged-yes/';
/** One whose run that is shown first has a setting turned. */
const turned = '/findings/1219-trust-by-signature/';
const longest = '/findings/msc4268-seed-draft-to-seed-diff-before/';
const wide = { viewport: { width: 1440, height: 900 } };

const seen = builtSite();
const commentOf = (path: string): Promise<string> =>
  seen(path, wide, async (page) => {
    await page.locator('details.copied summary').click();
    return page.locator('details.copied textarea').inputValue();
  });

describe('a finding as a comment', () => {
  it('is a link to a text beside the page without a script, and to the run that shows it', async () => {
    const [file, run] = await seen(finding, { ...wide, javaScriptEnabled: false }, async (page) => {
      const links = page.locator('details.copied a');
      await page.locator('details.copied summary').click();
      expect(await links.first().isVisible()).toBe(true);
      return Promise.all([links.nth(0).getAttribute('href'), links.nth(1).getAttribute('href')]);
    });
    const text = readFileSync(join(dist, finding, file ?? ''), 'utf8');
    expect(text).toMatch(/^\*\*A hostile push and a forged yes together are worse than either\*\*\n/);
    for (const part of [
      '- **Where:**',
      '- **In production:** A pushed key',
      '- **Broke:** “Choice is followed”',
      '```mermaid',
    ])
      expect(text).toContain(part);
    expect(run).toMatch(/^\.\.\/\.\.\/scenarios\/interactions\/a-hostile-push-.*\/run\.txt$/);
  });

  it('has the run as text in a fold once it is opened', async () => {
    const comment = await commentOf(finding);
    expect(comment).toMatch(/^\*\*A hostile push and a forged yes together are worse than either\*\*\n/);
    expect(comment).toMatch(/<summary>The run as text<\/summary>\n\n```text\nA hostile push/);
    expect(comment).not.toContain('Turned 1');
    expect(comment.length).toBeLessThan(60_000);
  });

  it('has of a run with a setting turned what is its own, below the run that it points to', async () => {
    const html = readFileSync(join(dist, turned, 'index.html'), 'utf8');
    const mark = decodeURIComponent(html.match(/run\.txt#:~:text=([^"]+)"/)?.[1] ?? '');
    expect(mark).toMatch(/^Turned \d+$/);
    const comment = await commentOf(turned);
    expect(comment.match(/^Turned \d+/gm)).toEqual([mark]);
    expect(comment.match(/^seed: /gm)).toHaveLength(1);
    expect(comment.match(/^replay: /gm)).toHaveLength(2);
  });

  it('says in plain words when it cannot be fetched', async () => {
    const told = await seen(finding, wide, async (page) => {
      await page.route('**/comment.txt', (route) => route.fulfill({ status: 404, body: '' }));
      await page.locator('details.copied summary').click();
      await page.locator('details.copied .hint').waitFor({ timeout: 5000 });
      return page.locator('details.copied').textContent();
    });
    expect(told).toContain('This could not be fetched: the server answers 404.');
  });
});

describe('a finding that many runs show', () => {
  it('has some of them at once and all of them in a fold, each with both verdicts in one line', async () => {
    const { count, visible, all } = await seen(longest, { ...wide, javaScriptEnabled: false }, async (page) => {
      const runs = page.locator('.shown > li');
      const visible = await page.locator('.shown > li:visible').count();
      const summary = page.locator('.shown + details summary');
      const count = Number((await summary.textContent())?.match(/\d+/)?.[0]);
      await summary.click();
      return { count, visible, all: [await runs.count(), await page.locator('.shown > li:visible').count()] };
    });
    expect(visible).toBeLessThan(20);
    expect(all).toEqual([visible + count, visible + count]);
    const first = readFileSync(join(dist, longest, 'index.html'), 'utf8').match(/<ul class=fates>(.*?)<\/ul>/s)?.[1];
    expect(first?.match(/Seed-draft:/g)?.length).toBe(first?.match(/<li>/g)?.length);
  });
});
