/**
 * The whole library of hostile texts, links and files in a browser, on the built site under its policy: no script of theirs runs, nothing is
 * refused by the policy or said on the console, no page hangs, and each is told in words.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtSite } from './built.ts';
import { type Fate, hostileTexts, mark, scenarioWith } from './hostile.ts';
import { hostileFiles, hostileLinks, hostilePacked } from './hostile-links.ts';

const wide = { viewport: { width: 1440, height: 900 } };
const bench = '/scenarios/secret-push/a-stolen-token-cannot-plant-a-backup-key/';
const hangs = 2000;

const seen = builtSite();

/** Waits in a page of the site until a part of it says something else than before. */
declare global {
  var saidIn: (selectors: readonly string[], act: () => void, until: RegExp) => Promise<string>;
  var watched: { readonly complaints: string[] };
  var laid: File;
}
const watch = async (page: Page): Promise<void> => {
  await page.evaluate(() => {
    globalThis.watched = { complaints: [] };
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      watched.complaints.push(`${violatedDirective} ${blockedURI}`),
    );
    globalThis.saidIn = async (selectors, act, until) => {
      const parts = selectors.flatMap((one) => document.querySelector<HTMLElement>(one) ?? []);
      for (const part of parts) part.replaceChildren('…');
      act();
      const ends = performance.now() + 60_000;
      while (performance.now() < ends) {
        await new Promise((done) => setTimeout(done, 4));
        const said = parts.map(({ textContent }) => textContent ?? '').find((text) => until.test(text));
        if (said !== undefined) return said;
      }
      return `nothing is said but ${parts.map(({ textContent }) => textContent).join(' | ')}`;
    };
  });
};
/** Has each of several things done in a page, and tells which of them kept it busy for longer than a page may hang. */
type Each = (name: string, act: () => Promise<void>) => Promise<void>;

/** What a page had to complain of while somebody looked. */
const complaintsOf = async (
  path: string,
  look: (page: Page, each: Each) => Promise<void>,
): Promise<readonly string[]> => {
  const complaints: string[] = [];
  await seen(path, wide, async (page) => {
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await watch(page);
    // Of the processor, which a busy machine does not make longer.
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busyMs = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    };
    await look(page, async (name, act) => {
      const before = await busyMs();
      await act();
      const ms = (await busyMs()) - before;
      if (!(ms < hangs)) complaints.push(`${name}: the page hung for ${Math.round(ms)} ms`);
    });
    const { own, hasRun } = await page.evaluate(
      (name) => ({ own: watched.complaints, hasRun: name in globalThis }),
      mark,
    );
    complaints.push(...own, ...(hasRun ? ['a script of theirs has run'] : []));
  });
  return complaints;
};

type Told = { readonly said: string; readonly errors: readonly string[] };
/** Has bytes lie ready as a file of somebody's: to unpack them is no work of the page. */
const lay = (page: Page, name: string, base64: string): Promise<void> =>
  page.evaluate(
    ([file, packed]) => {
      const binary = atob(packed);
      const bytes = new Uint8Array(binary.length);
      for (let nth = 0; nth < binary.length; nth += 1) bytes[nth] = binary.charCodeAt(nth);
      globalThis.laid = new File([bytes], file);
    },
    [name, base64] as const,
  );

/** Opens in the editor what was laid, and waits until something is said of it. */
const opened = (page: Page): Promise<Told> =>
  page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('#file');
    const given = new DataTransfer();
    given.items.add(laid);
    const until = /wrong with the text|It runs|could not be|two seconds|are read|not opened/;
    const said = await saidIn(
      ['#status', '#told'],
      () => {
        document.querySelector('#errors')?.replaceChildren();
        if (input === null) return;
        input.files = given.files;
        input.dispatchEvent(new Event('change'));
      },
      until,
    );
    const errors = [...document.querySelectorAll('#errors li')].map(({ textContent }) => textContent ?? '');
    return { said, errors };
  });

const clear: Readonly<Record<Fate, RegExp>> = {
  refused: /wrong with the text|bytes; at most 1048576 are read|is not opened\. This is no text/,
  runs: /^It runs, \d+ steps?|could not be run: .+\./,
};

const isEnded = ({ said }: Told): boolean => said.includes('took over two seconds to run, and was ended');

/** What is not as it should be, by the name of what was opened. */
const notClear = (name: string, fate: Fate, { said, errors }: Told): readonly string[] => {
  if (!clear[fate].test(said)) return [`${name}: ${said}`];
  // Each error has its line, and what was expected there instead.
  return said.includes('wrong') &&
    !errors.every((one) => /^Line \d+.{3,}(?:Expected: .+\.|Did you mean .+\?)$/s.test(one))
    ? [`${name}: ${errors.join(' | ').slice(0, 300)}`]
    : said.includes('wrong') && errors.length === 0
      ? [`${name}: no error is shown`]
      : [];
};

/** An editor has line ends of its own. */
const endsLines = 'runs';

describe('in the editor', () => {
  const files: readonly {
    readonly kind: string;
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly fate: Fate;
  }[] = [
    ...hostileTexts.map(({ text, fate, ...one }) => ({
      ...one,
      bytes: Buffer.from(text),
      fate: one.name === 'carriage returns alone' ? endsLines : fate,
    })),
    ...hostileFiles.map((one) => ({ ...one, kind: 'files', fate: 'refused' as const })),
  ];
  const byKind = [...Map.groupBy(files, ({ kind }) => kind)];

  it('are at least two hundred', () => {
    expect(files.length).toBeGreaterThanOrEqual(200);
  });

  it.each(byKind)('%s run no script, hang no page, and are told in words each', async (_kind, own) => {
    const [wrong, ended]: [string[], string[]] = [[], []];
    const complaints = await complaintsOf('/edit/', async (page, each) => {
      // What the page opens with has run before anything else is opened.
      await page.locator('#status', { hasText: /^It runs|two seconds/ }).waitFor({ timeout: 120_000 });
      const plain = Buffer.from(scenarioWith({})).toString('base64');
      await lay(page, 'plain.yaml', plain);
      expect((await opened(page)).said).toMatch(/^It runs|two seconds/);
      // It may be run once more, where it was opened while something else ran.
      await page.waitForTimeout(2000);
      for (const { name, bytes, fate } of own) {
        await lay(page, 'theirs.yaml', Buffer.from(bytes).toString('base64'));
        await each(name, async () => {
          const told = await opened(page);
          if (isEnded(told)) ended.push(name);
          else wrong.push(...notClear(name, fate, told));
        });
      }
      // The page is as good as before.
      await lay(page, 'plain.yaml', plain);
      expect((await opened(page)).said).toMatch(/^It runs|two seconds/);
    });
    expect({ wrong, complaints }).toEqual({ wrong: [], complaints: [] });
    // That a text was ended after two seconds is a clear word, too; but most say what is wrong with them, also on a busy machine.
    expect(ended.length, ended.join(', ')).toBeLessThanOrEqual(own.length / 3);
  });

  it(`${hostilePacked.length} packed links, bombs among them, are refused in words`, async () => {
    const wrong: string[] = [];
    const complaints = await complaintsOf('/edit/', async (page, each) => {
      for (const { name, z, why } of hostilePacked)
        await each(name, async () => {
          const said = await page.evaluate(async (packed) => {
            const set = (): void => {
              location.hash = `#z=${packed}`;
            };
            return saidIn(['#told'], set, /[a-z]/);
          }, z);
          if (!why.test(said)) wrong.push(`${name}: ${said}`);
        });
    });
    expect({ wrong, complaints }).toEqual({ wrong: [], complaints: [] });
  });
});

describe('on the page of a scenario', () => {
  it(`${hostileLinks.length} links are read or refused in words, and the page stays as it was written`, async () => {
    const wrong: string[] = [];
    const complaints = await complaintsOf(bench, async (page, each) => {
      for (const { name, search, fate } of hostileLinks)
        await each(name, async () => {
          const { said, state, computed } = await page.evaluate(async (query) => {
            const path = location.pathname;
            // Something else is turned before, so that the page looks at its address anew.
            history.replaceState(null, '', `${path}?off=nothing:nobody`);
            await saidIn(['.bar .said'], () => dispatchEvent(new PopStateEvent('popstate')), /is not a/);
            history.replaceState(null, '', `${path}${query}`);
            const bar = document.querySelector<HTMLElement>('.bar');
            if (bar !== null) bar.dataset.state = 'waiting';
            dispatchEvent(new PopStateEvent('popstate'));
            const ends = performance.now() + 60_000;
            const isOver = (): boolean => !['waiting', 'running'].includes(bar?.dataset.state ?? '');
            while (!isOver() && performance.now() < ends) await new Promise((done) => setTimeout(done, 4));
            return {
              said: bar?.textContent ?? '',
              state: bar?.dataset.state ?? '',
              computed: document.querySelectorAll('.computed').length,
            };
          }, search);
          const isRefused = /^This link cannot be read: .{10,} The page shows the run as written\./s.test(said);
          if (fate === 'refused' ? !isRefused || computed > 0 : isRefused || state === 'waiting')
            wrong.push(`${name}: ${state}, ${said.slice(0, 200)}`);
        });
    });
    expect({ wrong, complaints }).toEqual({ wrong: [], complaints: [] });
  });
});
