/** The site, built. */
import { type Part, rounds } from '../measure.ts';
import { hearsay, node } from '../processes.ts';

export const site: Part = {
  name: 'site',
  title: 'The site',
  isLongOnly: true,
  async *measure({ runs }) {
    const pairs = await rounds(runs(1, 3), () => ({
      ours: node('node_modules/astro/bin/astro.mjs', 'build').ms,
      other: hearsay('run', '--json').ms,
    }));
    yield {
      what: 'every page with its pictures',
      ours: 'astro build',
      other: 'the library run with real bytes',
      unit: 'ms',
      pairs,
    };
  },
};
