/** The ways to play, in a browser: every level is won through the page, by the shortest way that the explorer found. */
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { guaranteeWords } from '../../sim/runs/figures/words.ts';
import { levels } from '../play/levels.ts';
import { writeMoves } from '../play/moves.ts';
import filed from '../play/pars.json' with { type: 'json' };
import type { Pars } from '../play/pars.ts';
import { bets, defences, sabotages } from '../play/puzzles.ts';
import { builtSite } from './built.ts';

const pars = filed as Pars;
const wayOf = (id: string) => pars[id]?.way ?? [];
const winnable = levels.filter(({ id }) => wayOf(id).length > 0);
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const patience = { timeout: 60_000 };

const opened = builtSite();
/** The same, and what the page complained of meanwhile. */
const seen = async <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>) =>
  opened(path, options, async (page) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const result = await look(page);
    expect(complaints).toEqual([]);
    return result;
  });

const settled = async (page: Page, moves: number): Promise<void> => {
  await page.waitForFunction(
    (count) =>
      document.querySelector('#game')?.hasAttribute('aria-busy') === false &&
      document.querySelectorAll('#game .line > li').length === count &&
      document.querySelector('#game .done h2') !== null,
    moves,
    patience,
  );
};
/** Chooses a move by the sentence on it. */
const choose = async (page: Page, words: string, how: 'click' | 'tap'): Promise<void> => {
  const move = page
    .locator('#game .move')
    .filter({ hasText: new RegExp(`^${words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) });
  await expect.poll(() => move.count(), { message: words }).toBe(1);
  await move[how](patience);
};
const playsThrough = async (page: Page, id: string, how: 'click' | 'tap'): Promise<void> => {
  await settled(page, 0);
  for (const [nth, { words }] of wayOf(id).entries()) {
    await choose(page, words, how);
    await settled(page, nth + 1);
  }
};
const violationsOn = async (page: Page) =>
  (
    await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  ).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);

describe.each(winnable)('the level “$title”', ({ id }) => {
  it('is won in par by choosing the sentences of the shortest way, and breaks with real bytes', async () => {
    await seen(`/play/${id}/`, wide, async (page) => {
      await playsThrough(page, id, 'click');
      await expect.poll(() => page.locator('#game h2').first().textContent()).toBe('Done, and no way is shorter');
      await expect
        .poll(() => page.locator('#game .ways h3').allTextContents())
        .toEqual([`Yours: ${wayOf(id).length} moves`, `The shortest: ${wayOf(id).length} moves`]);
      await page.waitForSelector('#game .bench .inspector', patience);
      await expect.poll(() => page.locator('#game .shown > p').first().textContent()).toContain('it breaks there too');
      expect(new URL(page.url()).searchParams.get('m')).toBe(writeMoves(wayOf(id).map(({ nth }) => nth)));
    });
  });
});

it('is won by keys alone', async () => {
  await seen('/play/somebody-else/', wide, async (page) => {
    await settled(page, 0);
    for (const [nth, { words }] of wayOf('somebody-else').entries()) {
      for (let pressed = 0; ; pressed += 1) {
        expect(pressed).toBeLessThan(80);
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement?.textContent)) === words) break;
      }
      await page.keyboard.press('Enter');
      await settled(page, nth + 1);
    }
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Done, and no way is shorter');
  });
});

it('is won by touch on a phone, where nothing runs over; and axe finds nothing, before and after', async () => {
  await seen('/play/another-room/', { ...phone, colorScheme: 'dark' }, async (page) => {
    await settled(page, 0);
    expect(await violationsOn(page)).toEqual([]);
    await playsThrough(page, 'another-room', 'tap');
    await page.waitForSelector('#game .bench .inspector', patience);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await violationsOn(page)).toEqual([]);
  });
});

it('goes back by the browser, keeps what was tried as a tree, and goes back there', async () => {
  await seen('/play/somebody-else/', wide, async (page) => {
    const [push] = wayOf('somebody-else');
    await settled(page, 0);
    await choose(page, push?.words ?? '', 'click');
    await settled(page, 1);
    await page.goBack();
    await settled(page, 0);
    await expect.poll(() => page.locator('#game .tree').isHidden()).toBe(true);
    await page.locator('#game .move[data-nth="1"]').click();
    await settled(page, 1);
    const branches = await page.locator('#game .branch').allTextContents();
    expect(branches).toHaveLength(2);
    expect(branches).toContain(push?.words);
    await page
      .locator('#game .branch')
      .filter({ hasText: push?.words ?? '' })
      .click();
    await settled(page, 1);
    await expect.poll(() => page.locator('#game .line > li').allTextContents()).toEqual([push?.words]);
  });
});

it('names the clause that throws a lie away, and says how much was searched where no way wins', async () => {
  const { worlds, depth } = pars['every-clause-kept'] ?? { worlds: 0, depth: 0 };
  const said = `${String(worlds).replace(/(\d)(\d{3})$/, '$1\u00a0$2')} worlds, depth ${depth}, none breaks.`;
  await seen(`/play/every-clause-kept/?m=${writeMoves([1, 3])}`, wide, async (page) => {
    await settled(page, 2);
    const push = page
      .locator('#game li')
      .filter({ hasText: 'pushes a backup key of their own making to Alice’s laptop' });
    await expect
      .poll(() => push.last().textContent())
      .toContain('Thrown away by Alice’s laptop by the clause “Only take pushes from cross-signed');
    await expect.poll(() => page.locator('.says').count()).toBe(0);
    await push.last().locator('.move').click();
    await settled(page, 3);
    await expect.poll(() => page.locator('#game .says').textContent()).toContain(said);
    await expect.poll(() => page.locator('details.fold').last().textContent()).toContain(said);
  });
});

it('follows a link that somebody made up as far as it goes, and says so', async () => {
  for (const [query, words, moves] of [
    ['?m=2.zz9', /could not be followed to its end: move 2 is number/, 1],
    ['?m=%3Cscript%3Ealert(1)%3C/script%3E', /are not read: they are not numbers/, 0],
    [`?m=${'1.'.repeat(3000)}1`, /are not read: more than 200 moves/, 0],
    ['?m=__proto__', /are not read/, 0],
  ] as const)
    await seen(`/play/somebody-else/${query}`, wide, async (page) => {
      await settled(page, moves);
      await page.waitForFunction(() => document.querySelector('#game .status b') !== null, null, patience);
      await expect.poll(() => page.locator('#game .status').textContent()).toMatch(words);
    });
});

it('has the story, the goal and the shortest way of each level without a script', async () => {
  for (const { id, story, goal } of levels)
    await seen(`/play/${id}/`, { ...wide, javaScriptEnabled: false }, async (page) => {
      const text = (await page.locator('main').textContent()) ?? '';
      for (const words of [story, goal, ...wayOf(id).map((move) => move.words)]) expect(text).toContain(words);
      await expect.poll(() => page.locator('#game button').count()).toBe(0);
    });
});

describe('the search', () => {
  const search = '/play/arenas/?off=4385-push-cross-signed-only&ground=arenas%2Fa-stolen-token&do=search';

  it('says of each guarantee what was found and within which bounds, and a break opens on the bench', async () => {
    await seen(search, wide, async (page) => {
      await page.waitForSelector('#search .found', patience);
      const text = (await page.locator('#search').textContent()) ?? '';
      expect(text).toMatch(
        /1.050 worlds, depth 7: every world there is \(the bounds were at most 40 deep and 20.000 worlds\)/,
      );
      expect(text).toContain(
        `holds in all 1\u00a0050 worlds, but its shadow never happened ${guaranteeWords('secret-confidentiality')}`,
      );
      expect(text).toContain(`holds in all 1\u00a0050 worlds ${guaranteeWords('consent-awareness')}`);
      await page.locator('#search .found .tool').first().click();
      await page.waitForSelector('#search .bench .inspector', patience);
      await expect
        .poll(() => page.locator('#search .replay').textContent())
        .toContain('arenas/a-stolen-token?off=4385-push-cross-signed-only');
      expect(await violationsOn(page)).toEqual([]);
    });
  });

  it('settles nothing where a bound cut it short', async () => {
    await seen('/play/arenas/', phone, async (page) => {
      await page.locator('select[name="ground"]').selectOption('arenas/a-stolen-token');
      await page.locator('input[name="depth"]').fill('2');
      await page.locator('button[value="search"]').tap();
      await page.waitForSelector('#search .found', patience);
      const text = (await page.locator('#search').textContent()) ?? '';
      expect(text).toContain('cut short by the bound of depth');
      expect(text).toContain('unsettled');
      expect(text).not.toContain('holds in all');
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    });
  });

  it('stops when it is told to, and claims nothing', async () => {
    await seen('/play/arenas/?ground=play%2Fa-stolen-token&do=search', wide, async (page) => {
      await page.locator('[data-stop]').click(patience);
      await page.waitForFunction(() => document.querySelector('[data-stop]') === null, null, patience);
      const text = (await page.locator('#search').textContent()) ?? '';
      expect(text).toMatch(/^Stopped.*unsettled/);
      expect(text).not.toContain('holds');
    });
  });

  it('plays an arena without a goal of its own, too', async () => {
    await seen('/play/arenas/?ground=arenas%2Fa-lying-server&do=play&m=3', wide, async (page) => {
      await settled(page, 1);
      await expect.poll(() => page.locator('#game .move').count()).toBeGreaterThan(3);
    });
  });
});

describe('quizzes', () => {
  it('says for one clause of each story that it is the one, for all others that nothing breaks, or what breaks besides', async () => {
    await seen('/play/sabotage/', { ...wide, javaScriptEnabled: false }, async (page) => {
      const answers = await page.locator('.answers').allTextContents();
      expect(answers).toHaveLength(sabotages.length);
      for (const text of answers) {
        expect(text.split('That is the one.').length - 1).toBe(1);
        const [nothing, another] = ['Nothing breaks. Try another.', 'Not what is asked about, but another guarantee: '];
        expect(text.split(nothing).length + text.split(another).length - 2).toBe(4);
      }
      const planted = await page.locator('details[data-clause="1219-confirm-new-version"]').textContent();
      expect(planted).toContain(`another guarantee: “${guaranteeWords('consent-awareness')}” breaks. Try another.`);
      expect(planted).not.toContain('Nothing breaks');
    });
  });

  it('shows which attack is left with the clauses that are on, until none is', async () => {
    await seen('/play/defend/', wide, async (page) => {
      await expect.poll(() => page.locator('.defend').count()).toBe(defences.length);
      const quiz = page.locator('.defend').nth(1);
      await expect
        .poll(() => quiz.locator('[data-said]').textContent())
        .toContain(`✕ “${guaranteeWords('cache-integrity')}” breaks`);
      for (const nth of [0, 1]) await quiz.locator('input').nth(nth).check();
      await expect
        .poll(() => quiz.locator('[data-said]').textContent())
        .toMatch(/^✓ No attack is left: 18 worlds .* Fewer do not\.$/);
      await quiz.locator('input').nth(2).check();
      await expect.poll(() => quiz.locator('[data-said]').textContent()).toContain('It can be done with 2 clauses.');
      expect(await violationsOn(page)).toEqual([]);
    });
  });

  it('runs what somebody would sabotage at once: one that is asked about, and any other that speaks', async () => {
    await seen('/play/sabotage/', wide, async (page) => {
      const quiz = page.locator('.sabotage').first();
      const fold = quiz.locator('details[data-clause="4385-push-cross-signed-only"]');
      await fold.locator('summary').click();
      await fold.locator('[data-computed]').waitFor(patience);
      await expect.poll(() => fold.locator('[data-computed]').textContent()).toContain('“Secrets are genuine” breaks');
      await expect.poll(() => fold.locator('.computed').textContent()).toBe('Computed in your browser');
      const other = quiz.locator('details[data-clause="1219-confirm-new-version"]');
      await other.locator('summary').click();
      await expect
        .poll(() => other.locator('[data-computed]').textContent())
        .toBe(`“${guaranteeWords('consent-awareness')}” breaks.`);
      const { scenario } = sabotages[0] ?? { scenario: '' };
      await expect
        .poll(() => fold.locator('code').first().textContent())
        .toContain(`${scenario}?off=4385-push-cross-signed-only&seed=1&run=`);
      await expect.poll(() => quiz.locator('[data-any] option').count()).toBeGreaterThan(3);
      await quiz.locator('[data-any] select').focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await quiz.locator('[data-said] .ends').waitFor(patience);
      await expect
        .poll(() => quiz.locator('[data-said]').textContent())
        .toMatch(
          /^(?:Nothing breaks\. Try another\.|Not what is asked about, .+\. Try another\.|That goes wrong, too: .+\.)Computed in your browser/,
        );
      await quiz.locator('[data-any] select').selectOption('4385-both-other-mitigations');
      await quiz.locator('[data-any] button').click();
      await expect
        .poll(() => quiz.locator('[data-said]').textContent())
        .toMatch(/^Not what is asked about, but another guarantee: “.+” breaks\. Try another\./);
      expect(await violationsOn(page)).toEqual([]);
    });
  });

  it('lets any story be defended: each set is run here, the fewest are found by running all, and links lead back', async () => {
    const attacked = 'interactions/one-false-identity-knocks-at-three-doors';
    await seen('/play/defend/', phone, async (page) => {
      const quiz = page.locator('[data-any]');
      await expect.poll(() => quiz.locator('select option').count()).toBeGreaterThan(10);
      await quiz.locator('select').selectOption(attacked);
      await quiz.locator('[data-said] .bad').waitFor(patience);
      await quiz.locator('[data-least]').tap();
      await quiz.locator('[data-found] li').first().waitFor(patience);
      const [first = ''] = await quiz.locator('[data-found] li').allTextContents();
      const names = [...first.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) await quiz.getByLabel(name, { exact: true }).check();
      await quiz.locator('[data-said] .ok').waitFor(patience);
      await expect.poll(() => quiz.locator('[data-said]').textContent()).toContain(`${attacked}?`);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await violationsOn(page)).toEqual([]);
      await page.goBack();
      await quiz.locator('[data-said] .bad').waitFor(patience);
      await page.goForward();
      await quiz.locator('[data-said] .ok').waitFor(patience);
      await page.reload();
      await quiz.locator('[data-said] .ok').waitFor(patience);
    });
  });

  it('says whether a bet was right, and shows what came of it', async () => {
    await seen('/play/bet/', phone, async (page) => {
      await expect.poll(() => page.locator('.bet').count()).toBe(bets.length);
      const quiz = page.locator('.bet').first();
      const place = quiz.locator('.bets button');
      await place.tap();
      await expect
        .poll(() => quiz.locator('[data-said]').textContent())
        .toBe('Choose a guarantee first, or none of them.');
      await quiz.getByText(guaranteeWords('secret-convergence')).first().tap();
      await quiz.locator('input[name$="-step"]').nth(5).check();
      await place.tap();
      await quiz.locator('[data-said]', { hasText: 'Right, guarantee and step.' }).waitFor(patience);
      await expect.poll(() => quiz.locator('details .came').isVisible()).toBe(true);
      await expect.poll(() => quiz.locator('.came .computed').textContent()).toBe('Computed in your browser');
      await expect.poll(() => quiz.locator('.came code').first().textContent()).toContain(`${bets[0]?.scenario}?off=`);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await violationsOn(page)).toEqual([]);
    });
  });
});
