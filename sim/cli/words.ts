/** The words that a script of the project's own is called with (`npm run plain`, `npm run sweep:killing`). */
import { Mistake } from './terminal.ts';

/** A count in a flag, of `least` at least. Throws a `Mistake` where it is none. */
export const wholeNumber = (flag: string, given: string, least = 1): number => {
  const count = Number(given);
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(count) || count < least)
    throw new Mistake(`${flag} ${given}: a whole number from ${least} on is expected`);
  return count;
};

/**
 * What `read` makes of the words of this call. `--help` prints the usage and ends the process; so do words that `read` refuses by a
 * `Mistake`, or by what `parseArgs` throws, with what is wrong and exit code 2.
 */
export const asked = <T>(usage: string, read: (args: string[]) => T): T => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read(args);
  } catch (error) {
    const isWrong = error instanceof Mistake || (error instanceof TypeError && 'code' in error);
    if (!isWrong) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
};
