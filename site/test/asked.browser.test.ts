/** What is asked on a page, and answered later: the answer is of what stands there, says of what it is, and goes with it. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { held, heldBack, lateSite } from './late.ts';

const wide = { viewport: { width: 1440, height: 900 } };
const patience = { timeout: 60_000 };
const seen = lateSite();

describe('among the arenas', () => {
  const ground = 'select[name="ground"]';
  const does = (page: Page, what: 'search' | 'play') => page.locator(`form[data-search] [value="${what}"]`).click();
  const line = (page: Page) => page.locator('#game .line > li').count();

  it('only what was asked for last is shown, whatever comes first', async () => {
    await seen('/play/arenas/', wide, async (page) => {
      const [first = '', second = ''] = await page
        .locator(`${ground} option`)
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
      const come = await held(page, new RegExp(`${second}\\.json$`));
      await page.locator(ground).selectOption(second);
      const asked = page.waitForRequest(new RegExp(`${second}\\.json$`));
      await does(page, 'search');
      await asked;
      await page.locator(ground).selectOption(first);
      await does(page, 'play');
      await page.locator('#game .move').first().waitFor(patience);
      const late = page.waitForResponse(new RegExp(`${second}\\.json$`));
      come();
      await (await late).finished();
      // Another move: whatever else the page was to do with what came has begun by then.
      await page.locator('#game .move').first().click();
      await expect.poll(() => line(page)).toBe(1);
      expect(await page.locator('#search').textContent()).toBe('');
    });
  });

  it('what was found is of what is chosen, says so, and goes when another is chosen; whoever goes back has it again', async () => {
    const title = (page: Page) => page.locator('[data-of]');
    await seen(
      '/play/arenas/?off=4385-push-cross-signed-only&ground=arenas%2Fa-stolen-token&do=search',
      wide,
      async (page) => {
        await page.locator('#search .found').waitFor(patience);
        expect(await title(page).textContent()).toMatch(/^“.+”, without “Only take pushes from cross-signed devices”$/);
        await page.locator('select[name="off"]').selectOption('');
        expect(await page.locator('#search').textContent()).toBe('');
        expect(await title(page).isVisible()).toBe(false);
        expect(new URL(page.url()).searchParams.has('do')).toBe(false);
        await does(page, 'search');
        await page.locator('#search .found').waitFor(patience);
        expect(await title(page).textContent()).toMatch(/^“.+”, as it is written$/);
        await page.locator(ground).selectOption('arenas/two-names');
        expect(await page.locator('#search').textContent()).toBe('');
        await page.goBack();
        await page.locator('#search .found').waitFor(patience);
        expect(await page.locator(ground).inputValue()).toBe('arenas/a-stolen-token');
        expect(await title(page).textContent()).toMatch(/, as it is written$/);
      },
    );
  });

  it('a search that another choice was made beside is told to nobody, and its bounds stand in the address', async () => {
    await seen('/play/arenas/', wide, async (page) => {
      await page.locator('input[name="depth"]').fill('2');
      await does(page, 'search');
      await page.locator('#search [data-stop], #search .found').first().waitFor(patience);
      expect(new URL(page.url()).searchParams.get('depth')).toBe('2');
      await page.locator('input[name="depth"]').fill('3');
      await page.locator(ground).selectOption('arenas/two-names');
      await does(page, 'play');
      await page.locator('#game .move').first().waitFor(patience);
      expect(await page.locator('#search').textContent()).toBe('');
      await page.goBack();
      await page.goBack();
      await page.locator('#search .found').waitFor(patience);
      expect(await page.locator('input[name="depth"]').inputValue()).toBe('2');
      expect(await page.locator('#search').textContent()).toContain('at most 2 deep');
      expect(await page.locator('#game').textContent()).toBe('');
    });
  });

  it('a search that is given up for a game leaves nothing, and the first way back ends what was begun', async () => {
    await seen('/play/arenas/', wide, async (page) => {
      await does(page, 'search');
      await page.locator('#search [data-stop]').waitFor();
      await does(page, 'play');
      await page.locator('#game .move').first().waitFor(patience);
      expect(await page.locator('#search').textContent()).toBe('');
      await page.reload();
      await page.locator('#game .move').first().waitFor(patience);
      await page.goto(page.url().replace(/\?.*/, ''));
      await does(page, 'play');
      await page.locator('#game .move').first().waitFor(patience);
      await page.goBack();
      await expect.poll(() => page.locator('#game').textContent()).toBe('');
    });
  });

  it('a game keeps what was tried when its first move is taken back by the browser', async () => {
    await seen('/play/arenas/', wide, async (page) => {
      await does(page, 'play');
      await page.locator('#game .move').first().click(patience);
      await expect.poll(() => line(page)).toBe(1);
      await page.goBack();
      await expect.poll(() => line(page)).toBe(0);
      await page.locator('#game .move').nth(1).click(patience);
      await expect.poll(() => line(page)).toBe(1);
      expect(await page.locator('#game .branch').count()).toBe(2);
    });
  });
});

describe('a link to an arena', () => {
  const arena = '/play/arenas/?ground=arenas%2Ftwo-names';
  const said = (page: Page) => page.locator('form[data-search] [data-said]').textContent();

  it.each([
    ['search', 'off=4385-push-encryptd', 'This cannot be played: “4385-push-encryptd” is not a clause'],
    ['play', 'off=4385-push-encryptd', 'This cannot be played: “4385-push-encryptd” is not a clause'],
    ['search', 'q06=C', 'What is turned in the link is not read: “C” is no reading of q06'],
    ['play', 'off=%E0', 'can be no clause: its id, or id:device, expected. Nothing is played.'],
    ['search', 'MSC4385=nope', 'This cannot be played: “nope” is not'],
  ])('that asks to %s with %s says that there is no such thing, and gives no verdict', async (does, turns, why) => {
    await seen(`${arena}&do=${does}&${turns}`, wide, async (page) => {
      await expect.poll(() => said(page), patience).toContain(why);
      expect(await page.locator('#search').textContent()).toBe('');
      expect(await page.locator('#game').textContent()).toBe('');
    });
  });

  it('says no more than there is of attackers where there is none', async () => {
    await seen(`${arena}&do=play`, wide, async (page) => {
      await expect.poll(() => page.locator('#game .status').textContent(), patience).toBe('0 moves so far.');
    });
  });
});

describe('in a game', () => {
  const settled = (page: Page) =>
    page.waitForFunction(
      () =>
        document.querySelector('#game .done h2') !== null &&
        document.querySelector('#game')?.hasAttribute('aria-busy') === false,
      undefined,
      patience,
    );

  it('a move is taken back while it is worked out, and two clicks are one move', async () => {
    await seen('/play/somebody-else/', wide, async (page) => {
      await settled(page);
      const before = await page.evaluate(() => history.length);
      const go = await heldBack(page);
      await page.locator('#game .move').first().dblclick();
      expect(await page.evaluate(() => history.length)).toBe(before + 1);
      await page.goBack();
      await go();
      await settled(page);
      expect(new URL(page.url()).searchParams.get('m')).toBeNull();
      expect(await page.locator('#game .line > li').count()).toBe(0);
    });
  });

  it('what was searched for one story is not told of the next', async () => {
    await seen('/play/defend/', wide, async (page) => {
      const quiz = page.locator('[data-any]');
      const stories = await quiz
        .locator('select option')
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
      await quiz.locator('select').selectOption(stories[1] ?? '');
      await quiz.locator('[data-said] .ends').waitFor(patience);
      const go = await heldBack(page);
      await quiz.locator('[data-least]').click();
      await quiz.locator('select').selectOption(stories[2] ?? '');
      await go();
      await quiz.locator('[data-said] .ends').waitFor(patience);
      expect(await quiz.locator('[data-found]').textContent()).toBe('');
    });
  });
});

describe('in a quiz', () => {
  const any = (page: Page) => page.locator('[data-any]').last();
  const said = (page: Page) => any(page).locator('[data-said]');

  it('what was asked with a clause kept is not told without it, by whoever goes back before it comes', async () => {
    await seen('/play/defend/', wide, async (page) => {
      const go = await heldBack(page);
      await any(page).locator('[data-kept] input').first().check();
      await page.goBack();
      await expect.poll(() => any(page).locator('[data-kept] input:checked').count()).toBe(0);
      await go();
      // Asked after it, and answered after it.
      await any(page).locator('[data-least]').click();
      await any(page).locator('[data-found] li').first().waitFor(patience);
      expect(await said(page).textContent()).toBe('');
    });
  });

  it('what is told of a set names the story and what is off in it, and is of the ticks that stand there', async () => {
    await seen('/play/defend/', wide, async (page) => {
      const [story = ''] = await any(page)
        .locator('select option')
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value).slice(1));
      await any(page).locator('select').selectOption(story);
      await said(page).locator('.ends').waitFor(patience);
      const none = await said(page).textContent();
      const go = await heldBack(page);
      const box = any(page).locator('[data-kept] input').first();
      const name = await any(page).locator('[data-kept] label').first().textContent();
      await box.check();
      await page.goBack();
      await go();
      await expect.poll(() => said(page).textContent(), patience).toBe(none);
      expect(none).toContain(`without “${name?.trim()}”`);
      expect(none).toContain(await any(page).locator('select option').nth(1).textContent());
    });
  });

  it.each([
    ['story=nonsense/there-is-none&on=4385-no-such', '“nonsense/there-is-none” is no story'],
    ['story=STORY&on=4385-no-such', '“4385-no-such” is none of the clauses'],
    ['story=STORY&on=CLAUSE,4385-no-such', '“4385-no-such” is none of the clauses'],
  ])('a link with %s is refused, and gives no verdict of what is left of it', async (query, why) => {
    await seen('/play/defend/', wide, async (page) => {
      const option = any(page).locator('select option').first();
      const story = (await option.getAttribute('value')) ?? '';
      const [{ clause = '' } = {}] = JSON.parse((await option.getAttribute('data-clauses')) ?? '[]');
      await page.goto(`${page.url()}?${query.replace('STORY', story).replace('CLAUSE', clause)}`);
      await expect.poll(() => said(page).textContent()).toContain(`This link cannot be played: ${why}`);
      expect(await any(page).locator('[data-kept] input:checked').count()).toBe(0);
      expect(page.workers()).toEqual([]);
    });
  });

  it('what a clause would have done that was forgotten goes when another is chosen', async () => {
    await seen('/play/sabotage/', wide, async (page) => {
      const quiz = page.locator('.sabotage').first();
      const [first = '', second = ''] = await quiz
        .locator('[data-any] option')
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
      await quiz.locator('[data-any] button').click();
      await quiz.locator('[data-said] .ends').waitFor(patience);
      const name = await quiz.locator(`[data-any] option[value="${first}"]`).textContent();
      expect(await quiz.locator('[data-said]').textContent()).toContain(`without “${name}”`);
      await quiz.locator('[data-any] select').selectOption(second);
      expect(await quiz.locator('[data-said]').textContent()).toBe('');
    });
  });

  it('what is said of a bet goes when another is made', async () => {
    await seen('/play/bet/', wide, async (page) => {
      const quiz = page.locator('.bet').first();
      await quiz.locator('input[name$="-lane"]').first().check();
      await quiz.locator('[data-place] button').click();
      await expect
        .poll(() => quiz.locator('[data-said]').textContent(), patience)
        .toMatch(/^(?:Right|Wrong|The guarantee)/);
      await quiz.locator('input[name$="-lane"]').last().check();
      expect(await quiz.locator('[data-said]').textContent()).toBe('');
      const go = await heldBack(page);
      await quiz.locator('[data-place] button').click();
      await quiz.locator('input[name$="-lane"]').first().check();
      await go();
      // Asked after it, and answered after it.
      const other = page.locator('.bet').nth(1);
      await other.locator('input[name$="-lane"]').first().check();
      await other.locator('[data-place] button').click();
      await expect
        .poll(() => other.locator('[data-said]').textContent(), patience)
        .toMatch(/^(?:Right|Wrong|The guarantee)/);
      expect(await quiz.locator('[data-said]').textContent()).toBe('');
    });
  });
});
