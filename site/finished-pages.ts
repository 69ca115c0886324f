/** After the build: every page with links that lead somewhere from where it is sent, and in fewer bytes. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { leanHtml } from './lean-html.ts';
import { fromRoot, relativeTo } from './relative-links.ts';

const folderOf = (root: string, file: string): string =>
  `/${relative(root, file)
    .split(sep)
    .slice(0, -1)
    .map((part) => `${part}/`)
    .join('')}`;

/** What hosts send at every address where nothing is, however deep. */
const isSentAnywhere = (entry: string): boolean => entry === '404.html';

/**
 * The Astro integration that does this to every page written.
 *
 * @param site where the site will stand; where that is not known, no page can name a picture for previews, and those are left out, and the
 *   page that says that nothing is there takes it for a host by itself
 */
export const finishedPages = (site: string | undefined): AstroIntegration => ({
  name: 'finished-pages',
  hooks: {
    'astro:build:done': async ({ dir }) => {
      const root = fileURLToPath(dir);
      if (site === undefined) await rm(join(root, 'og'), { recursive: true, force: true });
      for (const entry of await readdir(root, { recursive: true })) {
        if (!entry.endsWith('.html')) continue;
        const file = join(root, entry);
        const html = await readFile(file, 'utf8');
        const led = isSentAnywhere(entry) ? fromRoot(html, site) : relativeTo(html, folderOf(root, file));
        await writeFile(file, leanHtml(led));
      }
    },
  },
});
