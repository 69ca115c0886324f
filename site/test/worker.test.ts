/** The worker of the pages, in a browser under the policy of the site: it gives what the command line gives, and can be stopped. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario } from '../../sim/engine/types.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { RunAnswered } from '../worker/answers/run.ts';

import { bundleParts } from './bundle.ts';
import { launch } from './chromium.ts';

type Run = Extract<RunAnswered, { is: 'run' }>;

const asking = `
  import { ask, stop } from '/site/scripts/asking.ts';
  globalThis.ask = ask;
  globalThis.stop = stop;`;
const policy = "default-src 'none'; script-src 'self'";

let parts: ReadonlyMap<string, string>;
let browser: Browser;
let page: Page;
const fetched: string[] = [];
beforeAll(async () => {
  parts = await bundleParts(asking);
  browser = await launch();
  page = await browser.newPage();
  await page.route('http://localhost/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const headers = { 'content-security-policy': policy };
    const code = parts.get(name);
    if (code !== undefined) fetched.push(name);
    return code === undefined
      ? route.fulfill({
          body: '<!doctype html><title>here</title><script type="module" src="/entry.js"></script>',
          contentType: 'text/html',
          headers,
        })
      : route.fulfill({ body: code, contentType: 'text/javascript', headers });
  });
  await page.goto('http://localhost/');
});
afterAll(async () => {
  await browser.close();
});

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const scenarioAt = (name: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${name}.yaml`, 'utf8'), name);
  if (!parsed.ok) throw new Error(`${name} does not parse`);
  return parsed.scenario;
};

it('is not started by a page that asks nothing', () => {
  expect(page.workers()).toEqual([]);
  expect(fetched).toEqual(['entry.js']);
});

// That what it tells is what the command line tells is `scenarios/agreement.browser.test.ts`.

it('gives up what nobody waits for, and fails what is under way when it is stopped; the next question finds another worker', async () => {
  const question: unknown = { scenario: scenarioAt(id), turns: [], form: null };
  const told = await page.evaluate(async (asked) => {
    const { ask, stop } = globalThis as unknown as {
      ask: (name: string, asked: unknown, more?: { signal?: AbortSignal }) => Promise<Run>;
      stop: (why?: string) => void;
    };
    const said = (promise: Promise<Run>): Promise<string> =>
      promise.then(
        ({ line }) => line,
        (error: Error) => error.message,
      );
    const giving = new AbortController();
    const [given, under] = [said(ask('run', asked, { signal: giving.signal })), said(ask('run', asked))];
    giving.abort(new Error('another was turned'));
    stop('it took too long');
    return [await given, await under, await said(ask('run', asked))];
  }, question);
  expect(told.slice(0, 2)).toEqual(['another was turned', 'it took too long']);
  expect(told[2]).toContain(`${id}?seed=1&run=`);
  expect(page.workers()).toHaveLength(1);
});

it('says why where it fails', async () => {
  const why = page.evaluate(() =>
    (globalThis as unknown as { ask: (name: string, asked: unknown) => Promise<unknown> }).ask('run', {}),
  );
  await expect(why).rejects.toThrow(/undefined/);
});
