/** How long it takes from a setting turned to its verdict and picture, on the built site in a browser. */
import type { Page } from 'playwright-core';
import { median } from '../../sim/bench/measure.ts';
import { serveFolder } from '../../sim/cli/commands/start.ts';
import { launch } from '../test/chromium.ts';

/** The scenario that is timed where none is named: about forty messages. */
export const turnedScenario = 'interactions/a-hostile-push-and-a-forged-yes-open-the-next-sign-in';

/** Milliseconds from the click until the new run is painted. */
export type TurningTimes = {
  /** Messages in the picture of the run as written. */
  readonly messages: number;
  /** The first setting on a page on which nobody has been: worker, simulator and scenario are fetched for it. */
  readonly cold: readonly number[];
  /** Others after it, each turned for the first time. */
  readonly warm: readonly number[];
};

const measured = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => performance.getEntriesByName('turned').map(({ duration }) => duration));

/** Clicks a switch as a script does, so that no pointer comes near before, and waits until the run is painted. */
const turn = async (page: Page, nth: number): Promise<number> => {
  const before = (await measured(page)).length;
  await page.evaluate((at) => document.querySelectorAll<HTMLElement>('.turning [role="switch"]')[at]?.click(), nth);
  await page.waitForFunction((count) => performance.getEntriesByName('turned').length > count, before, {
    timeout: 60_000,
  });
  return (await measured(page)).at(-1) ?? Number.NaN;
};
const turnBack = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const back = [...document.querySelectorAll<HTMLElement>('.bar button')].find(
      ({ textContent }) => textContent === 'As written',
    );
    back?.click();
  });

/** @param dist the built site; `id` of the scenario; `rounds` how often each is done */
export const turningTimes = async (dist: string, id: string, rounds: number): Promise<TurningTimes> => {
  const browser = await launch();
  const server = await serveFolder(dist, 0);
  try {
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
    const opened = async (): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${address.port}/scenarios/${id}/`, { waitUntil: 'load' });
      await page.locator('.turning').first().waitFor({ state: 'attached' });
      return page;
    };
    const cold: number[] = [];
    for (let round = 0; round < Math.min(rounds, 5); round += 1) {
      const page = await opened();
      cold.push(await turn(page, 0));
      await page.context().close();
    }
    const page = await opened();
    const messages = await page.locator('.seq-wide a').count();
    await turn(page, 0);
    await turnBack(page);
    await page.evaluate(() => document.querySelector<HTMLElement>('.all-settings > summary')?.click());
    await page.waitForFunction(() => document.querySelectorAll('.all-settings [role="switch"]').length > 0);
    // What each would change is tried meanwhile; it is not what is measured.
    await page.waitForFunction(() => document.querySelector('.trying')?.textContent === '', null, { timeout: 300_000 });
    const warm: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      warm.push(await turn(page, 1 + round));
      await turnBack(page);
    }
    return { messages, cold, warm };
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
};

const told = (times: readonly number[]): string =>
  `median ${median(times).toFixed(0)} ms, from ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms, of ${times.length}`;

/** Prints what it comes to. */
export const printTurning = async (dist: string, id: string): Promise<void> => {
  const { messages, cold, warm } = await turningTimes(dist, id, 15);
  console.log(`A setting turned, until its verdict and picture are painted: ${id} (${messages} messages)`);
  console.log(`  the first one, with all that is fetched for it  ${told(cold)}`);
  console.log(`  one after it                                    ${told(warm)}`);
};
