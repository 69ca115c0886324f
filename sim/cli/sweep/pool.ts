/**
 * Jobs in processes of their own, as many at once as there are processors. A process that dies or hangs loses nothing: its job is given to
 * another. A job that was the end of three of them is set aside.
 */
import { type ChildProcess, fork } from 'node:child_process';

export type SetAside = { readonly name: string; readonly why: string };

export type Pool<J, D> = {
  /** The file of the processes: it sends `ready` once, is sent a job as a message, and sends back `{ done }` or `{ failed: why }`. */
  readonly file: URL;
  readonly workers: number;
  /** A job that takes longer is a hang: its process is ended. */
  readonly patienceMs: number;
  /** Told of each job when it is done, in the order in which they come to be. */
  readonly onDone: (job: J, done: D) => void;
  readonly onSetAside: (job: J, why: string) => void;
  /** Told of every process that begins. */
  readonly onWorker?: (worker: ChildProcess) => void;
};

/** So many processes may end over one job. */
export const deathsMax = 3;

/** So many processes in a row may end before they have come up. */
const triesMax = 50;

type Answer<D> = { readonly done: D } | { readonly failed: string };
/** How a job went: an answer, or that its process came to an end over it. */
type Came<D> = Answer<D> | { readonly died: string };

const asked = <J extends object, D>(worker: ChildProcess, job: J, patienceMs: number): Promise<Came<D>> =>
  new Promise((resolve) => {
    const end = (came: Came<D>): void => {
      clearTimeout(timer);
      worker.off('message', answered);
      worker.off('exit', exited);
      resolve(came);
    };
    const answered = (answer: unknown): void => end(answer as Answer<D>);
    const exited = (code: number | null, signal: string | null): void =>
      end({ died: signal === null ? `its process ended with ${code}` : `its process was ended by ${signal}` });
    const timer = setTimeout(() => {
      worker.kill('SIGKILL');
      end({ died: `it took longer than ${patienceMs / 1000} seconds` });
    }, patienceMs);
    worker.once('message', answered);
    worker.once('exit', exited);
    worker.send(job, (error) => (error === null ? undefined : end({ died: error.message })));
  });

/** Whether it came up. One that is ended before has nothing to do with any job. */
const isReady = (worker: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => {
    worker.once('message', () => resolve(true));
    worker.once('exit', () => resolve(false));
  });

/** Does all jobs; resolves when each is done or set aside. */
export const inProcesses = async <J extends { readonly name: string }, D>(
  jobs: readonly J[],
  { file, workers, patienceMs, onDone, onSetAside, onWorker }: Pool<J, D>,
): Promise<void> => {
  const deaths = new Map<string, number>();
  const waiting = [...jobs].reverse();
  const running = new Set<ChildProcess>();
  const begin = (): ChildProcess => {
    const worker = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    running.add(worker);
    worker.once('exit', () => running.delete(worker));
    onWorker?.(worker);
    return worker;
  };
  const work = async (): Promise<void> => {
    let worker: ChildProcess | null = null;
    for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
      // One that somebody ended between two jobs has nothing to do with the next.
      for (let tries = 0; worker?.connected !== true; tries += 1) {
        if (tries >= triesMax) throw new Error(`no process comes up: ${file.href}`);
        worker = begin();
        if (!(await isReady(worker))) worker = null;
      }
      const came: Came<D> = await asked<J, D>(worker, job, patienceMs);
      if ('done' in came) onDone(job, came.done);
      else if ('failed' in came) onSetAside(job, came.failed);
      else {
        worker = null;
        const before = (deaths.get(job.name) ?? 0) + 1;
        deaths.set(job.name, before);
        if (before >= deathsMax) onSetAside(job, came.died);
        else waiting.push(job);
      }
    }
    worker?.disconnect();
  };
  try {
    await Promise.all(Array.from({ length: Math.min(workers, Math.max(1, jobs.length)) }, work));
  } finally {
    for (const worker of running) worker.kill();
  }
};
