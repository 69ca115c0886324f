/** Searches by two threads of Node. */
import { Worker } from 'node:worker_threads';
import type { Scenario } from '../engine/types.ts';
import { type Exploration, type ExploreOptions, explore } from '../explorer/explore.ts';
import { exploreTogether, sharesWork } from '../explorer/together/explore-together.ts';
import type { Answer, WorkerPort } from '../explorer/together/protocol.ts';

const script = new URL('./explorer-worker-main.ts', import.meta.url);

/** Calls `use` with two threads, which end when it is over. */
export const withTwoThreads = async <T>(
  use: (workers: readonly [WorkerPort, WorkerPort]) => Promise<T>,
): Promise<T> => {
  const threads = [new Worker(script), new Worker(script)] as const;
  const portOf = (thread: Worker): WorkerPort => ({
    post: (message, transfer = []) => thread.postMessage(message, [...transfer]),
    onMessage: (handler) => {
      thread.on('message', (answer: Answer) => handler(answer));
    },
  });
  // A thread that dies (of memory, say) answers no more: whoever waits for it is told so.
  const died = new Promise<never>((_, fail) => {
    for (const thread of threads) thread.once('error', fail);
  });
  try {
    return await Promise.race([use([portOf(threads[0]), portOf(threads[1])]), died]);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
};

/**
 * Searches by one thread, or by two when that is asked for; what is found is the same. One is the usual: steps that both threads come
 * upon are worked out twice, and that takes most of the time. At 300 000 worlds of a lying server each of two threads worked out
 * three quarters of the steps that one thread does, and took as much processor time as the one.
 *
 * @param options as for `explore`; two threads look with terms of seed 1, as the command line does. `progress` may stop either way.
 */
export const exploreWithWorkers = async (
  scenario: Scenario,
  options: ExploreOptions,
  workers: 1 | 2 = 1,
): Promise<Exploration> =>
  workers === 1 || !sharesWork(options)
    ? explore(scenario, options)
    : withTwoThreads((two) => exploreTogether(scenario, options, two));
