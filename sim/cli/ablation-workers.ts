/** The searches of an ablation: by this thread where they are few, otherwise by two that take one after another. */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Outcome } from '../explorer/ablate.ts';
import { type DoAll, doJob, jobWords } from '../explorer/ablate-whole.ts';
import type { Arenas } from '../explorer/arena.ts';
import { progress } from './terminal.ts';

/** Fewer than this and a thread has hardly begun when all is done. */
const jobsMin = 60;
const threads = 2;
/** Beside this file, and compiled where this is. */
const workerFile = new URL(`./ablation-worker-main${extname(import.meta.url)}`, import.meta.url);

/** Calls `use` with whoever does jobs; threads begin when there is enough to do, and end when it is over. */
export const withThreads = async <T>(arenas: Arenas, use: (doAll: DoAll) => Promise<T>): Promise<T> => {
  const suite = makeSymbolicSuite('1');
  const workers: Worker[] = [];
  const here: DoAll = (round, jobs) =>
    Promise.resolve(
      jobs.map((job, nth) => {
        progress(`${round}: ${nth + 1} of ${jobs.length}  ${jobWords(job)}`);
        return doJob(suite, arenas, job);
      }),
    );
  const there: DoAll = async (round, jobs) => {
    while (workers.length < threads) workers.push(new Worker(workerFile));
    const answers = jobs.map((): readonly Outcome[] => []);
    // One iterator for all threads: each takes the next that is left.
    const open = jobs.entries();
    const work = async (worker: Worker): Promise<void> => {
      for (const [nth, job] of open) {
        progress(`${round}: ${nth + 1} of ${jobs.length}  ${jobWords(job)}`);
        worker.postMessage(job);
        [answers[nth] = []] = await once(worker, 'message');
      }
    };
    await Promise.all(workers.map(work));
    return answers;
  };
  try {
    return await use((round, jobs) => (jobs.length < jobsMin ? here(round, jobs) : there(round, jobs)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};
