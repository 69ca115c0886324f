/** After the build: each lesson as a zip beside its page. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { believe } from './lesson/believe.ts';
import type { Lesson } from './lesson/lesson.ts';
import { zipOf } from './lesson/zip.ts';

const lessons: readonly Lesson[] = [believe];

/** The pages of a lesson, and the benches of its bets. */
const wantedOf = ({ id, bets }: Lesson) => {
  const own = ['', 'presenter/', 'handout/', 'key/'].map((name) => `/learn/${id}/${name}`);
  const benches = [...new Set(bets.map(({ scenario }) => `/scenarios/${scenario}/`))];
  return { pages: ['/learn/', ...own, ...benches], scripted: own, also: ['fonts/OFL.txt'] } as const;
};

const folders = [
  'learn',
  '_astro',
  'fonts',
  ...lessons.flatMap(({ bets }) => bets.map((bet) => `scenarios/${bet.scenario}`)),
];
/** What a zip may take from the site; the rest need not be read. */
const mayBeIn = (name: string): boolean =>
  !name.includes('/') || folders.some((folder) => name.startsWith(`${folder}/`));

/** The Astro integration. It comes before links are made relative: it makes its own. */
export const lessonZips = (): AstroIntegration => ({
  name: 'lesson-zips',
  hooks: {
    'astro:build:done': async ({ dir }) => {
      const root = fileURLToPath(dir);
      const names = (await readdir(root, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length).split(sep).join('/'))
        .filter(mayBeIn);
      const built = new Map(
        await Promise.all(names.map(async (name) => [name, await readFile(join(root, name))] as const)),
      );
      for (const lesson of lessons)
        await writeFile(join(root, 'learn', `${lesson.id}.zip`), zipOf(built, wantedOf(lesson)));
    },
  },
});
