/** The whole library, each story and each of its variants: terms beside real bytes. */
import { type Part, rounds } from '../measure.ts';
import { hearsay } from '../processes.ts';

export const library: Part = {
  name: 'library',
  title: 'The whole library',
  async *measure({ runs }) {
    const run = (suite: 'symbolic' | 'real') => hearsay('run', '--suite', suite, '--json').ms;
    const pairs = await rounds(runs(1, 5), () => ({ ours: run('symbolic'), other: run('real') }));
    yield {
      what: 'every story with all its variants, to all verdicts',
      ours: 'terms (--suite symbolic)',
      other: 'real bytes',
      unit: 'ms',
      pairs,
    };
  },
};
