/** A lesson as a zip that is opened from a disk: pages of the built site, with what they need, and links that lead to files. */
import { strToU8, type Zippable, zipSync } from 'fflate';
import { relativeTo } from '../relative-links.ts';

/** The built site: files by their path from the root, `learn/index.html`, before their links are made relative. */
export type Built = ReadonlyMap<string, Uint8Array>;
export type Wanted = {
  /** Pages by their folder, `/learn/`; the first is also the `index.html` that the zip begins with. */
  readonly pages: readonly [string, ...string[]];
  /** Pages of a lesson, whose script runs on a disk too; from others scripts are taken out. */
  readonly scripted: readonly string[];
  /** Files that no page names: licences. */
  readonly also: readonly string[];
};

const decoder = new TextDecoder();
const textOf = (built: Built, path: string): string => {
  const bytes = built.get(path);
  if (bytes === undefined) throw new Error(`the site has no ${path}: is it built under another name now?`);
  return decoder.decode(bytes);
};
const fileOf = (folder: string): string => `${folder.slice(1)}index.html`;

/** Sheets, scripts, pictures and texts beside a page: whatever it names that is no page. */
const isFile = (path: string): boolean => /\.[a-z0-9]+$/.test(path) && !path.endsWith('.html');
/** `fonts/x.woff2` of a sheet, from the root. */
const namedBySheet = (path: string, css: string): readonly string[] =>
  [...css.matchAll(/url\(["']?(?!data:)([^"')]+)["']?\)/g)].map(([, name = '']) =>
    new URL(name, `http://x/${path}`).pathname.slice(1),
  );

/** What loads another way from a disk: no modules, no faces ahead of time. */
const forDisk = (html: string, isScripted: boolean): string =>
  html
    .replaceAll(/<link rel="preload"[^>]*>/g, '')
    .replaceAll(/<script\b[^>]*?\bsrc="([^"]+)"[^>]*><\/script>/g, (_, src: string) =>
      isScripted ? `<script defer src="${src}"></script>` : '',
    )
    .replaceAll(/<script\b[^>]*>[^<]*<\/script>/g, (all) => (all.includes(' src="') ? all : ''));

/** The ways about the site lead out of the zip: the lesson takes their place. */
const withoutSiteNav = (html: string): string =>
  html.replace(/<nav aria-label="Main"[^>]*>[\s\S]*?<\/nav>/, '<nav aria-label="Main"><a href="/">Lesson</a></nav>');

type Kit = { readonly isIn: (path: string) => boolean; readonly home: string };

/** `html` of the page at `folder`: links within the zip lead to files, others stand as text. */
const linkedHtml = (html: string, folder: string, { isIn, home }: Kit): string => {
  const ended = html.replaceAll(
    /(<[a-z][^<>]*?)\s(href)="(\/(?!\/)[^"?#]*)([?#][^"]*)?"/g,
    (_all, before: string, name: string, path: string, more = '') => {
      const target = path === '/' ? home : path;
      const file = target.endsWith('/') ? `${target}index.html` : target;
      if (isIn(file.slice(1))) return `${before} ${name}="${file}${more}"`;
      return before.startsWith('<a') ? before : `${before} ${name}="${path}${more}"`;
    },
  );
  // A place on the page itself keeps its fragment alone.
  const own = ended.replaceAll(`href="${folder}index.html#`, 'href="#');
  return relativeTo(own, folder);
};

/** The oldest date that a zip can hold, by the clock on the wall: the same bytes in every place and year. */
const dated = (): Date => new Date(1980, 0, 1);

/**
 * The bytes of the zip. Throws where a page or a file that it names is not in `built`.
 */
export const zipOf = (built: Built, { pages, scripted, also }: Wanted): Uint8Array => {
  const [first] = pages;
  const files = new Map<string, Uint8Array>();
  const add = (path: string): void => {
    if (files.has(path)) return;
    const bytes = built.get(path);
    if (bytes === undefined) throw new Error(`the site has no ${path}, which a page of the lesson needs`);
    files.set(path, bytes);
    if (path.endsWith('.js') && /\b(?:import|export)\b/.test(decoder.decode(bytes)))
      throw new Error(`${path} is a module, which no browser loads from a disk: a script of a lesson imports nothing`);
    if (path.endsWith('.css')) for (const other of namedBySheet(path, decoder.decode(bytes))) add(other);
  };
  const own = new Set(pages.map(fileOf));
  const prepared = pages.map((folder) => ({
    folder,
    html: withoutSiteNav(forDisk(textOf(built, fileOf(folder)), scripted.includes(folder))),
  }));
  // Texts beside a page are in; a zip within the zip is not.
  const isNamed = (path: string): boolean => isFile(path) && !/\.(?:zip|gz)$/.test(path);
  for (const { folder, html } of prepared)
    for (const [, tag = '', path = ''] of html.matchAll(/<([a-z]+)\b[^<>]*?\s(?:href|src)="\/(?!\/)([^"?#]+)/g))
      if (isNamed(path) && (tag !== 'a' || `/${path}`.startsWith(folder))) add(path);
  also.forEach(add);
  const isIn = (path: string): boolean => own.has(path) || files.has(path) || path === 'index.html';
  const kit: Kit = { isIn, home: '/index.html' };
  for (const { folder, html } of prepared) files.set(fileOf(folder), strToU8(linkedHtml(html, folder, kit)));
  const [start] = prepared;
  if (start !== undefined && first !== '/') files.set('index.html', strToU8(linkedHtml(start.html, '/', kit)));
  const sorted: Zippable = Object.fromEntries(
    [...files].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([path, bytes]) => [path, bytes]),
  );
  return zipSync(sorted, { level: 9, mtime: dated() });
};
