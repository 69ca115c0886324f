/** What running the whole library sets going before its own code is loaded. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** A second thread for results (`results.ts`), which makes itself ready meanwhile; `null` where there is no processor for it. */
const startSecond = (): Worker | null => {
  if (availableParallelism() < 2) return null;
  const worker = new Worker(new URL('./results-worker-main.ts', import.meta.url));
  worker.unref();
  return worker;
};

let begun: Worker | null = null;

/** The thread that was started ahead, once; otherwise one that starts now. */
export const takeSecond = (): Worker | null => {
  const second = begun ?? startSecond();
  begun = null;
  return second;
};

/**
 * Called with what stands behind `run`. Stories are so many and so short that V8's slowest compiler is done when they are over, and
 * two processors that run the stories have none left for it: without that compiler a run takes a tenth less, and with the others
 * in the thread that waits for them another twentieth (medians of six and seven pairs).
 */
export const runsAhead = (args: readonly string[]): void => {
  if (!args.every((arg) => arg.startsWith('-')) || args.some((arg) => arg === '-h' || arg === '--help')) return;
  for (const flag of ['--no-turbofan', '--no-concurrent-recompilation']) setFlagsFromString(flag);
  begun = startSecond();
};
