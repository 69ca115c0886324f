/** Faults, numbers and names turned on the page of a scenario, in a browser: by mouse, keys and touch, previewed, in links, and taken back. */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { realSuite } from '../../sim/crypto/node/suite.ts';
import type { Turn } from '../../sim/engine/types.ts';
import { replayCommand } from '../../sim/runs/replay-command.ts';
import { runStory } from '../../sim/runs/run.ts';
import { formatTrace } from '../../sim/runs/trace.ts';
import { transcript } from '../../sim/runs/transcript.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { builtSite } from './built.ts';

const faulty = 'backup-preference/a-look-before-writing-spares-a-choice';
const pushed = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const late = 'key-bundle/a-bundle-sent-two-hours-after-the-join-is-late-for-an-hour';
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const runOf = (id: string, turns: readonly Turn[]) => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  return runStory(parsed.scenario, { turns, suite: realSuite });
};

const built = builtSite();
/** The same with all settings open, and nothing was said on the console. */
const opened = <T>(id: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> =>
  built(`/scenarios/${id}/`, options, async (page) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', ({ message }) => said.push(message));
    await page.locator('.all-settings > summary').click();
    await page.locator('.all-settings .accident').waitFor();
    const result = await look(page);
    expect(said).toEqual([]);
    return result;
  });
const turned = (page: Page) => page.locator('.bar[data-state="turned"]').waitFor({ state: 'visible' });
const written = (page: Page) => page.locator('.bar[data-state="written"]').waitFor({ state: 'attached' });
const searchOf = (page: Page): string => new URL(page.url()).search;
/** The line that replays what is shown, and its text. */
const shownOf = async (page: Page) => {
  await page.locator('.more .whole summary').click();
  return {
    line: await page.locator('code.replay').textContent(),
    text: await page.locator('.more .transcript').textContent(),
  };
};
const toldOf = (id: string, turns: readonly Turn[]) => {
  const run = runOf(id, turns);
  return { line: replayCommand(formatTrace(run.trace)), text: transcript(run) };
};
const field = (page: Page, text: string) => page.locator('.all-settings li', { hasText: text }).first();

describe('a fault of a story', () => {
  it('is spared by a switch that says before what comes of it, and strikes again when one goes back', async () => {
    const spared: Turn = { turn: 'spared', line: 2 };
    await opened(faulty, wide, async (page) => {
      const own = page.getByRole('switch', { name: 'Line 2: example.org fails account_data for alice.tablet' });
      await page.waitForFunction(() =>
        [...document.querySelectorAll('.all-settings li')].some(
          ({ textContent }) =>
            textContent?.includes('fails account_data') && /Without it: .*would hold/.test(textContent),
        ),
      );
      await own.click();
      await turned(page);
      expect(searchOf(page)).toMatch(/^\?fault=2:none&v=/);
      await expect.poll(() => page.locator('.bar').textContent()).toContain('without the fault in line 2');
      await expect.poll(() => shownOf(page)).toEqual(toldOf(faulty, [spared]));
      await page.goBack();
      await written(page);
      await expect.poll(() => own.getAttribute('aria-checked')).toBe('true');
      expect(searchOf(page)).toBe('');
    });
  });
});

describe('an accident', () => {
  const struck: Turn = { turn: 'struck', line: 4, fault: 'restart', at: 'alice.laptop' };

  it('is put before a line and taken out by keys alone, previewed as it is chosen', async () => {
    await opened(faulty, wide, async (page) => {
      const [what, at, before] = [0, 1, 2].map((nth) => page.locator('.accident select').nth(nth));
      await what?.focus();
      await page.keyboard.type('restart');
      await page.keyboard.press('Tab');
      await page.keyboard.type('alice.laptop');
      await page.keyboard.press('Tab');
      await page.keyboard.type('4.');
      expect(await Promise.all([what, at, before].map((one) => one?.inputValue()))).toEqual(['0', '1', '3']);
      await page.waitForFunction(() =>
        /With it: .+/.test([...document.querySelectorAll('.all-settings li.field')].at(-1)?.textContent ?? ''),
      );
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await turned(page);
      expect(searchOf(page)).toMatch(/^\?fault=4:restart:alice\.laptop&v=/);
      await expect.poll(() => shownOf(page)).toEqual(toldOf(faulty, [struck]));
      await page.locator('.standing button').focus();
      await page.keyboard.press('Enter');
      await written(page);
    });
  });

  it('is there for who follows a link, on a phone with nothing wider than the window, and goes by touch', async () => {
    await built(`/scenarios/${faulty}/?fault=4:restart:alice.laptop&fault=2:none`, phone, async (page) => {
      await turned(page);
      await expect
        .poll(() => page.locator('.sight').textContent())
        .toContain('with “restart” at alice.laptop before line 4');
      await page.locator('.all-settings > summary').tap();
      await page.locator('.standing button').waitFor();
      // What each would change comes in above it: a finger waits until it stands still.
      await page.waitForFunction(() => document.querySelector('.trying')?.textContent === '', null, {
        timeout: 60_000,
      });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await page.locator('.standing button').tap();
      await expect.poll(() => searchOf(page), { timeout: 20_000 }).toMatch(/^\?fault=2:none&v=/);
    });
  });

  it.each([
    ['fault=9:none', 'the story has no line 9'],
    ['fault=1:none', 'nothing goes wrong in line 1 by itself'],
    ['fault=1:meteor:alice.phone', '“meteor” is not a fault'],
    ['fault=1:restart:mallory.phone', '“mallory.phone” is not a device of the cast'],
    ['fault=%3Cimg%20src%3Dx%3E', 'can be no fault'],
    ['fault=2:none&fault=2:none', 'twice'],
  ])('that there cannot be is refused in a sentence: %s', async (search, why) => {
    await built(`/scenarios/${faulty}/?${search}`, wide, async (page) => {
      await page.locator('.bar[data-state="refused"]').waitFor({ state: 'visible' });
      await expect.poll(() => page.locator('.bar').textContent()).toContain(why);
    });
  });
});

describe('a number and a list', () => {
  it('are previewed while they are written, bounded, set by Enter, and stand in the address', async () => {
    await opened(late, wide, async (page) => {
      const hours = page.getByLabel('bundle window');
      const row = field(page, 'For how many hours after joining');
      await hours.fill('9000');
      await expect.poll(() => row.textContent()).toContain('A whole number from 1 to 8760 can be set here.');
      await hours.press('Enter');
      expect(searchOf(page)).toBe('');
      await hours.fill('48');
      await row.getByText('With it:').waitFor();
      await hours.press('Enter');
      await turned(page);
      expect(searchOf(page)).toMatch(/^\?opt=bundle\+window:48&v=/);
      const turns: readonly Turn[] = [{ turn: 'option', option: 'bundle window', value: 48 }];
      await expect.poll(() => shownOf(page)).toEqual(toldOf(late, turns));
      await row.getByRole('button', { name: 'As' }).click();
      await written(page);
    });
  });

  it('have a box for each name, and a way back', async () => {
    await opened(pushed, wide, async (page) => {
      const box = page.getByRole('checkbox', { name: 'm.megolm_backup.v1', exact: true });
      await expect.poll(() => box.isChecked()).toBe(true);
      await box.uncheck();
      await turned(page);
      const value = ['m.cross_signing.master', 'm.cross_signing.self_signing', 'm.cross_signing.user_signing'];
      expect(searchOf(page)).toContain(`?opt=accept:[${value.join()}]&v=`);
      await expect.poll(() => shownOf(page)).toEqual(toldOf(pushed, [{ turn: 'option', option: 'accept', value }]));
      await page.reload();
      await turned(page);
      await page.goBack();
      await written(page);
    });
  });
});
