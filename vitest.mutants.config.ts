/** For `npm run mutants`: tests that a mutant may fall by, the soonest done first. */

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of one chart or one part of the core, then those of runs, then the stories. */
const rank = (path: string): number =>
  path.endsWith('.mutants.ts') ? 3 : path.includes('/machines/') ? 0 : /\/sim\/[^/]+$/.test(path) ? 2 : 1;

class SoonestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted(
      (one, other) => rank(one.moduleId) - rank(other.moduleId) || (one.moduleId < other.moduleId ? -1 : 1),
    );
  }
}

export default defineConfig({
  test: {
    include: ['machines/**/*.test.ts', 'sim/**/*.test.ts', 'scenarios/stories.mutants.ts'],
    // Whole runs of the explorer, of commands, of other people's clients, of pictures: minutes each, and no test of a rule.
    exclude: [
      'sim/{explorer,cli,clients,figures,fuzz,export}/**',
      'sim/crypto/{real,node,vectors}/**',
      'sim/crypto/suites-agree.test.ts',
      'sim/scenario/print.test.ts',
      'sim/attackers/exploring.test.ts',
    ],
    // Loading the house for each file would take most of the time. Stories have suites of their own, so that none of them finds
    // played already what it would come to.
    isolate: false,
    // What is read and stripped of its types once is not read again for the next mutant.
    fsModuleCache: true,
    sequence: { sequencer: SoonestFirst },
    testTimeout: 60_000,
  },
});
