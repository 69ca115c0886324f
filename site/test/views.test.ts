/** Views of a run: the same as HTML and as elements, and whatever a run holds, text stays text. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import type { Run } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { benchViews } from '../views/bench.ts';
import { htmlOf } from '../views/html.ts';
import { verdictsView } from '../views/verdicts.ts';
import { el, isSafeHref, type View } from '../views/view.ts';
import { bundle } from './bundle.ts';
import { launch } from './chromium.ts';

const id = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';
const runOf = (without: number | null): Run => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  const turns = without === null ? [] : (parsed.scenario.without[without]?.turns ?? []);
  return runStory(parsed.scenario, { suite: 'symbolic', turns });
};
const written = runOf(null);
const turned = runOf(0);
const viewsOf = (run: Run, sibling: Run): readonly View[] => {
  const { sight, anchors, inspector, picture, beliefs, knowledge } = benchViews(run, [sibling], {
    text: `/scenarios/${id}/run.txt`,
    letters: `/scenarios/${id}/steps.json.gz`,
  });
  const table = verdictsView([{ name: 'as written', href: null, run }], guaranteeIds);
  return [sight, ...anchors, inspector, picture, beliefs, ...knowledge, table];
};

const hostile = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "' onclick='alert(1)",
  '</svg><script>alert(1)</script>',
  '</text><a href="javascript:alert(1)">',
  '<![CDATA[<iframe>]]>&lt;b&gt;\u0000\ud800',
].join(' ');
/** A run in which everything that people or clients may have written says something hostile as well. */
const poisoned = (run: Run): Run => {
  const spoken = new Set(['text', 'sentence', 'title', 'what', 'why', 'term', 'about', 'detail']);
  const spoil = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return spoken.has(name) ? `${value} ${hostile}` : value;
    if (Array.isArray(value)) return value.map((one) => spoil(one, name));
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoil(one, key)]));
  };
  const { scenario, judgements } = run;
  return {
    ...run,
    scenario: { ...scenario, title: `${scenario.title} ${hostile}` },
    steps: spoil(run.steps, '') as Run['steps'],
    judgements: judgements.map((one) => ({ ...one, why: `${one.why} ${hostile}` })),
  };
};

/** Every tag with its attributes, and all text, of what a body holds. Whitespace is left out. */
type Held = { readonly tags: readonly string[]; readonly text: string };
const heldIn = (root: Element): Held => ({
  tags: [...root.querySelectorAll('*')].map((one) =>
    [
      one.localName,
      // How high something is before it is drawn, which is the script's.
      ...[...one.attributes]
        .map(({ name, value }) => `${name}=${value}`)
        .filter((text) => !text.startsWith('xmlns') && !/^style=aspect-ratio: \d+ \/ \d+;$/.test(text)),
    ].join(' '),
  ),
  text: (root.textContent ?? '').replaceAll(/\s+/g, ''),
});

let browser: Browser;
let page: Page;
const alerts: string[] = [];
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
  page.on('dialog', (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  const script = await bundle(`
import { nodeOf } from '/site/scripts/dom.ts';
import { drawAll } from '/site/scripts/pieces.ts';
Object.assign(globalThis, { nodeOf, drawAll });`);
  await page.route('http://site.test/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><a class="brand" href="../../">H</a>' }),
  );
  await page.goto('http://site.test/sub/scenarios/one/');
  await page.evaluate(script);
});
afterAll(async () => {
  await browser?.close();
});

/** What a browser makes of the HTML of views, and of the views themselves. Links of the latter are told from the root again. */
const madeOf = async (views: readonly View[]): Promise<{ readonly html: Held; readonly nodes: Held }> => {
  const look = `(${heldIn.toString()})`;
  const html = await page.evaluate<Held>(
    `${look}(new DOMParser().parseFromString(${JSON.stringify(htmlOf(views))}, 'text/html').body)`,
  );
  const nodes = await page.evaluate<Held>(
    `{ const box = document.createElement('body'); box.append(...${JSON.stringify(views)}.map(nodeOf)); drawAll(); ${look}(box) }`,
  );
  const rooted = nodes.tags.map((tag) => tag.replaceAll('href=http://site.test/sub/', 'href=/'));
  return { html, nodes: { ...nodes, tags: rooted } };
};

/** All that a page may be given by a view. */
const allowed =
  /^(?:a|article|b|circle|dd|defs|desc|details|div|dl|dt|figure|g|h2|h3|header|i|li|nav|p|path|pattern|rect|section|small|span|summary|svg|table|tbody|td|text|th|thead|title|tr|ul|use)(?: |$)/;
const attributeNames = (tag: string): readonly string[] =>
  [...tag.matchAll(/ ([a-zA-Z-]+)=/g)].map(([, name = '']) => name);

describe('the views of a run', () => {
  it('say the same as HTML and as elements', async () => {
    for (const [run, other] of [
      [written, turned],
      [turned, written],
    ] as const) {
      const { html, nodes } = await madeOf(viewsOf(run, other));
      expect(html.tags.length).toBeGreaterThan(300);
      expect(nodes.tags).toEqual(html.tags);
      expect(nodes.text).toBe(html.text);
    }
  });

  it('show what is hostile as the text that it is, and get no other tags or attributes from it', async () => {
    const [plain, spoilt] = [await madeOf(viewsOf(turned, written)), await madeOf(viewsOf(poisoned(turned), written))];
    for (const { tags, text } of [spoilt.html, spoilt.nodes]) {
      expect(text).toContain('<imgsrc=xonerror=alert(1)>');
      expect(tags.filter((tag) => !allowed.test(tag))).toEqual([]);
      // A hostile text may stand in a name that is told aloud, but no tag has an attribute more for it.
      const names = new Set(tags.flatMap((tag) => attributeNames(tag.replaceAll(hostile, ''))));
      const before = new Set(plain.html.tags.flatMap(attributeNames));
      expect([...names].filter((name) => !before.has(name))).toEqual([]);
    }
    expect(alerts).toEqual([]);
  });
});

describe('a view as HTML', () => {
  it('say of what holds whether anything was at stake', () => {
    const cellsOf = (guarantee: 'history-liveness' | 'secret-authenticity'): string =>
      htmlOf(verdictsView([{ name: 'as written', href: null, run: written }], [guarantee]));
    expect(cellsOf('history-liveness')).toContain('</span> holds, with nothing at stake</td>');
    expect(cellsOf('secret-authenticity')).toContain('</span> holds</td>');
    // A clause that is skipped breaks it: it was at stake, whether its shadow happened or not.
    const shadowless = { ...written, judgements: written.judgements.map((one) => ({ ...one, shadow: false })) };
    const table = (runs: readonly Run[]): string =>
      htmlOf(
        verdictsView(
          runs.map((run) => ({ name: 'a run', href: null, run })),
          ['secret-authenticity'],
        ),
      );
    expect(table([shadowless])).toContain('holds, with nothing at stake');
    expect(table([shadowless, turned])).not.toContain('with nothing at stake');
  });

  it('escapes texts and attributes', () => {
    const view = el('a', { href: '/x/?a=1&b=2', title: `"'<>&` }, `<b>"'&`);
    expect(htmlOf(view)).toBe(
      '<a href="/x/?a=1&amp;b=2" title="&quot;&#39;&lt;&gt;&amp;">&lt;b&gt;&quot;&#39;&amp;</a>',
    );
  });

  it('has no link that runs a script, and says when a tag or an attribute is none of a view’s', () => {
    expect(htmlOf(el('a', { href: 'javascript:alert(1)' }, 'x'))).toBe('<a>x</a>');
    const script = { tag: 'script', attributes: {}, children: [] } as unknown as View;
    expect(() => htmlOf(script)).toThrow('no view has the tag script');
    const handler = { tag: 'p', attributes: { onclick: 'alert(1)' }, children: [] } as unknown as View;
    expect(() => htmlOf(handler)).toThrow('no view has the attribute onclick');
  });
});

describe('a view as elements', () => {
  const nodesOf = async (view: unknown): Promise<string> =>
    page.evaluate<string>(
      `{ const box = document.createElement('body'); box.append(nodeOf(${JSON.stringify(view)})); box.innerHTML }`,
    );

  it('has only tags, attributes and links that views have', async () => {
    const script = { tag: 'script', attributes: { src: 'https://evil.test/x.js' }, children: ['alert(1)'] };
    expect(await nodesOf(script)).toBe('<span>alert(1)</span>');
    const attributes = { onclick: 'alert(1)', style: 'color:red', href: ' javascript:alert(1)', 'data-x"><b': '1' };
    expect(await nodesOf({ tag: 'a', attributes, children: ['x'] })).toBe('<a>x</a>');
    expect(await nodesOf(el('a', { href: '/javascript:alert(1)' }))).toBe(
      '<a href="http://site.test/sub/javascript:alert(1)"></a>',
    );
  });

  it('redraws a picture with what pictures are drawn with, and nothing else', async () => {
    const svg = `<svg viewBox="0 0 1 1" onload="alert(1)"><script>alert(1)</script><style>*{}</style><a href="javascript:alert(1)"><text x="1">a &lt; b</text></a><use href="https://evil.test/#x"/><use href="#d-lock"/><rect fill="url(https://evil.test)" width="2"/><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject><animate attributeName="href" to="javascript:alert(1)"/></svg>`;
    expect(await nodesOf({ svg })).toBe(
      '<svg viewBox="0 0 1 1"><a><text x="1">a &lt; b</text></a><use></use><use href="#d-lock"></use><rect width="2"></rect></svg>',
    );
  });

  it('says so where a picture is none', async () => {
    for (const svg of ['<svg></svg><script>alert(1)</script>', '<svg><text>a</svg>', '</svg><svg>', 'text'])
      expect(await nodesOf({ svg })).toBe('<p class="hint">This picture could not be drawn.</p>');
  });
});

describe('a link of a view', () => {
  it('leads to a place of the site, or elsewhere by https', () => {
    const good = ['#s6', '/clauses/x/', '/', 'run.txt', 'steps.json.gz', 'a/b', 'https://example.org/'];
    const bad = [
      'javascript:alert(1)',
      'JAVASCRIPT:x',
      '//evil.test',
      '/\\evil.test',
      'data:text/html,x',
      '\tjavascript:x',
      'http://x',
    ];
    expect(good.filter((href) => !isSafeHref(href))).toEqual([]);
    expect(bad.filter(isSafeHref)).toEqual([]);
  });
});
