/** What running the whole library sets going before its own code is loaded. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Command } from './command.ts';
import { makePack, type Packed, packThere, unpack } from './pack.ts';
import { Mistake } from './terminal.ts';

type LibraryRun = typeof import('./library-run.ts');

/** A second thread for results (`results.ts`), which makes itself ready meanwhile; `null` where there is no processor for it. */
const startSecond = (): Worker | null => {
  if (availableParallelism() < 2) return null;
  const worker = new Worker(new URL('./results-worker-main.ts', import.meta.url));
  worker.unref();
  return worker;
};

let begun: Worker | null = null;

/** The thread that was started ahead, once; otherwise one that starts now, from the sources. */
export const takeSecond = (): Worker | null => {
  const second = begun ?? startSecond();
  if (begun === null) second?.postMessage({ pack: null });
  begun = null;
  return second;
};

/** The code of a run: packed, or the sources where there is no pack or it is gone. */
export const libraryRun = async (
  pack: string | null,
): Promise<{ readonly code: LibraryRun; readonly keep: (() => void) | null }> => {
  const packed = pack === null ? null : unpackIfThere(pack);
  return packed === null
    ? { code: await import('./library-run.ts'), keep: null }
    : { code: packed.exports, keep: packed.keep };
};
const unpackIfThere = (pack: string): Packed<LibraryRun> | null => {
  try {
    return unpack(pack);
  } catch {
    return null;
  }
};

/** Whether what stands behind `run` means the stories of the whole library. */
export const isWholeLibrary = (args: readonly string[]): boolean =>
  args.every((arg) => arg.startsWith('-')) && !args.some((arg) => ['-h', '--help', '--play'].includes(arg));

/**
 * The command `run`, for the whole library. Stories are so many and so short that V8's slowest compiler is done when they are over,
 * and two processors that run the stories have none left for it: without that compiler a run takes a tenth less, and with the
 * others in the thread that waits for them another twentieth (medians of six and seven pairs).
 *
 * Without a pack the sources run, and one is made for the next time: to wait for it takes longer than it spares.
 */
export const runAhead = async (): Promise<Command> => {
  for (const flag of ['--no-turbofan', '--no-concurrent-recompilation']) setFlagsFromString(flag);
  begun = startSecond();
  const pack = packThere();
  begun?.postMessage({ pack });
  const making = pack === null ? makePack(join(import.meta.dirname, 'library-run.ts')) : null;
  const { code, keep } = await libraryRun(pack);
  return {
    ...code.run,
    run: async (given) => {
      try {
        const exitCode = await code.run.run(given);
        keep?.();
        await making;
        return exitCode;
      } catch (error) {
        if (keep === null || error instanceof Mistake) throw error;
        // A bug: from the sources, so that its trace names places in them.
        return (await import('./library-run.ts')).run.run(given);
      }
    },
  };
};
