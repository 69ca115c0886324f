/**
 * `hearsay/vitest`: scenario files as tests.
 *
 * ```ts
 * import { testScenarios } from 'hearsay/vitest';
 * testScenarios('scenarios');
 * ```
 */
import { join, sep } from 'node:path';
import { it } from 'vitest';
import { realSuite } from '../crypto/node/suite.ts';
import { pathsFor } from './library.ts';
import { isFolder, resolved, toldPath } from './places.ts';
import { resultsAt } from './results.ts';
import { plainTable } from './table.ts';

export type TestOptions = {
  /** Free play too, where nobody wrote a story: every world within its bounds. Usual: true. */
  readonly withPlay?: boolean;
  /** What one scenario may take, in milliseconds. Usual: two minutes, since free play takes what its bounds allow. */
  readonly timeout?: number;
};

/** A folder that is there is meant before any name of the library that is like its own. */
const meant = (name: string): string => (isFolder(resolved(name)) ? join(resolved(name), sep) : name);

/**
 * A test for each scenario that `names` mean: files, folders, or ids of the library that comes with the package, as on the command
 * line; paths go from where vitest was started. Each runs the story as it is written and with each setting of its `without` turned, by
 * real cryptography, and fails with what is not as expected, where in the run, and the line that replays it.
 *
 * Throws where a name means no scenario.
 */
export const testScenarios = (
  names: string | readonly string[],
  { withPlay = true, timeout = 120_000 }: TestOptions = {},
): void => {
  for (const path of pathsFor([names].flat().map(meant)))
    it(toldPath(path), { timeout }, () => {
      const wrong = resultsAt([path], { suite: realSuite, withVariants: true, withPlay }).filter(({ ok }) => !ok);
      if (wrong.length > 0) throw new Error(plainTable(wrong).join('\n').trim());
    });
};
