/** Links that begin at the root of the site, as they stand in a page that is sent: relative, so that the site works below any path. */
import { posix } from 'node:path';

/** The shortest way from the folder of a page to `path`, both from the root and the folder with a slash at its end. */
const wayTo = (folder: string, path: string): string => {
  if (path === folder) return './';
  const way = posix.relative(folder, path);
  // A first part with a colon would be read as a scheme.
  const safe = way.split('/')[0]?.includes(':') === true ? `./${way}` : way;
  return path.endsWith('/') ? `${safe}/` : safe;
};

const atRoot = /(<[a-z][^<>]*?\s(?:href|src)=")(\/(?!\/)[^"?#]*)(#?)/g;

/**
 * `html` with root-absolute `href` and `src` made relative to the page's `folder`, e.g. `/findings/`. A place on the page itself keeps its
 * fragment alone.
 */
export const relativeTo = (html: string, folder: string): string =>
  html.replace(atRoot, (_all, before: string, path: string, hash: string) =>
    path === folder && hash !== '' ? `${before}${hash}` : `${before}${wayTo(folder, path)}${hash}`,
  );

/**
 * `html` with root-absolute `href` and `src` from the root of its host: for a page that is sent at any address, as the one that says that
 * nothing is there.
 *
 * @param site where the site stands, as `https://example.org/hearsay/`; where that is not known, a host by itself
 */
export const fromRoot = (html: string, site: string | undefined): string => {
  const below = site === undefined ? '' : new URL(site).pathname.replace(/\/$/, '');
  return html.replace(atRoot, (_all, before: string, path: string, hash: string) => `${before}${below}${path}${hash}`);
};
