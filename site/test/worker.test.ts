/** The worker of the pages, in a browser under the policy of the site: it gives what the command line gives, and can be stopped. */
import { globSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerQuestions, ledgerRevisions } from '../../machines/ledger.ts';
import { implementedClauses } from '../../machines/parts.ts';
import { realSuite } from '../../sim/cli/suite.ts';
import { dice } from '../../sim/engine/chance.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { transcript } from '../../sim/runs/transcript.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { devicesOf } from '../../sim/scenario/turns.ts';
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

const scenarioAt = (file: string): Scenario => {
  const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
  if (!parsed.ok) throw new Error(`${file} does not parse`);
  return parsed.scenario;
};
const scenarios = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*', 'scenarios/play/*'] })
  .sort()
  .map(scenarioAt);

/** The line that replays it, and its text. */
const asked = (
  scenario: Scenario,
  turns: readonly Turn[],
): Promise<{ readonly line: string; readonly text: string }> => {
  const question: unknown = { scenario, turns, form: null };
  return page.evaluate(async (asked) => {
    const { ask } = globalThis as unknown as { ask: <A>(name: string, asked: unknown) => Promise<A> };
    const { line } = await ask<Run>('run', asked);
    return { line, text: await ask<string>('text', asked) };
  }, question);
};
const here = (scenario: Scenario, turns: readonly Turn[]): string =>
  transcript(runStory(scenario, { turns, suite: realSuite }));

it('is not started by a page that asks nothing', () => {
  expect(page.workers()).toEqual([]);
  expect(fetched).toEqual(['entry.js']);
});

/** Fifty of the scenarios, each with one to three settings turned: clauses, readings and texts, by dice with a seed. */
const fifty = (): readonly { readonly scenario: Scenario; readonly turns: readonly Turn[] }[] => {
  const roll = dice('fifty random settings');
  const one = <T>(list: readonly T[]): T => {
    const taken = list[roll(list.length)];
    if (taken === undefined) throw new Error('there is nothing to choose from');
    return taken;
  };
  const texts = Object.entries(ledgerRevisions).flatMap(([proposal, all]) =>
    [...Object.keys(all), 'none'].map((revision): Turn => ({ turn: 'revision', proposal, revision })),
  );
  const readings = ledgerQuestions.flatMap(({ id }) =>
    (['A', 'B'] as const).map((reading): Turn => ({ turn: 'reading', question: id, reading })),
  );
  const turn = (scenario: Scenario): Turn => {
    const kind = roll(4);
    if (kind === 0) return one(readings);
    if (kind === 1) return one(texts);
    const { clause } = one(implementedClauses);
    return kind === 2 ? { turn: 'off', clause } : { turn: 'off', clause, for: one(devicesOf(scenario)) };
  };
  return Array.from({ length: 50 }, () => {
    const scenario = one(scenarios);
    return { scenario, turns: Array.from({ length: 1 + roll(3) }, () => turn(scenario)) };
  });
};

// That every scenario as written is told in a browser as here is `scenarios/browser.test.ts`.
it('tells fifty scenarios with random settings as the command line does', async () => {
  expect(scenarios.length).toBeGreaterThan(150);
  for (const { scenario, turns } of fifty()) {
    const { text: there, line } = await asked(scenario, turns);
    expect(there).toBe(here(scenario, turns));
    expect(there).toContain(`replay: '${line}'`);
  }
});

it('gives up what nobody waits for, and fails what is under way when it is stopped; the next question finds another worker', async () => {
  const [scenario] = scenarios;
  const question: unknown = { scenario, turns: [], form: null };
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
  expect(told[2]).toContain(`${scenario?.id}?seed=1&run=`);
  expect(page.workers()).toHaveLength(1);
});

it('says why where it fails', async () => {
  const why = page.evaluate(() =>
    (globalThis as unknown as { ask: (name: string, asked: unknown) => Promise<unknown> }).ask('run', {}),
  );
  await expect(why).rejects.toThrow(/undefined/);
});
