/** What the built site weighs: whole on a disk, each page on the wire and in the browser. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';

const dist = resolve('dist');
/** Bytes of the whole site, of a page with all it needs, and elements of a page. */
const [siteMax, pageMax, elementsMax] = [25_000_000, 110 * 1024, 6000];

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** The editor's page has an editor besides. */
const editorMax = 180 * 1024;

/** What a file takes on the wire: text is sent packed, faces are packed already. */
const sent = new Map<string, number>();
const sentBytes = (path: string): number => {
  const known = sent.get(path);
  if (known !== undefined) return known;
  const bytes = readFileSync(path);
  const count = /\.(?:html|css|js|svg)$/.test(path) ? gzipSync(bytes).length : bytes.length;
  sent.set(path, count);
  return count;
};

describe('the built site', () => {
  let pages: readonly { readonly path: string; readonly html: string }[] = [];
  beforeAll(() => {
    if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no dist/: run npm run build first');
    pages = filesBelow(dist)
      .filter((path) => path.endsWith('.html'))
      .map((path) => ({ path, html: readFileSync(path, 'utf8') }));
  });

  it('takes at most 25 MB', () => {
    const byFolder = Map.groupBy(filesBelow(dist), (path) => path.slice(dist.length + 1).split('/')[0] ?? '');
    const sizes = [...byFolder].map(([name, paths]) => ({
      name,
      bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
    }));
    const heaviest = sizes.toSorted((one, other) => other.bytes - one.bytes).slice(0, 5);
    const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
    expect(bytes, heaviest.map((one) => `${one.name}: ${one.bytes}`).join(', ')).toBeLessThanOrEqual(siteMax);
  });

  it('sends no more than 110 kB for a page: sheets, faces and scripts included', () => {
    const faces = filesBelow(join(dist, 'fonts')).filter((path) => path.endsWith('.woff2'));
    const over = pages.flatMap(({ path, html }) => {
      const asked = [...html.matchAll(/<(?:link|script)\s[^<>]*?(?:href|src)="([^":]+\.(?:css|js))"/g)].map(
        ([, link = '']) => join(path, '..', link),
      );
      const bytes = [path, ...new Set(asked), ...faces].reduce((sum, one) => sum + sentBytes(one), 0);
      const most = path === join(dist, 'edit', 'index.html') ? pageMax + editorMax : pageMax;
      return bytes > most ? [`${path.slice(dist.length)}: ${bytes - most} bytes too many`] : [];
    });
    expect(pages.length).toBeGreaterThan(300);
    expect(over).toEqual([]);
  });

  it('has no page of more than 6,000 elements', () => {
    const over = pages.flatMap(({ path, html }) => {
      const count = html.match(/<[a-zA-Z]/g)?.length ?? 0;
      return count > elementsMax ? [`${path.slice(dist.length)}: ${count - elementsMax} elements too many`] : [];
    });
    expect(over).toEqual([]);
  });
});
