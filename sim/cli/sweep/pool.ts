/**
 * Jobs in processes of their own, as many at once as there are processors. A process that dies or hangs loses nothing: its job is given to
 * another. A job that was the end of three of them is set aside.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { stretches } from './stretches.ts';

export type SetAside = { readonly name: string; readonly why: string };

export type Pool = {
  /**
   * The file of the processes: it sends `ready` once, is sent jobs, one at a time, as messages, and sends back `{ done }` or
   * `{ failed: why }` for each.
   */
  readonly file: URL;
  /** Sent to each process before any job. */
  readonly first?: object;
  readonly workers: number;
  /** A job that takes longer is a hang: its process is ended. */
  readonly patienceMs: number;
  /** Told of every process that begins. */
  readonly onWorker?: (worker: ChildProcess) => void;
};

/** Who wants to know of a job. */
export type Heard<J, D> = {
  /** Told of each job when it is done, in the order in which they come to be. */
  readonly onDone: (job: J, done: D) => void;
  readonly onSetAside: (job: J, why: string) => void;
};

/** So many processes may end over one job. */
export const deathsMax = 3;

/** So many processes in a row may end before they have come up. */
const triesMax = 50;

/**
 * Each process keeps to one processor when it clears its memory: where there are as many as processors, helpers on the other ones only take
 * from what somebody else is doing there. Two end a fifteenth sooner for it; a lone one takes a fifteenth longer.
 */
const execArgv = [...process.execArgv, '--single-threaded-gc'];

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
    worker.once('error', () => resolve(false));
  });

export type OpenPool<J, D> = {
  /** Does all of them; resolves when each is done or set aside. Several may be under way. */
  readonly doAll: (jobs: readonly J[], heard: Heard<J, D>) => Promise<void>;
  /** Ends all processes, whatever they do. */
  readonly close: () => void;
};

/** Processes begin when there is something to do, and stay for what comes next. */
export const openPool = <J extends { readonly name: string }, D>({
  file,
  first,
  workers,
  patienceMs,
  onWorker,
}: Pool): OpenPool<J, D> => {
  type Waiting = { readonly job: J; readonly heard: Heard<J, D>; readonly end: () => void; deaths: number };
  const waiting = stretches<Waiting, object>();
  const running = new Set<ChildProcess>();
  const idle: ChildProcess[] = [];
  let working = 0;
  let isClosed = false;

  const begin = async (): Promise<ChildProcess> => {
    for (let tries = 0; tries < triesMax && !isClosed; tries += 1) {
      const worker = fork(file, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      running.add(worker);
      worker.once('exit', () => running.delete(worker));
      onWorker?.(worker);
      if (!(await isReady(worker))) continue;
      if (first !== undefined && worker.connected) worker.send(first, () => undefined);
      return worker;
    }
    throw new Error(`no process comes up: ${file.href}`);
  };
  /** One that somebody ended between two jobs has nothing to do with the next. */
  const free = async (): Promise<ChildProcess> => {
    for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) if (worker.connected) return worker;
    return begin();
  };
  const settle = (one: Waiting, came: Came<D>): void => {
    if ('done' in came) one.heard.onDone(one.job, came.done);
    else if ('failed' in came) one.heard.onSetAside(one.job, came.failed);
    else {
      one.deaths += 1;
      if (one.deaths < deathsMax) {
        // Behind all others: whatever went on while it was done has passed by then.
        waiting.addLast(one);
        return;
      }
      one.heard.onSetAside(one.job, came.died);
    }
    one.end();
  };
  const work = async (fail: (error: unknown) => void): Promise<void> => {
    working += 1;
    const me = {};
    try {
      for (let worker: ChildProcess | null = null; waiting.left() > 0 && !isClosed; ) {
        if (worker?.connected !== true) worker = await free();
        const one = waiting.take(me);
        if (one === undefined) {
          idle.push(worker);
          break;
        }
        const came = await asked<J, D>(worker, one.job, patienceMs);
        settle(one, came);
        // It may look connected for a while yet: the next job would be given to nobody, and be blamed for that.
        if ('died' in came) worker = null;
        if (waiting.left() === 0 && worker?.connected === true) idle.push(worker);
      }
    } catch (error) {
      fail(error);
    } finally {
      working -= 1;
    }
  };
  return {
    doAll: (jobs, heard) =>
      new Promise((resolve, reject) => {
        let open = jobs.length;
        const end = (): void => {
          open -= 1;
          if (open === 0) resolve();
        };
        if (open === 0) resolve();
        const more = jobs.map((job): Waiting => ({ job, heard, end, deaths: 0 }));
        waiting.add(more, workers);
        for (let idlers = Math.min(workers - working, open); idlers > 0; idlers -= 1) void work(reject);
      }),
    close: () => {
      isClosed = true;
      for (const worker of running) worker.kill('SIGKILL');
    },
  };
};

/** Does all jobs in processes that are there for them alone. */
export const inProcesses = async <J extends { readonly name: string }, D>(
  jobs: readonly J[],
  { onDone, onSetAside, ...pool }: Pool & Heard<J, D>,
): Promise<void> => {
  const { doAll, close } = openPool<J, D>(pool);
  try {
    await doAll(jobs, { onDone, onSetAside });
  } finally {
    close();
  }
};
