/** A command in a new process, from its start to its end, beside Node that does nothing. */
import { type Part, rounds } from '../measure.ts';
import { hearsay, timed } from '../processes.ts';

const commands = [
  ['to the verdicts of a story with real bytes, and of its variants', 'run', 'a-stolen-token-cannot'],
  ['to the verdict of a search of 17 worlds', 'explore', 'arenas/two-resets', '--guarantee', 'secret-convergence'],
] as const;

export const cold: Part = {
  name: 'cold',
  title: 'A cold command',
  async *measure({ runs }) {
    for (const [what, ...given] of commands) {
      const pairs = await rounds(
        runs(9, 31),
        () => ({ ours: hearsay(...given).ms, other: timed(process.execPath, ['--eval', '0']).ms }),
        // What is compiled is kept from the first time on.
        2,
      );
      yield { what, ours: `hearsay ${given.join(' ')}`, other: 'node --eval 0', unit: 'ms', pairs };
    }
  },
};
