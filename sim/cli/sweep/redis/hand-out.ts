/** Jobs handed to workers on any machines, by way of Redis: what `hearsay work` takes, and what comes back. */
import { randomUUID } from 'node:crypto';
import { oneLine } from '../../../scenario/showing.ts';
import { complain, Mistake } from '../../terminal.ts';
import type { Job, Kind } from '../kind.ts';
import type { Heard } from '../pool.ts';
import { deathsMax } from '../pool.ts';
import { type Shelf, shelfDigest } from '../shelf.ts';
import { type Connection, connect, type RedisAt } from './connect.ts';
import {
  type Announced,
  announcedKey,
  type Entry,
  ownerKey,
  type Portion,
  portionsOf,
  prefix,
  queueName,
  readAnswers,
  shelfKey,
  singlesOf,
} from './entries.ts';

/** So many jobs are in the queue at most: more are put there as they are done. */
const aheadMax = 100_000;
const atOnce = 200;
/** Whoever hands out says so often that it is still there. */
const ownerMs = 10_000;
/** What events did not tell is looked for so often. */
const lookMs = 2000;
/** So often something that is no answer is asked for again. */
const triesMax = 3;
/** As BullMQ says it of an entry whose workers ended too often. */
const stalled = 'job stalled more than allowable limit';

export type HandOut = {
  readonly at: RedisAt;
  readonly version: string;
  /** The same where the same is asked for. */
  readonly plan: string;
  readonly shelf: Shelf;
  readonly patienceMs: number;
  /** Whether answers are kept elsewhere: they are taken out of Redis then, as they come. */
  readonly isKept: boolean;
  readonly lostMs?: number;
};

export type HandedOut<T> = {
  /** Resolves when each is done or set aside. Throws a `Mistake` where the server is gone or `stop` was called. */
  readonly doAll: (jobs: readonly Job<T>[], heard: Heard<Job<T>, unknown>) => Promise<void>;
  /** Leaves it: workers go on with nothing that they do not have in hand. */
  readonly stop: (why: string) => void;
  /** Ends it. What was handed out goes, or stays for the same command to go on from. */
  readonly close: (isOver: boolean) => Promise<void>;
};

/** Whoever waits for the same at the same time would take away what the other waits for. */
const owned = async ({ client, asking, shown }: Connection, queue: string): Promise<() => Promise<void>> => {
  const [key, token] = [ownerKey(queue), randomUUID()];
  const take = () => asking(() => client.set(key, token, 'PX', ownerMs, 'NX'));
  // One that was ended is forgotten after that time.
  for (let tries = 0; (await take()) !== 'OK'; tries += 1) {
    if (tries >= ownerMs / 500 + 2)
      throw new Mistake(`${shown}: another hearsay waits there for the same: one is enough`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  /** After a long sleep it may be somebody else's. */
  const isMine = async (): Promise<boolean> => (await client.get(key)) === token;
  const renew = async (): Promise<void> => {
    if (await isMine()) await client.pexpire(key, ownerMs);
  };
  const renewed = setInterval(() => void renew().catch(() => undefined), ownerMs / 3);
  return async () => {
    clearInterval(renewed);
    if (await isMine()) await client.del(key);
  };
};

export const openHandOut = async <T, C>(kind: Kind<T, C>, out: HandOut): Promise<HandedOut<T>> => {
  const { at, version, plan, shelf, patienceMs, isKept, lostMs } = out;
  const connection = await connect(at, lostMs);
  const { client, asking, Queue, QueueEvents } = connection;
  const name = queueName(version, kind.id, plan);
  const queue = new Queue<Entry, unknown, string>(name, {
    connection: client,
    prefix,
    // Answers are in these as well.
    streams: { events: { maxLen: 100 } },
  });
  const events = new QueueEvents(name, { connection: client, prefix });
  queue.on('error', () => undefined);
  events.on('error', () => undefined);

  const open = new Map<string, Portion<T>>();
  const tries = new Map<string, number>();
  let wake: () => void = () => undefined;
  let stopped: string | null = null;

  const add = (portions: readonly Portion<T>[]): Promise<unknown> => {
    for (const portion of portions) open.set(portion.id, portion);
    return queue.addBulk(
      portions.map(({ id, jobs }) => ({
        name: kind.id,
        data: { version, tasks: jobs.map(({ task }) => task) },
        opts: { jobId: id },
      })),
    );
  };
  const end = (id: string): void => {
    open.delete(id);
    wake();
  };
  const again = async (portion: Portion<T>, why: string, heard: Heard<Job<T>, unknown>): Promise<void> => {
    const before = (tries.get(portion.id) ?? 0) + 1;
    tries.set(portion.id, before);
    await queue.remove(portion.id);
    if (before < triesMax) {
      complain(
        `${connection.shown}: of ${portion.jobs[0]?.name} and what stands with it came nothing that counts, and it is handed out again: ${oneLine(why)}`,
      );
      await add([portion]);
      return;
    }
    for (const job of portion.jobs) heard.onSetAside(job, why);
    end(portion.id);
  };
  const completed = async (id: string, value: unknown, heard: Heard<Job<T>, unknown>): Promise<void> => {
    const portion = open.get(id);
    if (portion === undefined) return;
    const read = readAnswers(value, portion.jobs.length);
    const isGood =
      read?.answers.every((one, nth) => {
        const job = portion.jobs[nth];
        return 'failed' in one || (job !== undefined && kind.readCame(one.done, job.task) !== null);
      }) === true;
    if (read === null || !isGood) return again(portion, 'what came back is no answer to it', heard);
    portion.jobs.forEach((job, nth) => {
      const one = read.answers[nth];
      if (one === undefined) return;
      if ('done' in one) heard.onDone(job, one.done);
      else heard.onSetAside(job, one.failed);
    });
    end(id);
    if (isKept) await queue.remove(id);
  };
  const failed = async (id: string, reason: string, heard: Heard<Job<T>, unknown>): Promise<void> => {
    const portion = open.get(id);
    if (portion === undefined) return;
    if (reason !== stalled) return again(portion, reason, heard);
    const [job, another] = portion.jobs;
    if (job !== undefined && another === undefined) {
      heard.onSetAside(job, `${deathsMax} workers ended over it`);
      await queue.remove(id);
      end(id);
      return;
    }
    // One of them may be the reason, and it shall be the only one that is set aside.
    await queue.remove(id);
    await add(singlesOf(portion));
    end(id);
  };
  /** What is there already, and what events did not tell of. */
  const look = async (heard: Heard<Job<T>, unknown>): Promise<void> => {
    // A server that was begun anew, or emptied, has nothing of it any more, and nobody would ever answer.
    if ((await client.hexists(announcedKey, name)) === 0)
      throw new Mistake(
        `${connection.shown} has nothing any more of what was handed out: the same command hands it out again`,
      );
    for (const id of await queue.getRanges(['completed', 'failed'], 0, -1)) {
      if (!open.has(id)) continue;
      const entry = await queue.getJob(id);
      if (entry?.failedReason) await failed(id, entry.failedReason, heard);
      else if (entry !== undefined && entry.finishedOn !== undefined) await completed(id, entry.returnvalue, heard);
    }
  };

  const release = await owned(connection, name);
  const announced: Announced = { version, kind: kind.id, shelf: shelfDigest(shelf), patienceMs };
  await asking(async () => {
    await queue.waitUntilReady();
    await events.waitUntilReady();
    await client.set(shelfKey(name), JSON.stringify(shelf));
    await client.hset(announcedKey, name, JSON.stringify(announced));
  });

  const doAll = async (jobs: readonly Job<T>[], heard: Heard<Job<T>, unknown>): Promise<void> => {
    const waiting = [...portionsOf(jobs, kind.portionMax)].reverse();
    const over = Promise.withResolvers<void>();
    // One thing after another: nothing is taken for missing while it is being put there.
    let last: Promise<unknown> = Promise.resolve();
    const next = (act: () => Promise<unknown>): void => {
      last = last.then(act).catch(over.reject);
    };
    const fill = async (): Promise<void> => {
      let ahead = [...open.values()].reduce((sum, portion) => sum + portion.jobs.length, 0);
      while (waiting.length > 0 && stopped === null && ahead < aheadMax) {
        const some = waiting.splice(-atOnce).reverse();
        ahead += some.reduce((sum, portion) => sum + portion.jobs.length, 0);
        await add(some);
      }
    };
    wake = () => {
      if (stopped !== null) over.reject(new Mistake(stopped));
      else if (waiting.length > 0) next(fill);
      else if (open.size === 0) over.resolve();
    };
    type Told = { readonly jobId: string };
    const onCompleted = ({ jobId, returnvalue }: Told & { readonly returnvalue: unknown }): void =>
      next(() => completed(jobId, returnvalue, heard));
    const onFailed = ({ jobId, failedReason }: Told & { readonly failedReason: string }): void =>
      next(() => failed(jobId, failedReason, heard));
    events.on('completed', onCompleted);
    events.on('failed', onFailed);
    const looking = setInterval(() => next(() => look(heard)), lookMs);
    next(fill);
    next(() => look(heard));
    next(async () => wake());
    try {
      await over.promise;
    } finally {
      clearInterval(looking);
      events.off('completed', onCompleted);
      events.off('failed', onFailed);
      wake = () => undefined;
    }
  };
  return {
    doAll: (jobs, heard) => asking(() => doAll(jobs, heard)),
    stop: (why) => {
      stopped = why;
      wake();
    },
    close: async (isOver) => {
      try {
        await asking(async () => {
          await client.hdel(announcedKey, name);
          if (isOver) {
            await queue.obliterate({ force: true });
            await client.del(shelfKey(name));
          }
          await release();
        });
      } finally {
        connection.close();
        await Promise.allSettled([events.close(), queue.close()]);
      }
    },
  };
};
