/** Pages in fewer bytes, read by a browser: it makes the same of them. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leanHtml } from '../lean-html.ts';
import { launch } from './chromium.ts';

const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body class="one two"><p class="lede">One</p><p>Two, <b>bold</b></p><div><p>x="5" is text</p></div><ul class="rows"><li class="a">One<ul><li>in</li></ul></li><li><a class="b" href="../x/" rel="noreferrer">Two</a></li></ul><dl><div><dt>What</dt><dd>this</dd><dd>that</dd></div></dl><table><thead><tr><th scope="col">A</th><th>B</th></tr></thead><tbody><tr><td colspan="2">1</td><td>2</td></tr><tr><td title="a 'b' > c">3</td></tr></tbody></table><svg viewBox="0 0 9 9" width="9"><rect x="1.5" width="4"/><path d="M1"/><text x="1">t</text></svg><input value="a=b" name="n"><details open><summary>More</summary><p>Last</p></details><p data-of="{&quot;a&quot;:&quot;it's &amp;amp; b&quot;}">End</p><span>after</span></body></html>`;

describe('a page in fewer bytes', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('is to a browser the page that it was', async () => {
    const tab = await browser.newPage();
    const read = (html: string): Promise<string> =>
      tab.evaluate((text) => new DOMParser().parseFromString(text, 'text/html').documentElement.outerHTML, html);
    expect(leanHtml(page).length).toBeLessThan(page.length * 0.85);
    expect(await read(leanHtml(page))).toBe(await read(page));
    expect(leanHtml(leanHtml(page))).toBe(leanHtml(page));
  });

  it('has no more space in a picture than keeps two texts apart', () => {
    const group = '<g class=hd><text x=1>a</text> <text x=2>b</text></g>';
    expect(
      leanHtml(
        '<svg><g class="hd"><text x="1">a</text>  \n<text x="2">b</text> </g> \n<path d="M1"/> <a><text>c</text> </a>\n</svg>',
      ),
    ).toBe(`<svg>${group}<path d=M1 /><a><text>c</text></a></svg>`);
    expect(leanHtml('<p><b>a</b> <i>b</i></p> <p>c</p>')).toBe('<p><b>a</b> <i>b</i></p> <p>c</p>');
  });

  it('keeps quotes where pages are searched as text, and where a value would not end', () => {
    expect(leanHtml('<a class="b" href="../x/">')).toBe('<a class=b href="../x/">');
    expect(leanHtml('<a class="b" href="#s1">')).toBe('<a class=b href=#s1>');
    expect(leanHtml('<rect x="1" width="4"/>')).toBe('<rect x=1 width=4 />');
    expect(leanHtml('<p data-of="{&quot;a&quot;:1,&quot;b&quot;:&quot;c\'d&quot;}">')).toBe(
      '<p data-of=\'{"a":1,"b":"c&#39;d"}\'>',
    );
    for (const html of ['<i title="a b">', '<i title="">', '<i title="a=b">', '<i title=\'x="5" y\'>'])
      expect(leanHtml(html)).toBe(html);
  });
});
