/** Searches by two threads of Node. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { beginExploring, type Exploration, type ExploreOptions, explore } from '../explorer/explore.ts';
import { exploreTogether, sharesWork } from '../explorer/together/explore-together.ts';
import type { Answer, WorkerPort } from '../explorer/together/protocol.ts';
import type { Scenario } from '../types.ts';

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

/** A search that is over within so many worlds is over before two threads would have begun. */
const worldsAlone = 5_000;

/**
 * Searches, by two threads where that is worth it: the search is breadth first without sleep sets, at least two cores are there, and
 * one thread has not come to an end within a few thousand worlds. What is found does not depend on it.
 *
 * @param options as for `explore`; two threads look with terms of seed 1, as the command line does. `progress` may stop either way.
 * @param workers makes it one thread or two, whatever is worth it
 */
export const exploreWithWorkers = async (
  scenario: Scenario,
  options: ExploreOptions,
  workers?: 1 | 2,
): Promise<Exploration> => {
  if (options.order === 'random') return explore(scenario, options);
  const together = (): Promise<Exploration> => withTwoThreads((two) => exploreTogether(scenario, options, two));
  if (workers === 1) return explore(scenario, options);
  if (workers === 2) return together();
  const alone = beginExploring(scenario, options);
  const canShare = availableParallelism() >= 2 && sharesWork(options);
  let isOver = false;
  let isLeft = false;
  while (!isOver && !isLeft && !(canShare && alone.now().worlds > worldsAlone)) {
    isOver = alone.advance(512);
    isLeft = !isOver && options.progress?.(alone.now()) === false;
  }
  return isOver || isLeft ? alone.report() : together();
};
