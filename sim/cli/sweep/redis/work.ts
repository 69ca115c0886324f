/** A worker: takes what others hand out by way of Redis, in processes of its own, as long as it is of the same version. */
import type { Worker as BullWorker } from 'bullmq';
import { oneLine } from '../../../scenario/showing.ts';
import { complain, Mistake } from '../../terminal.ts';
import type { Came } from '../kind.ts';
import { kindNamed } from '../kinds/kinds.ts';
import { deathsMax, type OpenPool, openPool } from '../pool.ts';
import { isShelf, type Shelf, shelfDigest } from '../shelf.ts';
import type { First } from '../worker-main.ts';
import { type Connection, connect, type RedisAt } from './connect.ts';
import {
  type Announced,
  announcedKey,
  bookkeeping,
  isQueueName,
  prefix,
  readAnnounced,
  readEntry,
  shelfKey,
} from './entries.ts';

export type Working = {
  readonly at: RedisAt;
  readonly version: string;
  /** The file of the processes that do jobs. */
  readonly file: URL;
  /** Processes. */
  readonly workers: number;
  /** Whoever says nothing for so long is taken for dead, and what it had in hand is given to others. */
  readonly silenceMs: number;
  /** Whether it ends when nothing is handed out (any more). */
  readonly isOnce: boolean;
  /** Told of what begins and ends, in a line. */
  readonly tell: (line: string) => void;
  /** Told how many jobs are done. */
  readonly onDone: (jobs: number) => void;
  /** When to end: after what is in hand is done. */
  readonly stop: AbortSignal;
  readonly lostMs?: number;
};

type Task = { readonly name: string; readonly task: unknown };
type Open = { readonly worker: BullWorker; readonly pool: OpenPool<Task, unknown> };

/** It looks for what is handed out so often. */
const lookMs = 1000;

const parsedShelf = (text: string | null): Shelf | null => {
  try {
    const shelf: unknown = JSON.parse(text ?? '');
    return isShelf(shelf) ? shelf : null;
  } catch {
    return null;
  }
};

const opened = async (
  { client, Worker, UnrecoverableError }: Connection,
  queue: string,
  { kind: kindId, shelf: digest, patienceMs }: Announced,
  { version, file, workers, silenceMs, onDone }: Working,
): Promise<Open> => {
  const shelf = parsedShelf(await client.get(shelfKey(queue)));
  if (shelf === null || shelfDigest(shelf) !== digest)
    throw new Mistake(`the scenarios of ${queue} are not those that were announced: nothing is taken from it`);
  const kind = await kindNamed(kindId);
  const first: First = { kind: kindId, shelf };
  const pool = openPool<Task, unknown>({ file, first, workers, patienceMs });
  const worker = new Worker(
    queue,
    async ({ id = '', data }: { readonly id?: string; readonly data: unknown }) => {
      const entry = readEntry(id, data, kind, version);
      if (!entry.ok) {
        complain(oneLine(`an entry of ${queue} is refused: ${entry.why}`));
        throw new UnrecoverableError(entry.why);
      }
      const answers = new Map<string, Came<unknown>>();
      await pool.doAll(
        entry.tasks.map(({ name, value }) => ({ name, task: value })),
        {
          onDone: ({ name }, done) => void answers.set(name, { done }),
          onSetAside: ({ name }, why) => void answers.set(name, { failed: why }),
        },
      );
      onDone(entry.tasks.length);
      return { answers: entry.tasks.map(({ name }) => answers.get(name)) };
    },
    {
      connection: client,
      prefix,
      concurrency: workers,
      lockDuration: silenceMs,
      stalledInterval: silenceMs,
      maxStalledCount: deathsMax - 1,
    },
  );
  worker.on('error', () => undefined);
  return { worker, pool };
};

/** Works until it is stopped, or nothing is left where that is wanted. Throws a `Mistake` where the server is gone. */
export const work = async (working: Working): Promise<void> => {
  const { at, version, isOnce, tell, stop, lostMs } = working;
  const connection = await connect(at, lostMs);
  const { client, asking } = connection;
  tell(`hearsay ${version} waits at ${connection.shown} for work`);
  const open = new Map<string, Open>();
  const refused = new Set<string>();
  const refuse = (queue: string, why: string): void => {
    if (!refused.has(queue)) complain(oneLine(why));
    refused.add(queue);
  };
  const end = async (queue: string): Promise<void> => {
    const one = open.get(queue);
    open.delete(queue);
    await one?.worker.close();
    one?.pool.close();
    // Whoever handed it out has taken all of it away: what was written of it since then goes, too.
    if ((await client.exists(shelfKey(queue))) === 0) await client.del(...bookkeeping(queue));
  };
  /** What is handed out and taken here. */
  const own = async (): Promise<ReadonlyMap<string, Announced>> => {
    const all = await client.hgetall(announcedKey);
    return new Map(
      Object.entries(all).flatMap(([queue, text]) => {
        const announced = isQueueName(queue) ? readAnnounced(text) : null;
        if (announced === null)
          refuse(queue, 'something is announced there that is none of hearsay’s: nothing is taken from it');
        else if (announced.version !== version)
          refuse(
            queue,
            `refused: what is handed out is of hearsay ${announced.version}, and this is hearsay ${version}`,
          );
        else return [[queue, announced] as const];
        return [];
      }),
    );
  };
  const look = async (isFirst: boolean): Promise<number> => {
    const all = await own();
    if (isFirst && all.size === 0 && refused.size > 0)
      throw new Mistake('nothing that is handed out there can be done here');
    for (const queue of open.keys()) if (!all.has(queue)) await end(queue);
    for (const [queue, announced] of all) {
      if (open.has(queue) || refused.has(queue)) continue;
      try {
        open.set(queue, await opened(connection, queue, announced, working));
        tell(`takes part in ${queue}: ${announced.kind}`);
      } catch (error) {
        if (!(error instanceof Mistake)) throw error;
        refuse(queue, error.message);
      }
    }
    return open.size;
  };
  try {
    for (let isFirst = true; !stop.aborted; isFirst = false) {
      const count = await asking(() => look(isFirst));
      if (isOnce && count === 0) break;
      await asking(() => until(stop, lookMs));
    }
  } finally {
    await Promise.allSettled([...open.keys()].map(end));
    connection.close();
  }
};

const until = (stop: AbortSignal, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
  });
