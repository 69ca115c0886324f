/** After the build: links that begin at the root become relative, so that the site works below any path. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

/** `html` with root-absolute `href` and `src` made relative to a page `depth` folders below the root. */
export const relativeTo = (html: string, depth: number): string =>
  html.replace(
    /(<[a-z][^<>]*?\s(?:href|src)=")\/(?!\/)/g,
    (_all, before: string) => `${before}${depth === 0 ? './' : '../'.repeat(depth)}`,
  );

const depthOf = (root: string, file: string): number => relative(root, file).split(sep).length - 1;

/** The Astro integration that does this to every page written. */
export const relativeLinks = (): AstroIntegration => ({
  name: 'relative-links',
  hooks: {
    'astro:build:done': async ({ dir }) => {
      const root = fileURLToPath(dir);
      for (const entry of await readdir(root, { recursive: true })) {
        if (!entry.endsWith('.html')) continue;
        const file = join(root, entry);
        await writeFile(file, relativeTo(await readFile(file, 'utf8'), depthOf(root, file)));
      }
    },
  },
});
